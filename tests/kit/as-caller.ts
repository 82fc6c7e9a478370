import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Act, Rule, Ties } from '../../src/model/access.ts';
import type { Caller, Tenant } from '../../src/model/caller.ts';
import { resourceTypes } from '../../src/model/resource-types.ts';
import type { Rid } from '../../src/model/rid.ts';
import type { TestServer } from './fhir-server.ts';

export interface CallerReply<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

export type AsCaller = ReturnType<typeof asCaller>;

/** FHIR without HTTP, as whoever is given. */
export function asCaller({ fhir, base }: TestServer, caller: Caller) {
  async function send<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
    const [path = '', query] = url.split('?');
    const answer = await fhir.handle(caller, {
      method,
      path,
      ...(query === undefined ? {} : { query }),
      headers: {
        'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json',
        ...headers,
      },
      baseUrl: base,
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
    const text = answer.body ?? '';
    const reply: CallerReply<T> = {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
    return reply;
  }
  return {
    caller,
    send,
    get: <T = Resource>(url: string) => send<T>('GET', url),
    post: <T = Resource>(url: string, body: unknown, headers?: Record<string, string>) =>
      send<T>('POST', url, body, headers),
    put: <T = Resource>(url: string, body: unknown, headers?: Record<string, string>) =>
      send<T>('PUT', url, body, headers),
    bundle: (type: 'batch' | 'transaction', ...entry: BundleEntry[]) =>
      send<Bundle>('POST', '', { resourceType: 'Bundle', type, entry }),
  };
}

const EVERYTHING: readonly Act[] = ['read', 'search', 'create', 'update', 'delete'];

/** A rule: by default on every type and every act. */
export function rule(fields: Partial<Rule> = {}): Rule {
  return { types: resourceTypes, acts: EVERYTHING, ...fields };
}

let key = 0;

/** Somebody whose access is limited to these rules. */
export function limited(rules: readonly Rule[], fields: Partial<Caller> = {}): Caller {
  key += 1;
  return {
    name: `caller ${key}`,
    kind: 'client',
    access: { key: `access ${key}`, rules },
    agent: { who: `Practitioner/caller-${key}`, client: 'test', role: 'test', strength: 'password' },
    ...fields,
  };
}

const DEFINITIONS = ['Questionnaire', 'Library', 'ValueSet', 'CodeSystem', 'StructureDefinition', 'PlanDefinition'];

/** A hospital's own system: whatever is tied to the hospital, and definitions to read. */
export function hospitalSystem(tenant: Tenant, fields: Partial<Caller> = {}): Caller {
  const ties: Ties = { labels: [tenant.reference], anchors: [tenant.rid] };
  return limited([rule({ ties }), rule({ types: DEFINITIONS, acts: ['read', 'search'] })], {
    tenant,
    agent: { who: `Device/${tenant.rid}`, client: 'ehr', role: 'system', strength: 'secret' },
    ...fields,
  });
}

/** The rid of a resource whose id a client gave. */
export async function ridOfGiven({ database }: TestServer, id: string): Promise<Rid> {
  const { rows } = await database.pool.query<{ rid: Rid }>('select rid from locator where id = $1', [id]);
  if (rows[0] === undefined) {
    throw new Error(`nothing has the id ${id}`);
  }
  return rows[0].rid;
}

/** The labels of an anchor's ties. */
export async function labelsOf({ database }: TestServer, rid: Rid): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ label: string }>('select label from tie where rid = $1 order by label', [
    rid,
  ]);
  return rows.map(({ label }) => label);
}
