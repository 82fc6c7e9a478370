import type { Bundle, OperationOutcome, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
});

afterAll(() => server.close());

const errors = ({ issue }: OperationOutcome) =>
  issue.filter(({ severity }) => severity === 'error').map(({ expression }) => expression?.[0]);

describe('$validate', () => {
  const bad = { resourceType: 'Patient', gender: 'unheard of', birthDate: '1970-13-01', contact: [{}] };

  test('tells one issue a fault, with its place, and stores nothing', async () => {
    const { status, body } = await client.post<OperationOutcome>('Patient/$validate', bad);
    expect(status).toBe(200);
    expect(errors(body).toSorted()).toEqual(expect.arrayContaining(['Patient.birthDate', 'Patient.gender']));
    expect((await client.get<Bundle>('Patient?_summary=count')).body.total).toBe(0);
  });

  test('says the same as the write would', async () => {
    const told = await client.post<OperationOutcome>('Patient/$validate', bad);
    const refused = await client.post<OperationOutcome>('Patient', bad);
    expect(errors(refused.body)).toEqual(errors(told.body));
    expect([400, 422]).toContain(refused.status);
  });

  test('takes the resource in Parameters, with mode and profile', async () => {
    const parameters = (resource: object, mode?: string, profile?: string) => ({
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource },
        ...(mode ? [{ name: 'mode', valueCode: mode }] : []),
        ...(profile ? [{ name: 'profile', valueUri: profile }] : []),
      ],
    });
    const good = await client.post<OperationOutcome>(
      'Patient/$validate',
      parameters({ resourceType: 'Patient' }, 'create'),
    );
    expect([good.status, errors(good.body)]).toEqual([200, []]);
    const wrong = await client.post<OperationOutcome>('Patient/$validate', parameters(bad, 'update'));
    expect(errors(wrong.body)).toContain('Patient.gender');
    expect((await client.post('Patient/$validate', parameters(bad, 'nonsense'))).status).toBe(400);
    expect((await client.post('Observation/$validate', { resourceType: 'Patient' })).status).toBe(400);
    expect((await client.get('Patient/$validate')).status).toBe(400);
  });

  test('tells of references to what is not here, whoever gave the id', async () => {
    const observation = {
      resourceType: 'Observation',
      id: 'self',
      status: 'final',
      code: { text: 'c' },
      hasMember: [{ reference: 'Observation/self' }],
    };
    for (const id of ['never-was', '0123456789abcdef']) {
      const sent = { ...observation, subject: { reference: `Patient/${id}` } };
      const { body } = await client.post<OperationOutcome>('Observation/$validate', sent);
      expect(errors(body), id).toEqual(['Observation.subject']);
    }
    expect(errors((await client.post<OperationOutcome>('Observation/$validate', observation)).body)).toEqual([]);
  });

  test('of a stored resource judges what is stored, and before a delete who refers to it', async () => {
    await client.put('Patient/kept', { resourceType: 'Patient', id: 'kept' });
    expect(errors((await client.get<OperationOutcome>('Patient/kept/$validate')).body)).toEqual([]);
    expect(errors((await client.get<OperationOutcome>('Patient/kept/$validate?mode=delete')).body)).toEqual([]);
    await client.put('Observation/o', {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'c' },
      subject: { reference: 'Patient/kept' },
    });
    const { body } = await client.get<OperationOutcome>('Patient/kept/$validate?mode=delete');
    expect(body.issue[0]?.severity).toBe('error');
  });
});

