import type { Bundle, Observation, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const UCUM = 'http://unitsofmeasure.org';

let server: TestServer;
let client: Rest;

const observation = (id: string, more: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/anne' },
  ...more,
});

const milligrams = (value: number, code = 'mg') => ({ valueQuantity: { value, system: UCUM, code, unit: code } });

const resources: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'anne',
    name: [{ family: 'Ås', given: ['Anne'] }],
    birthDate: '1970-05',
    active: true,
  },
  { resourceType: 'Patient', id: 'bo', name: [{ family: 'Sjøgren', given: ['Bo'] }], birthDate: '1980-02-29' },
  { resourceType: 'Patient', id: 'siri', name: [{ family: 'sjogrensen' }], birthDate: '1990' },
  { resourceType: 'Questionnaire', id: 'form-1', status: 'active', url: 'http://example.org/form', version: '1' },
  { resourceType: 'Questionnaire', id: 'form-2', status: 'active', url: 'http://example.org/form', version: '2' },
  {
    resourceType: 'PlanDefinition',
    id: 'any-version',
    status: 'active',
    relatedArtifact: [{ type: 'depends-on', resource: 'http://example.org/form' }],
  },
  ...['1', '2'].map(
    (version): Resource => ({
      resourceType: 'QuestionnaireResponse',
      id: `response-${version}`,
      status: 'completed',
      questionnaire: `http://example.org/form|${version}`,
      subject: { reference: 'Patient/anne' },
      authored: '2026-03-01',
    }),
  ),
  observation('mg', milligrams(5.4)),
  observation('ug', milligrams(5400, 'ug')),
  observation('g', milligrams(0.0054, 'g')),
  observation('pounds', milligrams(5.4, '[lb_av]')),
  observation('unitless', { valueQuantity: { value: 5.4 } }),
  observation('less', { valueQuantity: { value: 5, comparator: '<', system: UCUM, code: 'mg', unit: 'mg' } }),
];

/** Observations by what they were made at: points and periods of different precision. */
const times: Readonly<Record<string, Partial<Observation>>> = {
  'day-before': { effectiveDateTime: '2026-03-01' },
  day: { effectiveDateTime: '2026-03-02' },
  noon: { effectiveDateTime: '2026-03-02T12:00:00+01:00' },
  midnight: { effectiveDateTime: '2026-03-02T00:00:00Z' },
  'last-ms': { effectiveDateTime: '2026-03-02T23:59:59.999Z' },
  'in-oslo': { effectiveDateTime: '2026-03-03T00:30:00+01:00' },
  'day-after': { effectiveDateTime: '2026-03-03' },
  month: { effectiveDateTime: '2026-03' },
  year: { effectiveDateTime: '2026' },
  within: { effectivePeriod: { start: '2026-03-02T08:00:00Z', end: '2026-03-02T09:00:00Z' } },
  over: { effectivePeriod: { start: '2026-03-01', end: '2026-03-03' } },
  until: { effectivePeriod: { end: '2026-03-02' } },
  since: { effectivePeriod: { start: '2026-03-02' } },
};

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, testClock: '2026-03-12T00:00:00Z' });
  client = rest(server.base);
  const timed = Object.entries(times).map(([id, more]) => observation(id, { code: { text: 'timed' }, ...more }));
  for (const resource of [...resources, ...timed]) {
    const answer = await client.put(`${resource.resourceType}/${resource.id}`, resource);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([201, expect.any(String)]);
  }
});

afterAll(() => server.close());

async function ids(query: string): Promise<string[]> {
  return (await client.search(query)).map(({ id }) => id ?? '').sort();
}

