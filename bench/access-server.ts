import type { AddressInfo } from 'node:net';
import type express from 'express';
import pino from 'pino';
import { Registry } from 'prom-client';
import { demoContactRegister } from '../src/delivery/contact.ts';
import { createHttp, FHIR_PATH } from '../src/http/app.ts';
import { createHttpServer } from '../src/http/server.ts';
import type { Rule } from '../src/model/access.ts';
import type { Caller } from '../src/model/caller.ts';
import { openPool, PLANNING } from '../src/runtime/pool.ts';
import { SECRET_BYTES, secretsOf } from '../src/runtime/secrets.ts';
import { createFhirServer } from '../src/server/fhir-server.ts';
import { migrate } from '../src/store/migrate.ts';

/*
 * A server without sign-in, whose callers are told by a header: what access costs, apart from finding out whose it is.
 * `node bench/access-server.ts <database url> <port> <callers: {name: rules} as JSON>`
 */
const [, , databaseUrl = '', port = '', callers = '{}'] = process.argv;
const everyone: Caller = { name: 'all', kind: 'client', access: 'all' };
const known = new Map<string, Caller>();
for (const [name, rules] of Object.entries(JSON.parse(callers) as Record<string, readonly Rule[]>)) {
  known.set(name, { name, kind: 'client', access: { key: name, rules } });
}
const log = pino({ level: 'warn' });
const pool = openPool({ connectionString: databaseUrl, max: 8, options: PLANNING }, log);
await migrate(pool);
const url = `http://127.0.0.1:${port}`;
const fhir = await createFhirServer({
  pool,
  databaseUrl,
  fhirBase: url + FHIR_PATH,
  testClock: undefined,
  channels: [],
  contacts: demoContactRegister,
  log,
  version: '0.0.0-bench',
  timeZone: 'Europe/Oslo',
  // the data outlives the process that loads it
  secrets: secretsOf(Buffer.alloc(SECRET_BYTES, 'bench')),
});
// what the audit costs is measured against answers that leave without it
const unaudited: Caller = { name: 'unaudited', kind: 'client', access: 'all' };
known.set(unaudited.name, unaudited);
const record = fhir.audit.record.bind(fhir.audit);
fhir.audit.record = async (caller, ...rest) => (caller.name === unaudited.name ? undefined : record(caller, ...rest));
const late: { app?: express.Express } = {};
const server = createHttpServer((request, response) => late.app?.(request, response));
late.app = createHttp({
  handle: fhir.handle,
  callerOf: ({ headers }) => known.get(String(headers['x-caller'])) ?? everyone,
  health: { live: async () => ({ ok: true, details: {} }), ready: async () => ({ ok: true, details: {} }) },
  metrics: new Registry(),
  settings: { baseUrl: url },
  log,
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
