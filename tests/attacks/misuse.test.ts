import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic } from '../kit/sign-in.ts';
import { type Attacked, attacked, form, patching, transaction, words } from './kit.ts';

let world: Attacked;
let log = '';

beforeAll(async () => {
  world = await attacked({
    log: {
      write(line) {
        log += line;
      },
    },
  });
});
afterAll(() => world.server.close());

const clientError = (status: number): boolean => status >= 400 && status < 500;
const observation = (more: object = {}) => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  subject: { reference: `Patient/${world.national.patient}` },
  ...more,
});

describe('I1 what is sent as data stays data', () => {
  test('I1 SQL, wildcards, NUL and surrogates in searches find nothing and break nothing', async () => {
    const before = (await world.as.lu.get<Bundle>('Patient?_total=accurate')).body.total;
    for (const value of [
      ...["' or '1'='1", "'; drop table resource; --", '%', '_', '\\', '$1', '"', ')) or true --', '\u0000', '\ud800'],
      ...["x' union select content from resource --", '1e999', '9'.repeat(400), '__proto__', 'constructor'],
    ]) {
      for (const parameter of [
        'name',
        'name:contains',
        'identifier',
        '_id',
        'birthdate',
        '_lastUpdated',
        '_sort',
        '_elements',
        '_filter',
        '_page',
        'general-practitioner.name',
        '_has:EpisodeOfCare:patient:status',
      ]) {
        const { status, body } = await world.as.lu.get<Bundle>(`Patient?${new URLSearchParams([[parameter, value]])}`);
        expect(status === 200 || clientError(status), `${parameter}=${value}: ${status}`).toBe(true);
        expect(JSON.stringify(body)).not.toContain(world.elsewhere.patient);
        expect(words(body)).not.toMatch(/syntax error|relation "|column "|pg_|postgres/i);
      }
    }
    expect((await world.as.lu.get<Bundle>('Patient?_total=accurate')).body.total).toBe(before);
  });

  test('I1 prototypes, duplicate keys, deep nesting, invalid UTF-8 and a BOM are refused and poison nothing', async () => {
    const { lu } = world.as;
    const plain = JSON.stringify(observation());
    const bodies: (string | Buffer)[] = [
      plain.replace('{', '{"__proto__":{"admin":true},'),
      plain.replace('{', '{"constructor":{"prototype":{"admin":true}},'),
      plain.replace('{', '{"status":"amended",'),
      plain.replace('"x"', '"\\u0000"'),
      plain.replace('"x"', '"\\ud800"'),
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `${'{"contained":['.repeat(20_000)}`,
      `\ufeff${plain}x`,
      Buffer.concat([Buffer.from(plain.slice(0, -1)), Buffer.from([0xff, 0xfe]), Buffer.from('}')]),
    ];
    for (const body of bodies) {
      const answer = await fetch(`${world.server.base}/Observation`, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', ...world.cookies.lu },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      });
      expect(answer.status, String(body).slice(0, 60)).toSatisfy(clientError);
    }
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    for (const path of ['/__proto__/admin', '/constructor/prototype/admin', '/code/__proto__/admin']) {
      const patch = [{ op: 'add', path, value: true }];
      const { status } = await lu.send('PATCH', `Observation/${world.national.observation}`, patch, patching);
      expect(status, path).toSatisfy(clientError);
    }
  });
});

describe('I2 bodies and bundles', () => {
  const sent = async (body: Uint8Array, headers: Record<string, string>): Promise<number> =>
    (
      await fetch(`${world.server.base}/Observation`, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', ...world.cookies.lu, ...headers },
        body: new Uint8Array(body),
      })
    ).status;

  test('I2 a compressed bomb, another encoding and another content type are refused', async () => {
    const bomb = gzipSync(Buffer.alloc(120 * 1024 * 1024, 32));
    expect(await sent(bomb, { 'content-encoding': 'gzip' })).toBe(413);
    expect(await sent(Buffer.from('x'), { 'content-encoding': 'zstd-of-an-attacker' })).toSatisfy(clientError);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ]) {
      expect(await sent(Buffer.from(JSON.stringify(observation())), { 'content-type': type }), type).toBe(415);
    }
  });

  test('I2 what two readers could read in two ways is refused: lengths, encodings and credentials that stand twice', async () => {
    const { hostname, port } = new URL(world.server.url);
    const raw = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let told = '';
        const socket = connect(Number(port), hostname, () => socket.write(text));
        socket.on('data', (data) => {
          told += String(data);
          if (told.includes('\r\n\r\n')) socket.destroy();
        });
        socket.on('error', () => socket.destroy());
        socket.on('close', () => resolve(told));
        socket.setTimeout(5000, () => socket.destroy());
      });
    const hidden = `GET /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\n\r\n`;
    const admin = `Authorization: ${basic('demo-admin').authorization}`;
    const cookie = `Cookie: ${world.cookies.lu.cookie}\r\nX-Medplum: extended`;
    for (const [headers, status] of [
      [`Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`, 400],
      ['Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd', 400],
      ['Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n', 400],
      [`${admin}\r\n${admin}\r\n\r\n`, 401],
      [`${admin}\r\nAuthorization: Bearer x\r\n\r\n`, 401],
      [`Cookie: svar-session=x\r\n${cookie}\r\n\r\n`, 401],
    ] as const) {
      const answers = await raw(`POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\n${headers}`);
      expect(answers.match(/HTTP\/1\.1 \d+/g), headers).toEqual([`HTTP/1.1 ${status}`]);
    }
  });

  test('I2 bundles that refer to themselves, in circles, twice, or hold bundles, are refused', async () => {
    const { lu } = world.as;
    const post = (fullUrl: string, reference: string) => ({
      ...{ fullUrl, request: { method: 'POST', url: 'Observation' } },
      resource: observation({ hasMember: [{ reference }] }),
    });
    const [a, b] = ['urn:uuid:00000000-0000-4000-8000-00000000000a', 'urn:uuid:00000000-0000-4000-8000-00000000000b'];
    for (const bundle of [
      transaction(post(a, 'urn:uuid:00000000-0000-4000-8000-00000000000c')),
      transaction(post(a, b), post(a, b)),
      transaction({ request: { method: 'POST', url: '' }, resource: transaction() }),
      transaction(...Array.from({ length: 20_000 }, () => ({ request: { method: 'GET', url: 'Patient' } }))),
      transaction({ request: { method: 'POST', url: '../../etc' }, resource: observation() }),
      transaction({ request: { method: 'GET', url: 'http://169.254.169.254/latest' } }),
      transaction({ request: { method: 'CONNECT', url: 'Patient' } }),
    ]) {
      expect((await lu.post('', bundle)).status, JSON.stringify(bundle).slice(0, 200)).toSatisfy(clientError);
    }
  });
});

