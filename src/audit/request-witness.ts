import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Asked, Witness } from '../model/witness.ts';
import type { Seen } from './seen.ts';

/** What one request, or one entry of a batch, was shown of each patient. */
export interface Account {
  readonly asked: Asked | undefined;
  readonly status: number;
  readonly patients: ReadonlyMap<Rid, readonly Seen[]>;
}

/** Gathers the accounts of one request and of its parts. */
export class RequestWitness implements Witness {
  readonly asked: Asked | undefined;
  readonly #accounts: Account[];
  readonly #seen = new Map<Rid, Map<string, Seen>>();

  constructor(asked?: Asked, accounts: Account[] = []) {
    this.asked = asked;
    this.#accounts = accounts;
  }

  /** Of all parts that have ended, in that order. */
  get accounts(): readonly Account[] {
    return this.#accounts;
  }

  saw(versions: Iterable<StoredVersion>): void {
    for (const { patient, type, rid, version, deleted } of versions) {
      if (patient === undefined) {
        continue;
      }
      let seen = this.#seen.get(patient);
      if (seen === undefined) {
        seen = new Map();
        this.#seen.set(patient, seen);
      }
      seen.set(`${rid} ${version}`, { type, rid, version, deleted });
    }
  }

  part(asked: Asked): RequestWitness {
    return new RequestWitness(asked, this.#accounts);
  }

  concluded(status: number): void {
    const patients = new Map([...this.#seen].map(([patient, seen]) => [patient, [...seen.values()]]));
    this.#accounts.push({ asked: this.asked, status, patients });
  }
}
