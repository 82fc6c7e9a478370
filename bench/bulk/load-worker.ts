import { readFile } from 'node:fs/promises';
import { Copier, type Template } from './copier.ts';
import { openBench } from './opened.ts';

/*
 * Stores copies of recorded courses, in a process of its own: told by IPC up to which number, it answers with how many
 * versions it has stored. Its shards are its own, so that writers don't wait for each other.
 */
const [databaseUrl = '', folder = '', file = '', of = '1', own = '0', clock = ''] = process.argv.slice(2);
const AT_ONCE = 25;
/** Whole weeks back, so that the history reaches seven years. */
const WEEKS = 365;

const bench = await openBench(databaseUrl, folder, clock);
await bench.pool.query('create table if not exists bench_loaded (own int4 primary key, upto int4 not null)');
const templates = JSON.parse(await readFile(file, 'utf8')) as readonly Template[];
const copier = new Copier(bench.fhir.engine, { of: Number(of), own: Number(own) });

const loaded = async (): Promise<number> => {
  const { rows } = await bench.pool.query<{ upto: number }>('select upto from bench_loaded where own = $1', [own]);
  return rows[0]?.upto ?? 0;
};

process.on('message', async ({ from, to }: { from: number; to: number }) => {
  let stored = 0;
  // a load that was broken off goes on where its last commit ended
  for (let first = Math.max(from, await loaded()); first < to; first += AT_ONCE) {
    const copies = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, i) => {
      const serial = first + i;
      const template = templates[serial % templates.length] as Template;
      return copier.copy(template, serial, -7 * (Math.floor(serial / templates.length) % WEEKS));
    });
    const upto = first + copies.length;
    stored += await copier.store(bench.pool, copies, (client) =>
      client.query(
        'insert into bench_loaded (own, upto) values ($1, $2) on conflict (own) do update set upto = excluded.upto',
        [own, upto],
      ),
    );
  }
  process.send?.({ stored });
});
process.on('disconnect', () => {
  void bench.stop();
});
process.send?.({ stored: 0 });
