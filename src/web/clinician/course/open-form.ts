import type { MedplumClient } from '@medplum/core';
import type {
  Bundle,
  Coding,
  Parameters,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
  ValueSet,
} from '@medplum/fhirtypes';
import { loadFaults } from '#fault-finder';
import { identifierSystem } from '../../../registry/names.ts';
import type { FormSession } from '../../form/contract.ts';
import { openFormSession } from '../../form/model/form-session.ts';
import { prepareForm } from '../../form/model/prepare-form.ts';
import { type FormWords, formWords } from '../../form/words.ts';
import { everyVersion, inEveryVersion } from '../canonicals.ts';
import type { AppLanguage } from '../words/language.ts';
import type { CourseData } from './course.ts';
import { newestVersion } from './fetch-course.ts';
import { only, readNow, searchNow } from './fhir-gateway.ts';

/** A form of a course, ready to be filled in or read. */
export interface OpenedForm {
  readonly session: FormSession;
  readonly words: FormWords;
  /** As it is stored; without an id where nothing is. */
  readonly stored: QuestionnaireResponse;
}

export interface FormToOpen {
  /** Canonical; without a version the newest that is active, or that of the answers. */
  readonly questionnaire: string;
  /** Which answers, without items. */
  readonly response: QuestionnaireResponse | undefined;
  /** The order that it answers, where it is a form of the patient. */
  readonly order: string | undefined;
  /** Whether it is filled in from what is known, as forms about the patient are. */
  readonly populated: boolean;
}

const ANSWERS_SHOWN = '30';
const SDC_POPULATE = 'Questionnaire/$populate';

/** Reads a form with its answers. @throws where the form is not to be had */
export async function openCourseForm(
  client: MedplumClient,
  data: CourseData,
  { questionnaire: canonical, response, order, populated }: FormToOpen,
  language: AppLanguage,
): Promise<OpenedForm> {
  const wanted = response?.questionnaire ?? canonical;
  const [questionnaire, kept, words] = await Promise.all([
    readForm(client, data, wanted),
    response?.id === undefined
      ? undefined
      : readNow<QuestionnaireResponse>(client, 'QuestionnaireResponse', response.id),
    formWords(language),
    // staff press Next at once: what is to be told then must be known
    loadFaults(),
  ]);
  await prepareForm(questionnaire);
  const stored = kept === undefined ? emptyResponse(data, questionnaire, order) : withNames(kept, data.names);
  const known = populated ? await populate(client, data, questionnaire) : undefined;
  const session = openFormSession({
    questionnaire,
    response: known === undefined ? stored : { ...stored, item: overlaid(known, stored, questionnaire) },
    language,
    now: () => new Date(),
    timeZone: data.registries[0]?.protocol.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    audience: 'staff',
    launchContext: { patient: data.patient },
    expand: (valueSet, text) => expand(client, valueSet, text),
    findResources: async (item, text) => {
      const [type] = item.constraints.referenceTargets ?? [];
      if (type === undefined) return [];
      return searchNow(client, `${type}?${text === '' ? '' : `name=${encodeURIComponent(text)}&`}_count=20`);
    },
    query: (query) =>
      client.get<Bundle>(new URL(inEveryVersion(query, data.questionnaires), client.fhirUrl('Bundle')).toString(), {
        cache: 'reload',
      }),
  });
  return { session, words, stored };
}

async function readForm(client: MedplumClient, data: CourseData, canonical: string): Promise<Questionnaire> {
  const [url = '', version] = canonical.split('|');
  const chosen = version ?? newestVersion(data.questionnaires, url)?.version;
  const query = `Questionnaire?url=${url}${chosen === undefined ? '' : `&version=${chosen}`}`;
  const [found] = only<Questionnaire>(await searchNow(client, query), 'Questionnaire');
  if (found === undefined) throw new Error(`no form ${canonical}`);
  return found;
}

/** Identifies the one response that staff enter from paper; what the patient has begun is another (`<Task id>` alone). */
function fromPaper(order: string) {
  return { system: identifierSystem.response, value: `${order}/paper` };
}

