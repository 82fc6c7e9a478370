import type { Bundle, CapabilityStatement, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageSearchParameters } from '../examples/instances.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;
let statement: CapabilityStatement;

type RestResource = NonNullable<NonNullable<CapabilityStatement['rest']>[number]['resource']>[number];

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  statement = (await client.get<CapabilityStatement>('metadata')).body;
});

afterAll(() => server.close());

/** AuditEvents are made of the audit and read only: tests/audit/audit-events.test.ts. */
function resources(): readonly RestResource[] {
  return (statement.rest?.[0]?.resource ?? []).filter(({ type }) => type !== 'AuditEvent');
}

/** A value that a search parameter of a kind can read. */
const values: Readonly<Record<string, string>> = {
  number: '1',
  date: '2026',
  string: 'x',
  token: 'x',
  reference: 'x',
  quantity: '1',
  uri: 'urn:x',
  special: '60|5',
};

/** Of those whose value has a form of its own. */
const own: Readonly<Record<string, string>> = { _filter: '_id eq x' };

const hasNarrative = (type: string): boolean => !['Binary', 'Bundle', 'Parameters'].includes(type);

async function batch(urls: readonly string[], method = 'GET'): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (let from = 0; from < urls.length; from += 200) {
    const entry = urls.slice(from, from + 200).map((url) => ({ request: { method, url } }));
    const { body } = await client.post<Bundle>('', { resourceType: 'Bundle', type: 'batch', entry });
    found.push(...(body.entry ?? []).map(({ response }) => response?.status));
  }
  return found;
}

