import { jsonFault } from './fault.ts';

/** Keys that change what an object is when code assigns them carelessly; no FHIR element is called so. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Above this many keys an object's keys are kept in a Set, so that a huge object costs linear time. */
const COMPARED_MAX = 32;

/**
 * The keys of the objects that are open while a text is scanned, innermost last; refuses a key that its object already
 * has. Few keys are compared by their hashes, without making strings: this runs for every key of every resource.
 */
export class OpenKeys {
  readonly #source: string;
  readonly #hashes: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** Where each open object's keys begin in the arrays above. */
  readonly #bases: number[] = [];
  readonly #sets: (Set<string> | undefined)[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  open(): void {
    this.#bases.push(this.#hashes.length);
    this.#sets.push(undefined);
  }

  close(): void {
    const base = this.#bases.pop() ?? 0;
    this.#sets.pop();
    this.#hashes.length = base;
    this.#starts.length = base;
    this.#ends.length = base;
  }

  /** The key's characters are source[start, end), without its quotes. */
  add(start: number, end: number): void {
    let hash = end - start;
    for (let i = start; i < end; i += 1) {
      const c = this.#source.charCodeAt(i);
      if (c === 0x5c) {
        hash = hashOf(this.#decoded(start, end));
        break;
      }
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    this.#refuseForbidden(start, end);
    const base = this.#bases[this.#bases.length - 1] ?? 0;
    const set = this.#sets[this.#sets.length - 1];
    if (set !== undefined || this.#hashes.length - base >= COMPARED_MAX) {
      this.#addToSet(base, start, end);
      return;
    }
    for (let i = base; i < this.#hashes.length; i += 1) {
      if (this.#hashes[i] === hash && this.#decoded(this.#starts[i]!, this.#ends[i]!) === this.#decoded(start, end)) {
        throw duplicate(this.#source, start);
      }
    }
    this.#hashes.push(hash);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  #addToSet(base: number, start: number, end: number): void {
    let set = this.#sets[this.#sets.length - 1];
    if (set === undefined) {
      set = new Set();
      for (let i = base; i < this.#hashes.length; i += 1) {
        set.add(this.#decoded(this.#starts[i]!, this.#ends[i]!));
      }
      this.#sets[this.#sets.length - 1] = set;
    }
    const key = this.#decoded(start, end);
    if (set.has(key)) {
      throw duplicate(this.#source, start);
    }
    set.add(key);
  }

  #refuseForbidden(start: number, end: number): void {
    const first = this.#source.charCodeAt(start);
    // `__…`, `c…tor`, `p…` or anything escaped: a closer look is rare.
    if (
      (first === 0x5f && this.#source.charCodeAt(start + 1) === 0x5f) ||
      (first === 0x63 && end - start === 11) ||
      (first === 0x70 && end - start === 9) ||
      this.#source.slice(start, end).includes('\\')
    ) {
      if (FORBIDDEN.has(this.#decoded(start, end))) {
        throw jsonFault(this.#source, start, 'a key is a name that FHIR does not know and JavaScript reserves');
      }
    }
  }

  #decoded(start: number, end: number): string {
    const raw = this.#source.slice(start, end);
    return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  }
}

function hashOf(key: string): number {
  let hash = key.length;
  for (let i = 0; i < key.length; i += 1) {
    hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  }
  return hash;
}

function duplicate(source: string, start: number) {
  return jsonFault(source, start, 'an object has the same key twice');
}
