import type { Patient, Resource } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { Engine } from '../../src/interactions/engine.ts';
import { bitmap, difference, postings } from '../../src/interactions/postings.ts';
import { systemCaller } from '../../src/model/caller.ts';
import { idOfRid, type Rid, ridOfId, SHARDS } from '../../src/model/rid.ts';
import { syntheticNationalNumber } from '../../src/registry/synthetic/national-number.ts';
import { applyWrites } from '../../src/store/apply-writes.ts';
import { noPostings, type Postings, type PreparedWrite } from '../../src/store/prepared-write.ts';
import { addTies, type Tie } from '../../src/store/ties.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import type { RecordedEvent, RecordedVersion, Recording } from './recording.ts';
import { dayText, filled, type Stencil, stencilOf, type Values } from './stencil.ts';

const DAY_MS = 86_400_000;
const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';

/** A recorded course made ready to be copied. */
export interface Template {
  readonly recording: Recording;
  readonly versions: readonly { readonly version: RecordedVersion; readonly stencil: Stencil }[];
  readonly person: Person;
}

/** What of a patient is another's in each copy, as it stands in the recording. */
interface Person {
  readonly number: string;
  readonly family: string;
  readonly born: string;
  readonly sex: 'male' | 'female';
}

export function templateOf(recording: Recording): Template {
  const { versions, patient } = recording;
  const ids = [...new Set(versions.map(({ id }) => id))];
  const person = personOf(versions.find(({ rid }) => rid === patient));
  return {
    recording,
    person,
    versions: versions.map((version) => ({
      version,
      stencil: stencilOf(
        version.content,
        version.rid === patient ? [...ids, person.number, person.family, person.born] : ids,
      ),
    })),
  };
}

function personOf(version: RecordedVersion | undefined): Person {
  const patient = JSON.parse(version?.content ?? '{}') as Patient;
  const number = patient.identifier?.find(({ system }) => system === NATIONAL_NUMBER)?.value;
  const family = patient.name?.[0]?.family;
  if (number === undefined || family === undefined || patient.birthDate === undefined) {
    throw new Error('a patient to be copied has a national number, a family name and a birth date');
  }
  return { number, family, born: patient.birthDate, sex: patient.gender === 'male' ? 'male' : 'female' };
}

/** One copy as it is to be stored: the versions of a round have different resources, and go into one statement. */
export interface Copy {
  readonly rounds: readonly (readonly PreparedWrite[])[];
  readonly ties: readonly Tie[];
  readonly patient: Rid;
}

/**
 * Makes copies of a recorded course: the same resources and versions, of another patient, moved by whole days. All that
 * the store derives (postings, presence, dates) is worked out anew from the copy by the server's own functions.
 */
export class Copier {
  readonly #engine: Engine;
  readonly #shards: { readonly of: number; readonly own: number };

  /** @param shards of so many writers this is which: each has shards of its own, and none waits for another */
  constructor(engine: Engine, shards = { of: 1, own: 0 }) {
    this.#engine = engine;
    this.#shards = shards;
  }

  /** @param serial tells the copy from all others @param days by which all but the birth date moves */
  copy(template: Template, serial: number, days: number): Copy {
    const { of, own } = this.#shards;
    const place = serial * of + own;
    const shard = 1 + (place % (SHARDS - 1));
    const rids = new Map<Rid, Rid>();
    const words = new Map(wordsOf(template.person, place));
    for (const { rid, id } of template.recording.versions) {
      const given = rids.get(rid) ?? this.#engine.rids.next(shard);
      rids.set(rid, given);
      words.set(id, ridOfId(id) === undefined ? `${id}-${place}` : idOfRid(given));
    }
    return this.filledIn(template, rids, { words, days });
  }

  /** What the template's own course would be stored as, to be compared with what is there. */
  itself(template: Template): Copy {
    const { recording, person } = template;
    const own = [person.number, person.family, person.born, ...recording.versions.map(({ id }) => id)];
    const rids = new Map(recording.versions.map(({ rid }) => [rid, rid]));
    return this.filledIn(template, rids, { words: new Map(own.map((word) => [word, word])), days: 0 });
  }

