import type { Bundle, QuestionnaireResponse, QuestionnaireResponseItem, Resource } from '@medplum/fhirtypes';
import type { Rest } from './rest.ts';

const FORM = 'https://svar.example.org/fhir/Questionnaire';
const CODES = 'https://svar.example.org/fhir/CodeSystem';

export interface Course {
  readonly patient: string;
  readonly referral: string;
  readonly episode: string;
}

/** What an EHR posts when a patient is referred to a pain team: all in one transaction. */
export function referral(
  options: { fnr?: string; birthDate?: string; hospital?: string; start?: string } = {},
): Bundle {
  const { fnr = '13916900281', birthDate = '1969-11-13', hospital = 'haukeland', start = '2026-03-02' } = options;
  const entry = (uuid: string, resource: Resource) => ({
    fullUrl: `urn:uuid:${uuid}`,
    resource,
    request: { method: 'POST' as const, url: resource.resourceType },
  });
  const patient = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  const request = 'urn:uuid:00000000-0000-4000-8000-000000000002';
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry('00000000-0000-4000-8000-000000000003', {
        resourceType: 'EpisodeOfCare',
        status: 'active',
        patient: { reference: patient },
        managingOrganization: { reference: `Organization/${hospital}` },
        referralRequest: [{ reference: request }],
        period: { start },
      }),
      entry('00000000-0000-4000-8000-000000000002', {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: patient },
        authoredOn: start,
      }),
      entry('00000000-0000-4000-8000-000000000001', {
        resourceType: 'Patient',
        identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: fnr }],
        name: [{ family: 'Testpasient', given: ['Syntetisk'] }],
        birthDate,
      }),
    ],
  };
}

/** Posts a referral and tells the ids of what came of it. */
export async function refer(client: Rest, options: Parameters<typeof referral>[0] = {}): Promise<Course> {
  const { status, body } = await client.post<Bundle>('', referral(options));
  if (status !== 200) {
    throw new Error(`the referral was refused: ${JSON.stringify(body)}`);
  }
  const ids = (body.entry ?? []).map(
    (entry) => entry.response?.location?.match(/[A-Za-z]+\/([^/]+)\/_history/)?.[1] ?? '',
  );
  return { episode: ids[0] ?? '', referral: ids[1] ?? '', patient: ids[2] ?? '' };
}

export function response(
  course: Course,
  form: string,
  status: QuestionnaireResponse['status'],
  item: QuestionnaireResponseItem[],
  authored: string,
): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${FORM}/${form}|1.0.0`,
    status,
    subject: { reference: `Patient/${course.patient}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    authored,
    item,
  };
}

export const choice = (linkId: string, codeSystem: string, code: string): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueCoding: { system: `${CODES}/${codeSystem}`, code } }],
});

export const date = (linkId: string, valueDate: string): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueDate }],
});

export interface ToAnswers {
  readonly via?: readonly ('Tilsynsanmodnin' | 'TelefonCalling')[];
  readonly Tilsett?: string;
  readonly Norsktalende?: string;
  readonly KognSvekket?: string;
  readonly SkriftligSamtyk?: string;
  readonly DatoSamtykke?: string;
  readonly TypeManglSamt?: string;
}

/** The items of a TO form. */
export function toItems(answers: ToAnswers): QuestionnaireResponseItem[] {
  const { via = ['Tilsynsanmodnin'], ...rest } = answers;
  const items: QuestionnaireResponseItem[] = [date('HenvistDato', '2026-03-02')];
  if (via.length > 0) {
    items.push({
      linkId: 'HenvistVia',
      answer: via.map((code) => ({ valueCoding: { system: `${CODES}/smertereg-henvist-via`, code } })),
    });
  }
  items.push(date('StartdatoTO', '2026-03-02'));
  const add = (linkId: keyof typeof rest, system: string): void => {
    const code = rest[linkId];
    if (code !== undefined) {
      items.push(choice(linkId, system, code));
    }
  };
  add('Tilsett', 'smertereg-tilsett');
  add('Norsktalende', 'smertereg-ja-nei');
  add('KognSvekket', 'smertereg-ja-nei');
  add('SkriftligSamtyk', 'smertereg-ja-nei');
  if (rest.DatoSamtykke !== undefined) {
    items.push(date('DatoSamtykke', rest.DatoSamtykke));
  }
  add('TypeManglSamt', 'smertereg-type-mangl-samt');
  return items;
}

const number = (linkId: string, valueInteger: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger }],
});

/** The items of a B2.2 form that can be locked, with as little as that takes. */
export function b22Items(sluttDato: string): QuestionnaireResponseItem[] {
  const no = (linkId: string): QuestionnaireResponseItem => choice(linkId, 'smertereg-ja-nei-vet-ikke', '0');
  return [
    date('SluttDato', sluttDato),
    number('AntPasTils', 5),
    number('TotTid', 5),
    ...['MedBeh22', 'IkkeMedBeh', 'SentralBlokk', 'PeriferBlokk', 'VidereOppf'].map(no),
  ];
}

/** HADS with the same value for every item: option codes are the values. */
export function hadsItems(value = '1'): QuestionnaireResponseItem[] {
  return Array.from({ length: 14 }, (_, index) => choice(`HADSSpm${index + 1}`, 'hads-svar', value));
}
