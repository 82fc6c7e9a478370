/*
 * Synthetic content, the same at every run. A patient has an identifier of the bench's own; a response answers the 14
 * items of HADS as the demo's form has them (own placeholder codes), with text, some 3 kB.
 */
const FORM = 'https://svar.example.org/fhir/Questionnaire/bench';
const CODES = 'https://svar.example.org/fhir/CodeSystem/bench';
const SYSTEM = 'https://svar.example.org/fhir/sid/bench';

export const OBSERVATION_CODES = ['a', 'b', 'c', 'd'].map((code) => ({ system: CODES, code: `score-${code}` }));

export function questionnaire(): object {
  return {
    resourceType: 'Questionnaire',
    id: 'bench',
    url: FORM,
    version: '1.0.0',
    status: 'active',
    subjectType: ['Patient'],
    item: Array.from({ length: 14 }, (_, item) => ({
      linkId: `item-${item + 1}`,
      text: itemText(item),
      type: 'choice',
      required: true,
      answerOption: Array.from({ length: 4 }, (_unused, value) => ({ valueCoding: coding(value) })),
    })),
  };
}

export function patient(index: number): object {
  return {
    resourceType: 'Patient',
    id: `bench-${index}`,
    identifier: [{ system: SYSTEM, value: `P${index}` }],
    active: true,
    name: [{ use: 'official', family: familyName(index), given: [`Given${index % 97}`] }],
    gender: index % 2 === 0 ? 'female' : 'male',
    birthDate: `19${30 + (index % 70)}-0${1 + (index % 9)}-1${index % 9}`,
  };
}

/** One of some thousands: a search by name finds one to a few. */
export function familyName(index: number): string {
  return `Bench${(index * 7919) % 5003}`;
}

export function identifierQuery(index: number): string {
  return encodeURIComponent(`${SYSTEM}|P${index}`);
}

/** @param n makes it differ from others: authored moves on by a minute for each */
export function response(patientIndex: number, n: number): object {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${FORM}|1.0.0`,
    status: 'completed',
    subject: { reference: `Patient/bench-${patientIndex}` },
    authored: new Date(Date.UTC(2024, 0, 1) + n * 60_000).toISOString(),
    source: { reference: `Patient/bench-${patientIndex}` },
    item: Array.from({ length: 14 }, (_, item) => ({
      linkId: `item-${item + 1}`,
      text: itemText(item),
      answer: [{ valueCoding: coding((item * 7 + n) % 4) }],
    })),
  };
}

export function observation(patientIndex: number, n: number): object {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [OBSERVATION_CODES[n % OBSERVATION_CODES.length]] },
    subject: { reference: `Patient/bench-${patientIndex}` },
    effectiveDateTime: new Date(Date.UTC(2024, 0, 1) + n * 60_000).toISOString(),
    valueQuantity: { value: n % 22, unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' },
  };
}

export function transactionOfFive(patientIndex: number, n: number): object {
  const entry = (resource: object) => ({
    fullUrl: `urn:uuid:${crypto.randomUUID()}`,
    resource,
    request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
  });
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [entry(response(patientIndex, n)), ...[0, 1, 2, 3].map((k) => entry(observation(patientIndex, n + k)))],
  };
}

export function bundle(resources: readonly object[], type: 'transaction' | 'batch'): object {
  return {
    resourceType: 'Bundle',
    type,
    entry: resources.map((resource) => {
      const { resourceType, id } = resource as { resourceType: string; id?: string };
      return {
        resource,
        request: id ? { method: 'PUT', url: `${resourceType}/${id}` } : { method: 'POST', url: resourceType },
      };
    }),
  };
}

function itemText(item: number): string {
  return `Statement ${item + 1} of the bench form, as long as such a statement usually is`;
}

function coding(value: number): object {
  return { system: CODES, code: String(value), display: `Answer that stands for ${value}` };
}
