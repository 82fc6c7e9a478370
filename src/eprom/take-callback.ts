import type { Communication, Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';
import { isTaskInput } from '../registry/order.ts';
import { unreachableReason } from '../registry/unreachable.ts';
import type { Ask } from './ask.ts';
import type { FormOrderCallback } from './contract.ts';
import { answersOf } from './form-data.ts';
import { epromNames } from './names.ts';

/** The joint service, as a channel: CodeSystem notice-channel. */
const EPROM = 'eprom';

/**
 * Takes what the joint ePROM service tells of an order that went through it. Answers become a locked response, once
 * however often they are told; a patient who cannot be reached keeps the order open, with the reason. That an order was
 * taken, or has run out there, changes nothing: Svar keeps the deadlines itself.
 *
 * @throws FhirError 404 where no order of ours has this id, 422 where its answers are not the form's
 */
export async function takeCallback(ask: Ask, callback: FormOrderCallback): Promise<void> {
  const task = taskOf(callback);
  const notices = await ask.search<Communication>('Communication', { 'based-on': `Task/${task}` });
  const notice = notices.find(({ medium = [] }) =>
    medium.some(({ coding = [] }) =>
      coding.some(({ system, code }) => system === codeSystem.noticeChannel && code === EPROM),
    ),
  );
  if (notice === undefined) throw fhirError(404, 'not-found', 'No such order went through this service.');
  if (callback.status === 'Error') await unreachable(ask, notice, callback);
  if (callback.status === 'Completed') await answered(ask, await ask.read<Task>('Task', task), callback);
}

/** The id of the Task that the order's metadata names. @throws FhirError 404 */
function taskOf({ metadata }: FormOrderCallback): string {
  const named = metadata === undefined ? undefined : (JSON.parse(metadata) as { task?: unknown } | null)?.task;
  if (typeof named !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(named)) {
    throw fhirError(404, 'not-found', 'The metadata name no order of this server.');
  }
  return named;
}

async function unreachable(ask: Ask, notice: Communication, { errorCode }: FormOrderCallback): Promise<void> {
  if (notice.status === 'not-done') return;
  const code = errorCode === 'SikkerDigitalPostError' ? 'no-secure-mailbox' : 'not-in-register';
  await ask.write({ ...notice, status: 'not-done', statusReason: unreachableReason(code) });
}

async function answered(ask: Ask, task: Task, callback: FormOrderCallback): Promise<void> {
  const known = await ask.search<QuestionnaireResponse>('QuestionnaireResponse', {
    identifier: `${epromNames.order}|${callback.id}`,
  });
  if (known.length > 0) return;
  const canonical = task.input?.find((input) => isTaskInput(input, 'questionnaire'))?.valueCanonical ?? '';
  const [url = '', version] = canonical.split('|');
  const [form] = await ask.search<Questionnaire>('Questionnaire', {
    url,
    ...(version === undefined ? {} : { version }),
  });
  if (form === undefined) throw fhirError(422, 'not-found', 'The form of this order is not there.');
  const { item, warnings } = answersOf(form, readFormData(callback.formData));
  if (warnings.length > 0) throw fhirError(422, 'value', `formData: ${warnings.join('; ')}.`);
  await ask.write({
    resourceType: 'QuestionnaireResponse',
    identifier: { system: epromNames.order, value: callback.id },
    questionnaire: canonical,
    status: 'completed',
    subject: task.for,
    basedOn: task.basedOn,
    authored: callback.timestampUtc,
    source: callback.filledOutBy === undefined || callback.filledOutBy === 'SegSelv' ? task.for : undefined,
    item,
  } as QuestionnaireResponse);
}

function readFormData(text: string | undefined): Readonly<Record<string, unknown>> {
  let data: unknown;
  try {
    data = JSON.parse(text ?? '');
  } catch {
    data = undefined;
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw fhirError(422, 'value', 'formData has to be a JSON object, as a text.');
  }
  return data as Readonly<Record<string, unknown>>;
}
