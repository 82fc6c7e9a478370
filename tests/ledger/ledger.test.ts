import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { runLedger } from './run.ts';

test('what was acknowledged survives SIGKILL of servers and database, nothing is doubled, no index row is missing', async () => {
  const seed = randomInt(1_000_000);
  const { faults, acknowledged, summary } = await runLedger({ seed, seconds: 15, clients: 5, courses: 6 });
  expect(faults, `seed ${seed}\n${summary}`).toEqual([]);
  expect(acknowledged, summary).toBeGreaterThan(20);
}, 240_000);
