import * as data from './data.ts';
import { type MakeRequest, request } from './load.ts';

export interface Scenario {
  readonly name: string;
  /** What Medplum 5.1.11 reached on two cores, a second, with the client beside it, 16 connections. */
  readonly medplum?: number;
  /** How many times that is asked. */
  readonly times?: number;
  /** What is counted: requests, or the resources in each. */
  readonly per: number;
  readonly ours: MakeRequest;
  /** The same bytes by bare node:http and pg. */
  readonly raw: MakeRequest;
}

const FHIR = '/fhir/R4';

/** @param patients how many there are, each with `each` responses and observations */
export function scenarios(patients: number, each: number): readonly Scenario[] {
  const pick = (index: number): number => (index * 7919) % patients;
  let n = patients * each;
  const post =
    (path: string, body: (index: number) => object): MakeRequest =>
    (index) =>
      request('POST', path, JSON.stringify(body(index)));
  const get =
    (path: (index: number) => string): MakeRequest =>
    (index) =>
      request('GET', path(index));
  return [
    {
      name: 'POST a 14-item response',
      medplum: 128,
      times: 10,
      per: 1,
      ours: post(`${FHIR}/QuestionnaireResponse`, (index) => data.response(pick(index), n++)),
      raw: post('/one', (index) => data.response(pick(index), n++)),
    },
    {
      name: 'GET by id',
      medplum: 539,
      times: 5,
      per: 1,
      ours: get((index) => `${FHIR}/Patient/bench-${pick(index)}`),
      raw: get((index) => `/read/patient-${pick(index)}`),
    },
    {
      name: "one patient's responses sorted, 20 a page",
      medplum: 127,
      times: 10,
      per: 1,
      ours: get(
        (index) => `${FHIR}/QuestionnaireResponse?subject=Patient/bench-${pick(index)}&_sort=-authored&_count=20`,
      ),
      raw: get((index) => `/page/${pick(index) % 50}`),
    },
    {
      name: 'transaction of five',
      medplum: 28,
      times: 10,
      per: 1,
      ours: post(FHIR, (index) => data.transactionOfFive(pick(index), n++)),
      raw: post('/many/5', (index) => data.transactionOfFive(pick(index), n++)),
    },
    {
      name: 'Patient by name',
      medplum: 264,
      times: 10,
      per: 1,
      ours: get((index) => `${FHIR}/Patient?name=${data.familyName(pick(index))}`),
      raw: get((index) => `/read/patient-${pick(index)}`),
    },
    {
      name: 'Patient by identifier',
      medplum: 611,
      times: 5,
      per: 1,
      ours: get((index) => `${FHIR}/Patient?identifier=${data.identifierQuery(pick(index))}`),
      raw: get((index) => `/read/patient-${pick(index)}`),
    },
    {
      name: 'Observation by code and subject',
      medplum: 576,
      times: 5,
      per: 1,
      ours: get((index) => {
        const code = data.OBSERVATION_CODES[index % data.OBSERVATION_CODES.length];
        return `${FHIR}/Observation?code=${encodeURIComponent(`${code?.system}|${code?.code}`)}&subject=Patient/bench-${pick(index)}`;
      }),
      raw: get((index) => `/few/${pick(index) % 50}`),
    },
    {
      name: '100-entry bundles, resources',
      per: 100,
      // as feeds send them: they need no copy of what they sent
      ours: (index) =>
        request('POST', FHIR, JSON.stringify(manyResponses(pick(index), () => n++)), 'prefer: return=minimal'),
      raw: post('/many/100', (index) => manyResponses(pick(index), () => n++)),
    },
  ];
}

/** Searches of all kinds, of which the median must not grow with the number of patients. */
export function searchMix(patients: number): readonly { readonly name: string; readonly ours: MakeRequest }[] {
  const pick = (index: number): number => (index * 7919) % patients;
  const code = (index: number): string => {
    const { system, code: value } = data.OBSERVATION_CODES[index % data.OBSERVATION_CODES.length] ?? {
      system: '',
      code: '',
    };
    return encodeURIComponent(`${system}|${value}`);
  };
  const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + (index % 14))).toISOString().slice(0, 10);
  const shapes: Record<string, (index: number) => string> = {
    'Patient by identifier': (i) => `Patient?identifier=${data.identifierQuery(pick(i))}`,
    'Patient by name': (i) => `Patient?name=${data.familyName(pick(i))}`,
    'Patient by name and birth year': (i) =>
      `Patient?family=${data.familyName(pick(i))}&birthdate=ge1950&birthdate=lt1990`,
    'Patient by gender, first page': () => 'Patient?gender=female&_count=20',
    'Patient, newest first': () => 'Patient?_sort=-_lastUpdated&_count=20',
    "a patient's responses, newest first": (i) =>
      `QuestionnaireResponse?subject=Patient/bench-${pick(i)}&_sort=-authored&_count=20`,
    'responses of a form, newest first': () =>
      'QuestionnaireResponse?questionnaire=https://svar.example.org/fhir/Questionnaire/bench&_sort=-authored&_count=20',
    'responses of a day': (i) => `QuestionnaireResponse?authored=${day(i)}&status=completed&_count=20`,
    'responses by the identifier of the patient': (i) =>
      `QuestionnaireResponse?subject:Patient.identifier=${data.identifierQuery(pick(i))}&_count=20`,
    'Observation by code and subject': (i) => `Observation?code=${code(i)}&subject=Patient/bench-${pick(i)}`,
    'Observation by code, newest first': (i) => `Observation?code=${code(i)}&_sort=-date&_count=20`,
    'Observation by code and high value': (i) =>
      `Observation?code=${code(i)}&value-quantity=ge20|http://unitsofmeasure.org|{score}&_count=20`,
    'a patient with the responses that refer to it': (i) =>
      `Patient?_id=bench-${pick(i)}&_revinclude=QuestionnaireResponse:subject`,
    'a patient by name who has a score': (i) =>
      `Patient?name=${data.familyName(pick(i))}&_has:Observation:patient:code=${code(i)}`,
    'responses with their patients': (i) =>
      `QuestionnaireResponse?subject=Patient/bench-${pick(i)}&_include=QuestionnaireResponse:subject`,
  };
  return Object.entries(shapes).map(([name, path]) => ({
    name,
    ours: (index) =>
      request('GET', `${FHIR}/${path(index).replaceAll('{', '%7B').replaceAll('}', '%7D').replaceAll('|', '%7C')}`),
  }));
}

function manyResponses(patient: number, next: () => number): object {
  return data.bundle(
    Array.from({ length: 100 }, () => data.response(patient, next())),
    'batch',
  );
}
