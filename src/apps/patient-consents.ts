import type {
  Consent,
  Extension,
  Library,
  PlanDefinition,
  ResearchStudy,
  ResearchSubject,
  Task,
} from '@medplum/fhirtypes';
import { textIn } from '../forms/text/translation.ts';
import type { Ask } from '../identity/create-identity.ts';
import type { Caller } from '../model/caller.ts';
import { type ConsentState, consentState, consentsFor } from '../registry/consent.ts';
import { extensionUrl } from '../registry/names.ts';
import { protocolOfOrder } from '../registry/order.ts';
import { bare, isProtocol, type Protocol, readProtocol } from '../registry/protocol.ts';
import { search } from './waiting-orders.ts';

/** A registry that asks this person for consent: AskedConsent in src/web/patient/contract.ts. */
export interface AskedConsent {
  readonly registry: string;
  readonly title: string;
  readonly state: 'none' | 'given' | 'refused' | 'withdrawn';
  readonly at?: string;
  readonly text: ConsentText;
}

export interface ConsentText {
  readonly id: string;
  readonly language: string;
  readonly short: readonly string[];
  readonly layers: readonly { readonly title: string; readonly text: readonly string[] }[];
}

/**
 * The registries that have to do with a person (a course, an order, a consent) and whose words patients may sign, with what
 * was said last. Read with the person's own access. @param patient `Patient/x`
 */
export async function patientConsents(
  ask: Ask,
  caller: Caller,
  patient: string,
  language: string,
): Promise<readonly AskedConsent[]> {
  const [plans, consents, subjects, tasks] = await Promise.all([
    search<PlanDefinition>(ask, caller, 'PlanDefinition?status=active&_count=100'),
    search<Consent>(ask, caller, `Consent?patient=${patient}&_count=200`),
    search<ResearchSubject>(ask, caller, `ResearchSubject?patient=${patient}&_count=200`),
    search<Task>(ask, caller, `Task?patient=${patient}&_count=200`),
  ]);
  const studies = new Set(subjects.flatMap(({ study }) => study.reference?.split('/')[1] ?? []));
  const concerned = new Set(tasks.flatMap((task) => protocolOfOrder(task) ?? []));
  if (studies.size > 0) {
    const found = await search<ResearchStudy>(ask, caller, `ResearchStudy?_id=${[...studies].join(',')}&_count=200`);
    const own = new Set(found.flatMap(({ protocol = [] }) => protocol.map(({ reference }) => reference)));
    for (const { id, url } of plans) if (url !== undefined && own.has(`PlanDefinition/${id}`)) concerned.add(url);
  }
  const asked: AskedConsent[] = [];
  for (const plan of plans.filter(isProtocol)) {
    const { url, consent }: Pick<Protocol, 'url' | 'consent'> = readProtocol(plan);
    if (consent?.text === undefined) continue;
    const { policy } = consent;
    const said = consents.filter((one) => consentsFor([one], policy, courseOf(one)).length > 0);
    if (said.length === 0 && !concerned.has(url)) continue;
    const library = await readText(ask, caller, consent.text);
    if (library === undefined) continue;
    const { state, consent: latest } = consentState(said);
    const text = textOf(library, language);
    const at = latest?.dateTime;
    asked.push({
      ...{ registry: url, title: titleOf(library, text.language), state: toldState(state), text },
      ...(at === undefined ? {} : { at }),
    });
  }
  return asked;
}

/** A reservation is a no. */
function toldState(state: ConsentState): AskedConsent['state'] {
  return state === 'reserved' ? 'refused' : state;
}

/** The course that a consent is about; of one about none the empty text. */
function courseOf({ provision }: Consent): string {
  const data = [...(provision?.data ?? []), ...(provision?.provision ?? []).flatMap((part) => part.data ?? [])];
  return data[0]?.reference?.reference?.split('/')[1] ?? '';
}

async function readText(ask: Ask, caller: Caller, canonical: string): Promise<Library | undefined> {
  const [url = '', version] = canonical.split('|');
  const ofVersion = version === undefined ? '' : `&version=${encodeURIComponent(version)}`;
  const [found] = await search<Library>(
    ask,
    caller,
    `Library?url=${encodeURIComponent(bare(url))}${ofVersion}&_count=1`,
  );
  return found;
}

/** The words in a language, or in the one in which they were written: never half of each. */
function textOf(library: Library, language: string): ConsentText {
  const base = library.language ?? 'nb';
  const layers = (library.extension ?? []).filter(({ url }) => url === extensionUrl.consentLayer);
  const inOne = (tongue: string): ConsentText | undefined => {
    const short = textIn(library, 'description', tongue, base);
    const told = layers.map((layer) => ({
      title: partIn(layer, 'title', 'valueString', tongue, base),
      text: partIn(layer, 'text', 'valueMarkdown', tongue, base),
    }));
    const whole = told.flatMap(({ title, text }) =>
      title === undefined || text === undefined ? [] : [{ title, text: paragraphs(text) }],
    );
    return short === undefined || whole.length < layers.length
      ? undefined
      : {
          ...{ id: `${library.url}|${library.version}`, language: tongue },
          ...{ short: paragraphs(short), layers: whole },
        };
  };
  const empty = { id: `${library.url}|${library.version}`, language: base, short: [], layers: [] };
  return inOne(language) ?? inOne(base) ?? empty;
}

function titleOf(library: Library, language: string): string {
  return textIn(library, 'title', language, library.language ?? 'nb') ?? library.title ?? '';
}

function partIn(layer: Extension, name: string, element: string, language: string, base: string): string | undefined {
  const part = layer.extension?.find(({ url }) => url === name);
  return part && textIn(part, element, language, base);
}

function paragraphs(text: string): readonly string[] {
  return text.split(/\n{2,}/).filter((one) => one.trim() !== '');
}
