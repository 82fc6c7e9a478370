import type { Consent, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consented, eligible, OrderWorld, type Started, told } from './order-kit.ts';

const asked = { pasreg: 'ordered', hads: 'ordered', eval: 'planned', opioid: 'planned' };

describe('in winter time', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
  });

  afterAll(() => world.close());

  test('"Patient forms appear as soon as the patient is seen and eligible, as no consent and unsendable"', async () => {
    const course = await world.start({ Tilsett: '1', Norsktalende: '1' });
    expect(await world.states(course)).toEqual({});
    await world.to(course, eligible);
    const withheld = 'withheld consent-awaited';
    expect(await world.states(course)).toEqual({ pasreg: withheld, hads: withheld, eval: withheld, opioid: withheld });
    const order = await world.order(course, 'hads');
    expect(order).toMatchObject({
      status: 'draft',
      statusReason: { coding: [{ display: 'Samtykke ikke innhentet ennå' }] },
    });
    const byHand = await world.orderByHand(order);
    expect([byHand.status, told(byHand)]).toEqual([422, expect.stringContaining('Samtykke ikke innhentet ennå')]);
    const pushed = { ...order, status: 'requested', businessStatus: { coding: [{ code: 'ordered' }] } };
    for (const staff of [world.lu, world.lc]) expect((await staff.put(`Task/${order.id}`, pushed)).status).toBe(403);
    expect((await world.write(course, 'hads', 'completed', { client: await world.patient(course) })).status).toBe(422);
    await world.at('2026-03-03T08:00:00+01:00');
    expect(world.sentTo(course)).toEqual([]);
    expect(await world.states(course)).toEqual({ pasreg: withheld, hads: withheld, eval: withheld, opioid: withheld });
  });

  test('"Pasreg and HADS on consent, two minutes apart" and "Dispatch daily at 16:30"', async () => {
    const early = await world.start(eligible);
    await world.to(early, consented);
    expect(await world.states(early)).toEqual(asked);
    expect(await world.startOf(early, 'pasreg')).toBe('2026-03-03T15:30:00.000Z');
    expect(await world.startOf(early, 'hads')).toBe('2026-03-03T15:32:00.000Z');
    await world.at('2026-03-03T16:29:59+01:00');
    expect(world.sentTo(early)).toEqual([]);
    await world.at('2026-03-03T16:31:00+01:00');
    // TO that is saved again between the two does not move the second to the next day
    await world.to(early, consented);
    const late = await world.start(consented);
    await world.at('2026-03-03T16:32:00+01:00');
    expect(world.sentTo(early)).toEqual(['secure 2026-03-03T15:30:00.000Z', 'secure 2026-03-03T15:32:00.000Z']);
    expect(await world.states(early)).toEqual({ ...asked, pasreg: 'sent', hads: 'sent' });
    expect(await world.startOf(late, 'pasreg')).toBe('2026-03-04T15:30:00.000Z');
  });

  test('"Eval on locking B2.2; Opioid four weeks after the end date, ordered only once B2.2 is locked"', async () => {
    const course = await world.start(consented);
    const saved = await world.write(course, 'b22', 'in-progress', { SluttDato: '2026-03-03' });
    expect(await world.states(course)).toEqual(asked);
    const { body } = await world.write(course, 'b22', 'completed', { id: saved.body.id, SluttDato: '2026-03-03' });
    expect(body.status).toBe('completed');
    expect(await world.states(course)).toEqual({ ...asked, eval: 'ordered', opioid: 'ordered' });
    expect(await world.startOf(course, 'eval')).toBe('2026-03-04T15:30:00.000Z');
    // across the change to summer time
    expect(await world.startOf(course, 'opioid')).toBe('2026-03-31T14:30:00.000Z');
  });

  test('"already due: the next 16:30"', async () => {
    const course = await world.start(consented);
    await world.lockB22(course, '2026-01-20');
    expect(await world.startOf(course, 'opioid')).toBe('2026-03-04T15:30:00.000Z');
  });

  test('"a corrected SluttDato moves an order not yet sent"', async () => {
    const course = await world.start(consented);
    const id = await world.lockB22(course, '2026-03-03');
    await world.lockB22(course, '2026-03-10', id);
    expect(await world.startOf(course, 'opioid')).toBe('2026-04-07T14:30:00.000Z');
    await world.lockB22(course, '2026-02-26', id);
    expect(await world.startOf(course, 'opioid')).toBe('2026-03-26T15:30:00.000Z');
    await world.lockB22(course, '2026-01-10', id);
    await world.at('2026-03-04T16:31:00+01:00');
    expect(await world.states(course)).toMatchObject({ opioid: 'sent' });
    const [, before] = [await world.lockB22(course, '2026-03-03', id), await world.order(course, 'opioid')];
    expect([before.businessStatus?.coding?.[0]?.code, before.restriction?.period?.start]).toEqual([
      'sent',
      '2026-03-04T15:30:00.000Z',
    ]);
  });

  test('B2.2 opened again: nothing goes on a date that may be wrong; "locking again orders nothing twice"', async () => {
    const course = await world.start(consented);
    const id = await world.lockB22(course, '2026-03-03');
    expect((await world.write(course, 'b22', 'in-progress', { id, client: world.lc })).status).toBe(200);
    expect(await world.states(course)).toEqual(asked);
    await world.at('2026-03-05T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(2);
    const relocked = await world.write(course, 'b22', 'amended', { id, client: world.lc, SluttDato: '2026-03-04' });
    expect(relocked.status).toBe(200);
    expect(await world.startOf(course, 'eval')).toBe('2026-03-06T15:30:00.000Z');
    expect(await world.startOf(course, 'opioid')).toBe('2026-04-01T14:30:00.000Z');
    await world.at('2026-03-06T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(3);
    await world.write(course, 'b22', 'in-progress', { id, client: world.lc });
    await world.write(course, 'b22', 'amended', { id, client: world.lc, SluttDato: '2026-03-04' });
    await world.at('2026-03-07T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(3);
    expect(await world.ordersOf(course, 'eval')).toHaveLength(1);
    expect(await world.states(course)).toMatchObject({ eval: 'sent', opioid: 'ordered' });
  });

  test('"A criterion that later fails ends membership and stops open orders in that commit"; corrected, they come back', async () => {
    const course = await world.start(consented);
    await world.at('2026-03-08T16:31:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'sent', hads: 'ordered' });
    await world.to(course, { ...eligible, KognSvekket: '1' });
    expect(await world.states(course)).toEqual({
      ...{ pasreg: 'stopped 9', hads: 'stopped 9', eval: 'stopped 9', opioid: 'stopped 9' },
    });
    await world.at('2026-03-09T08:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(1);
    await world.to(course, consented);
    expect(await world.states(course)).toEqual(asked);
    expect((await world.ordersOf(course, 'pasreg')).map(({ status }) => status)).toEqual(['cancelled', 'requested']);
    expect(await world.ordersOf(course, 'opioid')).toHaveLength(1);
  });

  test('a withdrawal stops what was sent and what is planned, with "Manglende samtykke" (5)', async () => {
    const course = await world.start(consented);
    await world.at('2026-03-09T16:31:00+01:00');
    const [consent] = await world.sc.search<Consent>(`Consent?patient=Patient/${course.patient}`);
    expect((await world.sc.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
    const stopped = 'stopped 5';
    expect(await world.states(course)).toEqual({ pasreg: stopped, hads: stopped, eval: stopped, opioid: stopped });
    await world.at('2026-03-20T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(1);
  });

  test('consent that is refused leaves the forms unsendable, to be closed by staff', async () => {
    const course = await world.start({ ...eligible, SkriftligSamtyk: '0', TypeManglSamt: '1' });
    expect(new Set(Object.values(await world.states(course)))).toEqual(new Set(['withheld consent-refused']));
    await world.to(course, consented);
    expect(await world.states(course)).toEqual(asked);
  });

  test('"Death from the population register closes orders (and can be annulled)": with "Kritisk syk/død" (3)', async () => {
    await world.at('2026-03-21T08:00:00+01:00');
    const course = await world.start(consented);
    await world.at('2026-03-21T16:31:00+01:00');
    const { body: patient } = await world.admin.get<Patient>(`Patient/${course.patient}`);
    await world.admin.put(`Patient/${course.patient}`, { ...patient, deceasedDateTime: '2026-03-21' });
    const dead = 'stopped 3';
    expect(await world.states(course)).toEqual({ pasreg: dead, hads: dead, eval: dead, opioid: dead });
    await world.at('2026-03-22T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(1);
    await world.admin.put(`Patient/${course.patient}`, patient);
    expect(await world.states(course)).toEqual(asked);
    await world.at('2026-03-23T17:00:00+01:00');
    expect(world.sentTo(course)).toHaveLength(3);
  });

  test('notes are the only thing that staff write into an order; nobody makes or deletes one', async () => {
    const course = await world.start(consented);
    const order = await world.order(course, 'pasreg');
    expect((await world.lu.put(`Task/${order.id}`, { ...order, note: [{ text: 'Ring pårørende.' }] })).status).toBe(
      200,
    );
    const { meta: _, id: __, ...copy } = order;
    const [{ system = '', value = '' } = {}] = order.identifier ?? [];
    const made = { ...copy, identifier: [{ system, value: value.replace(/1$/, '2') }] };
    expect((await world.lu.post('Task', made)).status).toBe(403);
    expect((await world.lc.send('DELETE', `Task/${order.id}`)).status).toBe(403);
  });
});

describe.each([
  ['2026-03-27', 'to summer time', ['2026-03-27T15:30', '2026-03-30T14:30', '2026-04-02T14:30']],
  ['2026-10-23', 'to winter time', ['2026-10-23T14:30', '2026-10-26T15:30', '2026-10-29T15:30']],
] as const)('over the change of the clock %s %s', (day, _change, [dispatch, reminder, lock]) => {
  let world: OrderWorld;
  let course: Started;
  const at = (minute: string) => `${minute}:00.000Z`;
  const justBefore = (minute: string) => new Date(Date.parse(at(minute)) - 1000).toISOString();

  beforeAll(async () => {
    world = await OrderWorld.open(`${day}T06:00:00Z`);
    course = await world.start(consented);
  });

  afterAll(() => world.close());

  test('"Three days, reminder, three days, locked as Ikke besvart ePROMS (7)"', async () => {
    await world.at(at(dispatch));
    expect(world.sentTo(course)).toEqual([`secure ${at(dispatch)}`]);
    await world.at(justBefore(reminder));
    expect(world.sentTo(course)).toHaveLength(2);
    await world.at(at(reminder));
    expect(world.sentTo(course).at(-1)).toBe(`secure ${at(reminder)}`);
    expect(await world.states(course)).toMatchObject({ pasreg: 'reminded' });
    await world.at(justBefore(lock));
    expect(await world.states(course)).toMatchObject({ pasreg: 'reminded' });
    await world.at(at(lock));
    expect(await world.states(course)).toMatchObject({ pasreg: 'expired 7', hads: 'reminded' });
    await world.at(new Date(Date.parse(at(lock)) + 30 * 86_400_000).toISOString());
    expect(world.sentTo(course)).toHaveLength(4);
    expect(await world.states(course)).toEqual({ ...asked, pasreg: 'expired 7', hads: 'expired 7' });
  });
});

describe('a patient who cannot be reached', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
    world.reach.unreachable = true;
  });

  afterAll(() => world.close());

  test('"unreachable keeps the order open, with a reason that staff see", and is tried again at the next 16:30', async () => {
    const course = await world.start(consented);
    await world.at('2026-03-02T16:40:00+01:00');
    const order = await world.order(course, 'hads');
    expect(order).toMatchObject({
      status: 'on-hold',
      businessStatus: { coding: [{ code: 'unreachable' }] },
      statusReason: { coding: [{ code: 'no-secure-mailbox', display: expect.any(String) }] },
      restriction: { period: { start: '2026-03-03T15:32:00.000Z' } },
    });
    expect((await world.lu.get(`Task/${order.id}`)).status).toBe(200);
    await world.at('2026-03-03T16:40:00+01:00');
    expect(await world.startOf(course, 'pasreg')).toBe('2026-03-04T15:30:00.000Z');
    expect(world.sentTo(course)).toEqual([]);
    world.reach.unreachable = false;
    await world.at('2026-03-04T16:40:00+01:00');
    expect(world.sentTo(course)).toEqual(['secure 2026-03-04T15:30:00.000Z', 'secure 2026-03-04T15:32:00.000Z']);
    expect((await world.order(course, 'pasreg')).restriction?.period?.end).toBe('2026-03-07T15:30:00.000Z');
    world.reach.unreachable = true;
  });

  test('the days of paper lock Pasreg, HADS and Eval all the same (9), never as "Ikke besvart ePROMS"; Opioid stays open', async () => {
    const course = await world.start(consented);
    await world.lockB22(course, '2026-02-01');
    await world.at('2026-03-10T23:59:59+01:00');
    expect(await world.states(course)).toEqual({
      ...{ pasreg: 'unreachable no-secure-mailbox', hads: 'unreachable no-secure-mailbox' },
      ...{ eval: 'expired 9', opioid: 'unreachable no-secure-mailbox' },
    });
    await world.at('2026-03-11T00:00:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'expired 9', hads: 'expired 9' });
    await world.at('2026-04-11T00:00:00+02:00');
    const opioid = await world.order(course, 'opioid');
    expect([opioid.status, opioid.restriction?.period]).toEqual(['on-hold', undefined]);
    const tries = await world.admin.search(`Communication?based-on=Task/${opioid.id}`);
    expect(tries).toHaveLength(7);
    world.reach.unreachable = false;
    expect((await world.orderByHand(opioid)).status).toBe(200);
    await world.drain();
    expect(await world.states(course)).toMatchObject({ opioid: 'sent' });
  });
});
