import pg from 'pg';
import pino from 'pino';
import { demoContactRegister } from '../../src/delivery/contact.ts';
import { secretsOf } from '../../src/runtime/secrets.ts';
import { createFhirServer } from '../../src/server/fhir-server.ts';

/*
 * A process that reads and changes one patient again and again, and tells on its standard output of each answer: it is
 * killed at some instant by tests/audit/durability.test.ts.
 */
const [databaseUrl = '', patient = '', secret = ''] = process.argv.slice(2);
const fhir = await createFhirServer({
  pool: new pg.Pool({ connectionString: databaseUrl, max: 4 }),
  databaseUrl,
  fhirBase: 'http://localhost/fhir/R4',
  testClock: undefined,
  timeZone: 'Europe/Oslo',
  channels: [],
  contacts: demoContactRegister,
  log: pino({ level: 'silent' }),
  version: '0.0.0-test',
  secrets: secretsOf(Buffer.from(secret, 'hex')),
});
const caller = { name: 'child', kind: 'client', access: 'all' } as const;
const ask = (method: string, path: string, body?: object) =>
  fhir.handle(caller, {
    method,
    path,
    headers: { 'content-type': 'application/fhir+json' },
    baseUrl: 'http://localhost/fhir/R4',
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
const read = async (): Promise<void> => {
  for (;;) {
    const { status } = await ask('GET', `Patient/${patient}`);
    process.stdout.write(`read ${status}\n`);
  }
};
const write = async (): Promise<void> => {
  for (;;) {
    const { status } = await ask('POST', 'Observation', {
      ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
      subject: { reference: `Patient/${patient}` },
    });
    process.stdout.write(`create ${status}\n`);
  }
};
await Promise.all([read(), read(), write(), write()]);
