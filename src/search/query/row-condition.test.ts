import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseUrl, client, parameters, rowsOf, type SearchKit, searchKit } from '../../../tests/search/kit.ts';
import type { Access } from '../../model/access.ts';
import type { Caller } from '../../model/caller.ts';
import { FhirError } from '../../model/issue.ts';
import type { SearchParameters } from '../parameters.ts';
import { rowCondition } from './row-condition.ts';

const survey = { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' };
const labs = { ...survey, code: 'laboratory' };
const hads = 'https://svar.example.org/fhir/Questionnaire/hads';

const resources = [
  { resourceType: 'Patient', id: 'p', name: [{ family: 'Ærlig', given: ['Bø'] }], birthDate: '1970-05-01' },
  { resourceType: 'Observation', id: 'survey', category: [{ coding: [survey] }], status: 'final' },
  { resourceType: 'Observation', id: 'both', category: [{ coding: [labs] }, { coding: [survey] }], status: 'amended' },
  { resourceType: 'Observation', id: 'labs', category: [{ coding: [labs] }], status: 'final' },
  {
    resourceType: 'Observation',
    id: 'measured',
    status: 'final',
    code: { coding: [{ system: 'http://s', code: 'k', display: 'A score' }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-02-03T10:00:00Z',
    valueQuantity: { value: 7, unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' },
  },
  { resourceType: 'QuestionnaireResponse', id: 'r1', questionnaire: `${hads}|1.0.0`, status: 'completed' },
  { resourceType: 'QuestionnaireResponse', id: 'r2', questionnaire: 'http://other', status: 'completed' },
  { resourceType: 'Consent', id: 'c', status: 'active', dateTime: '2026-02-03' },
  { resourceType: 'Condition', id: 'cond', category: [{ coding: [survey] }] },
] as const;

let kit: SearchKit;
beforeAll(async () => {
  kit = await searchKit();
  await kit.put(resources);
});
afterAll(() => kit.close());

const settings = () => ({ hashSeed: kit.env.hashSeed, baseUrl });
const made = (type: string, query: string) =>
  rowCondition(parameters, type, [...new URLSearchParams(query)], settings());

/** Sees every type, those of one only where a condition holds. */
function caller(type: string, query: string): Caller {
  const access: Access = {
    key: query,
    rules: [
      { types: [type], acts: ['search'], where: [made(type, query)] },
      { types: ['Patient'], acts: ['search'] },
    ],
  };
  return { name: 'app', kind: 'client', access };
}

const CASES: readonly (readonly [type: string, query: string, ids: readonly string[]])[] = [
  ['Observation', `category=${survey.system}|survey`, ['survey', 'both']],
  ['Observation', 'category=survey', ['survey', 'both']],
  ['Observation', 'category=survey&status=final', ['survey']],
  ['Observation', 'category=survey,laboratory&status=final', ['survey', 'labs']],
  ['Observation', 'category=nothing', []],
  ['Observation', 'subject=Patient/p', ['measured']],
  ['Observation', 'patient=p', ['measured']],
  ['Observation', 'date=ge2026-02', ['measured']],
  ['Observation', 'date=lt2026-02', []],
  ['Observation', 'value-quantity=gt5', ['measured']],
  ['Observation', 'value-quantity=gt7', []],
  ['Observation', 'code-value-quantity=k$7', ['measured']],
  ['QuestionnaireResponse', `questionnaire=${hads}`, ['r1']],
  ['QuestionnaireResponse', `questionnaire=${hads}|1.0.0`, ['r1']],
  ['QuestionnaireResponse', `questionnaire=${hads}|2.0.0`, []],
  ['Patient', 'name=aer', ['p']],
  ['Patient', 'family=x', []],
  ['Patient', 'birthdate=1970', ['p']],
];

describe.each(CASES)('%s?%s', (type, query, ids) => {
  test('decides in every search what the search for it finds', async () => {
    expect(await kit.all(`${type}?${query}`)).toEqual(ids);
    const ofCaller: Caller =
      type === 'Patient'
        ? {
            ...client,
            access: { key: 'p', rules: [{ types: ['Patient'], acts: ['search'], where: [made(type, query)] }] },
          }
        : caller(type, query);
    const page = await kit.search(`${type}?_total=accurate`, { caller: ofCaller });
    expect(page.matches.map(({ id }) => id)).toEqual(ids);
    expect(page.total).toBe(ids.length);
  });

  test('holds for the index rows of the same resources', () => {
    const condition = made(type, query);
    const held = resources.filter((resource) => condition.holds(resource.resourceType, rowsOf(resource)));
    expect(held.map(({ id }) => id)).toEqual(ids);
  });
});

test('several conditions, and one on what a chain leads to, share the parameters of a statement', async () => {
  const both: Caller = {
    ...client,
    access: {
      key: 'both',
      rules: [
        {
          types: ['Observation'],
          acts: ['search'],
          where: [made('Observation', 'status=final'), made('Observation', 'date=2026')],
        },
        { types: ['Patient'], acts: ['search'], where: [made('Patient', 'birthdate=1970')] },
      ],
    },
  };
  const found = async (url: string) => (await kit.search(url, { caller: both })).matches.map(({ id }) => id);
  expect(await found('Observation')).toEqual(['measured']);
  expect(await found('Observation?subject:Patient.name=Bø&code=k')).toEqual(['measured']);
  expect(await found('Patient?_has:Observation:subject:code=k')).toEqual(['p']);
  const young: Caller = {
    ...both,
    access: {
      key: 'young',
      rules: [
        { types: ['Observation'], acts: ['search'] },
        { types: ['Patient'], acts: ['search'], where: [made('Patient', 'birthdate=gt1990')] },
      ],
    },
  };
  expect((await kit.search('Observation?subject:Patient.name=Bø', { caller: young })).matches).toEqual([]);
});

test.each([
  ['', 'from one to'],
  ['category:not=survey', 'plain name'],
  ['category:missing=true', 'plain name'],
  ['category:in=http://vs', 'plain name'],
  ['subject:Patient.name=a', 'plain name'],
  ['subject.name=a', 'plain name'],
  ['_has:Observation:subject:code=x', 'plain name'],
  ['catgory=survey', 'no search parameter'],
  ['category=', 'no value'],
  ['_id=a', 'can not be judged'],
  ['_lastUpdated=2026', 'can not be judged'],
  ['_text=a', 'can not be judged'],
  ['_content=a', 'can not be judged'],
  ['_list=a', 'can not be judged'],
  ['_filter=status eq final', 'no search parameter'],
  ['_count=0', 'no search parameter'],
  ['_include=Observation:subject', 'no search parameter'],
  ['_type=Patient', 'no search parameter'],
  ['date=ap2026', 'compared with now'],
  [`category=${Array.from({ length: 40 }, (_, i) => i).join()}`, '32'],
  [Array.from({ length: 11 }, () => 'status=final').join('&'), 'from one to'],
])('%s is refused', (query, reason) => {
  expect(() => made('Observation', query)).toThrow(FhirError);
  expect(() => made('Observation', query)).toThrow(reason);
});

test('so are a type that is not there, an age, and a parameter whose rows are being made', () => {
  expect(() => made('Obs', 'status=final')).toThrow(FhirError);
  expect(() => made('Patient', 'age=gt50')).toThrow(FhirError);
  const building: SearchParameters = {
    ...parameters,
    list: (type) => parameters.list(type),
    get: (type, code) => {
      const param = parameters.get(type, code);
      return param && { ...param, complete: false };
    },
  };
  expect(() => rowCondition(building, 'Observation', [['status', 'final']], settings())).toThrow('being indexed');
});

test('conditions are told apart by type and criteria', () => {
  expect(made('Observation', 'category=survey').key).not.toBe(made('Condition', 'category=survey').key);
  expect(made('Observation', 'category=survey').key).not.toBe(made('Observation', 'category=labs').key);
});
