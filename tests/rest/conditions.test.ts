import type { Bundle, BundleEntry, Patient } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { expectRefused, marked } from '../kit/marked.ts';

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };

const at = marked('condition');

const transaction = (...entry: BundleEntry[]) =>
  at.client.post<Bundle>('', { resourceType: 'Bundle', type: 'transaction', entry });
const put = (resource: Patient, url: string, more: object = {}): BundleEntry => ({
  resource,
  request: { method: 'PUT', url, ...more },
});
const statuses = ({ entry }: Bundle) => entry?.map(({ response }) => response?.status);

describe('in a transaction', () => {
  test('If-None-Match: * creates, and does not overwrite', async () => {
    const send = () =>
      transaction(put(at.patient({ id: at.mark, active: true }), `Patient/${at.mark}`, { ifNoneMatch: '*' }));
    expect(statuses((await send()).body)).toEqual(['201']);
    expectRefused(await send(), 412, 'conflict');
    const whole = put(at.patient({ id: at.mark }), `Patient/${at.mark}`, { ifNoneMatch: 'W/"1"' });
    expectRefused(await transaction(whole), 400, 'not-supported');
  });

  test('a conditional update with another id than what it finds is refused', async () => {
    await at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }));
    expectRefused(await transaction(put(at.patient({ id: 'another' }), `Patient?${at.where()}`)), 400, 'value');
    expect((await at.patients())[0]?.meta?.versionId).toBe('1');
  });

  test('a condition does not find what the same transaction deletes', async () => {
    const { body } = await at.client.post<Patient>('Patient', at.patient());
    const answer = await transaction(
      {
        resource: at.patient({ active: true }),
        request: { method: 'POST', url: 'Patient', ifNoneExist: at.where() },
      },
      { request: { method: 'DELETE', url: `Patient/${body.id}` } },
    );
    expect(statuses(answer.body)).toEqual(['201', '204']);
    expect((await at.patients()).map(({ active }) => active)).toEqual([true]);
  });

  test('HEAD answers without the resource', async () => {
    await at.client.put(`Patient/${at.mark}`, at.patient({ id: at.mark }));
    const { body } = await transaction({ request: { method: 'HEAD', url: `Patient/${at.mark}` } });
    expect(statuses(body)).toEqual(['200']);
    expect(body.entry?.[0]?.resource).toBeUndefined();
  });
});

describe('a search in a transaction', () => {
  test('gives a count where that is all it is asked for', async () => {
    await at.client.post('Patient', at.patient());
    await at.client.post('Patient', at.patient());
    const { body } = await transaction({ request: { method: 'GET', url: `Patient?${at.where()}&_summary=count` } });
    const counted = body.entry?.[0]?.resource as Bundle;
    expect([counted.total, counted.entry, counted.link?.[0]?.url]).toEqual([
      2,
      undefined,
      `${at.base}/Patient?${at.where().replace('|', '%7C')}&_summary=count`,
    ]);
  });

  test('passes over unknown parameters where the request says so', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'GET', url: `Patient?${at.where()}&nonsense=1` } }],
    };
    expect((await at.client.post('', bundle)).status).toBe(400);
    const { status, body } = await at.client.post<Bundle>('', bundle, { prefer: 'handling=lenient' });
    const found = body.entry?.[0]?.resource as Bundle;
    expect([status, found.entry?.map(({ search }) => search?.mode)]).toEqual([200, ['outcome']]);
  });
});

describe.each([
  ['alone', (patient: Patient) => at.client.put<Patient>(`Patient?${at.where()}`, patient), 'Patient.id'],
  [
    'in a transaction',
    (patient: Patient) => transaction(put(patient, `Patient?${at.where()}`)),
    'Bundle.entry[0].resource.id',
  ],
])('a conditional update %s that finds nothing', (_where, update, expression) => {
  test('is refused where another resource has the id of the body', async () => {
    await at.client.put(`Patient/${at.mark}`, { resourceType: 'Patient', id: at.mark });
    expectRefused(await update(at.patient({ id: at.mark })), 409, 'conflict', expression);
    const { body } = await at.client.post<Patient>('Patient', { resourceType: 'Patient' });
    expectRefused(await update(at.patient({ id: body.id })), 409, 'conflict', expression);
    expect(await at.patients()).toEqual([]);
  });

  test('brings back what was deleted under the id of the body', async () => {
    for (const id of [at.mark, (await at.client.post<Patient>('Patient', { resourceType: 'Patient' })).body.id ?? '']) {
      await at.client.put(`Patient/${id}`, { resourceType: 'Patient', id });
      await at.client.send('DELETE', `Patient/${id}`);
      const { status, body } = await update(at.patient({ id }));
      expect(body.resourceType === 'Bundle' ? statuses(body) : [String(status)]).toEqual(['201']);
      expect((await at.patients()).map((patient) => patient.id)).toEqual([id]);
      await at.client.send('DELETE', `Patient/${id}`);
    }
  });
});

