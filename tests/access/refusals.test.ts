import type { Bundle, OperationOutcome, Parameters, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access, Rule } from '../../src/model/access.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

/* What is refused as a whole: types, page links of others, and what a form would fetch for who may not. */

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const ties = { labels: ['Organization/h'], anchors: [] };

let server: TestServer;
let admin: Rest;
const open: TestServer[] = [];

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, testClock: '2026-03-02T08:00:00Z' });
  open.push(server);
  admin = rest(server.base);
  for (const id of ['seen', 'hidden']) {
    await put({ resourceType: 'Patient', id, name: [{ family: `Test${id}` }] });
    for (let n = 0; n < 5; n++) {
      await put({
        resourceType: 'Observation',
        id: `${id}${n}`,
        status: 'final',
        code: { text: `of ${id}` },
        subject: { reference: `Patient/${id}` },
      });
    }
  }
  await put({
    resourceType: 'Questionnaire',
    id: 'asks',
    url: 'urn:asks',
    version: '1',
    status: 'active',
    subjectType: ['Patient'],
    extension: [
      {
        url: `${sdc}launchContext`,
        extension: [
          {
            url: 'name',
            valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
          },
          { url: 'type', valueCode: 'Patient' },
        ],
      },
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: {
          name: 'all',
          language: 'application/x-fhir-query',
          expression: 'Observation?subject=Patient/{{%patient.id}}',
        },
      },
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: {
          name: 'others',
          language: 'application/x-fhir-query',
          expression: 'Observation?subject=Patient/hidden',
        },
      },
    ],
    item: [
      '%patient.name.family',
      '%all.entry.resource.code.text.first()',
      '%others.entry.resource.code.text.first()',
    ].map((expression, n) => ({
      linkId: `a${n}`,
      type: 'string',
      extension: [{ url: `${sdc}initialExpression`, valueExpression: { language: 'text/fhirpath', expression } }],
    })),
  });
  await server.database.pool.query(`update resource set anchor = case when id like 'seen%' then 1 end`);
  await server.database.pool.query(`delete from tie`);
  await server.database.pool.query(`insert into tie (shard, rid, label, given) values (0, 1, 'Organization/h', false)`);
});
afterAll(async () => {
  for (const each of open.reverse()) await each.close();
});

async function put(resource: object): Promise<void> {
  const { resourceType, id } = resource as { resourceType: string; id: string };
  const { status, body } = await admin.put(`${resourceType}/${id}`, resource);
  expect(status, JSON.stringify(body)).toBe(201);
}

async function as(name: string, rules: readonly Rule[], more: { lenientSearch?: boolean } = {}): Promise<Rest> {
  const access: Access = { key: JSON.stringify(rules), rules };
  const other = await testServer({
    database: server.database,
    packages: false,
    background: false,
    testClock: '2026-03-02T08:00:00Z',
    caller: { name, access, ...more },
  });
  open.push(other);
  return rest(other.base);
}

const reader = (...types: string[]): Rule => ({ types, acts: ['read', 'search'], ties });

