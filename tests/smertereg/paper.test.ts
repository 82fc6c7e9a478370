import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rest } from '../kit/rest.ts';
import { basic } from '../kit/sign-in.ts';
import { consented, eligible, OrderWorld, told } from './order-kit.ts';

/** Runs on 2 March 2026: consent is recorded at 08:00, so the sixth day is 8 March. */
describe('"Paper: Pasreg, HADS and Eval (not Opioid) entered by staff within six days of the recording of consent"', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
    // nobody is asked by the way, so that what is locked is locked for want of paper
    world.reach.unreachable = true;
  });

  afterAll(() => world.close());

  test('no paper without consent, and none of Opioid', async () => {
    const course = await world.start(eligible);
    const refused = await world.write(course, 'pasreg', 'in-progress');
    expect([refused.status, told(refused)]).toEqual([422, expect.stringContaining('may not be asked')]);
    await world.to(course, consented);
    const opioid = await world.write(course, 'opioid', 'in-progress');
    expect([opioid.status, told(opioid)]).toEqual([422, expect.stringContaining('not entered from paper')]);
    expect((await world.write(course, 'pasreg', 'in-progress')).status).toBe(201);
  });

  test('"Starting paper entry cancels that form\'s order and reminder", and what is completed is locked', async () => {
    const course = await world.start(consented);
    const { status, body } = await world.write(course, 'hads', 'in-progress');
    expect(status).toBe(201);
    expect(await world.states(course)).toMatchObject({ pasreg: 'ordered', hads: 'paper' });
    const order = await world.order(course, 'hads');
    expect([order.status, order.restriction?.period]).toEqual(['in-progress', { end: '2026-03-08T23:00:00.000Z' }]);
    const patient = await world.patient(course);
    expect((await world.write(course, 'hads', 'completed', { client: patient })).status).toBe(422);
    expect((await world.orderByHand(order)).status).toBe(422);
    expect((await world.write(course, 'hads', 'completed', { id: body.id })).status).toBe(200);
    await world.drain();
    expect(await world.order(course, 'hads')).toMatchObject({
      status: 'completed',
      output: [{ valueReference: { reference: `QuestionnaireResponse/${body.id}` } }],
    });
    await world.at('2026-03-02T16:40:00+01:00');
    const notices = await world.admin.search(`Communication?based-on=Task/${order.id}`);
    expect(notices).toEqual([]);
  });

  test('what the patient had begun is stopped when staff enter the form', async () => {
    world.reach.unreachable = false;
    const course = await world.start(consented);
    await world.orderByHand(await world.order(course, 'pasreg'));
    await world.drain();
    const patient = await world.patient(course);
    const { status, body } = await world.write(course, 'pasreg', 'in-progress', { client: patient });
    expect(status).toBe(201);
    expect((await world.write(course, 'pasreg', 'completed')).status).toBe(201);
    const begun = `QuestionnaireResponse/${body.id}`;
    expect((await patient.get<QuestionnaireResponse>(begun)).body.status).toBe('stopped');
    expect((await world.lu.get(begun)).status).toBe(404);
    world.reach.unreachable = true;
  });

  test('until the last second of the sixth day, "then locked by the system with reason 9"', async () => {
    const [begun, other] = [await world.start(consented), await world.start(consented)];
    const { body } = await world.write(begun, 'pasreg', 'in-progress');
    await world.at('2026-03-08T23:59:59+01:00');
    expect((await world.write(other, 'hads', 'completed')).status).toBe(201);
    expect((await world.write(begun, 'pasreg', 'in-progress', { id: body.id })).status).toBe(200);
    await world.at('2026-03-09T00:00:00+01:00');
    expect(await world.states(begun)).toMatchObject({ pasreg: 'expired 9', hads: 'expired 9' });
    expect(await world.states(other)).toMatchObject({ pasreg: 'expired 9', hads: 'answered' });
    const { body: left } = await world.lu.get<QuestionnaireResponse>(`QuestionnaireResponse/${body.id}`);
    expect([left.status, left.item]).toEqual(['stopped', body.item]);
    expect((await world.write(begun, 'hads', 'completed')).status).toBe(422);
    expect((await world.write(begun, 'pasreg', 'completed', { client: world.lc })).status).toBe(422);
    // Eval has days of its own
    expect(await world.states(begun)).toMatchObject({ eval: 'planned', opioid: 'planned' });
  });
});

