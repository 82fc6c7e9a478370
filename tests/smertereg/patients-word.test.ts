import type { OperationOutcome, Provenance, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { signedInAs } from '../kit/sign-in.ts';
import { call } from '../rights/kit.ts';
import { consented, OrderWorld, type Started, told } from './order-kit.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
});

afterAll(() => world.close());

const WORD = 'https://svar.example.org/fhir/CodeSystem/patient-word';

const decline = (client: Rest, { id }: Task, given: Record<string, string>): Promise<Reply<Task | OperationOutcome>> =>
  call(client, `Task/${id}/$decline`, given);
const remind = (client: Rest, { id }: Task, at: string): Promise<Reply<Task | OperationOutcome>> =>
  call(client, `Task/${id}/$remind-later`, { at });

/** A course whose Pasreg has been sent, its HADS two minutes later. @param day its start, at 08:00 */
async function sent(day: string): Promise<{ readonly course: Started; readonly patient: Rest }> {
  await world.at(`${day}T08:00:00+02:00`);
  const course = await world.start(consented);
  await world.at(`${day}T16:33:00+02:00`);
  return { course, patient: await world.patient(course) };
}

test('who does not want to answer, or cannot, says so once: the form is locked with the reason, and nobody reminds of it', async () => {
  const { course, patient } = await sent('2026-04-01');
  const [pasreg, hads] = [await world.order(course, 'pasreg'), await world.order(course, 'hads')];
  const { body: begun } = await world.write(course, 'hads', 'in-progress', { client: patient });
  const words = 'Jeg klarer ikke å lese skjermen.';
  expect((await decline(patient, hads, { reason: 'unable', text: words })).status).toBe(200);
  expect((await decline(patient, pasreg, { reason: 'declined' })).status).toBe(200);
  expect(await world.states(course)).toMatchObject({ pasreg: 'closed 9', hads: 'closed 4' });

  const ended = (await world.lu.get<Task>(`Task/${hads.id}`)).body;
  expect(ended).toMatchObject({
    status: 'rejected',
    statusReason: { coding: [{ code: '4' }, { system: WORD, code: 'unable' }], text: 'Pasienten kan ikke svare' },
    note: [{ authorReference: { reference: `Patient/${course.patient}` }, text: words }],
  });
  const [who] = await world.lc.search<Provenance>(`Provenance?target=Task/${hads.id}`);
  expect(who).toMatchObject({
    activity: { coding: [{ system: WORD, code: 'unable' }] },
    agent: [{ who: { reference: `Patient/${course.patient}` } }],
  });
  const { body: left } = await patient.get<QuestionnaireResponse>(`QuestionnaireResponse/${begun.id}`);
  expect(left.status).toBe('stopped');

  // done again, also with another reason, it stays as it is
  const again = await decline(patient, hads, { reason: 'declined', text: 'Likevel ikke.' });
  expect([again.status, (again.body as Task).meta?.versionId]).toEqual([200, ended.meta?.versionId]);

  await world.to(course, consented);
  await world.at('2026-04-15T17:00:00+02:00');
  expect(world.sentTo(course)).toHaveLength(2);
  expect(await world.states(course)).toMatchObject({ pasreg: 'closed 9', hads: 'closed 4' });
  expect((await world.write(course, 'hads', 'in-progress', { client: patient })).status).toBe(422);
  expect(JSON.stringify(world.carried)).not.toContain(words);
});

