/**
 * A rid is the 63-bit number by which the database knows a resource:
 *
 *   bits 62–22  milliseconds since 2020-01-01T00:00Z (41 bits, until 2089)
 *   bits 21–10  shard (12 bits)
 *   bits  9–0   counter within the millisecond, started at random (10 bits)
 *
 * So rids sort by creation and tell their shard. An id that the server gives is the rid in 16 hexadecimal digits; an id
 * that a client gives (create by PUT) has a locator row that names its rid. In JavaScript a rid travels as the decimal
 * string that `pg` returns for int8.
 */
export type Rid = string;

const EPOCH_MS = Date.UTC(2020, 0, 1);

/** Resources outside any patient's compartment live in this shard. */
export const SHARED_SHARD = 0;
/** Patients are spread over shards 1 to SHARDS - 1. */
export const SHARDS = 4096;

const SERVER_ID = /^[0-7][0-9a-f]{15}$/;

/** The shard that a rid lives in. */
export function shardOfRid(rid: Rid): number {
  return Number((BigInt(rid) >> 10n) & 4095n);
}

/** The FHIR id that the server gives to a rid: 16 hexadecimal digits. */
export function idOfRid(rid: Rid): string {
  return BigInt(rid).toString(16).padStart(16, '0');
}

/** The rid that an id of the server's own form stands for; undefined for any other id. */
export function ridOfId(id: string): Rid | undefined {
  return SERVER_ID.test(id) ? BigInt(`0x${id}`).toString() : undefined;
}

/** Gives rids that no other call of this allocator gave; two processes may collide, and then the insert is retried. */
export class RidAllocator {
  readonly #now: () => number;
  readonly #random: () => number;
  #ms = 0;
  #counter = 0;
  #given = 0;

  /** @param now milliseconds since 1970 @param random a number in [0, 1) */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  next(shard: number): Rid {
    const ms = Math.max(this.#now() - EPOCH_MS, this.#ms);
    if (ms > this.#ms) {
      this.#start(ms);
    } else if (this.#given === 1024) {
      this.#start(ms + 1);
    }
    this.#given += 1;
    this.#counter = (this.#counter + 1) & 1023;
    return ((BigInt(this.#ms) << 22n) | (BigInt(shard) << 10n) | BigInt(this.#counter)).toString();
  }

  /** A shard for a new patient, whose id is not known yet. */
  randomPatientShard(): number {
    return 1 + Math.floor(this.#random() * (SHARDS - 1));
  }

  #start(ms: number): void {
    this.#ms = ms;
    this.#counter = Math.floor(this.#random() * 1024);
    this.#given = 0;
  }
}
