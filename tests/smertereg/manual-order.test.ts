import type { Communication, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { call } from '../rights/kit.ts';
import { consented, eligible, OrderWorld, told } from './order-kit.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T10:15:00+01:00');
});

afterAll(() => world.close());

describe('"A manual order goes at once"', () => {
  test('by the secure channels where nothing is chosen; it is not sent again at 16:30, and has its own three days', async () => {
    const course = await world.start(consented);
    const reply = await world.orderByHand(await world.order(course, 'pasreg'));
    expect([reply.status, (reply.body as Task).requester?.reference]).toEqual([200, 'Practitioner/demo-lu']);
    await world.drain();
    expect(world.sentTo(course)).toEqual(['secure 2026-03-02T09:15:00.000Z']);
    await world.at('2026-03-02T16:40:00+01:00');
    expect(world.sentTo(course)).toEqual(['secure 2026-03-02T09:15:00.000Z', 'secure 2026-03-02T15:32:00.000Z']);
    await world.at('2026-03-05T10:14:59+01:00');
    expect(world.sentTo(course)).toHaveLength(2);
    await world.at('2026-03-05T10:15:00+01:00');
    expect(world.sentTo(course)).toHaveLength(3);
    await world.at('2026-03-08T10:15:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'expired 7', hads: 'reminded' });
    expect((await world.orderByHand(await world.order(course, 'pasreg'))).status).toBe(422);
  });

  test('"Unsecured e-mail or SMS only by a person\'s choice": for this sending and its reminder', async () => {
    const course = await world.start(consented);
    await world.orderByHand(await world.order(course, 'pasreg'), { channel: 'email' });
    await world.orderByHand(await world.order(course, 'hads'), { channel: 'sms' });
    await world.drain();
    expect(world.sentTo(course).map((one) => one.split(' ')[0])).toEqual(['email', 'sms']);
    const { id } = await world.order(course, 'pasreg');
    const [notice] = await world.lu.search<Communication>(`Communication?based-on=Task/${id}`);
    expect(notice?.medium?.[0]?.coding?.[0]?.code).toBe('email');
    await world.at('2026-03-11T10:15:00+01:00');
    expect(world.sentTo(course).map((one) => one.split(' ')[0])).toEqual(['email', 'sms', 'email', 'sms']);
  });

  test('what was sent may be sent again, once each time that it is asked for, with three days anew', async () => {
    const course = await world.start(consented);
    await world.at('2026-03-11T16:40:00+01:00');
    await world.at('2026-03-12T09:00:00+01:00');
    expect((await world.orderByHand(await world.order(course, 'pasreg'))).status).toBe(200);
    await world.drain();
    expect(world.sentTo(course)).toHaveLength(3);
    expect((await world.order(course, 'pasreg')).restriction?.period?.end).toBe('2026-03-15T08:00:00.000Z');
    await world.at('2026-03-15T09:00:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'reminded' });
  });

  test('of who could not be reached, by a channel that a person chooses', async () => {
    world.reach.unreachable = true;
    const course = await world.start(consented);
    await world.at('2026-03-15T16:40:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'unreachable no-secure-mailbox' });
    await world.orderByHand(await world.order(course, 'pasreg'), { channel: 'sms' });
    await world.drain();
    expect(await world.states(course)).toMatchObject({ pasreg: 'sent' });
    expect(world.sentTo(course).map((one) => one.split(' ')[0])).toEqual(['sms']);
    // the other goes on by itself, by the secure channels alone
    await world.at('2026-03-16T16:40:00+01:00');
    expect(await world.states(course)).toMatchObject({ hads: 'unreachable no-secure-mailbox' });
    expect(world.sentTo(course)).toHaveLength(1);
    world.reach.unreachable = false;
  });

  test('Eval that is ordered before B2.2 is locked is not ordered again when it is', async () => {
    const course = await world.start(consented);
    await world.orderByHand(await world.order(course, 'eval'));
    await world.drain();
    const before = world.sentTo(course).length;
    await world.lockB22(course, '2026-03-16');
    expect(await world.states(course)).toMatchObject({ eval: 'sent', opioid: 'ordered' });
    await world.at('2026-03-17T16:40:00+01:00');
    expect(world.sentTo(course)).toHaveLength(before + 2); // Pasreg and HADS
  });
});

describe('"ordering Opioid before its time asks for confirmation"', () => {
  test('while its time is not known, and while it lies ahead; confirmed it goes', async () => {
    const course = await world.start(consented);
    const planned = await world.orderByHand(await world.order(course, 'opioid'));
    expect([planned.status, told(planned)]).toEqual([422, expect.stringContaining('fire uker etter sluttdato')]);
    await world.lockB22(course, '2026-03-17');
    const order = await world.order(course, 'opioid');
    expect((await world.orderByHand(order, { confirmed: 'false' })).status).toBe(422);
    expect(await world.states(course)).toMatchObject({ opioid: 'ordered' });
    expect((await world.orderByHand(order, { confirmed: 'true' })).status).toBe(200);
    // B2.2 is corrected before it has gone: it goes all the same, at a person's word
    const id = (
      await world.admin.search(`QuestionnaireResponse?based-on=ServiceRequest/${course.referral}&_sort=-_lastUpdated`)
    )[0]?.id;
    await world.lockB22(course, '2026-03-16', id);
    await world.drain();
    expect(await world.states(course)).toMatchObject({ opioid: 'sent' });
  });

  test('whom it does not reach before its time waits, with the reason, and is asked at its time all the same', async () => {
    const course = await world.start(consented);
    const order = await world.order(course, 'opioid');
    world.reach.unreachable = true;
    expect((await world.orderByHand(order, { confirmed: 'true' })).status).toBe(200);
    await world.drain();
    world.reach.unreachable = false;
    expect(await world.order(course, 'opioid')).toMatchObject({
      status: 'on-hold',
      statusReason: { coding: [{ code: expect.any(String) }] },
    });
    expect((await world.order(course, 'opioid')).restriction?.period?.start).toBeUndefined();
    await world.lockB22(course, '2026-03-17');
    expect(await world.states(course)).toMatchObject({ opioid: 'ordered' });
  });

  test('other forms ask for none', async () => {
    const course = await world.start(consented);
    for (const form of ['pasreg', 'hads', 'eval'] as const) {
      expect((await world.orderByHand(await world.order(course, form))).status).toBe(200);
    }
  });
});

describe('who may order, and what', () => {
  test('staff of the course, local coordinator too; nobody else', async () => {
    const course = await world.start(consented);
    const order = await world.order(course, 'pasreg');
    const elsewhere = rest(world.server.base, await signedIn(world.server, 'lu2'));
    expect((await call(elsewhere, `Task/${order.id}/$order`)).status).toBe(404);
    expect((await call(world.sc, `Task/${order.id}/$order`)).status).toBe(403);
    expect((await call(await world.patient(course), `Task/${order.id}/$order`)).status).toBe(403);
    const ehr = rest(world.server.base, basic('demo-ehr'));
    expect((await call(ehr, `Task/${order.id}/$order`)).status).toBe(403);
    expect((await call(world.lu, `Task/${order.id}/$order`, { channel: 'brevdue' })).status).toBe(400);
    expect((await call(world.lu, 'Task/none/$order')).status).toBe(404);
    expect(await world.states(course)).toMatchObject({ pasreg: 'ordered' });
    expect((await world.orderByHand(order, {}, world.lc)).status).toBe(200);
  });

  test('not of a patient who may not be asked: no consent, a reservation, a restriction, dead', async () => {
    const without = await world.start(eligible);
    expect((await world.orderByHand(await world.order(without, 'pasreg'))).status).toBe(422);
    const reserved = await world.start(consented);
    expect((await call(world.lc, `Patient/${reserved.patient}/$reserve`)).status).toBe(200);
    expect((await world.orderByHand(await world.order(reserved, 'pasreg'))).status).toBe(422);
    const restricted = await world.start(consented);
    await call(world.lc, `Patient/${restricted.patient}/$restrict`, { reason: 'Bestrides.' });
    expect((await world.orderByHand(await world.order(restricted, 'pasreg'))).status).toBe(404);
    const dead = await world.start(consented);
    const { body } = await world.admin.get<object>(`Patient/${dead.patient}`);
    await world.admin.put(`Patient/${dead.patient}`, { ...body, deceasedBoolean: true });
    expect((await world.orderByHand(await world.order(dead, 'pasreg'))).status).toBe(422);
    await world.drain();
    for (const course of [without, reserved, restricted, dead]) expect(world.sentTo(course)).toEqual([]);
  });
});
