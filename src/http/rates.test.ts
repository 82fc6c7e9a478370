import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Agent, type Caller, systemCaller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { limited } from './rates.ts';

const agent = (who: string): Agent => ({ who, client: 'svar', role: 'lu', strength: 'two-factor' });

/** A request that says in a header who sends it, `wrong` where the credentials are. */
const from = (address: string, who?: string) => ({ headers: { who, address } }) as unknown as IncomingMessage;

let asked = 0;
const callerOf = async ({ headers }: IncomingMessage): Promise<Caller> => {
  asked += 1;
  if (headers.who === 'wrong') {
    throw fhirError(401, 'security', 'Sign in.');
  }
  return {
    ...systemCaller,
    kind: 'client',
    ...(headers.who === undefined ? {} : { agent: agent(String(headers.who)) }),
  };
};
const addressOf = ({ headers }: IncomingMessage) => String(headers.address);

let ask: (request: IncomingMessage) => Promise<Caller>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  ask = limited(callerOf, addressOf, 1);
});

afterEach(() => {
  vi.useRealTimers();
});

const refusal = { status: 429, retryAfterSeconds: 10 };

describe('requests', () => {
  test('of a person are limited to ten seconds’ worth at once, wherever they come from', async () => {
    for (let n = 0; n < 10; n += 1) await ask(from(`10.0.0.${n}`, 'Practitioner/a'));
    await expect(ask(from('10.0.0.99', 'Practitioner/a'))).rejects.toMatchObject(refusal);
    await ask(from('10.0.0.99', 'Practitioner/b'));
    vi.advanceTimersByTime(10_001);
    await ask(from('10.0.0.99', 'Practitioner/a'));
  });

  test('of many persons behind one address do not add up', async () => {
    for (let n = 0; n < 30; n += 1) await ask(from('10.0.0.1', `Practitioner/${n}`));
  });

  test('of systems are not limited', async () => {
    for (let n = 0; n < 30; n += 1) await ask(from('10.0.0.1', 'Device/demo-ehr'));
  });

  test('without a sign-in are limited by address', async () => {
    for (let n = 0; n < 10; n += 1) await ask(from('10.0.0.1'));
    await expect(ask(from('10.0.0.1'))).rejects.toMatchObject(refusal);
    await ask(from('10.0.0.2'));
  });

  test('with wrong credentials are limited by address, and then refused before these are looked at', async () => {
    for (let n = 0; n < 10; n += 1) await expect(ask(from('10.0.0.1', 'wrong'))).rejects.toMatchObject({ status: 401 });
    await expect(ask(from('10.0.0.1', 'wrong'))).rejects.toMatchObject(refusal);
    expect(asked).toBe(10);
  });
});
