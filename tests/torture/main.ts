import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runLedger } from '../ledger/run.ts';

/*
 * The long run of the ledger test: npm run torture -- --minutes 10 [--seed 1] [--clients 8]
 * It runs rounds of two minutes, each with a database of its own, so that a fault is found near its cause.
 */
const ROUND_S = 120;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' }, clients: { type: 'string' } },
});
const minutes = Number(values.minutes);
const clients = Number(values.clients ?? '8');
const first = Number(values.seed ?? randomInt(1_000_000));
if (!(minutes > 0) || !Number.isInteger(clients) || clients < 1 || !Number.isInteger(first)) {
  process.stderr.write('torture: --minutes, --clients and --seed take numbers\n');
  process.exit(2);
}

let left_s = minutes * 60;
for (let seed = first; left_s > 0; seed += 1) {
  const seconds = Math.min(left_s, ROUND_S);
  left_s -= seconds;
  process.stdout.write(`seed ${seed}\n`);
  const say = (line: string): boolean => process.stdout.write(`  ${line}\n`);
  const { faults } = await runLedger({ seed, seconds, clients, courses: seconds, say });
  if (faults.length > 0) {
    process.stdout.write(`${faults.length} faults:\n${faults.slice(0, 50).join('\n')}\n`);
    process.exit(1);
  }
}
process.stdout.write('every acknowledged write is there, and nothing else\n');
