import http from 'node:http';
import pg from 'pg';

/*
 * The raw limit: bare node:http and pg, one insert or select of the same bytes for each request, nothing checked and
 * nothing indexed. `node bench/raw-server.ts <database url> <port>`
 */
const [, , url, port] = process.argv;
const SELECTS: Readonly<Record<string, string>> = { read: 'id', page: 'page', few: 'few' };
const pool = new pg.Pool({ connectionString: url, max: 16 });
await pool.query(
  'create table if not exists bench_raw (id text primary key, page int, few int, content text not null)',
);
await pool.query('create index if not exists bench_raw_page on bench_raw (page)');
await pool.query('create index if not exists bench_raw_few on bench_raw (few)');

http
  .createServer((request, response) => {
    const answer = (status: number, body: string): void => {
      const bytes = Buffer.from(body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    };
    const [, kind, key] = (request.url ?? '').split('/');
    if (request.method === 'GET') {
      const text = `select content from bench_raw where ${SELECTS[kind ?? ''] ?? 'id'} = $1`;
      pool.query({ name: kind, text, values: [key] }).then(
        (found) => answer(200, `[${found.rows.map((row: { content: string }) => row.content).join(',')}]`),
        () => answer(500, '{}'),
      );
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const rows = Number(kind === 'many' ? key : 1);
      const content = Buffer.concat(chunks).toString();
      const ids = Array.from({ length: rows }, () => crypto.randomUUID());
      const share = Math.ceil(content.length / rows);
      pool
        .query({
          name: 'insert',
          text: 'insert into bench_raw (id, content) select * from unnest($1::text[], $2::text[])',
          values: [ids, ids.map((_, k) => content.slice(k * share, (k + 1) * share))],
        })
        .then(
          () => answer(201, '{}'),
          () => answer(500, '{}'),
        );
    });
  })
  .listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
