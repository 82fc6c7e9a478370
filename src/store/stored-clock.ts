import type { Clock } from '../model/clock.ts';
import type { Queryable } from '../model/queryable.ts';

const NAME = 'test_clock';

/**
 * The test clock: time stands still at an instant that is a row of the database, for every process, until it is moved
 * forward.
 */
export class StoredClock implements Clock {
  readonly #db: Queryable;
  #ms: number;

  private constructor(db: Queryable, ms: number) {
    this.#db = db;
    this.#ms = ms;
  }

  /** The clock of a database; one that has none yet starts at `start`. */
  static async open(db: Queryable, start: Date): Promise<StoredClock> {
    await db.query({
      text: 'insert into setting (name, value) values ($1, $2) on conflict do nothing',
      values: [NAME, start.toISOString()],
    });
    const clock = new StoredClock(db, start.getTime());
    await clock.refresh();
    return clock;
  }

  /** The time at which a database's test clock stands; undefined where it has none. */
  static async stored(db: Queryable): Promise<Date | undefined> {
    const result = await db.query<{ value: string }>({
      text: 'select value from setting where name = $1',
      values: [NAME],
    });
    const value = result.rows[0]?.value;
    return value === undefined ? undefined : new Date(value);
  }

  /** Takes the test clock away from a database. */
  static async remove(db: Queryable): Promise<void> {
    await db.query({ text: 'delete from setting where name = $1', values: [NAME] });
  }

  now(): Date {
    return new Date(this.#ms);
  }

  /** Reads what other processes may have set. */
  async refresh(): Promise<void> {
    const result = await this.#db.query<{ value: string }>({
      name: 'clock',
      text: 'select value from setting where name = $1',
      values: [NAME],
    });
    this.#ms = Date.parse(result.rows[0]?.value ?? '') || this.#ms;
  }

  /** Moves the clock forward; a time before the present one changes nothing. */
  async moveTo(ms: number): Promise<void> {
    await this.#db.query({
      text: 'update setting set value = $2 where name = $1 and value < $2',
      values: [NAME, new Date(ms).toISOString()],
    });
    await this.refresh();
  }
}