describe('I3 markup', () => {
  test('I3 XML is not read: no entity, no external file', async () => {
    const xml =
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir">&e;</Patient>';
    for (const type of ['application/fhir+xml', 'application/xml', 'text/xml']) {
      expect((await world.as.lu.send('POST', 'Patient', xml, { 'content-type': type })).status).toBe(415);
    }
  });

  test('I3 a narrative that runs something is refused, and headers hold no line of another', async () => {
    for (const inside of [
      '<script>x</script>',
      '<img src="x" onerror="x"/>',
      '<a href="javascript:x">x</a>',
      '<svg onload="x"/>',
      '<style>@import "x"</style>',
      '<iframe src="data:text/html,x"/>',
    ]) {
      const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` };
      expect((await world.as.lu.post('Observation', observation({ text }))).status, inside).toSatisfy(clientError);
    }
    const path = 'Patient/x%0d%0aset-cookie:%20a=b';
    const { status, headers } = await world.as.lu.put(path, { resourceType: 'Patient', id: 'x' });
    expect([status >= 400, headers.has('set-cookie')]).toEqual([true, false]);
  });
});

describe('R1 and R2 requests that cost more than they are worth', () => {
  /** All of it together must be quick: the limit is far above what is measured. */
  const BUDGET_MS = 15_000;

  test('R1 expressions and patterns that never end are stopped', async () => {
    const begun = Date.now();
    const questionnaire = (expression: string) => ({
      ...{ resourceType: 'Questionnaire', status: 'active' },
      item: [
        {
          ...{ linkId: 'a', type: 'string' },
          extension: [
            {
              url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression',
              valueExpression: { language: 'text/fhirpath', expression },
            },
          ],
        },
      ],
    });
    for (const expression of [
      `'${'a'.repeat(40)}!'.matches('^(a+)+$')`,
      `'${'a'.repeat(40)}!'.replaceMatches('(a|aa)+$', 'x')`,
      '(1|2|3|4|5|6|7|8|9).repeat($this + 1)',
      '%resource.descendants().descendants().descendants()',
      `${'('.repeat(5000)}1${')'.repeat(5000)}`,
    ]) {
      const { status } = await world.as.lu.post('Questionnaire/$populate', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'questionnaire', resource: questionnaire(expression) },
          { name: 'subject', valueReference: { reference: `Patient/${world.national.patient}` } },
        ],
      });
      expect(status, expression.slice(0, 60)).toBeLessThan(500);
    }
    expect(Date.now() - begun).toBeLessThan(BUDGET_MS);
  });

  test('R2 searches and expansions without end are refused or cut', async () => {
    const begun = Date.now();
    for (const query of [
      '_count=-1',
      '_count=100000000',
      `_id=${Array.from({ length: 10_000 }, (_, n) => n).join(',')}`,
      `${Array.from({ length: 500 }, (_, n) => `name=a${n}`).join('&')}`,
      'general-practitioner.organization.partof.partof.partof.partof.partof.partof.name=x',
      `_has:${'Observation:patient:_has:Observation:derived-from:'.repeat(8)}code=x`,
      '_offset=100000000',
    ]) {
      expect((await world.as.lu.get(`Patient?${query}`)).status, query.slice(0, 60)).toSatisfy(clientError);
    }
    expect(
      (await world.as.lu.get('Patient?name:contains=a&_total=accurate&_include=*&_revinclude=*')).status,
    ).toBeLessThan(500);
    const compose = { include: Array.from({ length: 300 }, () => ({ valueSet: ['urn:a', 'urn:b'] })) };
    const valueSet = { resourceType: 'ValueSet', url: 'urn:a', status: 'active', compose };
    const parameter = [{ name: 'valueSet', resource: valueSet }];
    expect((await world.as.lu.post('ValueSet/$expand', { resourceType: 'Parameters', parameter })).status).toBeLessThan(
      500,
    );
    expect(Date.now() - begun).toBeLessThan(BUDGET_MS);
  });
});

describe('R3 repetition', () => {
  test('R3 passwords cannot be tried without end, and who waits is told when to come again', async () => {
    const attempt = () =>
      fetch(`${world.server.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ email: 'lc', password: 'guess', codeChallenge: 'x'.repeat(43), codeChallengeMethod: 'S256' },
        }),
      });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await attempt()).status);
    expect(statuses[0]).toBe(400);
    expect(statuses.at(-1)).toBe(429);
    const { headers } = await attempt();
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await world.server.database.pool.query('delete from rate_limit');
  });

  test('R3 an update that changes nothing makes no version, however often', async () => {
    const path = `Observation/${world.national.observation}`;
    const { body } = await world.as.lu.get<Resource>(path);
    for (let n = 0; n < 5; n += 1) {
      expect((await world.as.lu.put<Resource>(path, body)).body.meta?.versionId).toBe(body.meta?.versionId);
    }
  });
});