describe('Patient/$everything', () => {
  beforeAll(async () => {
    for (const id of ['ev', 'other']) {
      await client.put(`Patient/${id}`, { resourceType: 'Patient', id });
      for (const n of [1, 2, 3]) {
        await client.put(`Observation/${id}-${n}`, {
          resourceType: 'Observation',
          id: `${id}-${n}`,
          status: 'final',
          code: { text: 'c' },
          subject: { reference: `Patient/${id}` },
        });
      }
      await client.put(`Encounter/${id}`, {
        resourceType: 'Encounter',
        id,
        status: 'planned',
        class: { code: 'AMB' },
        subject: { reference: `Patient/${id}` },
      });
    }
  });

  async function everything(query: string): Promise<string[]> {
    const found: string[] = [];
    for (let url: string | undefined = `Patient/ev/$everything${query}`; url !== undefined; ) {
      const { status, body }: { status: number; body: Bundle } = await client.get<Bundle>(url);
      expect([status, body.type]).toEqual([200, 'searchset']);
      found.push(...(body.entry ?? []).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`));
      url = body.link?.find(({ relation }) => relation === 'next')?.url;
    }
    return found;
  }

  test('gives the patient and the whole compartment, of nobody else', async () => {
    expect((await everything('')).toSorted()).toEqual([
      'Encounter/ev',
      'Observation/ev-1',
      'Observation/ev-2',
      'Observation/ev-3',
      'Patient/ev',
    ]);
  });

  test('goes by pages, by _type and by _since', async () => {
    expect(await everything('?_count=2')).toEqual(await everything(''));
    expect(await everything('?_type=Observation')).toEqual([
      'Observation/ev-1',
      'Observation/ev-2',
      'Observation/ev-3',
    ]);
    expect(await everything('?_since=2100-01-01')).not.toContain('Observation/ev-1');
    expect((await client.get('Patient/nobody/$everything')).status).toBe(404);
    expect((await client.get('Patient/ev/$everything?_count=-1')).status).toBe(400);
    expect((await client.get('Patient/ev/$everything?_type=Nonsense')).status).toBe(400);
  });

  test('goes by the dates of care, start and end; what has no date is always there', async () => {
    for (const [id, effectiveDateTime] of Object.entries({
      d1: '2020-05-01',
      d2: '2021',
      d3: '2022-05-01T08:00:00Z',
    })) {
      await client.put(`Observation/${id}`, {
        resourceType: 'Observation',
        id,
        status: 'final',
        code: { text: 'c' },
        subject: { reference: 'Patient/other' },
        effectiveDateTime,
      });
    }
    const dated = async (query: string) => {
      const { status, body } = await client.get<Bundle>(`Patient/other/$everything${query}`);
      expect(status).toBe(200);
      const ids = (body.entry ?? []).map(({ resource }) => resource?.id ?? '');
      expect(ids).toContain('other-1');
      return ids.filter((id) => id.startsWith('d'));
    };
    expect(await dated('?start=2021')).toEqual(['d2', 'd3']);
    expect(await dated('?start=2020-05-02&end=2022-05-01')).toEqual(['d2', 'd3']);
    expect(await dated('?end=2022-04')).toEqual(['d1', 'd2']);
    expect((await client.get('Patient/other/$everything?start=soon')).status).toBe(400);
    expect((await client.get('Patient/other/$everything?begin=2020')).status).toBe(400);
  });

  test('takes its parameters in Parameters too', async () => {
    const { status, body } = await client.post<Bundle>('Patient/ev/$everything', {
      resourceType: 'Parameters',
      parameter: [
        { name: '_type', valueCode: 'Observation' },
        { name: '_type', valueCode: 'Encounter' },
        { name: '_count', valueInteger: 2 },
      ],
    });
    expect([status, body.entry?.map(({ resource }) => resource?.id)]).toEqual([200, ['ev-1', 'ev-2']]);
    const next = body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const rest = await client.get<Bundle>(next);
    expect(rest.body.entry?.map(({ resource }) => resource?.id)).toEqual(['ev-3', 'ev']);
  });
});

describe('$meta', () => {
  test('gives the meta of a resource', async () => {
    await client.put('Patient/m', {
      resourceType: 'Patient',
      id: 'm',
      meta: { tag: [{ system: 'urn:t', code: 'x' }] },
    });
    const { status, body } = await client.get<Parameters>('Patient/m/$meta');
    expect(status).toBe(200);
    expect(body.parameter?.[0]).toMatchObject({
      name: 'return',
      valueMeta: { versionId: '1', tag: [{ system: 'urn:t', code: 'x' }] },
    });
    expect((await client.get('Patient/nobody/$meta')).status).toBe(404);
  });

  const inUse = async (url: string) => {
    const { status, body } = await client.get<Parameters>(url);
    expect(status).toBe(200);
    return body.parameter?.[0]?.valueMeta;
  };

  test('of a type gives every profile, security label and tag in use there once, and of the system all of them', async () => {
    const profile = 'http://hl7.org/fhir/StructureDefinition/vitalsigns';
    const label = { system: 'urn:s', code: 'R' };
    const basic = (id: string, meta: object) =>
      client.put(`Basic/${id}`, { resourceType: 'Basic', id, meta, code: { text: 'b' } });
    await basic('b1', { tag: [{ system: 'urn:t', code: 'x' }], security: [label] });
    await basic('b2', { security: [label, { ...label, display: 'Restricted' }], tag: [{ code: 'x' }] });
    await basic('b3', { profile: ['http://example.org/of-a-deleted-one'] });
    await client.put('Flag/f', {
      resourceType: 'Flag',
      id: 'f',
      meta: { tag: [{ system: 'urn:t', code: 'flag' }] },
      status: 'active',
      code: { text: 'f' },
      subject: { reference: 'Patient/m' },
    });
    await client.send('DELETE', 'Basic/b3');
    await basic('b2', { security: [label, { system: 'urn:s', code: 'N' }], tag: [{ code: 'y' }], profile: [profile] });
    const expected = {
      profile: [profile],
      security: [{ system: 'urn:s', code: 'N' }, label],
      tag: [{ code: 'y' }, { system: 'urn:t', code: 'x' }],
    };
    expect(await inUse('Basic/$meta')).toEqual(expected);
    expect((await client.post<Parameters>('Basic/$meta', undefined)).body.parameter?.[0]?.valueMeta).toEqual(expected);
    expect((await inUse('$meta'))?.tag).toEqual([
      { code: 'y' },
      { system: 'urn:t', code: 'flag' },
      { system: 'urn:t', code: 'x' },
    ]);
  });

  test('of a type without any gives no parameter, for FHIR has no empty elements', async () => {
    expect((await client.get<Parameters>('Goal/$meta')).body).toEqual({ resourceType: 'Parameters' });
  });

  test('tells nothing to a caller without access', async () => {
    const stranger = await testServer({
      packages: false,
      background: false,
      database: server.database,
      caller: { access: 'none' },
    });
    expect((await rest(stranger.base).get('Patient/$meta')).status).toBe(403);
    expect((await rest(stranger.base).get<Parameters>('$meta')).body.parameter).toBeUndefined();
    expect((await inUse('Patient/$meta'))?.tag).toEqual([{ system: 'urn:t', code: 'x' }]);
    await stranger.close();
  });
});
