import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { DistinctItems } from '../../fhirpath/distinct.ts';
import type { FormItem } from '../form.ts';
import type { Items } from './compile-expressions.ts';

/**
 * From where items count: `top`, the response's own (`%resource.item`); `items`, those in groups too (`repeat(item)`);
 * `all`, also those inside answers (`descendants()`).
 */
export type Reach = 'top' | 'items' | 'all';

/** An item of the response with what it is in the form. */
export interface Entry {
  readonly node: QuestionnaireResponseItem;
  readonly item: FormItem;
  readonly depth: number;
  readonly insideAnswer: boolean;
}

const none: readonly Entry[] = [];

/** The items of a response by what they are in the form. Made by one walk. */
export class ResponseIndex {
  /** In document order. */
  readonly #entries: Entry[] = [];
  /** By position of the FormItem. */
  readonly #byItem: (Entry[] | undefined)[] = [];
  /** Some item occurs more than once. */
  #repeats = false;
  #owners: Map<object, FormItem> | undefined;
  /** What was picked before: an expression in a group that repeats picks the same in each occurrence. */
  readonly #picks = new Map<ReadonlySet<FormItem>, Map<Reach, readonly Entry[]>>();

  constructor(items: Items, response: QuestionnaireResponse) {
    const walk = (level: readonly QuestionnaireResponseItem[], depth: number, insideAnswer: boolean): void => {
      for (const node of level) {
        const item = items.get(node.linkId);
        if (item !== undefined) {
          const entry = { node, item, depth, insideAnswer };
          this.#entries.push(entry);
          const before = this.#byItem[item.position];
          if (before === undefined) this.#byItem[item.position] = [entry];
          else {
            before.push(entry);
            this.#repeats = true;
          }
        }
        if (node.item !== undefined) walk(node.item, depth + 1, insideAnswer);
        for (const answer of node.answer ?? []) {
          // An answer is a level of its own.
          if (answer.item !== undefined) walk(answer.item, depth + 2, true);
        }
      }
    };
    walk(response.item ?? [], 0, false);
  }

  /** The occurrences of the items, in the order in which FHIRPath's walk finds them. */
  pick(picked: ReadonlySet<FormItem>, reach: Reach): readonly Entry[] {
    let known = this.#picks.get(picked);
    if (known === undefined) {
      known = new Map();
      this.#picks.set(picked, known);
    }
    let found = known.get(reach);
    if (found === undefined) {
      found = this.#pick(picked, reach);
      known.set(reach, found);
    }
    return found;
  }

  #pick(picked: ReadonlySet<FormItem>, reach: Reach): readonly Entry[] {
    if (picked.size === 1) {
      for (const item of picked) {
        return this.#ordered(this.#byItem[item.position] ?? none, reach);
      }
    }
    return this.#ordered(
      this.#entries.filter(({ item }) => picked.has(item)),
      reach,
    );
  }

  /**
   * The item that an answer, or a coding in one, belongs to; undefined for what is not in the response. An object that
   * stands in two answers is of the first.
   */
  owner(part: object): FormItem | undefined {
    if (this.#owners === undefined) {
      const owners = new Map<object, FormItem>();
      for (const { node, item } of this.#entries) {
        for (const answer of node.answer ?? []) {
          for (const each of [answer, codingOf(answer)]) {
            if (each !== undefined && !owners.has(each)) owners.set(each, item);
          }
        }
      }
      this.#owners = owners;
    }
    return this.#owners.get(part);
  }

  /** As FHIRPath's repeat() and descendants() go: level by level. */
  #ordered(entries: readonly Entry[], reach: Reach): readonly Entry[] {
    const [first] = entries;
    let flat = true;
    let fits = true;
    for (const { depth, insideAnswer } of entries) {
      flat &&= depth === first?.depth;
      fits &&= reaches(reach, depth, insideAnswer);
    }
    let found = entries;
    if (!fits) found = found.filter(({ depth, insideAnswer }) => reaches(reach, depth, insideAnswer));
    if (!flat) found = [...found].sort((a, b) => a.depth - b.depth);
    return reach === 'items' && this.#repeats ? unlike(found) : found;
  }
}

function codingOf(answer: QuestionnaireResponseItemAnswer): object | undefined {
  return answer.valueCoding ?? answer.valueQuantity;
}

function reaches(reach: Reach, depth: number, insideAnswer: boolean): boolean {
  return reach === 'all' || (reach === 'top' ? depth === 0 : !insideAnswer);
}

/** repeat() yields once what occurs twice with the same content, as FHIRPath N1 says. */
function unlike(entries: readonly Entry[]): readonly Entry[] {
  const known = new DistinctItems('QuestionnaireResponse.item');
  return entries.filter(({ node }) => known.add(node));
}
