import type {
  CapabilityStatement,
  CodeSystem,
  ConceptMap,
  OperationOutcome,
  Parameters,
  ParametersParameter,
  ValueSet,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { codeSystem, valueSet } from '../kit/terminology-in-memory.ts';

const BASE = 'http://example.org/terminology';
const PAIN = `${BASE}/pain`;
const BODY = `${BASE}/body`;
const SETS = `${BASE}/ValueSet`;
const MAP = `${BASE}/ConceptMap/pain-to-body`;

const pain: CodeSystem = {
  ...codeSystem(
    PAIN,
    [
      {
        code: 'pain',
        display: 'Pain',
        definition: 'What hurts.',
        property: [{ code: 'notSelectable', valueBoolean: true }],
        concept: [
          {
            code: 'neuropathic',
            display: 'Neuropathic pain',
            designation: [{ language: 'nb-NO', value: 'Nevropatisk smerte' }],
            concept: [{ code: 'burning', display: 'Burning pain', property: [{ code: 'depth', valueInteger: 2 }] }],
          },
          { code: 'visceral', display: 'Visceral pain' },
        ],
      },
      { code: 'itching', display: 'Itching', property: [{ code: 'inactive', valueBoolean: true }] },
    ],
    {
      version: '1.0.0',
      name: 'PainKinds',
      language: 'en',
      property: [{ code: 'depth', type: 'integer', description: 'How deep it stands' }],
    },
  ),
  id: 'pain',
};
const many = codeSystem(
  `${BASE}/many`,
  Array.from({ length: 10_001 }, (_, n) => ({ code: `c${n}`, display: `Concept ${n}` })),
);
const map: ConceptMap = {
  resourceType: 'ConceptMap',
  id: 'pain-to-body',
  url: MAP,
  status: 'active',
  sourceUri: `${SETS}/all`,
  group: [
    {
      source: PAIN,
      target: BODY,
      element: [
        { code: 'visceral', target: [{ code: 'belly', display: 'Belly', equivalence: 'wider' }] },
        { code: 'itching', target: [{ equivalence: 'unmatched' }] },
      ],
      unmapped: { mode: 'fixed', code: 'somewhere' },
    },
  ],
};
const all = { ...valueSet(`${SETS}/all`, { include: [{ system: PAIN }] }, { version: '1', name: 'All' }), id: 'all' };
const resources = [
  pain,
  { ...many, id: 'many' },
  { ...codeSystem(`${BASE}/empty`, [], { content: 'not-present', concept: undefined }), id: 'empty' },
  all,
  {
    ...valueSet(`${SETS}/nerves`, {
      include: [{ system: PAIN, filter: [{ property: 'concept', op: 'descendent-of', value: 'pain' }] }],
      exclude: [{ valueSet: [`${SETS}/chosen`] }],
    }),
    id: 'nerves',
  },
  {
    ...valueSet(`${SETS}/chosen`, {
      include: [{ system: PAIN, concept: [{ code: 'visceral', display: 'In the gut' }] }],
    }),
    id: 'chosen',
  },
  { ...valueSet(`${SETS}/many`, { include: [{ system: `${BASE}/many` }] }), id: 'many' },
  { ...valueSet(`${SETS}/snomed`, { include: [{ system: 'http://snomed.info/sct' }] }), id: 'snomed' },
  map,
];

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  for (const resource of resources) {
    const { status, body } = await client.put(`${resource.resourceType}/${resource.id}`, resource);
    expect(status, JSON.stringify(body)).toBe(201);
  }
});

afterAll(() => server.close());

const query = (parameters: Record<string, string | number | boolean>) =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]));
const asked = <T>(operation: string, parameters: Record<string, string | number | boolean>) =>
  client.get<T>(`${operation}?${query(parameters)}`);
const sent = (operation: string, ...parameter: readonly ParametersParameter[]) =>
  client.post<Parameters>(operation, { resourceType: 'Parameters', parameter });
const values = ({ parameter = [] }: Parameters) =>
  Object.fromEntries(parameter.map(({ name = '', ...value }) => [name, Object.values(value)[0]] as const));
const codes = (expanded: ValueSet) => expanded.expansion?.contains?.map(({ code }) => code);
const refusal = async (reply: Promise<{ readonly status: number; readonly body: unknown }>) => {
  const { status, body } = await reply;
  return [status, (body as OperationOutcome).issue?.[0]?.code];
};

