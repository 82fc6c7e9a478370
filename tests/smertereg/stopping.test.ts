import type { Bundle, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rest } from '../kit/rest.ts';
import { signedIn } from '../kit/sign-in.ts';
import { consented, eligible, OrderWorld, told } from './order-kit.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
});

afterAll(() => world.close());

test('"Stopping (patient unable; critically ill or dead) covers all of the course\'s patient forms not yet locked, future Eval and Opioid included"', async () => {
  const course = await world.start(consented);
  const { status, body } = await world.stop(course, '4');
  expect([status, (body as Bundle).entry?.length]).toEqual([200, 4]);
  const closed = 'closed 4';
  expect(await world.states(course)).toEqual({ pasreg: closed, hads: closed, eval: closed, opioid: closed });
  expect(await world.order(course, 'eval')).toMatchObject({
    status: 'cancelled',
    statusReason: { coding: [{ display: 'Pasient klarer ikke' }] },
  });
  await world.lockB22(course, '2026-03-02');
  await world.to(course, { ...eligible, KognSvekket: '1' });
  await world.to(course, consented);
  await world.at('2026-04-10T17:00:00+02:00');
  expect(world.sentTo(course)).toEqual([]);
  expect(await world.states(course)).toEqual({ pasreg: closed, hads: closed, eval: closed, opioid: closed });
  expect((await world.write(course, 'pasreg', 'in-progress')).status).toBe(422);
  expect((await world.orderByHand(await world.order(course, 'pasreg'))).status).toBe(422);
});

test('what is locked stays as it is, what was sent is not reminded of, what was begun is stopped and kept', async () => {
  const course = await world.start(consented);
  await world.at('2026-04-11T17:00:00+02:00');
  const patient = await world.patient(course);
  expect((await world.write(course, 'hads', 'completed', { client: patient })).status).toBe(201);
  const { body: begun } = await world.write(course, 'pasreg', 'in-progress', { client: patient });
  await world.drain();
  expect((await world.stop(course, '3')).status).toBe(200);
  expect(await world.states(course)).toEqual({
    ...{ pasreg: 'closed 3', hads: 'answered', eval: 'closed 3', opioid: 'closed 3' },
  });
  const { body: left } = await patient.get<QuestionnaireResponse>(`QuestionnaireResponse/${begun.id}`);
  expect([left.status, left.item]).toEqual(['stopped', begun.item]);
  expect((await world.write(course, 'pasreg', 'completed', { client: patient, id: begun.id })).status).toBeGreaterThan(
    400,
  );
  await world.at('2026-04-20T17:00:00+02:00');
  expect(world.sentTo(course)).toHaveLength(2);
  const again = await world.stop(course, '3');
  expect([again.status, told(again)]).toEqual([422, expect.stringContaining('locked already')]);
});

test('with the reasons of the protocol alone, by staff of the course alone, once the forms are there', async () => {
  const course = await world.start(consented);
  for (const reason of ['1', '5', '7', '9', '8']) {
    const refused = await world.stop(course, reason);
    expect([refused.status, told(refused)]).toEqual([
      422,
      'The reason is one of: 3 Kritisk syk/død, 4 Pasient klarer ikke.',
    ]);
  }
  const elsewhere = rest(world.server.base, await signedIn(world.server, 'lu2'));
  expect((await world.stop(course, '4', elsewhere)).status).toBe(404);
  expect((await world.stop(course, '4', world.sc)).status).toBe(403);
  expect((await world.stop(course, '4', await world.patient(course))).status).toBe(403);
  expect(await world.states(course)).toMatchObject({ pasreg: 'ordered', opioid: 'planned' });
  expect((await world.stop(course, '4', world.lc)).status).toBe(200);
  expect((await world.stop(await world.start({ Tilsett: '2' }), '4')).status).toBe(422);
});
