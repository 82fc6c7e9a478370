import type {
  Bundle,
  PlanDefinition,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { isMarked } from '../forms/constraints/extension-values.ts';
import { textIn } from '../forms/text/translation.ts';
import type { Ask } from '../identity/create-identity.ts';
import type { Caller } from '../model/caller.ts';
import { identifierSystem } from '../registry/names.ts';
import { awaitsPatient, openTaskStatuses, orderedForm, protocolOfOrder } from '../registry/order.ts';
import { lastDeadline, timesPutOff } from '../registry/patient-word.ts';
import { bare, type Protocol, readProtocol } from '../registry/protocol.ts';

/** An order that waits for its answer, as the patient's app is told of it: WaitingOrder in src/web/patient/contract.ts. */
export interface WaitingOrder {
  readonly id: string;
  readonly title: string;
  readonly questionnaire: string;
  readonly questions: number;
  readonly minutes: number;
  readonly until?: string;
  readonly begun: boolean;
  readonly remindAt?: string;
}

/** Measured with none of the forms: a choice takes seconds, a text a minute. */
const QUESTIONS_A_MINUTE = 5;
const ORDERS_MAX = 50;
/** What a system ordered without saying when comes after what the protocol has sent. */
const LAST = '9999';
/** Asked of nobody who is a patient. */
const UNASKED = ['hidden', 'internal', 'retired'];

/**
 * What somebody can answer now, read with their own access. In the order of dispatch, which is the protocol's; of those that
 * went out together the shortest first.
 */
export async function waitingOrders(
  ask: Ask,
  caller: Caller,
  patient: string,
  language: string,
): Promise<readonly WaitingOrder[]> {
  const open = `Task?patient=${patient}&status=${openTaskStatuses.join(',')}&_count=${ORDERS_MAX}`;
  const tasks = (await search<Task>(ask, caller, open)).filter(
    (task) => awaitsPatient(task) && task.for?.reference === patient && orderedForm(task) !== undefined,
  );
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ id }) => `${identifierSystem.response}|${id}`).join(',');
  const [begun, protocols, ...forms] = await Promise.all([
    search<QuestionnaireResponse>(ask, caller, `QuestionnaireResponse?identifier=${encodeURIComponent(ids)}`),
    protocolsOf(ask, caller, tasks),
    ...tasks.map((task) => readForm(ask, caller, orderedForm(task) ?? '')),
  ]);
  return tasks
    .map((task, index) => told(task, { form: forms[index], begun, protocols, language }))
    .sort((a, b) => (a.start === b.start ? a.order.questions - b.order.questions : a.start < b.start ? -1 : 1))
    .map(({ order }) => order);
}

/** The form of a canonical; undefined where it is not there, or not for this caller. */
export async function readForm(ask: Ask, caller: Caller, canonical: string): Promise<Questionnaire | undefined> {
  const [url = '', version] = canonical.split('|');
  const ofVersion = version === undefined ? '' : `&version=${encodeURIComponent(version)}`;
  const path = `Questionnaire?url=${encodeURIComponent(url)}${ofVersion}&_count=1`;
  return (await search<Questionnaire>(ask, caller, path))[0];
}

/** The matches on the first page of a search; none where it was refused. */
export async function search<R extends Resource>(ask: Ask, caller: Caller, path: string): Promise<R[]> {
  const bundle = (await ask(caller, path)) as Bundle<R> | undefined;
  return (bundle?.entry ?? []).flatMap(({ resource, search: how }) =>
    resource !== undefined && (how?.mode ?? 'match') === 'match' ? [resource] : [],
  );
}

/** The protocols that made orders, by their url. */
async function protocolsOf(ask: Ask, caller: Caller, tasks: readonly Task[]): Promise<ReadonlyMap<string, Protocol>> {
  const urls = [...new Set(tasks.flatMap((task) => protocolOfOrder(task) ?? []))];
  if (urls.length === 0) return new Map();
  const path = `PlanDefinition?url=${urls.map(encodeURIComponent).join(',')}&status=active`;
  const plans = await search<PlanDefinition>(ask, caller, path);
  return new Map(plans.map((plan) => [plan.url ?? '', readProtocol(plan)]));
}

/** What an order is told with. */
interface Told {
  readonly form: Questionnaire | undefined;
  readonly begun: readonly QuestionnaireResponse[];
  readonly protocols: ReadonlyMap<string, Protocol>;
  readonly language: string;
}

/**
 * Until when it can be answered at last, and when the patient wants to be reminded: the period of what was sent ends with
 * the reminder.
 */
function times(task: Task, protocols: Told['protocols']): Pick<WaitingOrder, 'until' | 'remindAt'> {
  const end = task.restriction?.period?.end;
  const protocol = protocols.get(protocolOfOrder(task) ?? '');
  const form = protocol?.schedule.find(({ id }) => task.instantiatesUri === `${protocol.url}#${id}`);
  const last = protocol && form ? lastDeadline(task, form, protocol.zone)?.toISOString() : end;
  const isPutOff = timesPutOff(task) > 0 && last !== end;
  return { ...(last && { until: last }), ...(isPutOff && end && { remindAt: end }) };
}

function told(
  task: Task,
  { form, begun, protocols, language }: Told,
): { readonly start: string; readonly order: WaitingOrder } {
  const { id = '', restriction } = task;
  const questions = questionsOf(form?.item ?? []);
  const title = form && (textIn(form, 'title', language, form.language ?? '') ?? form.title);
  return {
    start: restriction?.period?.start ?? task.authoredOn ?? LAST,
    order: {
      id,
      title: title ?? task.description ?? bare(orderedForm(task) ?? ''),
      questionnaire: orderedForm(task) ?? '',
      questions,
      minutes: Math.max(1, Math.round(questions / QUESTIONS_A_MINUTE)),
      ...times(task, protocols),
      begun: begun.some(({ identifier, item = [] }) => identifier?.value === id && item.length > 0),
    },
  };
}

function questionsOf(items: readonly QuestionnaireItem[]): number {
  return items
    .filter(({ extension, readOnly }) => readOnly !== true && !UNASKED.some((name) => isMarked(extension, name)))
    .reduce(
      (sum, { type, item = [] }) => sum + (type === 'group' || type === 'display' ? 0 : 1) + questionsOf(item),
      0,
    );
}