describe('$expand', () => {
  const expand = (parameters: Record<string, string | number | boolean>) =>
    asked<ValueSet>('ValueSet/$expand', parameters);

  test('lists the codes with what they are called, and which are not to be chosen or used', async () => {
    const { status, body } = await expand({ url: `${SETS}/all` });
    expect(status).toBe(200);
    expect(body).toMatchObject({ resourceType: 'ValueSet', url: `${SETS}/all`, version: '1' });
    expect(body.compose).toBeUndefined();
    expect(body.expansion?.total).toBe(5);
    expect(body.expansion?.contains).toEqual([
      { system: PAIN, code: 'pain', display: 'Pain', abstract: true },
      { system: PAIN, code: 'neuropathic', display: 'Neuropathic pain' },
      { system: PAIN, code: 'burning', display: 'Burning pain' },
      { system: PAIN, code: 'visceral', display: 'Visceral pain' },
      { system: PAIN, code: 'itching', display: 'Itching', inactive: true },
    ]);
    expect(body.expansion?.parameter).toContainEqual({ name: 'version', valueUri: `${PAIN}|1.0.0` });
    expect((await client.post('ValueSet/$validate', body)).body).toMatchObject({
      issue: [{ severity: 'information' }],
    });
  });

  test('is asked of a value set by url, by id, in Parameters, and bare', async () => {
    const { id: _, ...given } = all;
    const replies = await Promise.all([
      expand({ url: `${SETS}/all|1` }),
      expand({ url: `${SETS}/all`, valueSetVersion: '1' }),
      expand({ url: `${server.base}/ValueSet/all` }),
      asked<ValueSet>('ValueSet/all/$expand', {}),
      client.post<ValueSet>('ValueSet/$expand', given),
      client.post<ValueSet>('ValueSet/$expand', {
        resourceType: 'Parameters',
        parameter: [{ name: 'valueSet', resource: given }],
      }),
    ]);
    for (const { body } of replies) {
      expect(codes(body)).toHaveLength(5);
    }
  });

  test('finds value sets that the given one contains', async () => {
    const contained = [
      {
        resourceType: 'ValueSet',
        id: 'own',
        status: 'active',
        compose: { include: [{ system: PAIN, concept: [{ code: 'pain' }] }] },
      },
    ];
    const given = {
      resourceType: 'ValueSet',
      status: 'active',
      contained,
      compose: { include: [{ valueSet: ['#own'] }] },
    };
    expect(codes((await client.post<ValueSet>('ValueSet/$expand', given)).body)).toEqual(['pain']);
  });

  test('works out filters, exclusions and value sets in value sets', async () => {
    expect(codes((await expand({ url: `${SETS}/nerves` })).body)).toEqual(['neuropathic', 'burning']);
  });

  test('finds by what is typed, in any language of the codes', async () => {
    expect(codes((await expand({ url: `${SETS}/all`, filter: 'pai bur' })).body)).toEqual(['burning']);
    expect(codes((await expand({ url: `${SETS}/all`, filter: 'nevrop' })).body)).toEqual(['neuropathic']);
    const none = (await expand({ url: `${SETS}/all`, filter: 'ain' })).body;
    expect([none.expansion?.total, none.expansion?.contains]).toEqual([0, undefined]);
  });

  test('shows the language that is asked for, and designations', async () => {
    const { body } = await expand({ url: `${SETS}/nerves`, displayLanguage: 'nb', includeDesignations: true });
    expect(body.expansion?.contains?.[0]).toEqual({
      system: PAIN,
      code: 'neuropathic',
      display: 'Nevropatisk smerte',
      designation: [{ language: 'nb-NO', value: 'Nevropatisk smerte' }],
    });
  });

  test('leaves out inactive and abstract codes if asked to', async () => {
    const { body } = await expand({ url: `${SETS}/all`, activeOnly: true, excludeNotForUI: true });
    expect(codes(body)).toEqual(['neuropathic', 'burning', 'visceral']);
  });

  test('goes by pages, each with the total', async () => {
    const page = async (offset: number, count: number) => (await expand({ url: `${SETS}/all`, offset, count })).body;
    expect(codes(await page(0, 2))).toEqual(['pain', 'neuropathic']);
    const last = await page(4, 2);
    expect([codes(last), last.expansion?.total, last.expansion?.offset]).toEqual([['itching'], 5, 4]);
    expect((await expand({ url: `${SETS}/all`, count: 0 })).body.expansion).toMatchObject({ total: 5 });
  });

  test('refuses to list more than ten thousand codes at once, and lists pages of them', async () => {
    expect(await refusal(expand({ url: `${SETS}/many` }))).toEqual([422, 'too-costly']);
    expect(codes((await expand({ url: `${SETS}/many`, offset: 9_999, count: 10 })).body)).toEqual(['c9999', 'c10000']);
    expect(codes((await expand({ url: `${SETS}/many`, filter: 'concept 10000' })).body)).toEqual(['c10000']);
  });

  test.each([
    ['a value set that is not here', { url: `${SETS}/none` }, 404, 'not-found'],
    ['a code system that is not here', { url: `${SETS}/snomed` }, 422, 'not-supported'],
    ['nothing to expand', {}, 400, 'required'],
    ['a count that is none', { url: `${SETS}/all`, count: -1 }, 400, 'value'],
    ['an offset that is none', { url: `${SETS}/all`, offset: 'x' }, 400, 'value'],
    ['what is neither true nor false', { url: `${SETS}/all`, activeOnly: 'yes' }, 400, 'value'],
    ['an unknown parameter', { url: `${SETS}/all`, nonsense: 1 }, 400, 'not-supported'],
  ])('refuses %s', async (_, parameters, status, code) => {
    expect(await refusal(expand(parameters))).toEqual([status, code]);
  });

  test('refuses a body that is not valid, and one that is something else', async () => {
    expect(await refusal(client.post('ValueSet/$expand', { resourceType: 'ValueSet' }))).toEqual([400, 'required']);
    expect(await refusal(client.post('ValueSet/$expand', { resourceType: 'Patient' }))).toEqual([400, 'invalid']);
    expect(await refusal(sent('ValueSet/$expand', { name: 'url', valueInteger: 1 }))).toEqual([400, 'value']);
    const twice = { name: 'url', valueUri: `${SETS}/all` };
    expect(await refusal(sent('ValueSet/$expand', twice, twice))).toEqual([400, 'invalid']);
  });
});