test('who wants to be reminded later chooses when: the reminder moves, the last deadline does not', async () => {
  const { course, patient } = await sent('2026-05-04');
  const pasreg = await world.order(course, 'pasreg');
  const put = await remind(patient, pasreg, '2026-05-09');
  expect([put.status, told(put as Reply<unknown>)]).toEqual([200, '']);
  expect(put.body).toMatchObject({
    businessStatus: { coding: [{ code: 'sent' }] },
    // at the time of day at which the registry sends
    restriction: { period: { end: '2026-05-09T14:30:00.000Z' } },
  });
  await world.at('2026-05-08T12:00:00+02:00');
  expect(world.sentTo(course).filter((one) => !one.includes('2026-05-04'))).toEqual([
    // of HADS, which was not put off
    expect.stringContaining('2026-05-07T14:32'),
  ]);
  await world.at('2026-05-09T16:30:00+02:00');
  expect(world.sentTo(course).at(-1)).toContain('2026-05-09T14:30');
  expect(await world.order(course, 'pasreg')).toMatchObject({
    businessStatus: { coding: [{ code: 'reminded' }] },
    restriction: { period: { end: '2026-05-10T14:30:00.000Z' } },
  });
  // again, at an instant of the patient's own
  expect((await remind(patient, pasreg, '2026-05-09T20:00:00+02:00')).status).toBe(200);
  await world.at('2026-05-09T20:00:00+02:00');
  expect(world.sentTo(course).at(-1)).toContain('2026-05-09T18:00');
  await world.at('2026-05-10T16:30:00+02:00');
  expect(await world.states(course)).toMatchObject({ pasreg: 'expired 7' });
  const late = await remind(patient, pasreg, '2026-05-11');
  expect([late.status, told(late as Reply<unknown>)]).toEqual([422, expect.stringContaining('Nobody is reminded')]);
  const recorded = await world.lc.search<Provenance>(`Provenance?target=Task/${pasreg.id}`);
  expect(recorded).toHaveLength(2);
});

test('three times at most, and neither in the past nor after the last deadline', async () => {
  const { course, patient } = await sent('2026-06-01');
  const pasreg = await world.order(course, 'pasreg');
  for (const at of ['2026-06-01', '2026-05-31T12:00:00Z', '2026-06-07', '2027-01-01']) {
    const refused = await remind(patient, pasreg, at);
    expect([at, refused.status, told(refused as Reply<unknown>)]).toEqual([
      at,
      422,
      expect.stringContaining('between now and 2026-06-07T14:30:00.000Z'),
    ]);
  }
  for (const at of ['soon', '2026-06', '2026-06-03T12:00:00']) {
    expect([at, (await remind(patient, pasreg, at)).status]).toEqual([at, 400]);
  }
  for (const at of ['2026-06-03', '2026-06-04', '2026-06-05']) {
    expect((await remind(patient, pasreg, at)).status).toBe(200);
  }
  const fourth = await remind(patient, pasreg, '2026-06-06');
  expect([fourth.status, told(fourth as Reply<unknown>)]).toEqual([422, expect.stringContaining('3 times')]);
  // staff who send it anew give the whole time anew
  expect((await world.orderByHand(await world.order(course, 'pasreg'))).status).toBe(200);
  await world.drain();
  expect((await remind(patient, pasreg, '2026-06-03')).status).toBe(200);
});

test('it is the patient’s own word: nobody else’s order, nobody else in their place, and nothing that is not open', async () => {
  const { course, patient } = await sent('2026-07-01');
  const pasreg = await world.order(course, 'pasreg');
  const other = await world.patient(await world.start(consented));
  const statuses = async (client: Rest) => [
    (await decline(client, pasreg, { reason: 'declined' })).status,
    (await remind(client, pasreg, '2026-07-03')).status,
  ];
  expect(await statuses(other)).toEqual([404, 404]);
  for (const staff of [world.lu, world.lc, world.sc, world.admin]) expect(await statuses(staff)).toEqual([403, 403]);
  expect((await decline(patient, pasreg, { reason: 'bored' })).status).toBe(400);
  expect((await decline(patient, pasreg, { reason: 'unable', text: 'x'.repeat(501) })).status).toBe(400);
  expect((await decline(patient, await world.order(course, 'eval'), { reason: 'declined' })).status).toBe(422);

  expect((await world.write(course, 'pasreg', 'completed', { client: patient })).status).toBe(201);
  // answered, although its order ends a moment later
  expect((await decline(patient, pasreg, { reason: 'declined' })).status).toBe(422);
  await world.drain();
  expect((await decline(patient, pasreg, { reason: 'declined' })).status).toBe(422);
  expect(await world.states(course)).toMatchObject({ pasreg: 'answered', hads: 'sent' });

  // by the link of an order, of the whole sitting
  const hads = await world.order(course, 'hads');
  const holder = { fhirUser: `Patient/${course.patient}`, strength: 'link' as const, order: pasreg.id ?? '' };
  const byLink = rest(world.server.base, await signedInAs(world.server, holder));
  expect((await remind(byLink, hads, '2026-07-03')).status).toBe(200);
  expect((await decline(byLink, hads, { reason: 'declined' })).status).toBe(200);
  expect((await decline(byLink, await world.order(course, 'opioid'), { reason: 'declined' })).status).toBe(404);
});
