import type { Bundle, BundleEntry, Observation, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { expectRefused, marked } from '../kit/marked.ts';

const at = marked('bundle');

const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const observation = (subject: string, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'c' },
  identifier: [{ system: 'urn:mark', value: at.mark }],
  subject: { reference: subject },
  ...more,
});
const post = (resource: Resource, fullUrl?: string, more: object = {}): BundleEntry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
});
const put = (resource: Resource, url = `${resource.resourceType}/${resource.id}`, more: object = {}): BundleEntry => ({
  resource,
  request: { method: 'PUT', url, ...more },
});
const get = (url: string, more: object = {}): BundleEntry => ({ request: { method: 'GET', url, ...more } });
const remove = (url: string): BundleEntry => ({ request: { method: 'DELETE', url } });

const send = (type: 'batch' | 'transaction', ...entry: BundleEntry[]) =>
  at.client.post<Bundle>('', { resourceType: 'Bundle', type, entry });

const statuses = ({ entry }: Bundle) => entry?.map(({ response }) => response?.status.slice(0, 3));

const observations = () => at.client.search<Observation>(`Observation?${at.where()}&_count=1000`);

describe('a transaction', () => {
  test('resolves urn:uuid references whatever the order, in circles too, and answers in the order of its entries', async () => {
    const { status, body } = await send(
      'transaction',
      post(observation(uuid(1), { hasMember: [{ reference: uuid(3) }] }), uuid(2)),
      post(at.patient({ link: [{ other: { reference: uuid(4) }, type: 'seealso' }] }), uuid(1)),
      post(observation(uuid(1)), uuid(3)),
      post(at.patient({ link: [{ other: { reference: uuid(1) }, type: 'seealso' }] }), uuid(4)),
    );
    expect([status, body.type, statuses(body)]).toEqual([200, 'transaction-response', ['201', '201', '201', '201']]);
    const ids = body.entry?.map(({ response }) => response?.location?.match(/(\w+\/[^/]+)\/_history\/1$/)?.[1]);
    const first = await at.client.get<Observation>(ids?.[0] ?? '');
    expect(first.body.subject?.reference).toBe(ids?.[1]);
    expect(first.body.hasMember?.[0]?.reference).toBe(ids?.[2]);
    const one = await at.client.get<Patient>(ids?.[1] ?? '');
    expect(one.body.link?.[0]?.other.reference).toBe(ids?.[3]);
    expect(body.entry?.every(({ response }) => response?.etag === 'W/"1"' && response.lastModified)).toBe(true);
  });

  test('is carried out as deletes, creates, updates and reads, so that its reads see its writes', async () => {
    await at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }));
    const { body } = await send(
      'transaction',
      get(`Patient?identifier=urn:mark|${at.mark}&_count=50`),
      get(`Patient/new-${at.mark}`),
      put(at.patient({ id: `new-${at.mark}` })),
      remove(`Patient/${at.mark}`),
      post(at.patient(), uuid(1)),
    );
    expect(statuses(body)).toEqual(['200', '200', '201', '204', '201']);
    const found = body.entry?.[0]?.resource as Bundle;
    expect(found.entry).toHaveLength(2);
    expect(body.entry?.[1]?.resource?.id).toBe(`new-${at.mark}`);
    expect((await at.client.get(`Patient/${at.mark}`)).status).toBe(410);
  });

  test('leaves nothing behind when one entry is refused, whichever and for whatever', async () => {
    const bad: [BundleEntry, number][] = [
      [post({ ...at.patient(), gender: 'unheard of' } as never), 422],
      [post(observation('Patient/nobody')), 422],
      [put(at.patient({ id: 'x' }), 'Patient/x', { ifMatch: 'W/"7"' }), 412],
      [get('Patient/nobody'), 404],
      [get('Patient?nonsense=1'), 400],
      [{ request: { method: 'PATCH', url: 'Patient/nobody' }, resource: patched([]) }, 404],
    ];
    for (const [entry, status] of bad) {
      for (const entries of [
        [entry, post(at.patient())],
        [post(at.patient()), entry],
      ]) {
        const answer = await send('transaction', ...entries);
        expect(answer.status, JSON.stringify([entry, answer.body])).toBe(status);
        const [issue] = (answer.body as unknown as OperationOutcome).issue;
        expect(issue?.expression?.[0]).toContain(`Bundle.entry[${entries.indexOf(entry)}]`);
      }
    }
    expect(await at.patients()).toEqual([]);
    const { body } = await at.client.get<Bundle>('Patient/_history?_count=1000');
    expect(JSON.stringify(body)).not.toContain(`"${at.mark}"`);
  });

  test('takes conditional creates, updates, deletes and references', async () => {
    const where = `identifier=urn:mark|${at.mark}`;
    const make = post(at.patient(), uuid(1), { ifNoneExist: where });
    const first = await send('transaction', post(observation(uuid(1))), make);
    expect([first.status, statuses(first.body)]).toEqual([200, ['201', '201']]);
    const second = await send('transaction', post(observation(`Patient?${where}`)), post(observation(uuid(1))), make);
    expect(statuses(second.body)).toEqual(['201', '201', '200']);
    const [one, ...more] = await at.patients();
    expect(more).toEqual([]);
    expect((await observations()).map(({ subject }) => subject?.reference)).toEqual(
      Array.from({ length: 3 }, () => `Patient/${one?.id}`),
    );
    const third = await send(
      'transaction',
      put(at.patient({ active: true }), `Patient?${where}`),
      get(`Patient/${one?.id}`),
    );
    expect(statuses(third.body)).toEqual(['200', '200']);
    expect((third.body.entry?.[1]?.resource as Patient | undefined)?.active).toBe(true);
    const observed = (await observations()).map(({ id }) => remove(`Observation/${id}`));
    expect(statuses((await send('transaction', ...observed, remove(`Patient?${where}`))).body)).toEqual([
      '204',
      '204',
      '204',
      '204',
    ]);
    expect(await at.patients()).toEqual([]);
  });

  test('refuses conditional references to none or to several', async () => {
    const reference = `Patient?identifier=urn:mark|${at.mark}`;
    const none = await send('transaction', post(observation(reference)));
    expect([412, 422]).toContain(none.status);
    await at.client.post('Patient', at.patient());
    await at.client.post('Patient', at.patient());
    const several = await send('transaction', post(observation(reference)));
    expect([412, 422]).toContain(several.status);
    expect((several.body as unknown as OperationOutcome).issue[0]?.expression?.[0]).toBe(
      'Bundle.entry[0].resource.subject',
    );
    expect(await observations()).toEqual([]);
  });

  test('patches by a Binary, and keeps digits', async () => {
    const { body } = await at.client.post<Observation>('Observation', observation(await made()));
    const operations = '[{"op":"add","path":"/valueQuantity","value":{"value":1.50}}]';
    const answer = await fetch(at.base, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ request: { method: 'PATCH', url: `Observation/${body.id}` }, resource: patched(operations) }],
      }),
    });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('"valueQuantity":{"value":1.50}'),
    ]);
  });

  test('obeys Prefer: return', async () => {
    const entry = [post(at.patient())];
    const sent = (prefer: string) =>
      at.client.post<Bundle>('', { resourceType: 'Bundle', type: 'transaction', entry }, { prefer });
    expect((await sent('return=minimal')).body.entry?.[0]?.resource).toBeUndefined();
    expect((await sent('return=representation')).body.entry?.[0]?.resource?.resourceType).toBe('Patient');
    const outcome = (await sent('return=OperationOutcome')).body.entry?.[0]?.response?.outcome;
    expect(outcome?.resourceType).toBe('OperationOutcome');
  });

  test('of 5,000 entries is stored whole', async () => {
    const entries = Array.from({ length: 5000 }, (_, n) =>
      n === 4999 ? post(at.patient(), uuid(0)) : post(observation(uuid(0)), uuid(n + 1)),
    );
    const answer = await at.client.post<Bundle>(
      '',
      { resourceType: 'Bundle', type: 'transaction', entry: entries },
      { prefer: 'return=minimal' },
    );
    expect(answer.status).toBe(200);
    expect(answer.body.entry).toHaveLength(5000);
    const counted = await at.client.get<Bundle>(`Observation?identifier=urn:mark|${at.mark}&_summary=count`);
    expect(counted.body.total).toBe(4999);
  }, 60_000);

  test('of which sixteen come at once, all creating one patient on condition, makes one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        send(
          'transaction',
          post(at.patient(), uuid(1), { ifNoneExist: `identifier=urn:mark|${at.mark}` }),
          post(observation(uuid(1))),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
    const found = await at.patients();
    expect(found).toHaveLength(1);
    const all = await observations();
    expect(all.map(({ subject }) => subject?.reference)).toEqual(
      Array.from({ length: 16 }, () => `Patient/${found[0]?.id}`),
    );
  });

  test('that is empty does nothing', async () => {
    expect((await send('transaction')).body).toMatchObject({ resourceType: 'Bundle', type: 'transaction-response' });
    expect((await send('batch')).body).toMatchObject({ resourceType: 'Bundle', type: 'batch-response' });
  });

  function patched(operations: unknown): Resource {
    const text = typeof operations === 'string' ? operations : JSON.stringify(operations);
    return {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(text).toString('base64'),
    };
  }

  async function made(): Promise<string> {
    return `Patient/${(await at.client.post<Patient>('Patient', at.patient())).body.id}`;
  }
});