describe('dates', () => {
  const all = Object.keys(times);
  const byPrefix: Readonly<Record<string, readonly string[]>> = {
    eq: ['day', 'noon', 'midnight', 'last-ms', 'in-oslo', 'within'],
    ne: ['day-before', 'day-after', 'month', 'year', 'over', 'until', 'since'],
    gt: ['day-after', 'month', 'year', 'over', 'since'],
    lt: ['day-before', 'month', 'year', 'over', 'until'],
    ge: ['day', 'noon', 'midnight', 'last-ms', 'in-oslo', 'within', 'day-after', 'month', 'year', 'over', 'since'],
    le: ['day', 'noon', 'midnight', 'last-ms', 'in-oslo', 'within', 'day-before', 'month', 'year', 'over', 'until'],
    sa: ['day-after'],
    eb: ['day-before'],
    // Ten days before the clock: a tenth of that, one day, either way.
    ap: all,
  };

  test.each(Object.entries(byPrefix))('%s2026-03-02 finds what R4’s table says', async (prefix, expected) => {
    expect(await ids(`Observation?code:text=timed&date=${prefix}2026-03-02&_count=100`)).toEqual(expected.toSorted());
  });

  test.each([
    ['date=2026-03-02', byPrefix.eq],
    ['date=2026-03', [...(byPrefix.eq ?? []), 'day-before', 'day-after', 'month', 'over']],
    ['date=2026', all.filter((each) => each !== 'until' && each !== 'since')],
    ['date=2026-03-02T11:00:00Z', ['noon']],
    ['date=2026-03-02T11:00Z', ['noon']],
    ['date=2026-03-02T12:00:00%2B01:00', ['noon']],
    ['date=2026-03-02T12:00:00+01:00', ['noon']],
    [
      'date=ge2026-03-02&date=lt2026-03-03',
      ['day', 'noon', 'midnight', 'last-ms', 'in-oslo', 'within', 'month', 'year', 'over', 'since'],
    ],
    ['date=2026-03-01,2026-03-03', ['day-before', 'day-after']],
    ['date=sa2026-03-02T11:00:00Z', ['last-ms', 'in-oslo', 'day-after']],
    ['date=ap2026-03-20', ['month', 'year', 'since']],
  ])('%s', async (query, expected) => {
    expect(await ids(`Observation?code:text=timed&${query}&_count=100`)).toEqual((expected ?? []).toSorted());
  });

  test('a partial date of birth is the whole time that it names, on both sides', async () => {
    expect(await ids('Patient?birthdate=1970')).toEqual(['anne']);
    expect(await ids('Patient?birthdate=1970-05-10')).toEqual([]);
    expect(await ids('Patient?birthdate=ap1970-05-10')).toEqual(['anne', 'bo', 'siri'].slice(0, 1));
    expect(await ids('Patient?birthdate=1980-02-29')).toEqual(['bo']);
    expect(await ids('Patient?birthdate=gt1989')).toEqual(['siri']);
    expect(await ids('Patient?birthdate=ge1970-06')).toEqual(['bo', 'siri']);
  });

  test('_lastUpdated takes prefixes and partial dates', async () => {
    expect(await ids('Patient?_lastUpdated=2026-03-12')).toEqual(['anne', 'bo', 'siri']);
    expect(await ids('Patient?_lastUpdated=gt2026')).toEqual([]);
    expect(await ids('Patient?_lastUpdated=ge2026-03&_lastUpdated=lt2027')).toEqual(['anne', 'bo', 'siri']);
  });
});

describe('quantities', () => {
  test.each([
    [`5.4|${UCUM}|mg`, ['g', 'mg', 'ug']],
    [`5400|${UCUM}|ug`, ['g', 'mg', 'ug']],
    [`0.0054|${UCUM}|g`, ['g', 'mg', 'ug']],
    [`5|${UCUM}|mg`, ['g', 'mg', 'ug']],
    [`5.40|${UCUM}|mg`, ['g', 'mg', 'ug']],
    [`5.5|${UCUM}|mg`, []],
    [`gt5.3|${UCUM}|mg`, ['g', 'mg', 'pounds', 'ug']],
    [`lt5.4|${UCUM}|mg`, ['less']],
    [`le5400|${UCUM}|ug`, ['g', 'less', 'mg', 'ug']],
    [`sa5399|${UCUM}|ug`, ['g', 'mg', 'pounds', 'ug']],
    [`5.4||mg`, ['mg']],
    [`5.4`, ['mg', 'pounds', 'unitless']],
    [`5.4|${UCUM}|s`, []],
    [`ap5.5|${UCUM}|mg`, ['g', 'less', 'mg', 'ug']],
  ])('value-quantity=%s', async (value, expected) => {
    expect(await ids(`Observation?value-quantity=${encodeURIComponent(value)}&_count=100`)).toEqual(expected);
  });
});

