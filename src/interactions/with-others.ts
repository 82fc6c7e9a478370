import type { Caller } from '../model/caller.ts';
import { lockCriteria } from '../store/locks.ts';
import { Together } from '../store/together.ts';
import type { Engine, Planned, Unit } from './engine.ts';

/** How one of several who work in a unit at the same time stores what it plans: with what the others plan. */
export interface WithOthers {
  /** Ends when it is stored. @throws where the unit is lost */
  store(caller: Caller, planned: Planned): Promise<void>;
  /** Makes conditional writes with the same criteria wait for each other. */
  lockCriteria(key: string): Promise<void>;
}

/** Why a unit in which several work is given up: each has to be done in one of its own, where it can be told why. */
export class NotTogether extends Error {
  constructor(why: string, cause?: unknown) {
    super(why, { cause });
    this.name = 'NotTogether';
  }
}

/** Stores planned writes: applyWithin of commit.ts. */
type Apply = (
  engine: Engine,
  unit: Unit,
  caller: Caller,
  planned: readonly Planned[],
  absent: Set<string>,
) => Promise<void>;

interface Waiting {
  readonly piece: Piece;
  readonly caller: Caller;
  readonly planned: Planned;
  stored(): void;
  lost(why: unknown): void;
}

/**
 * Lets several pieces of work run in one unit at the same time, for different patients. What they read in one turn is
 * asked in one statement (Together); what they write is stored in one, once each of them has ended or waits for a write.
 *
 * All of it commits, or nothing: whatever can't be stored loses the unit (NotTogether), and the work is then to be done
 * piece by piece. A refusal while a write is planned is its own piece's alone, as in a unit of its own.
 */
export class Companions {
  readonly #engine: Engine;
  readonly #unit: Unit;
  /** By which they read. */
  readonly #client: Together;
  readonly #apply: Apply;
  readonly #criteria = new Set<string>();
  #criteriaWaiting: { readonly keys: string[]; readonly locked: Promise<void> } | undefined;
  #active = 0;
  #waiting: Waiting[] = [];

  constructor(engine: Engine, unit: Unit, apply: Apply) {
    this.#engine = engine;
    this.#unit = unit;
    this.#client = new Together(unit.client);
    this.#apply = apply;
  }

  /** Runs all pieces to their end. @throws the first failure, once all have ended or the unit is lost */
  async run(pieces: readonly ((unit: Unit) => Promise<void>)[]): Promise<void> {
    this.#active = pieces.length;
    await Promise.all(
      pieces.map(async (piece) => {
        try {
          await piece({ ...this.#unit, client: this.#client, withOthers: new Piece(this) });
        } finally {
          this.rests();
        }
      }),
    );
  }

  store(piece: Piece, caller: Caller, planned: Planned): Promise<void> {
    return new Promise((stored, lost) => {
      this.#waiting.push({ piece, caller, planned, stored, lost });
    });
  }

  /** A piece has ended, or waits for its writes. */
  rests(): void {
    this.#active -= 1;
    if (this.#active === 0 && this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#storeAll(waiting).then(
        () => this.#goOn(waiting, ({ stored }) => stored()),
        (why) => {
          this.#unit.fate.lose(why);
          this.#goOn(waiting, ({ lost }) => lost(why));
        },
      );
    }
  }

  /** All are at work again before the first of them can come to its next write. */
  #goOn(waiting: readonly Waiting[], told: (one: Waiting) => void): void {
    for (const { piece } of waiting) {
      if (piece.goesOn()) this.#active += 1;
    }
    for (const one of waiting) told(one);
  }

  /** The locks of all pieces that come to theirs in one turn, in one statement. */
  lockCriteria(key: string): Promise<void> {
    if (this.#criteria.has(key)) {
      const why = new NotTogether('two pieces of work depend on the same criteria');
      this.#unit.fate.lose(why);
      return Promise.reject(why);
    }
    this.#criteria.add(key);
    if (this.#criteriaWaiting === undefined) {
      const keys: string[] = [];
      const locked = new Promise<void>((resolve, reject) => {
        setImmediate(() => {
          this.#criteriaWaiting = undefined;
          // not within the step of another piece: what is locked there goes when the step is refused
          this.#unit.turns.take(() => lockCriteria(this.#unit.client, ...keys)).then(resolve, reject);
        });
      });
      this.#criteriaWaiting = { keys, locked };
    }
    this.#criteriaWaiting.keys.push(key);
    return this.#criteriaWaiting.locked;
  }

  async #storeAll(waiting: readonly Waiting[]): Promise<void> {
    if (new Set(waiting.map(({ planned }) => planned.write.rid)).size < waiting.length) {
      throw new NotTogether('two pieces of work write the same resource');
    }
    for (const [, alike] of Map.groupBy(waiting, ({ caller }) => caller.name)) {
      const [first] = alike;
      const planned = alike.map((one) => one.planned);
      if (first !== undefined) {
        await this.#unit.turns.take(() =>
          this.#apply(this.#engine, this.#unit, first.caller, planned, new Set()).catch((cause) => {
            throw new NotTogether('what several wrote could not be stored', cause);
          }),
        );
      }
    }
  }
}

/** One piece of work: it may start several writes at once, and goes on when the last of them is stored. */
class Piece implements WithOthers {
  readonly #companions: Companions;
  #writes = 0;

  constructor(companions: Companions) {
    this.#companions = companions;
  }

  store(caller: Caller, planned: Planned): Promise<void> {
    const stored = this.#companions.store(this, caller, planned);
    this.#writes += 1;
    if (this.#writes === 1) this.#companions.rests();
    return stored;
  }

  /** One of its writes has ended. @returns whether it was the last */
  goesOn(): boolean {
    this.#writes -= 1;
    return this.#writes === 0;
  }

  lockCriteria(key: string): Promise<void> {
    return this.#companions.lockCriteria(key);
  }
}