  filledIn({ recording, versions }: Template, rids: ReadonlyMap<Rid, Rid>, values: Values): Copy {
    const moved = (rid: Rid | undefined): Rid | undefined => (rid === undefined ? undefined : (rids.get(rid) ?? rid));
    const { days, words } = values;
    const patient = moved(recording.patient) as Rid;
    const rounds: PreparedWrite[][] = [];
    const before = new Map<Rid, Postings>();
    for (const { version, stencil } of versions) {
      const rid = moved(version.rid) as Rid;
      const content = version.deleted ? '' : filled(stencil, values);
      const rows = version.deleted ? undefined : this.#engine.definitions().extract(JSON.parse(content) as Resource);
      const after = rows === undefined ? noPostings : postings(rows, this.#engine.hashSeed);
      const last = before.get(rid);
      const write: PreparedWrite = {
        rid,
        type: version.type,
        id: words.get(version.id) as string,
        clientId: ridOfId(version.id) === undefined,
        version: version.version,
        updated: version.updated + days * DAY_MS,
        deleted: version.deleted,
        content,
        patient,
        anchor: moved(version.anchor),
        date: rows?.date,
        present: bitmap(rows?.present ?? []),
        ...(last === undefined ? { add: after, remove: noPostings } : difference(last, after)),
        definitions: this.#engine.definitions().generation,
        targets: [],
        events: recording.events.filter((event) => isOf(event, version)).map((event) => later(event, days)),
      };
      before.set(rid, after);
      const round = rounds[version.version - 1] ?? [];
      rounds[version.version - 1] = round;
      round.push(write);
    }
    return {
      rounds,
      patient,
      ties: recording.ties.map((tie) => ({ ...tie, rid: moved(tie.rid) as Rid })),
    };
  }

  /**
   * Stores copies in one transaction, with the audit's rows for each round.
   * @param also done in the same transaction
   * @returns how many versions were stored
   */
  async store(
    pool: pg.Pool,
    copies: readonly Copy[],
    also: (client: pg.PoolClient) => Promise<unknown> = async () => undefined,
  ): Promise<number> {
    const deepest = Math.max(...copies.map(({ rounds }) => rounds.length));
    let stored = 0;
    const audited = await inTransaction(pool, async (client) => {
      const rows: PreparedWrite['audit'][] = [];
      for (let round = 0; round < deepest; round += 1) {
        const planned = copies.flatMap(({ rounds }) => rounds[round] ?? []);
        const writes = await this.#engine.audit.ofWrites(systemCaller, planned);
        const done = await applyWrites(client, writes);
        if (done.size !== planned.length) {
          throw new Error(`of ${planned.length} versions ${done.size} were stored`);
        }
        stored += done.size;
        rows.push(...writes.map(({ audit }) => audit));
      }
      await addTies(
        client,
        copies.flatMap(({ ties }) => ties),
      );
      await also(client);
      return rows.filter((row) => row !== undefined);
    });
    this.#engine.audit.stored(audited);
    return stored;
  }
}

function isOf(event: RecordedEvent, version: RecordedVersion): boolean {
  return event.rid === version.rid && event.version === version.version;
}

function later({ bot, interaction, due }: RecordedEvent, days: number) {
  return { bot, interaction, due: due === 0 ? 0 : due + days * DAY_MS };
}

const BORN_FROM = Date.UTC(1935, 0, 1) / DAY_MS;
const BORN_APART_DAYS = 17;
/** So many copies are of one series; the next has birth dates between those of the first. */
const SERIES = 1_000_000;
/** The synthetic series has more numbers than that for each birth date and sex. */
const BORN_TOGETHER = 180;

/** A name, a birth date and a number of the synthetic series that no other copy has. All copies are adults. */
function wordsOf({ number, family, born, sex }: Person, serial: number): ReadonlyMap<string, string> {
  const [series, n] = [Math.floor(serial / SERIES), serial % SERIES];
  const day = dayText(BORN_FROM + series + Math.floor(n / BORN_TOGETHER) * BORN_APART_DAYS);
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return new Map([
    [number, syntheticNationalNumber({ year, month, day: date }, sex, n % BORN_TOGETHER)],
    [family, `${family.split('-')[0]}-${serial}`],
    [born, day],
  ]);
}