describe('If-None-Exist', () => {
  test('takes criteria with a question at.mark in a value, after a question at.mark or not', async () => {
    const identifier = [{ system: 'http://example.org/?a', value: at.mark }];
    for (const header of ['', '?', 'Patient?']) {
      const headers = { 'if-none-exist': `${header}identifier=http://example.org/?a|${at.mark}` };
      const { status } = await at.client.post('Patient', at.patient({ identifier }), headers);
      expect(status, header).toBe(header === '' ? 201 : 200);
    }
  });

  test('of sixteen at the same time, told in different words, one is made', async () => {
    const words = ['', '&_format=json', '&_count=5', '&_sort=_id'];
    for (let round = 0; round < 5; round += 1) {
      at.renew();
      await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          at.client.post<Patient>('Patient', at.patient(), { 'if-none-exist': `${at.where()}${words[n % 4]}` }),
        ),
      );
      expect(await at.patients()).toHaveLength(1);
    }
  });
});

describe('conditional interactions', () => {
  const operations = [{ op: 'add', path: '/active', value: true }];

  test('create: none makes one, one is given back, two are 412', async () => {
    const create = () => at.client.post<Patient>('Patient', at.patient(), { 'if-none-exist': at.where() });
    const first = await create();
    const second = await create();
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect(second.headers.get('location')).toBe(`${at.base}/Patient/${first.body.id}/_history/1`);
    await at.created();
    expectRefused(await create(), 412, 'multiple-matches');
    expect(await at.patients()).toHaveLength(2);
  });

  test('create: of sixteen at the same time, one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        at.client.post<Patient>('Patient', at.patient(), { 'if-none-exist': at.where() }),
      ),
    );
    expect(await at.patients()).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('update: none makes one, one is updated, two are 412', async () => {
    const update = (more: Partial<Patient>) => at.client.put<Patient>(`Patient?${at.where()}`, at.patient(more));
    const first = await update({});
    const second = await update({ active: true });
    expect([first.status, second.status, second.body.id, second.body.meta?.versionId]).toEqual([
      201,
      200,
      first.body.id,
      '2',
    ]);
    expectRefused(await update({ id: 'another' }), 400, 'value');
    await at.created();
    expectRefused(await update({}), 412, 'multiple-matches');
  });

  test('update: with an id, where there is none, makes it with that id', async () => {
    const answer = await at.client.put<Patient>(`Patient?${at.where()}`, at.patient({ id: `own-${at.mark}` }));
    expect([answer.status, answer.body.id]).toEqual([201, `own-${at.mark}`]);
  });

  test('patch: none is 404, one is patched, two are 412', async () => {
    const patch = () => at.client.send<Patient>('PATCH', `Patient?${at.where()}`, operations, JSON_PATCH);
    expectRefused(await patch(), 404, 'not-found');
    await at.created();
    expect((await patch()).body).toMatchObject({ active: true, meta: { versionId: '2' } });
    await at.created();
    expectRefused(await patch(), 412, 'multiple-matches');
  });

  test('delete: none is nothing, one is deleted, two are 412', async () => {
    const remove = () => at.client.send('DELETE', `Patient?${at.where()}`);
    expect((await remove()).status).toBe(204);
    await at.created();
    expect((await remove()).status).toBe(204);
    expect(await at.patients()).toEqual([]);
    await at.created();
    await at.created();
    expectRefused(await remove(), 412, 'multiple-matches');
    expect(await at.patients()).toHaveLength(2);
  });

  test('without criteria, with empty ones, or with unknown ones, nothing is done', async () => {
    await at.created();
    await at.created();
    const shapes = [
      '_count=1',
      '_count=1&_offset=1',
      '_sort=_id',
      '_type=Patient',
      '_total=accurate',
      '_include=Patient:link',
    ];
    for (const query of [
      '',
      '?',
      '?identifier=',
      '?_format=json',
      '?nonsense=1',
      ...shapes.map((shape) => `?${shape}`),
    ]) {
      const answers = [
        await at.client.put(`Patient${query}`, at.patient()),
        await at.client.send('PATCH', `Patient${query}`, operations, JSON_PATCH),
        await at.client.send('DELETE', `Patient${query}`),
      ];
      const status = shapes.includes(query.slice(1)) ? 412 : 400;
      expect(
        answers.map((answer) => answer.status),
        query,
      ).toEqual([status, status, status]);
    }
    for (const shape of shapes) {
      expectRefused(await at.client.send('DELETE', `Patient?${at.where()}&${shape}`), 412, 'multiple-matches');
    }
    expectRefused(
      await at.client.post('Patient', at.patient(), { 'if-none-exist': 'nonsense=1' }),
      400,
      'not-supported',
    );
    expectRefused(await at.client.post('Patient', at.patient(), { 'if-none-exist': '' }), 400, 'required');
    const lenient = await at.client.send('DELETE', 'Patient?nonsense=1', undefined, { prefer: 'handling=lenient' });
    expect(lenient.status).toBe(400);
    expect(await at.patients()).toHaveLength(2);
  });
});
