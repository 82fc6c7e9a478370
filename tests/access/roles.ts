import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { createHttp } from '../../src/http/app.ts';
import { createHttpServer, drain } from '../../src/http/server.ts';
import { createCallerOf } from '../../src/identity/caller-of.ts';
import type { Identity } from '../../src/identity/identity.ts';
import type { TestServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import type { Column } from './policy-table.ts';

const registration = { openReferences: false, lenientSearch: false };
const CLIENTS: Readonly<Record<string, { policy: string; organization?: string } & typeof registration>> = {
  ehr: { ...registration, policy: 'ehr', organization: 'Organization/haukeland' },
  ehr2: { ...registration, policy: 'ehr', organization: 'Organization/st-olavs' },
  admin: { ...registration, policy: 'admin' },
};
const HEADER = 'x-test-identity';

/** A server whose callers are who a header says that they are; what they may do is decided as in earnest. */
export interface RoleServer {
  as(identity: Identity): Rest;
  close(): Promise<void>;
}

export async function roleServer(server: TestServer): Promise<RoleServer> {
  const callerOf = createCallerOf({
    engine: server.fhir.engine,
    client: async (id) => CLIENTS[id],
    now: () => new Date(),
    production: false,
    zone: 'Europe/Oslo',
    defaults: registration,
    warn: (text) => {
      throw new Error(text);
    },
  });
  const app = createHttp({
    handle: server.fhir.handle,
    callerOf: (request) => callerOf(JSON.parse(String(request.headers[HEADER])) as Identity),
    health: { live: async () => ({ ok: true, details: {} }), ready: async () => ({ ok: true, details: {} }) },
    metrics: new Registry(),
    settings: { baseUrl: server.url },
    log: { info: () => undefined, error: () => undefined },
  });
  const listener = createHttpServer(app);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/fhir/R4`;
  return {
    as(identity) {
      const plain = rest(base);
      const send: Rest['send'] = (method, path, body, headers) =>
        plain.send(method, path, body, { ...headers, [HEADER]: JSON.stringify(identity) });
      return {
        ...plain,
        send,
        get: (path, headers) => send('GET', path, undefined, headers),
        post: (path, body, headers) => send('POST', path, body, headers),
        put: (path, body, headers) => send('PUT', path, body, headers),
      };
    },
    close: () => drain(listener, 1000),
  };
}

/** Who each column of the table is. @param patient the patient in question @param stranger another */
export function identityOf(column: Column, patient: string, stranger: string): Identity {
  const person = { kind: 'person', subject: column, client: 'svar', strength: 'two-factor', session: column } as const;
  switch (column) {
    case 'self':
      return { ...person, fhirUser: `Patient/${patient}` };
    case 'stranger':
      return { ...person, fhirUser: `Patient/${stranger}` };
    case 'newcomer':
      return { ...person, fhirUser: 'Practitioner/demo-newcomer' };
    case 'ehr':
    case 'ehr2':
    case 'admin':
      return { ...person, kind: 'system', client: column, strength: 'secret' };
    default:
      return { ...person, fhirUser: `Practitioner/demo-${column}`, role: `demo-${column}` };
  }
}