describe('strings', () => {
  test.each([
    ['family=sjogren', ['bo', 'siri']],
    ['family=SJØGREN', ['bo', 'siri']],
    ['family=Sjögren', ['bo', 'siri']],
    ['family:exact=Sjøgren', ['bo']],
    ['family:exact=sjogren', []],
    ['family:contains=gren', ['bo', 'siri']],
    ['name=as', ['anne']],
    ['name=Anne', ['anne']],
    ['name:exact=Anne', ['anne']],
    ['name=Anne Ås', ['anne']],
    ['name=nne', []],
    ['name:contains=nne', ['anne']],
    ['name:not=anne', ['bo', 'siri']],
    ['active:not=true', ['bo', 'siri']],
    ['active:missing=true', ['bo', 'siri']],
    ['name=anne,bo', ['anne', 'bo']],
    ['name=anne&name=as', ['anne']],
    ['name=anne&name=bo', []],
  ])('Patient?%s', async (query, expected) => {
    expect(await ids(`Patient?${query}`)).toEqual(expected);
  });
});

describe('canonicals', () => {
  test.each([
    ['QuestionnaireResponse?questionnaire=http://example.org/form', ['response-1', 'response-2']],
    ['QuestionnaireResponse?questionnaire=http://example.org/form|1', ['response-1']],
    ['QuestionnaireResponse?questionnaire=http://example.org/form|3', []],
    ['QuestionnaireResponse?questionnaire=http://example.org/for', []],
    ['QuestionnaireResponse?questionnaire.url=http://example.org/form', ['response-1', 'response-2']],
    ['QuestionnaireResponse?questionnaire.version=2', ['response-2']],
    ['QuestionnaireResponse?questionnaire.status=retired', []],
    ['PlanDefinition?depends-on:Questionnaire.version=1', ['any-version']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:_id=response-2', ['form-2']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed', ['form-1', 'form-2']],
    ['Questionnaire?_has:PlanDefinition:depends-on:_id=any-version', ['form-1', 'form-2']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=stopped', []],
    ['Questionnaire?version=2&_has:QuestionnaireResponse:questionnaire:status=completed', ['form-2']],
    ['Questionnaire?url=http://example.org/form&version=2', ['form-2']],
    ['Questionnaire?url:below=http://example.org/', ['form-1', 'form-2']],
    ['Questionnaire?url:above=http://example.org/form/item', ['form-1', 'form-2']],
  ])('%s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('_include of a questionnaire brings the version that the response names', async () => {
    const { body } = await client.get<Bundle>(
      'QuestionnaireResponse?_id=response-2&_include=QuestionnaireResponse:questionnaire',
    );
    expect(body.entry?.map(({ resource, search }) => `${search?.mode} ${resource?.id}`)).toEqual([
      'match response-2',
      'include form-2',
    ]);
  });
});