describe('/metadata', () => {
  test('is a valid CapabilityStatement of FHIR 4.0.1 at the server’s address', async () => {
    expect(statement).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
      kind: 'instance',
      implementation: { url: server.base },
    });
    const { body } = await client.post<OperationOutcome>('CapabilityStatement/$validate', statement);
    expect(body.issue.filter(({ severity }) => severity === 'error' || severity === 'fatal')).toEqual([]);
  });

  test('is shortened as resources are', async () => {
    const { body } = await client.get<CapabilityStatement>('metadata?_elements=software');
    expect([body.rest, body.software?.name, body.fhirVersion]).toEqual([undefined, 'Svar', '4.0.1']);
    expect((await client.get<CapabilityStatement>('metadata')).body.rest).toHaveLength(1);
  });

  test('names each type once, and every type of R4 that has a search', () => {
    const types = resources().map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types.length).toBeGreaterThan(140);
    expect(types).toContain('QuestionnaireResponse');
  });

  test('every search parameter that it names can be searched by, alone and with :missing', async () => {
    const queries = resources().flatMap(({ type, searchParam = [] }) =>
      searchParam
        .filter((param) => param.type !== 'composite')
        .flatMap(({ name, type: kind = '' }) => [
          `${type}?${name}=${values[kind]}&_count=1`,
          `${type}?${name}:missing=true&_count=1`,
        ]),
    );
    expect(queries.length).toBeGreaterThan(2000);
    const answers = await batch(queries);
    expect(queries.filter((_, index) => !answers[index]?.startsWith('200'))).toEqual([]);
  }, 120_000);

  test('every composite that it names is understood: it wants values joined by $', async () => {
    const queries = resources().flatMap(({ type, searchParam = [] }) =>
      searchParam.filter((param) => param.type === 'composite').map(({ name }) => `${type}?${name}=x`),
    );
    for (const query of queries) {
      const { status, body } = await client.get<OperationOutcome>(query);
      expect([status, body.issue[0]?.code], query).toEqual([400, 'invalid']);
      expect(body.issue[0]?.diagnostics).toContain('joined by $');
    }
    expect(queries.length).toBeGreaterThan(20);
  });

  test('every _include that it names works', async () => {
    const queries = resources().flatMap(({ type, searchInclude = [] }) =>
      searchInclude.map((include) => `${type}?_count=1&_include=${include}`),
    );
    expect(queries.length).toBeGreaterThan(500);
    const answers = await batch(queries);
    expect(queries.filter((_, index) => !answers[index]?.startsWith('200'))).toEqual([]);
  }, 60_000);

  test('every search parameter that R4 defines is named, and a search by it is answered', async () => {
    const named = new Set([
      ...resources().flatMap(({ type, searchParam = [] }) => searchParam.map(({ name }) => `${type}.${name}`)),
      ...resources().flatMap(({ type }) =>
        (statement.rest?.[0]?.searchParam ?? []).map(({ name }) => `${type}.${name}`),
      ),
    ]);
    const types = resources().map(({ type }) => type);
    const defined = packageSearchParameters().filter(
      // Examples of definitions aside; and without a base it is said of no type.
      ({ id, base }) => !id?.startsWith('example') && (base as readonly string[] | undefined) !== undefined,
    );
    const kinds = new Map(defined.map(({ url, type }) => [url, type]));
    const asked = defined.flatMap(({ base, code, type: kind, component = [] }) => {
      const value = component.map(({ definition }) => values[kinds.get(definition) ?? '']).join('$');
      return base
        .flatMap((each: string): readonly string[] =>
          each === 'Resource' ? types : each === 'DomainResource' ? types.filter(hasNarrative) : [each],
        )
        .map((type) => ({ name: `${type}.${code}`, query: `${type}?${code}=${own[code] ?? (value || values[kind])}` }));
    });
    // No named query is defined here, so none can be asked for.
    const possible = asked.filter(({ name }) => !name.endsWith('._query') && !name.startsWith('AuditEvent.'));
    expect(possible.length).toBeGreaterThan(2500);
    expect(possible.filter(({ name }) => !named.has(name))).toEqual([]);
    const answers = await batch(possible.map(({ query }) => `${query}&_count=1`));
    expect(possible.filter((_, index) => !answers[index]?.startsWith('200'))).toEqual([]);
    const refused = await batch(asked.filter(({ name }) => name.endsWith('._query')).map(({ query }) => query));
    expect(new Set(refused)).toEqual(new Set(['400']));
  }, 120_000);

  test('every interaction that it names works for its type', async () => {
    const works: Readonly<Record<string, (type: string) => readonly [method: string, url: string, statuses: string]>> =
      {
        read: (type) => ['GET', `${type}/nobody`, '404'],
        vread: (type) => ['GET', `${type}/nobody/_history/1`, '404'],
        'history-instance': (type) => ['GET', `${type}/nobody/_history`, '404'],
        'history-type': (type) => ['GET', `${type}/_history`, '200'],
        'search-type': (type) => ['GET', `${type}`, '200'],
        delete: (type) => ['DELETE', `${type}/nobody`, '204'],
      };
    const named = resources().flatMap(({ type, interaction = [] }) => interaction.map(({ code }) => ({ type, code })));
    for (const [code, ask] of Object.entries(works)) {
      const types = named.filter((each) => each.code === code).map(({ type }) => type ?? '');
      expect(types).toHaveLength(resources().length);
      const [method = ''] = ask('x');
      const answers = await batch(
        types.map((type) => ask(type)[1]),
        method,
      );
      expect(
        types.filter((type, index) => answers[index]?.slice(0, 3) !== ask(type)[2]),
        code,
      ).toEqual([]);
    }
    // create, update and patch are proven by what writes; here, that each type is let through to be judged
    for (const type of resources().map((each) => each.type)) {
      const created = await client.post<OperationOutcome>(`${type}`, { resourceType: type, nonsense: 1 });
      expect([created.status, created.body.issue[0]?.diagnostics?.includes('nonsense')], type).toEqual([400, true]);
    }
  }, 60_000);

  test('every operation that it names answers, and none that it does not name', async () => {
    const named = new Set(
      resources().flatMap(({ type, operation = [] }) => operation.map(({ name }) => `${type}/$${name}`)),
    );
    const ofSome = [...named].filter((name) => !/\$(validate|meta)$/.test(name));
    expect(ofSome.toSorted()).toEqual([
      'CodeSystem/$lookup',
      'CodeSystem/$subsumes',
      'CodeSystem/$validate-code',
      'ConceptMap/$translate',
      'Consent/$verify-signature',
      'EpisodeOfCare/$close-patient-forms',
      'EpisodeOfCare/$stop-patient-forms',
      'Patient/$access-log',
      'Patient/$erase',
      'Patient/$everything',
      'Patient/$lift-reservation',
      'Patient/$lift-restriction',
      'Patient/$merge',
      'Patient/$my-data',
      'Patient/$profile',
      'Patient/$request-right',
      'Patient/$reserve',
      'Patient/$restrict',
      'Patient/$sign-consent',
      'PractitionerRole/$apply',
      'PractitionerRole/$approve',
      'PractitionerRole/$refuse',
      'Questionnaire/$assemble',
      'Questionnaire/$diff',
      'Questionnaire/$next-question',
      'Questionnaire/$package',
      'Questionnaire/$populate',
      'Questionnaire/$print',
      'Questionnaire/$process-response',
      'QuestionnaireResponse/$extract',
      'ResearchStudy/$add-file',
      'ResearchStudy/$approve-extract',
      'ResearchStudy/$coverage',
      'ResearchStudy/$draw-extract',
      'ResearchStudy/$files',
      'ResearchStudy/$load-count',
      'ResearchStudy/$overview',
      'ResearchStudy/$remove-file',
      'Task/$decline',
      'Task/$extend-right',
      'Task/$order',
      'Task/$patient-rights',
      'Task/$rectify',
      'Task/$refuse-right',
      'Task/$remind-later',
      'ValueSet/$expand',
      'ValueSet/$validate-code',
    ]);
    expect(named.size).toBe(resources().length * 2 + ofSome.length);
    const ofSystem = statement.rest?.[0]?.operation?.map(({ name }) => name);
    expect(ofSystem).toEqual(['meta', 'process-response', 'parked-work', 'retry-parked-work']);
    for (const url of ['$meta', 'Basic/$meta']) {
      expect((await client.get(url)).status, url).toBe(200);
    }
    await client.put('Patient/asked', { resourceType: 'Patient', id: 'asked' });
    const asked = {
      'Patient/$validate': 'Patient/asked/$validate',
      'Patient/$meta': 'Patient/asked/$meta',
      'Patient/$everything': 'Patient/asked/$everything',
      'ValueSet/$expand': 'ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender',
    };
    for (const [name, url] of Object.entries(asked)) {
      expect(named).toContain(name);
      expect((await client.get(url)).status, url).toBe(200);
    }
    for (const url of [
      'Patient/asked/$nonsense',
      'Patient/$everything',
      'Observation/asked/$everything',
      '$validate',
      '$export',
    ]) {
      const { status, body } = await client.get<OperationOutcome>(url);
      expect([status, body.resourceType], url).toEqual([404, 'OperationOutcome']);
    }
  });

  test('names a search parameter of the server’s own as soon as it can be searched by', async () => {
    const own: Resource = {
      resourceType: 'SearchParameter',
      url: 'http://example.org/SearchParameter/patient-nickname',
      name: 'nickname',
      status: 'active',
      description: 'A name that a patient is called by',
      code: 'nickname',
      base: ['Patient'],
      type: 'string',
      expression: "Patient.name.where(use = 'nickname').given",
    };
    await client.put('Patient/nick', {
      resourceType: 'Patient',
      id: 'nick',
      name: [{ use: 'nickname', given: ['Kallenavn'] }],
    });
    expect((await client.post('SearchParameter', own)).status).toBe(201);
    const before = await client.get<OperationOutcome>('Patient?nickname=kalle');
    expect(before.status).toBe(400);
    await server.fhir.refresh();
    expect((await client.search('Patient?nickname=kalle')).map(({ id }) => id)).toEqual(['nick']);
    // Another process on the database; this one gives a statement again for ten seconds.
    const other = await testServer({ packages: false, background: false, database: server.database });
    const { body } = await rest(other.base).get<CapabilityStatement>('metadata');
    await other.close();
    const patient = body.rest?.[0]?.resource?.find(({ type }) => type === 'Patient');
    expect(patient?.searchParam?.map(({ name }) => name)).toContain('nickname');
  });
});
