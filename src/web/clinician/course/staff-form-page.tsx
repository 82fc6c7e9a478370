import { Alert, Button } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useNavigate } from 'react-router';
import { useLanguage } from '../words/words-context.ts';
import type { Asked } from './acts.ts';
import type { CourseView, StaffForm } from './course.ts';
import { staffTitle } from './form-nav.tsx';
import { FormPanel } from './form-panel.tsx';
import { LockSign } from './lock-sign.tsx';
import { type Rights, staffOffers } from './offers.ts';
import { FormMark } from './state-mark.tsx';
import { useCourseWords } from './words.ts';

interface StaffFormPageProps {
  readonly view: CourseView;
  readonly form: StaffForm;
  readonly rights: Rights;
  readonly base: string;
  readonly onAsk: (asked: Asked) => void;
  readonly onChanged: () => void;
}

/** One form of staff: filled in, read where it is locked, corrected by whoever may. */
export function StaffFormPage({ view, form, rights, base, onAsk, onChanged }: StaffFormPageProps): ReactElement {
  const words = useCourseWords();
  const language = useLanguage();
  const navigate = useNavigate();
  const [correcting, setCorrecting] = useState(false);
  const title = staffTitle(view, form, language);
  const offers = staffOffers(form, rights);
  const open = view.staffForms.filter(({ state }) => state !== 'not-open');
  const at = open.findIndex(({ label }) => label === form.label);
  const way = (to: StaffForm | undefined) =>
    to === undefined ? undefined : () => void navigate(`${base}/form/${to.label}`);
  if (form.state === 'not-open') {
    return (
      <section aria-labelledby="form-title">
        <h2 id="form-title">{title}</h2>
        <p>{words.notOpen(form.why)}</p>
      </section>
    );
  }
  const mode = offers.includes('fill') ? 'fill' : correcting && offers.includes('correct') ? 'correct' : 'read';
  return (
    <FormPanel
      view={view}
      title={title}
      form={{ questionnaire: form.questionnaire, response: form.response, order: undefined, populated: form.ofPatient }}
      mode={mode}
      lockable={!form.ofPatient}
      beside={
        <>
          <FormMark state={form.state} />
          {mode === 'read' && offers.includes('correct') && (
            <Button size="xs" variant="default" onClick={() => setCorrecting(true)}>
              {words.act.correct}
            </Button>
          )}
          {mode === 'read' && offers.includes('reopen') && (
            <Button size="xs" variant="default" onClick={() => onAsk({ what: 'reopen', title, form })}>
              {words.act.reopen}
            </Button>
          )}
          {mode === 'correct' && (
            <Button size="xs" variant="default" onClick={() => setCorrecting(false)}>
              {words.act.cancel}
            </Button>
          )}
        </>
      }
      notice={mode === 'read' && <ReadNotice form={form} rights={rights} />}
      onPrevious={way(open[at - 1])}
      onNext={way(open[at + 1])}
      onStored={onChanged}
      onDone={() => {
        setCorrecting(false);
        onChanged();
      }}
    />
  );
}

function ReadNotice({ form, rights }: Pick<StaffFormPageProps, 'form' | 'rights'>): ReactElement | null {
  const words = useCourseWords();
  if (form.state === 'closed') {
    return (
      <Alert color="gray" mb="sm">
        {words.notOpen(form.why)}
      </Alert>
    );
  }
  if (form.state !== 'completed') return null;
  return (
    <Alert color="gray" mb="sm" icon={<LockSign />}>
      {words.form.lockedNotice} {rights.writes && (rights.coordinates ? words.form.lockedLc : words.form.lockedLu)}
    </Alert>
  );
}