describe('a query', () => {
  test('ignores empty values, and leaves them out of the self link', async () => {
    const { body } = await client.get<Bundle>('Patient?name=&family=sj&birthdate=&_sort=&_count=&_total=');
    expect(body.entry).toHaveLength(2);
    expect(body.link?.[0]).toEqual({ relation: 'self', url: `${server.base}/Patient?family=sj` });
    expect(await ids('Patient?name=,bo,')).toEqual(['bo']);
  });

  test.each([
    'nonsense=1',
    'name:nonsense=x',
    'birthdate:exact=1970',
    'name.family=x',
    'general-practitioner.nonsense=x',
    '_has:Observation:nonsense:code=x',
    '_sort=nonsense',
    '_include=Patient:nonsense',
    '_text:exact=x',
    '_content.x=x',
    '_filter=nonsense eq x',
    '_query=x',
    '_list=$current-allergies',
    '_contained=true',
  ])('with %s is 400, or under lenient handling does without it and says so', async (query) => {
    const strict = await client.get<OperationOutcome>(`Patient?family=sj&${query}`);
    expect([strict.status, strict.body.issue?.[0]?.code]).toEqual([400, 'not-supported']);
    const lenient = await client.get<Bundle>(`Patient?family=sj&${query}`, { prefer: 'handling=lenient' });
    expect(lenient.status).toBe(200);
    expect(lenient.body.link?.[0]?.url).toBe(`${server.base}/Patient?family=sj`);
    const outcome = lenient.body.entry?.find(({ search }) => search?.mode === 'outcome')?.resource as OperationOutcome;
    expect(outcome.issue[0]).toMatchObject({ severity: 'warning', code: 'not-supported' });
    expect(lenient.body.entry?.filter(({ search }) => search?.mode === 'match')).toHaveLength(2);
  });

  test('of a client configured lenient is lenient, unless it asks for strict handling', async () => {
    const other = await testServer({
      packages: false,
      background: false,
      database: server.database,
      caller: { lenientSearch: true },
    });
    try {
      expect((await rest(other.base).get('Patient?nonsense=1')).status).toBe(200);
      const strict = await rest(other.base).get('Patient?nonsense=1', { prefer: 'handling=strict' });
      expect(strict.status).toBe(400);
    } finally {
      await other.close();
    }
  });

  test('with a value that cannot be read is 400 even under lenient handling, each fault told', async () => {
    const { status, body } = await client.get<OperationOutcome>('Patient?birthdate=x&_count=y&active:missing=z', {
      prefer: 'handling=lenient',
    });
    expect([status, body.issue.length]).toEqual([400, 3]);
  });

  test('goes by POST as by GET, parameters of the url and of the body together', async () => {
    const posted = await client.post<Bundle>('Patient/_search?_count=1', 'family=sj&_sort=birthdate', FORM);
    expect([posted.status, posted.body.entry?.[0]?.resource?.id]).toEqual([200, 'bo']);
    const next = posted.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect((await client.get<Bundle>(next)).body.entry?.[0]?.resource?.id).toBe('siri');
    const empty = await client.post<Bundle>('Patient/_search?family=sj', undefined, FORM);
    expect(empty.body.entry).toHaveLength(2);
  });

  test('of the whole system takes _type and what every resource has', async () => {
    const { body } = await client.get<Bundle>('?_type=Questionnaire,Patient&_count=100&_total=accurate');
    expect(body.total).toBe(5);
    expect(new Set(body.entry?.map(({ resource }) => resource?.resourceType))).toEqual(
      new Set(['Questionnaire', 'Patient']),
    );
    expect(await ids('?_id=anne')).toEqual(['anne']);
    expect(await ids('?_type=Patient,QuestionnaireResponse&_id=anne,response-1')).toEqual(['anne', 'response-1']);
    const posted = await client.post<Bundle>('_search', '_type=Patient&name=bo', FORM);
    expect(posted.body.entry?.map(({ resource }) => resource?.id)).toEqual(['bo']);
    expect((await client.get('?_type=Nonsense')).status).toBe(400);
    expect((await client.get('?name=x')).status).toBe(400);
  });

  test('knows what it says of itself: entries have addresses and modes', async () => {
    const { body } = await client.get<Bundle>('Observation?_id=mg&_include=Observation:subject');
    expect(body).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(body.total).toBeUndefined();
    expect(body.entry?.map(({ fullUrl, search }) => [fullUrl, search?.mode])).toEqual([
      [`${server.base}/Observation/mg`, 'match'],
      [`${server.base}/Patient/anne`, 'include'],
    ]);
  });

  test('by the server’s own absolute address of a reference finds as the relative one does', async () => {
    const expected = await ids('Observation?subject=Patient/anne&_count=100');
    expect(expected.length).toBeGreaterThan(10);
    for (const value of [`${server.base}/Patient/anne`, 'anne']) {
      expect(await ids(`Observation?subject=${encodeURIComponent(value)}&_count=100`)).toEqual(expected);
    }
    expect(await ids('Observation?subject:Patient=anne&_count=100')).toEqual(expected);
    expect(await ids('Observation?subject:Group=anne&_count=100')).toEqual([]);
  });

  test('finds a change at once, and the old value no longer', async () => {
    await client.put('Patient/changing', { resourceType: 'Patient', id: 'changing', name: [{ family: 'Gammel' }] });
    expect(await ids('Patient?family=gammel')).toEqual(['changing']);
    await client.put('Patient/changing', { resourceType: 'Patient', id: 'changing', name: [{ family: 'Ny' }] });
    expect(await ids('Patient?family=gammel')).toEqual([]);
    expect(await ids('Patient?family=ny')).toEqual(['changing']);
    await client.send('DELETE', 'Patient/changing');
    expect(await ids('Patient?family=ny')).toEqual([]);
    expect(await ids('Patient?_id=changing')).toEqual([]);
  });
});
