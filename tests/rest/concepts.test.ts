import type { Bundle, Condition, Observation, OperationOutcome, Resource, ValueSet } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { codeSystem, valueSet } from '../kit/terminology-in-memory.ts';

const PAIN = 'http://example.org/CodeSystem/pain';
const SETS = 'http://example.org/ValueSet';
const UNKNOWN = `${SETS}/nowhere`;
const LENIENT = { prefer: 'handling=lenient' };

const pain = codeSystem(PAIN, [
  { code: 'pain', concept: [{ code: 'neuropathic', concept: [{ code: 'burning' }] }, { code: 'visceral' }] },
  { code: 'itching' },
]);

const observation = (id: string, code: string, system = PAIN): Observation => ({
  resourceType: 'Observation',
  id,
  status: id === 'o-itching' ? 'preliminary' : 'final',
  code: { coding: [{ system, code }] },
});

const condition = (id: string, ...codes: string[]): Condition => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/anne' },
  code: { coding: codes.map((code) => ({ system: PAIN, code })) },
});

const resources: readonly Resource[] = [
  { resourceType: 'Patient', id: 'anne' },
  { ...pain, id: 'pain' },
  {
    ...valueSet(`${SETS}/nerves`, {
      include: [{ system: PAIN, filter: [{ property: 'concept', op: 'is-a', value: 'neuropathic' }] }],
    }),
    id: 'nerves',
    version: '1',
  },
  { ...valueSet(`${SETS}/all`, { include: [{ system: PAIN }] }), id: 'all' },
  {
    ...valueSet(`${SETS}/some`, {
      include: [{ valueSet: [`${SETS}/all`] }],
      exclude: [{ valueSet: [`${SETS}/nerves|1`] }],
    }),
    id: 'some',
  },
  { ...valueSet(`${SETS}/snomed`, { include: [{ system: 'http://snomed.info/sct' }] }), id: 'snomed' },
  {
    ...valueSet(`${SETS}/large`, {
      include: [{ system: 'urn:x', concept: Array.from({ length: 5001 }, (_, i) => ({ code: `c${i}` })) }],
    }),
    id: 'large',
  },
  {
    ...valueSet(`${SETS}/statuses`, {
      include: [{ system: 'http://hl7.org/fhir/observation-status', concept: [{ code: 'preliminary' }] }],
    }),
    id: 'statuses',
  },
  ...['pain', 'neuropathic', 'burning', 'visceral', 'itching'].map((code) => observation(`o-${code}`, code)),
  observation('o-foreign', 'burning', 'http://example.org/CodeSystem/other'),
  { resourceType: 'Observation', id: 'o-text', status: 'final', code: { text: 'burning' } },
  condition('c-burning', 'burning'),
  condition('c-both', 'visceral', 'burning'),
  condition('c-visceral', 'visceral'),
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

afterAll(() => server?.close());

const ids = async (query: string) => (await client.search(query)).map(({ id }) => id).sort();
const refusal = async (query: string, headers?: Record<string, string>) => {
  const { status, body } = await client.get<OperationOutcome>(query, headers);
  return `${status} ${body.issue?.[0]?.code} ${body.issue?.[0]?.diagnostics}`;
};

describe(':in and :not-in', () => {
  test('find codings that are, or are not, in a value set, by canonical, canonical and version, or reference', async () => {
    for (const named of [`${SETS}/nerves`, `${SETS}/nerves|1`, 'ValueSet/nerves', `${server.base}/ValueSet/nerves`]) {
      expect(await ids(`Observation?code:in=${encodeURIComponent(named)}`)).toEqual(['o-burning', 'o-neuropathic']);
    }
    expect(await ids(`Observation?code:not-in=${SETS}/nerves`)).toEqual([
      'o-foreign',
      'o-itching',
      'o-pain',
      'o-text',
      'o-visceral',
    ]);
  });

  test('one of several codings is enough, for :in and against :not-in', async () => {
    expect(await ids(`Condition?code:in=${SETS}/nerves`)).toEqual(['c-both', 'c-burning']);
    expect(await ids(`Condition?code:not-in=${SETS}/nerves`)).toEqual(['c-visceral']);
  });

  test('value sets made of others, several at once, and together with other parameters', async () => {
    expect(await ids(`Observation?code:in=${SETS}/some`)).toEqual(['o-itching', 'o-pain', 'o-visceral']);
    expect(await ids(`Condition?code:in=${SETS}/some,${SETS}/nerves`)).toEqual(['c-both', 'c-burning', 'c-visceral']);
    expect(await ids(`Observation?code:in=${SETS}/some&status=preliminary`)).toEqual(['o-itching']);
  });

  test('elements of type code are in value sets by the system that they imply', async () => {
    expect(await ids(`Observation?status:in=${SETS}/statuses`)).toEqual(['o-itching']);
    expect(await ids('Observation?status:in=http://hl7.org/fhir/ValueSet/observation-status')).toHaveLength(7);
  });

  test('a value set counts as it is now', async () => {
    const changing = (code: string) => ({
      ...valueSet(`${SETS}/changing`, { include: [{ system: PAIN, concept: [{ code }] }] }),
      id: 'changing',
    });
    expect(await refusal(`Observation?code:in=${SETS}/changing`)).toMatch(/^400 not-found/);
    await client.put<ValueSet>('ValueSet/changing', changing('itching'));
    expect(await ids(`Observation?code:in=${SETS}/changing`)).toEqual(['o-itching']);
    await client.put<ValueSet>('ValueSet/changing', changing('visceral'));
    expect(await ids(`Observation?code:in=${SETS}/changing`)).toEqual(['o-visceral']);
    await client.send('DELETE', 'ValueSet/changing');
    expect(await refusal(`Observation?code:in=${SETS}/changing`)).toMatch(/^400 not-found/);
    expect(await refusal('Observation?code:in=ValueSet/changing')).toMatch(/^400 not-found/);
  });

  test('pages go on', async () => {
    const first = await client.get<Bundle>(`Observation?code:not-in=${SETS}/nerves&_count=3`);
    const next = first.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = await client.get<Bundle>(next);
    const found = [first, second].flatMap(({ body }) => body.entry ?? []).map(({ resource }) => resource?.id);
    expect(found.sort()).toEqual(['o-foreign', 'o-itching', 'o-pain', 'o-text', 'o-visceral']);
  });
});

describe(':below and :above', () => {
  test('find the code itself and what it subsumes, or what subsumes it', async () => {
    expect(await ids(`Observation?code:below=${PAIN}|neuropathic`)).toEqual(['o-burning', 'o-neuropathic']);
    expect(await ids(`Observation?code:above=${PAIN}|neuropathic`)).toEqual(['o-neuropathic', 'o-pain']);
    expect(await ids(`Condition?code:below=${PAIN}|pain`)).toEqual(['c-both', 'c-burning', 'c-visceral']);
    expect(await ids(`Condition?code:above=${PAIN}|pain`)).toEqual([]);
  });

  test('_filter has them as in, ni, ss and sb', async () => {
    const filtered = (type: string, filter: string) => ids(`${type}?_filter=${encodeURIComponent(filter)}`);
    expect(await filtered('Observation', `code in ${SETS}/nerves`)).toEqual(['o-burning', 'o-neuropathic']);
    expect(await filtered('Condition', `code ni ${SETS}/nerves and subject re Patient/anne`)).toEqual(['c-visceral']);
    expect(await filtered('Observation', `code ss ${PAIN}|neuropathic`)).toEqual(['o-burning', 'o-neuropathic']);
    expect(await filtered('Observation', `code sb ${PAIN}|neuropathic`)).toEqual(['o-neuropathic', 'o-pain']);
    expect(await filtered('Observation', `not (code ss ${PAIN}|pain) and status eq preliminary`)).toEqual([
      'o-itching',
    ]);
    expect(await refusal(`Observation?_filter=code in ${UNKNOWN}`)).toBe(
      `400 not-found The value set ${UNKNOWN} is not known here.`,
    );
    const lenient = await client.get<Bundle>(`Observation?_id=o-pain&_filter=code in ${UNKNOWN}`, LENIENT);
    expect(lenient.body.entry?.map(({ search }) => search?.mode).sort()).toEqual(['match', 'outcome']);
  });

  test('a code system that is not known, or a code without system, is refused', async () => {
    expect(await refusal('Observation?code:below=http://snomed.info/sct|22253000')).toBe(
      '400 not-found The code system http://snomed.info/sct is not known here.',
    );
    expect(await refusal('Observation?code:above=burning')).toMatch(/^400 invalid .*system\|code/);
  });
});

describe('what terminology cannot tell', () => {
  test('is refused with the name of the value set, never answered by an empty page', async () => {
    for (const modifier of ['in', 'not-in']) {
      expect(await refusal(`Observation?code:${modifier}=${UNKNOWN}`)).toBe(
        `400 not-found The value set ${UNKNOWN} is not known here.`,
      );
      expect(await refusal(`Observation?code:${modifier}=${SETS}/snomed`)).toBe(
        `400 not-supported The value set ${SETS}/snomed cannot be listed: the code system http://snomed.info/sct is not known here.`,
      );
    }
    expect(await refusal(`Observation?code:in=${SETS}/nerves|2`)).toMatch(/^400 not-found/);
  });

  test('is ignored and named for a lenient client, and left out of the self link', async () => {
    const query = `Observation?status=preliminary&code:in=${UNKNOWN}&code:below=urn:nowhere|x&code:not-in=${SETS}/nerves`;
    const { status, body } = await client.get<Bundle>(query, LENIENT);
    expect(status).toBe(200);
    const of = (mode: string) => (body.entry ?? []).filter(({ search }) => search?.mode === mode);
    expect(of('match').map(({ resource }) => resource?.id)).toEqual(['o-itching']);
    const issues = of('outcome').flatMap(({ resource }) => (resource as OperationOutcome).issue ?? []);
    expect(issues.map(({ diagnostics }) => diagnostics)).toEqual([
      `Ignored: The value set ${UNKNOWN} is not known here.`,
      'Ignored: The code system urn:nowhere is not known here.',
    ]);
    const self = decodeURIComponent(body.link?.find(({ relation }) => relation === 'self')?.url ?? '');
    expect(self).toContain('status=preliminary');
    expect(self).toContain(`code:not-in=${SETS}/nerves`);
    expect(self).not.toContain('nowhere');
  });

  test('a value set of more than 5,000 codes is refused, for a lenient client too', async () => {
    for (const headers of [{}, LENIENT]) {
      expect(await refusal(`Observation?code:in=${SETS}/large`, headers)).toBe(
        `400 too-costly The value set ${SETS}/large has more than 5000 codes.`,
      );
    }
  });
});

test('profiles bind value sets of the store: as they are when the profile is stored, and when they change', async () => {
  const profile = 'http://example.org/StructureDefinition/on-nerves';
  const post = async (code: string) => {
    const procedure = {
      resourceType: 'Procedure',
      status: 'completed',
      subject: { reference: 'Patient/anne' },
      code: { coding: [{ system: PAIN, code }] },
      meta: { profile: [profile] },
    };
    return (await client.post('Procedure', procedure)).status;
  };
  const bound = (code: string): ValueSet => ({
    ...valueSet(`${SETS}/bound`, {
      include: [{ system: PAIN, filter: [{ property: 'concept', op: 'is-a', value: code }] }],
    }),
    id: 'bound',
  });
  await client.put('ValueSet/bound', bound('neuropathic'));
  await client.put('StructureDefinition/on-nerves', {
    resourceType: 'StructureDefinition',
    id: 'on-nerves',
    url: profile,
    name: 'OnNerves',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'Procedure',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Procedure',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Procedure', path: 'Procedure' },
        {
          id: 'Procedure.code',
          path: 'Procedure.code',
          binding: { strength: 'required', valueSet: `${SETS}/bound` },
        },
      ],
    },
  });
  expect(await post('burning')).toBe(201);
  expect(await post('visceral')).toBe(422);
  await client.put('ValueSet/bound', bound('visceral'));
  await server.fhir.refresh();
  expect(await post('burning')).toBe(422);
  expect(await post('visceral')).toBe(201);
});

test('a supplement brings the code system that it supplements', async () => {
  await client.put('CodeSystem/words', {
    ...codeSystem('http://example.org/CodeSystem/words', [{ code: 'pain' }], { content: 'supplement' }),
    id: 'words',
    supplements: PAIN,
  });
  const { body } = await client.get<Bundle>('CodeSystem?_id=words&_include=CodeSystem:supplements');
  expect(body.entry?.map(({ resource }) => resource?.id)).toEqual(['words', 'pain']);
});
