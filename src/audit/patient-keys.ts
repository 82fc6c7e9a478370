import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, shardOfRid } from '../model/rid.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { mac64 } from './row.ts';

/** What the audit of one patient is encrypted with and found by. */
export interface PatientKey {
  /** Stands for the patient in the audit; nobody who lacks the key can tell whose it is. */
  readonly surrogate: string;
  readonly cipher: KeyObject;
  /** Names who acts, where that is the patient. */
  readonly naming: Buffer;
}

const PURPOSE = 'patient key';
const KEY_BYTES = 32;
/** Some 300 bytes each. */
const KNOWN_MAX = 20_000;

/** The keys of patients: made when they are first needed, remembered for a while. */
export class PatientKeys {
  readonly #db: Queryable;
  readonly #secrets: Secrets;
  readonly #known = new Map<Rid, PatientKey>();

  constructor(db: Queryable, secrets: Secrets) {
    this.#db = db;
    this.#secrets = secrets;
  }

  /** Keys to write with; each is stored once this answers. */
  async of(patients: Iterable<Rid>): Promise<ReadonlyMap<Rid, PatientKey>> {
    const found = new Map<Rid, PatientKey>();
    const missing: Rid[] = [];
    for (const patient of new Set(patients)) {
      const key = this.#known.get(patient);
      if (key === undefined) missing.push(patient);
      else found.set(patient, key);
    }
    if (missing.length > 0) {
      for (const [patient, key] of await this.#made(missing)) {
        found.set(patient, key);
        this.#remember(patient, key);
      }
    }
    return found;
  }

  /** Keys to read with, as they are stored now; patients that have none (any more) are left out. */
  async stored(patients: readonly Rid[]): Promise<ReadonlyMap<Rid, PatientKey>> {
    const result = await this.#db.query<{ patient: Rid; sealed: Buffer }>({
      name: 'patient_keys',
      text: `select k.patient, k.sealed from unnest($1::int2[], $2::int8[]) as w (shard, patient)
        join patient_key k on k.shard = w.shard and k.patient = w.patient`,
      values: [patients.map(shardOfRid), patients],
    });
    return new Map(result.rows.map(({ patient, sealed }) => [patient, this.#opened(patient, sealed)]));
  }

  async #made(patients: readonly Rid[]): Promise<ReadonlyMap<Rid, PatientKey>> {
    const found = new Map(await this.stored(patients));
    const lacking = patients.filter((patient) => !found.has(patient)).sort();
    if (lacking.length > 0) {
      await this.#db.query({
        name: 'patient_keys_made',
        text: `insert into patient_key (shard, patient, sealed)
          select shard, patient, sealed from unnest($1::int2[], $2::int8[], $3::bytea[]) as w (shard, patient, sealed)
          on conflict do nothing`,
        values: [lacking.map(shardOfRid), lacking, lacking.map((patient) => this.#sealed(patient))],
      });
      // of two processes that make a patient's key, one is in time
      for (const [patient, key] of await this.stored(lacking)) {
        found.set(patient, key);
      }
    }
    return found;
  }

  /** A key is sealed together with whose it is, so that keys cannot change places. */
  #sealed(patient: Rid): Buffer {
    return this.#secrets.seal(PURPOSE, Buffer.concat([randomBytes(KEY_BYTES), ridBytes(patient)]));
  }

  #opened(patient: Rid, sealed: Buffer): PatientKey {
    const plain = this.#secrets.unseal(PURPOSE, sealed);
    if (!plain.subarray(KEY_BYTES).equals(ridBytes(patient))) {
      throw new Error('the key of a patient was put in the place of another');
    }
    const key = plain.subarray(0, KEY_BYTES);
    const derived = (purpose: string): Buffer => createHmac('sha256', key).update(purpose).digest();
    return { surrogate: mac64(key, 'surrogate'), cipher: createSecretKey(derived('rows')), naming: derived('agent') };
  }

  #remember(patient: Rid, key: PatientKey): void {
    if (this.#known.size >= KNOWN_MAX) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(patient, key);
  }
}

/**
 * Erasure: what the audit holds about a patient can never be read again; its rows remain and the chains that hold them
 * are whole. To be called in the transaction that erases the patient.
 */
export async function forgetPatient(db: Queryable, patient: Rid): Promise<void> {
  await db.query({
    text: 'delete from patient_key where shard = $1 and patient = $2',
    values: [shardOfRid(patient), patient],
  });
}

function ridBytes(rid: Rid): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(rid));
  return bytes;
}
