import { type AuditEntry, entriesOf } from '../../src/audit/look-up.ts';
import type { Caller } from '../../src/model/caller.ts';
import { ridOfId } from '../../src/model/rid.ts';
import type { RestResponse } from '../../src/rest/exchange.ts';
import type { TestServer } from './fhir-server.ts';

/** Somebody who may do everything and is known: `Practitioner/x` of the hospital `Organization/x`. */
export function staff(id: string, more: Partial<Caller> = {}): Caller {
  return {
    name: 'staff',
    kind: 'client',
    access: 'all',
    agent: { who: `Practitioner/${id}`, client: 'test', role: 'lu', strength: 'two-factor', session: 'one' },
    tenant: { reference: 'Organization/x', rid: '1' },
    ...more,
  };
}

/** Asks as a caller, past HTTP. */
export async function ask<T>(
  server: TestServer,
  caller: Caller,
  method: string,
  url: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<RestResponse & { readonly json: T }> {
  const [path = '', query] = url.split('?', 2);
  const response = await server.fhir.handle(caller, {
    method,
    path,
    ...(query === undefined ? {} : { query }),
    headers: { 'content-type': 'application/fhir+json', ...headers },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    baseUrl: server.base,
  });
  return { ...response, json: response.body === undefined ? (undefined as T) : (JSON.parse(response.body) as T) };
}

/** What the audit holds about a patient, oldest first. */
export async function auditOf(server: TestServer, patientId: string): Promise<readonly AuditEntry[]> {
  const { keys, agents } = server.fhir.audit;
  const rid = ridOfId(patientId) ?? '0';
  return (await entriesOf({ db: server.database.pool, keys, agents }, rid, {}, 1000)).toReversed();
}

/** One entry in a line: who, what, the status, and which resources in which versions. */
export function told({ agent, interaction, operation, status, seen }: AuditEntry): string {
  const what = operation === undefined ? interaction : `${interaction} ${operation}`;
  const resources = seen.map(({ type, version, deleted }) => `${type}/${version}${deleted ? ' deleted' : ''}`).sort();
  return [agent?.who, what, status, resources.join(' ')].join(' | ');
}