describe('a type of which a caller may see nothing', () => {
  let client: Rest;
  beforeAll(async () => {
    client = await as('lenient', [reader('Patient')], { lenientSearch: true });
  });

  test.each([
    'Observation',
    'Observation?status=final',
    'Observation?nonsense=1',
    'Observation/_history',
    'Observation/seen1',
    'Observation/hidden1',
    'Observation/never',
    'Observation/seen1/_history',
    'Observation/seen1/_history/1',
    'Observation/$meta',
    'Observation/seen1/$meta',
  ])('is forbidden: %s', async (url) => {
    const { status, body } = await client.get<OperationOutcome>(url, { prefer: 'handling=lenient' });
    expect([status, body.issue[0]?.code]).toEqual([403, 'forbidden']);
    expect(body.issue[0]?.diagnostics).toContain('Observation');
  });

  test('is forbidden in a batch entry and a transaction too', async () => {
    const bundle = (type: string) => ({
      resourceType: 'Bundle',
      type,
      entry: ['Observation?status=final', 'Observation/seen1'].map((url) => ({ request: { method: 'GET', url } })),
    });
    const batch = await client.post<Bundle>('', bundle('batch'));
    expect(batch.body.entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual(['403', '403']);
    expect((await client.post('', bundle('transaction'))).status).toBe(403);
  });

  test('is not there in searches over several types, includes, chains and $everything', async () => {
    const found = async (url: string) =>
      ((await client.get<Bundle>(url)).body.entry ?? []).map(
        ({ resource }) => `${resource?.resourceType}/${resource?.id}`,
      );
    expect(await found('?_type=Observation,Patient')).toEqual(['Patient/seen']);
    expect(await found('Patient?_revinclude=Observation:subject')).toEqual(['Patient/seen']);
    expect(await found('Patient?_has:Observation:subject:status=final')).toEqual([]);
    expect(await found('Patient/seen/$everything')).toEqual(['Patient/seen']);
    expect(await found('_history')).toEqual(['Patient/seen']);
  });
});

describe('who may read but not search', () => {
  test('reads by id, and finds nothing', async () => {
    const client = await as('reads', [{ types: ['Patient', 'Observation'], acts: ['read'], ties }]);
    expect((await client.get('Observation/seen1')).status).toBe(200);
    expect((await client.get('Observation/seen1/_history')).status).toBe(200);
    for (const url of ['Observation', 'Observation?_id=seen1', 'Observation/_history', 'Observation/$meta']) {
      expect((await client.get(url)).status, url).toBe(403);
    }
    expect((await client.get<Bundle>('_history')).body.entry).toBeUndefined();
    expect((await client.get<Bundle>('?_type=Patient,Observation&_total=accurate')).body.total).toBe(0);
  });
});

describe('a page link', () => {
  const rules = [reader('Patient', 'Observation')];
  const pages = ['Observation?_count=2', '_history?_count=2', 'Patient/seen/$everything?_count=2'];
  let one: Rest;
  const nextOf = async (client: Rest, url: string): Promise<string> => {
    const { body } = await client.get<Bundle>(url);
    const next = body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).toContain('_page=');
    return next.slice(next.indexOf('/fhir/R4/') + '/fhir/R4/'.length).replace(/^\/?/, '');
  };
  beforeAll(async () => {
    one = await as('one', rules);
  });

  test.each(pages)('of %s leads its own caller on', async (url) => {
    expect((await one.get(await nextOf(one, url))).status).toBe(200);
  });

  test.each(pages)('of %s is worth nothing to another, to the same with other rights, or changed', async (url) => {
    const next = await nextOf(one, url);
    const strangers = [admin, await as('another', rules), await as('one', [...rules, reader('Condition')])];
    for (const stranger of strangers) {
      const { status, body } = await stranger.get<OperationOutcome>(next);
      expect([status, body.issue[0]?.code]).toEqual([400, 'invalid']);
    }
    const changed = next.replace(/_page=(.)/, (_, first) => `_page=${first === 'A' ? 'B' : 'A'}`);
    expect((await one.get(changed)).status).toBe(400);
  });
});

describe('a form', () => {
  const populate = (subject: string) => ({
    resourceType: 'Parameters',
    parameter: [{ name: 'subject', valueReference: { reference: subject } }],
  });
  const answers = (body: Parameters): unknown[] => {
    const response = body.parameter?.find(({ name }) => name === 'response')?.resource as QuestionnaireResponse;
    return (response.item ?? [])
      .map(({ linkId, answer }) => [linkId, answer?.[0]?.valueString])
      .filter(([, text]) => text);
  };

  test('fetches as who fills it in: launch contexts and queries tell nothing of what is hidden', async () => {
    const own = await as('own', [
      reader('Patient', 'Observation', 'QuestionnaireResponse'),
      { types: ['Questionnaire'], acts: ['read', 'search'] },
    ]);
    const whole = await admin.post<Parameters>('Questionnaire/asks/$populate', populate('Patient/seen'));
    expect(answers(whole.body)).toEqual([
      ['a0', 'Testseen'],
      ['a1', 'of seen'],
      ['a2', 'of hidden'],
    ]);
    const part = await own.post<Parameters>('Questionnaire/asks/$populate', populate('Patient/seen'));
    expect(answers(part.body)).toEqual([
      ['a0', 'Testseen'],
      ['a1', 'of seen'],
    ]);
    const [hidden, never] = await Promise.all(
      ['Patient/hidden', 'Patient/nobody'].map((subject) =>
        own.post<Parameters>('Questionnaire/asks/$populate', populate(subject)),
      ),
    );
    expect(JSON.stringify(hidden?.body)).not.toContain('Testhidden');
    expect(JSON.stringify(hidden?.body).replaceAll('Patient/hidden', 'X')).toBe(
      JSON.stringify(never?.body).replaceAll('Patient/nobody', 'X'),
    );
  });
});

describe('a deletion that is refused because of referrers', () => {
  test('names those that may be read, and of others only that there are some', async () => {
    const may: Rule = { types: ['Patient'], acts: ['read', 'search', 'delete'], ties };
    const told = async (client: Rest) => {
      const { status, body } = await client.send<OperationOutcome>('DELETE', 'Patient/seen');
      return [status, (body.issue ?? []).map(({ diagnostics }) => diagnostics).join()];
    };
    const reads = await as('reads referrers', [may, reader('Observation')]);
    expect(await told(reads)).toEqual([409, expect.stringMatching(/^An Observation refers to this Patient/)]);
    const blind = await as('blind', [may]);
    const [status, text] = await told(blind);
    expect(status).toBe(409);
    expect(text).toMatch(/^What you may not see/);
    expect(text).not.toContain('Observation');
    expect((await admin.get<Resource>('Patient/seen')).status).toBe(200);
  });
});
