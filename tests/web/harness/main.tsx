import type { Coding, Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { loadFaults } from '#fault-finder';
import type { FormFault, FormLanguage, FormSession, ItemKey } from '../../../src/web/form/contract.ts';
import '../../../src/web/form/form.css';
import { openFormSession } from '../../../src/web/form/model/form-session.ts';
import { prepareForm } from '../../../src/web/form/model/prepare-form.ts';
import { FormPages } from '../../../src/web/form/views/form-pages.tsx';
import { ReviewList } from '../../../src/web/form/views/review-list.tsx';
import { checkWhole, WholeForm } from '../../../src/web/form/views/whole-form.tsx';
import { type FormWords, formWords } from '../../../src/web/form/words.ts';

/**
 * A page to look at any form in, as both apps show it: `?form=<name>&density=patient|staff` and, if
 * wanted, `&language=`, `&readonly`. The server beside it answers for terminology and resources.
 */

declare global {
  interface Window {
    /** For tests: what the form holds. */
    formSession: FormSession;
    /** Of patients' forms: shows a page without what stands before it. */
    showPage: (page: ItemKey) => void;
    /** When what comes after the form is shown: the rules of answers, the options that are elsewhere. */
    formComplete: Promise<void>;
  }
}

const query = new URLSearchParams(location.search);
const density = query.get('density') === 'staff' ? 'staff' : 'patient';
const language = (query.get('language') ?? 'nb') as FormLanguage;
const questionnaire: Questionnaire = await read(`/forms/${query.get('form')}`);
await prepareForm(questionnaire);
/** What the form has asked for at first. */
const asked: Promise<unknown>[] = [];
const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  subject: { reference: 'Patient/1' },
};
const session = openFormSession({
  questionnaire,
  response: {
    ...response,
    ...(questionnaire.url && { questionnaire: `${questionnaire.url}|${questionnaire.version}` }),
  },
  language,
  now: () => new Date(),
  timeZone: 'Europe/Oslo',
  audience: density,
  expand(valueSet, text) {
    const answer = read<Coding[]>(`/expand?${new URLSearchParams({ valueSet, text })}`);
    asked.push(answer);
    return answer;
  },
  findResources: (_item, text) => read<Resource[]>(`/find?${new URLSearchParams({ text })}`),
});
window.formSession = session;
window.formComplete = Promise.all([loadFaults(), ...asked])
  .then(nextFrame)
  .then(nextFrame);
const words = await formWords(language);
createRoot(document.getElementById('form')!).render(density === 'staff' ? <Staff /> : <Patient words={words} />);

async function read<T>(address: string): Promise<T> {
  return (await fetch(address)).json();
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

function Patient({ words }: { readonly words: FormWords }) {
  const [reviewed, setReviewed] = useState(false);
  const [at, setAt] = useState<{ readonly page?: ItemKey; readonly question?: ItemKey }>({});
  window.showPage = (page) => setAt({ page });
  return (
    <>
      <h1>{session.current().title}</h1>
      {reviewed ? (
        <ReviewList
          session={session}
          words={words}
          onEdit={(page, question) => {
            setAt({ page, question });
            setReviewed(false);
          }}
        />
      ) : (
        <FormPages session={session} words={words} {...at} onDone={() => setReviewed(true)} />
      )}
    </>
  );
}

function Staff() {
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  return (
    <>
      <h1>{session.current().title}</h1>
      <WholeForm session={session} words={words} readOnly={query.has('readonly')} faults={faults} />
      <button type="button" id="check" onClick={() => setFaults(checkWhole(session))}>
        Lagre
      </button>
    </>
  );
}
