import type { Act, Rule } from '../../src/model/access.ts';
import type { Content, Row, World } from './world.ts';

/** What conditions on rows mean, by their keys, told of contents. */
export type Meanings = Readonly<Record<string, (content: Content) => boolean>>;

/** What a caller with some rules may see of a world: row by row, without SQL, as slow and as plain as can be. */
export class Naive {
  readonly world: World;
  readonly #rules: readonly Rule[];
  readonly #meanings: Meanings;
  readonly #current: ReadonlyMap<string, Row>;
  /** Whose the courses are on which something may hang that names no patient. */
  readonly #courses: ReadonlyMap<string, string>;
  /** What is there now and may be found by a search. */
  readonly found: readonly Row[];
  readonly #found: ReadonlyMap<string, Row>;

  constructor(world: World, rules: readonly Rule[], meanings: Meanings) {
    this.world = world;
    this.#rules = rules;
    this.#meanings = meanings;
    this.#current = new Map(world.current.map((row) => [row.rid, row]));
    this.#courses = new Map(
      world.current.flatMap(({ rid, type, patient }) =>
        patient !== null && ['Patient', 'EpisodeOfCare', 'ServiceRequest'].includes(type) ? [[rid, patient]] : [],
      ),
    );
    this.found = world.current.filter((row) => !row.deleted && this.may('search', row));
    this.#found = new Map(this.found.map((row) => [`${row.type}/${row.id}`, row]));
  }

  mayAtAll(act: Act, type: string): boolean {
    return this.#rules.some(
      ({ acts, types, ties }) =>
        acts.includes(act) && types.includes(type) && (!ties || ties.labels.length + ties.anchors.length > 0),
    );
  }

  /** Of a current version. */
  may(act: Act, row: Row): boolean {
    return this.#rules.some((rule) => this.#holds(rule, act, row) && this.#meets(rule, row));
  }

  /** Of a superseded version. */
  mayPast(act: Act, row: Row): boolean {
    const current = this.#current.get(row.rid);
    return (
      current !== undefined &&
      this.may(act, current) &&
      this.#rules.some((rule) => this.#holds(rule, act, row) && (rule.where ?? []).length === 0)
    );
  }

  /** What a reference leads to, if that may be found. */
  target(reference: { reference?: string } | undefined): Content {
    return this.#found.get(reference?.reference ?? '')?.content;
  }

  #meets(rule: Rule, row: Row): boolean {
    return (rule.where ?? []).every(({ key }) => row.content !== undefined && this.#meanings[key]?.(row.content));
  }

  #holds({ types, acts, patient, ties }: Rule, act: Act, row: Row): boolean {
    if (!types.includes(row.type) || !acts.includes(act)) return false;
    if (patient !== undefined && row.patient !== patient) return false;
    if (ties !== undefined) {
      if (row.anchor === null) return false;
      const labels = this.world.ties.get(row.anchor) ?? new Set();
      if (!ties.anchors.includes(row.anchor) && !ties.labels.some((label) => labels.has(label))) return false;
    }
    const ofOwn = patient !== undefined && ties === undefined;
    const patientOf = row.patient ?? this.#courses.get(row.anchor ?? '') ?? '';
    return ofOwn || !this.world.restricted.has(patientOf);
  }
}
