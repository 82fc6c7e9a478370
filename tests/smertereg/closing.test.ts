import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consented, eligible, OrderWorld, told } from './order-kit.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.open('2026-03-02T08:00:00+01:00');
});

afterAll(() => world.close());

const all = (state: string) => ({ pasreg: state, hads: state, eval: state, opioid: state });

describe('"Answer all and complete with its reasons, only while none has been begun"', () => {
  test.each(['1', '2', '3', '4', '5', '9'])('reason %s', async (reason) => {
    const course = await world.start(consented);
    expect((await world.closeAll(course, reason)).status).toBe(200);
    expect(await world.states(course)).toEqual(all(`closed ${reason}`));
  });

  test('not 6, which is no reason any more, and not 7, which the system alone sets', async () => {
    const course = await world.start(consented);
    for (const reason of ['6', '7', 'annet']) expect((await world.closeAll(course, reason)).status).toBe(422);
    expect((await world.closeAll(course, '5', world.sc)).status).toBe(403);
    expect(await world.states(course)).toMatchObject({ pasreg: 'ordered' });
  });

  test('"staff close them with reason 5 if consent never comes": closed they stay, also when it comes', async () => {
    const course = await world.start(eligible);
    expect((await world.closeAll(course, '5')).status).toBe(200);
    await world.to(course, consented);
    await world.at('2026-03-03T17:00:00+01:00');
    expect(await world.states(course)).toEqual(all('closed 5'));
    expect(world.sentTo(course)).toEqual([]);
  });

  test.each([
    ['begun on paper', 'in-progress', 'lu'],
    ['completed from paper', 'completed', 'lu'],
    ['begun by the patient', 'in-progress', 'patient'],
    ['answered by the patient', 'completed', 'patient'],
  ] as const)('not while one is %s', async (_what, status, who) => {
    const course = await world.start(consented);
    const { status: ordered } = await world.orderByHand(await world.order(course, 'hads'));
    expect(ordered).toBe(200);
    await world.drain();
    const client = who === 'lu' ? world.lu : await world.patient(course);
    expect((await world.write(course, 'hads', status, { client })).status).toBe(201);
    const refused = await world.closeAll(course, '2');
    expect([refused.status, told(refused)]).toEqual([422, expect.stringContaining('has been begun')]);
    expect(await world.states(course)).toMatchObject({ pasreg: 'ordered', opioid: 'planned' });
  });

  test('not once one was locked unanswered; stopping closes the others', async () => {
    const course = await world.start(consented);
    await world.at('2026-03-10T17:00:00+01:00');
    expect(await world.states(course)).toMatchObject({ pasreg: 'expired 7', eval: 'planned' });
    expect((await world.closeAll(course, '2')).status).toBe(422);
    expect((await world.stop(course, '4')).status).toBe(200);
    expect(await world.states(course)).toMatchObject({ pasreg: 'expired 7', eval: 'closed 4', opioid: 'closed 4' });
  });
});