test.each(['transaction', 'batch'] as const)(
  'what an entry of a %s says that nobody knows is refused, for it may have been a condition',
  async (type) => {
    const id = at.mark;
    const resource = at.patient({ id });
    await at.client.put(`Patient/${id}`, resource);
    const unknown: [object, string][] = [
      [{ resource, request: { method: 'PUT', url: `Patient/${id}`, ifMatch: 3 } }, 'request.ifMatch'],
      [{ resource, request: { method: 'POST', url: 'Patient', ifNonExist: at.where() } }, 'request.ifNonExist'],
      [{ resource, request: { method: 'POST', url: 'Patient' }, ifNoneExist: at.where() }, 'ifNoneExist'],
    ];
    for (const [entry, place] of unknown) {
      const answer = await send(type, entry as BundleEntry);
      const outcome = type === 'batch' ? answer.body.entry?.[0]?.response?.outcome : answer.body;
      expectRefused({ status: 400, body: outcome }, 400, 'structure', `Bundle.entry[0].${place}`);
    }
    expect((await at.patients()).map(({ meta }) => meta?.versionId)).toEqual(['1']);
  },
);

describe('a batch', () => {
  test('carries out each entry for itself', async () => {
    const { status, body } = await send(
      'batch',
      post(at.patient()),
      post({ ...at.patient(), gender: 'unheard of' } as never),
      put(at.patient({ id: `b-${at.mark}` })),
      get('Patient/nobody'),
      get(`/Patient?identifier=urn:mark|${at.mark}&_summary=count`),
      remove(`Patient/b-${at.mark}`),
      get(`${at.base}/metadata`),
      get(`Patient/b-${at.mark}`),
      get(`Patient/b-${at.mark}/_history`),
      get('nonsense'),
    );
    expect([status, body.type]).toEqual([200, 'batch-response']);
    expect(statuses(body)).toEqual(['201', '422', '201', '404', '200', '204', '200', '410', '200', '404']);
    expect((body.entry?.[4]?.resource as Bundle | undefined)?.total).toBe(2);
    expect(body.entry?.[1]?.response?.outcome).toMatchObject({ issue: [{ expression: ['Patient.gender'] }] });
    expect(await at.patients()).toHaveLength(1);
  });

  test('honours the conditions of its entries', async () => {
    await at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }));
    const { body } = await send(
      'batch',
      get(`Patient/${at.mark}`, { ifNoneMatch: 'W/"1"' }),
      put(at.patient({ id: at.mark }), `Patient/${at.mark}`, { ifMatch: 'W/"5"' }),
      put(at.patient({ id: at.mark }), `Patient/${at.mark}`, { ifMatch: 'W/"1"' }),
      post(at.patient(), undefined, { ifNoneExist: `identifier=urn:mark|${at.mark}` }),
    );
    expect(statuses(body)).toEqual(['304', '412', '200', '200']);
  });

  test('holds no Bundle of requests, whatever its url', async () => {
    const nested = { resourceType: 'Bundle', type: 'batch', entry: [post(at.patient())] } as Bundle;
    for (const url of ['', '/', '//', '///', '?', '?a=b', at.base, `${at.base}/`, `${at.base}//`]) {
      const { body } = await send('batch', { resource: nested, request: { method: 'POST', url } });
      expect(statuses(body), url).toEqual(['400']);
    }
    expect(await at.patients()).toEqual([]);
  });

  test('does not resolve references between its entries', async () => {
    const { body } = await send('batch', post(at.patient(), uuid(1)), post(observation(uuid(1))));
    expect(statuses(body)).toEqual(['201', '422']);
    expectRefused({ status: 422, body: body.entry?.[1]?.response?.outcome }, 422, 'not-found', 'Observation.subject');
  });
});