describe('$validate-code', () => {
  const inSet = async (parameters: Record<string, string>) =>
    values((await asked<Parameters>('ValueSet/$validate-code', { url: `${SETS}/nerves`, ...parameters })).body);

  test('tells whether a value set has a code, and what it is called', async () => {
    expect(await inSet({ system: PAIN, code: 'burning' })).toEqual({ result: true, display: 'Burning pain' });
    expect(await inSet({ system: PAIN, code: 'visceral' })).toMatchObject({ result: false });
    expect(await inSet({ system: BODY, code: 'burning' })).toMatchObject({ result: false });
  });

  test('checks the display, in any language of the code', async () => {
    const neuropathic = { system: PAIN, code: 'neuropathic' };
    expect(await inSet({ ...neuropathic, display: 'nevropatisk  smerte' })).toMatchObject({ result: true });
    expect(await inSet({ ...neuropathic, display: 'Itching' })).toMatchObject({
      result: false,
      display: 'Neuropathic pain',
      message: expect.stringContaining('display'),
    });
  });

  test('takes a coding, or a concept of which one coding is enough', async () => {
    const url = { name: 'url', valueUri: `${SETS}/chosen` };
    const coding = { system: PAIN, code: 'visceral', display: 'In the gut' };
    const one = await sent('ValueSet/$validate-code', url, { name: 'coding', valueCoding: coding });
    expect(values(one.body)).toEqual({ result: true, display: 'In the gut' });
    const concept = { coding: [{ system: PAIN, code: 'burning' }, coding] };
    const two = await sent('ValueSet/$validate-code', url, { name: 'codeableConcept', valueCodeableConcept: concept });
    expect(values(two.body)).toMatchObject({ result: true });
    const path = await asked<Parameters>('ValueSet/chosen/$validate-code', { system: PAIN, code: 'visceral' });
    expect(values(path.body)).toMatchObject({ result: true });
  });

  test('tells whether a code system has a code', async () => {
    const validate = async (parameters: Record<string, string | boolean>) =>
      values((await asked<Parameters>('CodeSystem/$validate-code', { url: PAIN, ...parameters })).body);
    expect(await validate({ code: 'burning' })).toEqual({ result: true, display: 'Burning pain' });
    expect(await validate({ code: 'freezing' })).toMatchObject({ result: false });
    expect(await validate({ code: 'burning', display: 'Freezing' })).toMatchObject({ result: false });
    expect(await validate({ code: 'pain', abstract: false })).toMatchObject({ result: false });
    const path = await asked<Parameters>('CodeSystem/pain/$validate-code', { code: 'pain' });
    expect(values(path.body)).toMatchObject({ result: true });
  });

  test.each([
    ['an unknown value set', 'ValueSet', { url: `${SETS}/none`, system: PAIN, code: 'a' }, 404, 'not-found'],
    ['a code without system', 'ValueSet', { url: `${SETS}/all`, code: 'pain' }, 400, 'required'],
    ['no code', 'ValueSet', { url: `${SETS}/all` }, 400, 'required'],
    ['no value set', 'ValueSet', { system: PAIN, code: 'pain' }, 400, 'required'],
    ['an unknown code system', 'CodeSystem', { url: 'urn:none', code: 'a' }, 404, 'not-found'],
    ['one without its concepts', 'CodeSystem', { url: `${BASE}/empty`, code: 'a' }, 422, 'not-supported'],
    ['another version', 'CodeSystem', { url: PAIN, version: '2', code: 'pain' }, 404, 'not-found'],
  ])('refuses %s', async (_, type, parameters, status, code) => {
    expect(await refusal(asked(`${type}/$validate-code`, parameters))).toEqual([status, code]);
  });
});

