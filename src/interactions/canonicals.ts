import type { Resource } from '@medplum/fhirtypes';
import type { Clock } from '../model/clock.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { findCanonical } from './find-canonical.ts';

/** A definition found by its canonical, and what was made of it. */
export interface Definition<T> {
  readonly stored: StoredVersion;
  readonly made: T;
}

interface Entry<T> {
  readonly definition: Definition<T> | undefined;
  readonly at: number;
}

/** What a canonical without version, or one that was not found, leads to is looked up again after this time. */
const FRESH_MS = 2000;
const ENTRIES_MAX = 2000;

/**
 * Definitions (Questionnaire, StructureDefinition …) by canonical url, `url` or `url|version`, each made ready for use
 * once. The cache may be behind other processes; writes that rely on a definition name its version as a target, so that
 * they cannot be committed on a stale one.
 */
export class Canonicals<T> {
  readonly #type: string;
  readonly #make: (resource: Resource) => T;
  readonly #hashSeed: string;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  /** @param clock real time, by which cached entries age */
  constructor(type: string, make: (resource: Resource) => T, hashSeed: string, clock: Clock) {
    this.#type = type;
    this.#make = make;
    this.#hashSeed = hashSeed;
    this.#clock = clock;
  }

  /** The definition of a canonical; without a version the newest active one, else the newest. */
  async find(db: Queryable, canonical: string): Promise<Definition<T> | undefined> {
    const known = this.#entries.get(canonical);
    const now = this.#clock.now().getTime();
    if (known !== undefined && ((canonical.includes('|') && known.definition) || now - known.at < FRESH_MS)) {
      return known.definition;
    }
    const definition = await this.#look(db, canonical, known?.definition);
    if (this.#entries.size >= ENTRIES_MAX) {
      this.#entries.clear();
    }
    this.#entries.set(canonical, { definition, at: now });
    return definition;
  }

  /** Drops what was made of resources that turned out to have changed. */
  forget(rids: ReadonlySet<Rid>): void {
    for (const [canonical, { definition }] of this.#entries) {
      if (definition && rids.has(definition.stored.rid)) {
        this.#entries.delete(canonical);
      }
    }
  }

  async #look(db: Queryable, canonical: string, before: Definition<T> | undefined): Promise<Definition<T> | undefined> {
    const best = await findCanonical(db, this.#type, canonical, this.#hashSeed);
    if (best === undefined) {
      return undefined;
    }
    const same = before?.stored.rid === best.stored.rid && before.stored.version === best.stored.version;
    return same ? before : { stored: best.stored, made: this.#make(best.resource) };
  }
}
