import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { FormItem } from './form.ts';

const noItems: readonly QuestionnaireResponseItem[] = [];
/** So many items are looked through faster than an index of them is made. */
const FEW = 16;

/**
 * One place of a response: the response itself, one occurrence of an item, one answer with the items inside it, or where
 * an item would stand that the response does not have. Places are made once for each occurrence and kept, so that they
 * can be compared and used as keys; `placeOf(response)` makes the first, `inside` all others.
 */
export class Place {
  /** Undefined for the response itself. */
  readonly item: FormItem | undefined;
  /** The occurrence; undefined where the response does not have the item. */
  readonly node: QuestionnaireResponse | QuestionnaireResponseItem | undefined;
  /** The answer whose inner items are meant; undefined for groups, and for a question as a whole. */
  readonly answer: QuestionnaireResponseItemAnswer | undefined;
  /** What it stands in; undefined for the response itself. */
  readonly outer: Place | undefined;
  /** The items that stand here. */
  readonly items: readonly QuestionnaireResponseItem[];
  #inner: Map<object, Place> | undefined;
  #byLinkId: Map<string, QuestionnaireResponseItem[]> | undefined;

  constructor(
    item: FormItem | undefined,
    node: QuestionnaireResponse | QuestionnaireResponseItem | undefined,
    answer: QuestionnaireResponseItemAnswer | undefined,
    outer: Place | undefined,
  ) {
    this.item = item;
    this.node = node;
    this.answer = answer;
    this.outer = outer;
    this.items = (answer === undefined ? node?.item : answer.item) ?? noItems;
  }

  /**
   * The place of an occurrence of `item` that stands here: of one of `items`, or of the absent one if `node` is left out.
   * With `answer`, the place of the items inside that answer.
   */
  inside(item: FormItem, node?: QuestionnaireResponseItem, answer?: QuestionnaireResponseItemAnswer): Place {
    const key: object = answer ?? node ?? item;
    this.#inner ??= new Map();
    let place = this.#inner.get(key);
    if (place === undefined) {
      place = new Place(item, node, answer, this);
      this.#inner.set(key, place);
    }
    return place;
  }

  /** The items of a linkId that stand here. */
  occurrencesOf(linkId: string): readonly QuestionnaireResponseItem[] {
    if (this.items.length <= FEW) {
      return this.items.filter((node) => node.linkId === linkId);
    }
    if (this.#byLinkId === undefined) {
      this.#byLinkId = new Map();
      for (const node of this.items) {
        const before = this.#byLinkId.get(node.linkId);
        if (before === undefined) this.#byLinkId.set(node.linkId, [node]);
        else before.push(node);
      }
    }
    return this.#byLinkId.get(linkId) ?? noItems;
  }

  /** The FHIRPath expression that points here, `QuestionnaireResponse.item[0].item[2]`; of an absent item, to what lacks it. */
  get path(): string {
    const { outer, node, answer } = this;
    if (outer === undefined) {
      return 'QuestionnaireResponse';
    }
    const index = outer.items.indexOf(node as QuestionnaireResponseItem);
    const own = index < 0 ? outer.path : `${outer.path}.item[${index}]`;
    const answers = answer === undefined || node === undefined || !('answer' in node) ? undefined : node.answer;
    return answers === undefined || answer === undefined ? own : `${own}.answer[${answers.indexOf(answer)}]`;
  }
}

/** The place of the response as a whole. */
export function placeOf(response: QuestionnaireResponse): Place {
  return new Place(undefined, response, undefined, undefined);
}