describe('$lookup', () => {
  test('tells all that is known of a code', async () => {
    const { body } = await asked<Parameters>('CodeSystem/$lookup', { system: PAIN, code: 'neuropathic' });
    expect(body.parameter).toEqual([
      { name: 'name', valueString: 'PainKinds' },
      { name: 'version', valueString: '1.0.0' },
      { name: 'display', valueString: 'Neuropathic pain' },
      {
        name: 'designation',
        part: [
          { name: 'language', valueCode: 'nb-NO' },
          { name: 'value', valueString: 'Nevropatisk smerte' },
        ],
      },
      {
        name: 'property',
        part: [
          { name: 'code', valueCode: 'parent' },
          { name: 'value', valueCode: 'pain' },
        ],
      },
      {
        name: 'property',
        part: [
          { name: 'code', valueCode: 'child' },
          { name: 'value', valueCode: 'burning' },
        ],
      },
    ]);
    expect((await client.post('Parameters/$validate', body)).body).toMatchObject({
      issue: [{ severity: 'information' }],
    });
  });

  test('tells the properties that are asked for, in the language that is asked for', async () => {
    const coding = { name: 'coding', valueCoding: { system: PAIN, code: 'burning' } };
    const { body } = await sent('CodeSystem/$lookup', coding, { name: 'property', valueCode: 'depth' });
    expect(body.parameter?.slice(3)).toEqual([
      {
        name: 'property',
        part: [
          { name: 'code', valueCode: 'depth' },
          { name: 'value', valueInteger: 2 },
          { name: 'description', valueString: 'How deep it stands' },
        ],
      },
    ]);
    const nb = { system: PAIN, code: 'neuropathic', displayLanguage: 'nb' };
    expect(values((await asked<Parameters>('CodeSystem/$lookup', nb)).body)).toMatchObject({
      display: 'Nevropatisk smerte',
    });
  });

  test.each([
    ['an unknown code', { system: PAIN, code: 'freezing' }, 404, 'not-found'],
    ['an unknown code system', { system: 'urn:none', code: 'pain' }, 404, 'not-found'],
    ['a code without system', { code: 'pain' }, 400, 'required'],
  ])('refuses %s', async (_, parameters, status, code) => {
    expect(await refusal(asked('CodeSystem/$lookup', parameters))).toEqual([status, code]);
  });
});