describe('S1 requests to elsewhere', () => {
  test('S1 no Subscription is taken that would send somewhere, and nothing that is named is fetched', async () => {
    const subscription = (endpoint: string, status: string) => ({
      ...{ resourceType: 'Subscription', status, reason: 'x', criteria: 'Patient?' },
      channel: { type: 'rest-hook', endpoint, header: ['authorization: secret'] },
    });
    for (const endpoint of [
      'http://169.254.169.254/',
      'http://[::ffff:127.0.0.1]/',
      'http://2130706433/',
      'file:///etc/passwd',
      'gopher://x',
    ]) {
      expect((await world.as.lu.post('Subscription', subscription(endpoint, 'requested'))).status).toBe(403);
      expect((await world.as.ehr.post('Subscription', subscription(endpoint, 'requested'))).status).toBe(403);
      expect((await world.as.admin.post('Subscription', subscription(endpoint, 'active'))).status).toBe(422);
      const begun = Date.now();
      const attachment = { contentType: 'text/plain', url: endpoint };
      const document = { resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] };
      await world.as.lu.post('DocumentReference/$validate', document);
      await world.as.lu.post('Observation/$validate', observation({ meta: { profile: [endpoint] } }));
      await world.as.lu.get(`ValueSet/$expand?url=${encodeURIComponent(endpoint)}`);
      expect(Date.now() - begun).toBeLessThan(5000);
    }
  });
});

