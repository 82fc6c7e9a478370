import type { Agent, Caller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, ridOfId } from '../model/rid.ts';
import { type Secrets, secretsOf } from '../runtime/secrets.ts';
import { locate } from '../store/read.ts';
import type { PatientKey, PatientKeys } from './patient-keys.ts';
import { mac64 } from './row.ts';

/** Who acted, as the audit keeps it: ids alone. */
export interface AuditAgent extends Agent {
  /** The hospital that they worked for. */
  readonly organization?: string;
  /** Whose write a bot acted upon. */
  readonly cause?: Agent;
}

/** Who a caller is to the audit; the server's own work and bots are devices. */
export function agentOf(caller: Caller, cause?: Caller): AuditAgent {
  const { agent, kind, name, tenant } = caller;
  const causing = cause === undefined || cause === caller ? undefined : cause.agent;
  return {
    ...(agent ?? {
      who: `Device/${name.replace(/^bot /, '').replace(/[^A-Za-z0-9\-.]/g, '-')}`,
      client: 'svar',
      role: kind,
      strength: 'none',
    }),
    ...(tenant === undefined ? {} : { organization: tenant.reference }),
    ...(causing === undefined ? {} : { cause: causing }),
  };
}

const PURPOSE = 'audit agent';
const KNOWN_MAX = 10_000;

/** Agents as numbers: each is stored once, sealed; a patient who acts, by the patient's own key. */
export class Agents {
  readonly #db: Queryable;
  readonly #secrets: Secrets;
  readonly #patients: PatientKeys;
  readonly #known = new Map<string, string>();

  constructor(db: Queryable, secrets: Secrets, patients: PatientKeys) {
    this.#db = db;
    this.#secrets = secrets;
    this.#patients = patients;
  }

  /** The number of an agent, which is stored once this answers. */
  async numberOf(agent: AuditAgent): Promise<string> {
    const text = JSON.stringify(agent);
    const known = this.#known.get(text);
    if (known !== undefined) {
      return known;
    }
    const patient = await this.#patientOf(agent);
    const secrets = patient === undefined ? this.#secrets : secretsOf(patient.naming);
    const number = agentNumber(secrets, text);
    await this.#db.query({
      name: 'audit_agent',
      text: 'insert into audit_agent (id, patient, sealed) values ($1, $2, $3) on conflict do nothing',
      values: [number, patient?.surrogate ?? null, secrets.seal(PURPOSE, Buffer.from(text))],
    });
    if (this.#known.size >= KNOWN_MAX) {
      this.#known.clear();
    }
    this.#known.set(text, number);
    return number;
  }

  /** Agents by their numbers; those that acted as a patient other than `patient` are left out. */
  async named(numbers: Iterable<string>, patient?: PatientKey): Promise<ReadonlyMap<string, AuditAgent>> {
    const result = await this.#db.query<AgentRow>({
      name: 'audit_agents',
      text: 'select id, patient, sealed from audit_agent where id = any($1::int8[])',
      values: [[...new Set(numbers)]],
    });
    const named = new Map<string, AuditAgent>();
    for (const row of result.rows) {
      const own = row.patient !== null && row.patient === patient?.surrogate;
      if (row.patient === null || own) {
        const secrets = own ? secretsOf(patient.naming) : this.#secrets;
        named.set(row.id, JSON.parse(secrets.unseal(PURPOSE, row.sealed).toString()) as AuditAgent);
      }
    }
    return named;
  }

  async #patientOf(agent: AuditAgent): Promise<PatientKey | undefined> {
    const id = [agent.who, agent.cause?.who].find((who) => who?.startsWith('Patient/'))?.slice('Patient/'.length);
    if (id === undefined) {
      return undefined;
    }
    const rid: Rid | undefined =
      (await locate(this.#db, [{ type: 'Patient', id }])).get(`Patient/${id}`) ?? ridOfId(id);
    if (rid === undefined) {
      throw new Error('a patient who acts is not stored here');
    }
    return (await this.#patients.of([rid])).get(rid);
  }
}

interface AgentRow {
  id: string;
  patient: string | null;
  sealed: Buffer;
}

function agentNumber(secrets: Secrets, text: string): string {
  return mac64(secrets.key(PURPOSE), text);
}

/** Whether an agent that the server's secret opens is the one that its number was made for. */
export function isNamed(secrets: Secrets, { id, sealed }: Pick<AgentRow, 'id' | 'sealed'>): boolean {
  try {
    return agentNumber(secrets, secrets.unseal(PURPOSE, sealed).toString()) === id;
  } catch {
    return false;
  }
}