function emptyResponse(
  { patient, referral }: CourseData,
  { url, version }: Questionnaire,
  order: string | undefined,
): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    ...(order !== undefined && { identifier: fromPaper(order) }),
    status: 'in-progress',
    questionnaire: version === undefined ? `${url}` : `${url}|${version}`,
    subject: { reference: `Patient/${patient.id}` },
    ...(referral !== undefined && { basedOn: [{ reference: referral }] }),
  };
}

/** What must find nothing, so that two people who begin the same form at once begin one. */
export function unlessBegun({ identifier, basedOn = [], subject, questionnaire = '' }: QuestionnaireResponse): string {
  const counts = 'status=in-progress,completed,amended';
  if (identifier?.value !== undefined) return `identifier=${identifier.system}|${identifier.value}&${counts}`;
  const course = basedOn.map(({ reference }) => reference).join(',');
  const where = course === '' ? `subject=${subject?.reference}` : `based-on=${course}`;
  return `${where}&questionnaire=${everyVersion([questionnaire], [])}&${counts}`;
}

async function populate(
  client: MedplumClient,
  { patient }: CourseData,
  { url }: Questionnaire,
): Promise<QuestionnaireResponse | undefined> {
  const asked: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'canonical', valueCanonical: url ?? '' },
      { name: 'subject', valueReference: { reference: `Patient/${patient.id}` } },
    ],
  };
  const answer: Parameters | QuestionnaireResponse | undefined = await client
    .post(client.fhirUrl(SDC_POPULATE), asked)
    // a server without SDC's operation: the form is filled in by hand
    .catch(() => undefined);
  const found: Resource | undefined =
    answer?.resourceType === 'Parameters'
      ? answer.parameter?.find(({ name }) => name === 'response')?.resource
      : answer;
  return found?.resourceType === 'QuestionnaireResponse' ? found : undefined;
}

/** Wards and locations as people call them: what others stored may be a bare reference. */
function withNames(response: QuestionnaireResponse, names: CourseData['names']): QuestionnaireResponse {
  const named = (items: QuestionnaireResponseItem[] | undefined): QuestionnaireResponseItem[] | undefined =>
    items?.map(({ item, answer, ...rest }) => ({
      ...rest,
      ...(item !== undefined && { item: named(item) }),
      ...(answer !== undefined && {
        answer: answer.map((one) => {
          const { reference = '', display = names.get(reference) } = one.valueReference ?? {};
          const inside = one.item === undefined ? one : { ...one, item: named(one.item) };
          return one.valueReference === undefined || display === undefined
            ? inside
            : { ...inside, valueReference: { ...one.valueReference, display } };
        }),
      }),
    }));
  return response.item === undefined ? response : { ...response, item: named(response.item) };
}

/** What is known now, but for what people have answered themselves: calculated answers follow what they are calculated of. */
function overlaid(known: QuestionnaireResponse, stored: QuestionnaireResponse, { item = [] }: Questionnaire) {
  const fixed = new Set(item.filter(({ readOnly }) => readOnly === true).map(({ linkId }) => linkId));
  const own = new Map((stored.item ?? []).map((one) => [one.linkId, one]));
  return (known.item ?? []).flatMap((one) => {
    if (fixed.has(one.linkId)) return one;
    if (stored.id !== undefined) return own.get(one.linkId) ?? [];
    return one;
  });
}

async function expand(client: MedplumClient, valueSet: string, text: string): Promise<readonly Coding[]> {
  const query = new URLSearchParams({ url: valueSet, count: ANSWERS_SHOWN, ...(text === '' ? {} : { filter: text }) });
  const found = await client.get<ValueSet>(`${client.fhirUrl('ValueSet', '$expand')}?${query}`);
  return (found.expansion?.contains ?? []).map(({ system, code, display }) => ({
    ...(system !== undefined && { system }),
    ...(code !== undefined && { code }),
    ...(display !== undefined && { display }),
  }));
}