describe('$subsumes', () => {
  test.each([
    ['pain', 'burning', 'subsumes'],
    ['burning', 'pain', 'subsumed-by'],
    ['burning', 'burning', 'equivalent'],
    ['burning', 'visceral', 'not-subsumed'],
  ])('%s and %s: %s', async (codeA, codeB, outcome) => {
    const { body } = await asked<Parameters>('CodeSystem/$subsumes', { system: PAIN, codeA, codeB });
    expect(values(body)).toEqual({ outcome });
    const path = await asked<Parameters>('CodeSystem/pain/$subsumes', { codeA, codeB });
    expect(values(path.body)).toEqual({ outcome });
  });

  test.each([
    ['a code that is not there', { system: PAIN, codeA: 'pain', codeB: 'x' }, 422, 'code-invalid'],
    ['an unknown code system', { system: 'urn:none', codeA: 'a', codeB: 'b' }, 404, 'not-found'],
    ['one code', { system: PAIN, codeA: 'pain' }, 400, 'required'],
  ])('refuses %s', async (_, parameters, status, code) => {
    expect(await refusal(asked('CodeSystem/$subsumes', parameters))).toEqual([status, code]);
  });
});

describe('$translate', () => {
  const translate = async (parameters: Record<string, string | boolean>) =>
    (await asked<Parameters>('ConceptMap/$translate', parameters)).body.parameter;
  const belly = {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: 'wider' },
      { name: 'concept', valueCoding: { system: BODY, code: 'belly', display: 'Belly' } },
      { name: 'source', valueUri: MAP },
    ],
  };

  test('finds what a code is in another code system, by the map or by what maps are here', async () => {
    const expected = [{ name: 'result', valueBoolean: true }, belly];
    expect(await translate({ url: MAP, system: PAIN, code: 'visceral' })).toEqual(expected);
    expect(await translate({ system: PAIN, code: 'visceral', targetsystem: BODY })).toEqual(expected);
    expect(await translate({ system: PAIN, code: 'visceral', source: `${SETS}/all` })).toEqual(expected);
    const path = await asked<Parameters>('ConceptMap/pain-to-body/$translate', { system: PAIN, code: 'visceral' });
    expect(path.body.parameter).toEqual(expected);
  });

  test('goes backwards', async () => {
    expect(await translate({ system: BODY, code: 'belly', reverse: true })).toEqual([
      { name: 'result', valueBoolean: true },
      {
        name: 'match',
        part: [
          { name: 'equivalence', valueCode: 'narrower' },
          { name: 'concept', valueCoding: { system: PAIN, code: 'visceral' } },
          { name: 'source', valueUri: MAP },
        ],
      },
    ]);
  });

  test('tells of codes that the map leaves out, and of those that it says have no match', async () => {
    const fixed = await translate({ url: MAP, system: PAIN, code: 'burning' });
    expect(fixed?.[1]?.part?.[1]).toEqual({ name: 'concept', valueCoding: { system: BODY, code: 'somewhere' } });
    const unmatched = await translate({ url: MAP, system: PAIN, code: 'itching' });
    expect(unmatched?.[0]).toEqual({ name: 'result', valueBoolean: false });
    expect(unmatched?.[2]?.part?.[0]).toEqual({ name: 'equivalence', valueCode: 'unmatched' });
    expect((await translate({ system: PAIN, code: 'visceral', targetsystem: 'urn:none' }))?.[0]).toEqual({
      name: 'result',
      valueBoolean: false,
    });
  });

  test('refuses a map that is not here, and a code without system', async () => {
    const unknown = asked('ConceptMap/$translate', { url: 'urn:none', system: PAIN, code: 'pain' });
    expect(await refusal(unknown)).toEqual([404, 'not-found']);
    expect(await refusal(asked('ConceptMap/$translate', { url: MAP, code: 'pain' }))).toEqual([400, 'required']);
  });
});

test('/metadata lists the operations where they are', async () => {
  const { body } = await client.get<CapabilityStatement>('metadata');
  const of = (type: string) =>
    body.rest?.[0]?.resource
      ?.find((each) => each.type === type)
      ?.operation?.map(({ name }) => name)
      .filter((name) => !['validate', 'meta'].includes(name ?? ''));
  expect(of('ValueSet')).toEqual(['expand', 'validate-code']);
  expect(of('CodeSystem')).toEqual(['validate-code', 'lookup', 'subsumes']);
  expect(of('ConceptMap')).toEqual(['translate']);
});

test('who may read nothing, finds no terminology', async () => {
  const closed = await testServer({
    database: server.database,
    packages: false,
    background: false,
    caller: { access: 'none' },
  });
  const answer = rest(closed.base).get(`ValueSet/$expand?${query({ url: `${SETS}/all` })}`);
  expect(await refusal(answer)).toEqual([404, 'not-found']);
  await closed.close();
});