describe('"or of the end date"', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open('2026-03-10T08:00:00+01:00');
    world.reach.unreachable = true;
  });

  afterAll(() => world.close());

  test('Eval: six days after SluttDato, a corrected one included; begun before B2.2 is locked too', async () => {
    const [late, early, moved] = [
      await world.start(consented),
      await world.start(consented),
      await world.start(consented),
    ];
    await world.lockB22(late, '2026-03-10');
    expect((await world.write(early, 'eval', 'in-progress')).status).toBe(201);
    expect((await world.order(early, 'eval')).restriction).toBeUndefined();
    await world.lockB22(early, '2026-03-09');
    expect((await world.order(early, 'eval')).restriction?.period).toEqual({ end: '2026-03-15T23:00:00.000Z' });
    const id = await world.lockB22(moved, '2026-03-10');
    await world.lockB22(moved, '2026-03-12', id);
    await world.at('2026-03-15T23:59:59+01:00');
    expect(await world.states(early)).toMatchObject({ eval: 'paper' });
    await world.at('2026-03-16T00:00:00+01:00');
    expect(await world.states(early)).toMatchObject({ eval: 'expired 9' });
    await world.at('2026-03-16T23:59:59+01:00');
    expect(await world.states(late)).toMatchObject({ eval: 'unreachable no-secure-mailbox' });
    await world.at('2026-03-17T00:00:00+01:00');
    expect(await world.states(late)).toMatchObject({ eval: 'expired 9' });
    expect((await world.write(moved, 'eval', 'completed')).status).toBe(201);
    await world.drain();
    expect(await world.states(moved)).toMatchObject({ eval: 'answered' });
  });
});

describe.each([
  ['2026-03-24', '2026-03-30T22:00:00.000Z', 'to summer time'],
  ['2026-10-20', '2026-10-26T23:00:00.000Z', 'to winter time'],
])('"an open ePROM order keeps its own deadline": consent on %s', (day, end, change) => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open(`${day}T12:00:00Z`);
  });

  afterAll(() => world.close());

  test(`over the change ${change}, the days of paper end with the calendar's day`, async () => {
    const [sent, entered] = [await world.start(consented), await world.start(consented)];
    await world.write(entered, 'pasreg', 'in-progress');
    expect((await world.order(entered, 'pasreg')).restriction?.period).toEqual({ end });
    // ordered again by hand on the fifth day: its three days go beyond those of paper
    await world.at(new Date(Date.parse(end) - 86_400_000).toISOString());
    expect((await world.orderByHand(await world.order(sent, 'pasreg'))).status).toBe(200);
    await world.drain();
    await world.at(new Date(Date.parse(end) - 1000).toISOString());
    expect(await world.states(entered)).toMatchObject({ pasreg: 'paper' });
    await world.at(end);
    expect(await world.states(entered)).toMatchObject({ pasreg: 'expired 9' });
    expect(await world.states(sent)).toMatchObject({ pasreg: 'sent' });
    expect((await world.write(sent, 'pasreg', 'in-progress')).status).toBe(422);
    expect((await world.write(sent, 'pasreg', 'completed', { client: await world.patient(sent) })).status).toBe(201);
    await world.drain();
    expect(await world.states(sent)).toMatchObject({ pasreg: 'answered' });
  });
});

describe('What the patient answered at the joint ePROM service is no paper', () => {
  let world: OrderWorld;

  beforeAll(async () => {
    world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
  });

  afterAll(() => world.close());

  test('it answers an order that has been sent, of Opioid too; nobody types so', async () => {
    const course = await world.start(consented);
    await world.lockB22(course, '2026-03-02');
    const ehr = rest(world.server.base, basic('demo-ehr'));
    const eprom = (form: 'opioid', client = ehr) =>
      world.write(course, form, 'completed', {
        client,
        identifier: { system: 'https://svar.example.org/fhir/sid/eprom-order', value: `1-${form}` },
      });
    expect((await eprom('opioid')).status).toBe(422);
    await world.at('2026-03-30T17:00:00+02:00');
    expect(await world.states(course)).toMatchObject({ opioid: 'sent' });
    expect((await eprom('opioid', world.lu)).status).toBe(422);
    expect((await world.write(course, 'opioid', 'completed', { client: ehr })).status).toBe(422);
    expect((await eprom('opioid')).status).toBe(201);
    await world.drain();
    expect(await world.states(course)).toMatchObject({ opioid: 'answered' });
  });
});