describe('C1 at the same time', () => {
  test('C1 of many who submit one form, change one resource or create one person, one wins, and none is lost', async () => {
    const { ehr } = world.as;
    const { body } = await ehr.post<Resource>('Observation', observation());
    const path = `Observation/${body.id}`;
    const puts = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ehr.put<Resource>(path, { ...body, code: { text: `n${n}` } }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(puts.filter(({ status }) => status === 200)).toHaveLength(1);
    const identifier = [{ system: 'urn:attack', value: 'twice' }];
    const creates = await Promise.all(
      Array.from({ length: 8 }, () =>
        ehr.post(
          'Patient',
          { resourceType: 'Patient', identifier },
          { 'if-none-exist': 'identifier=urn:attack|twice' },
        ),
      ),
    );
    expect(creates.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await ehr.get<Bundle>('Patient?identifier=urn:attack|twice&_total=accurate')).body.total).toBe(1);
    const patient = await world.patient(world.national);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        patient.post('QuestionnaireResponse', form(world.national, { status: 'completed' })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

describe('P1 what leaks beside the answer', () => {
  test('P1 answers are kept by nobody, refusals name nothing, and the log holds nobody', async () => {
    const { lu, admin, nobody } = world.as;
    const { national } = world;
    const read = await lu.get(`Patient/${national.patient}`);
    expect(read.headers.get('cache-control')).toMatch(/no-store/);
    const faults = [
      await lu.get(`Patient?identifier=${national.fnr}&nonsense=${national.fnr}`),
      await lu.get(`Patient?birthdate=${national.fnr}`),
      await lu.post('Patient', {
        resourceType: 'Patient',
        name: [{ family: 'Testpasient', gven: ['x'] }],
        gender: national.fnr,
      }),
      await admin.post('Patient', { resourceType: 'Patient', birthDate: national.fnr }),
      await nobody.get(`Patient?identifier=${national.fnr}`),
      await lu.get(`Patient/${national.fnr}`),
    ];
    for (const { body, status } of faults) {
      expect(status).toSatisfy(clientError);
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`${national.fnr}|Testpasient`));
    }
    expect(log).not.toBe('');
    for (const secret of [
      national.fnr,
      world.elsewhere.fnr,
      'Testpasient',
      national.patient,
      basic('demo-admin').authorization ?? '',
      world.cookies.lu.cookie?.split('=')[1] ?? '',
    ]) {
      expect(log.includes(secret), secret).toBe(false);
    }
  });
});
