import type {
  Bundle,
  BundleEntry,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { answerValue } from '../answers.ts';
import type { Given } from '../expressions/form-env.ts';
import type { Form, FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { entriesOf, withOwnUrls } from './bundle-entries.ts';
import { bundleEntry, type MadeEntry } from './entry-details.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import { extensionsNamed } from './extensions.ts';
import type { ExtractionRules } from './extraction-rules.ts';
import { fillTemplate } from './fill-template.ts';
import { type ObservationInMaking, Observations } from './observations.ts';

/** What an item finds around it. */
interface Surroundings {
  readonly subject: Reference | undefined;
  readonly observation: ObservationInMaking | undefined;
  readonly given: Given;
}

/** Goes through a response once, from the outside in, and extracts what the rules say of each place. */
export class Walk {
  readonly #rules: ExtractionRules;
  readonly #evaluation: Evaluation;
  readonly #newUuid: () => string;
  readonly #made: MadeEntry[] = [];
  readonly #observations: Observations;

  constructor(rules: ExtractionRules, evaluation: Evaluation, newUuid: () => string) {
    this.#rules = rules;
    this.#evaluation = evaluation;
    this.#newUuid = newUuid;
    this.#observations = new Observations(evaluation, newUuid, this.#made);
  }

  /** The entries of the transaction. */
  entries(): readonly BundleEntry[] {
    const { root, response } = this.#evaluation.state;
    const given = this.#withAllocated(undefined, new Map());
    const standing = { focus: { type: 'QuestionnaireResponse', value: response }, place: root, given };
    this.#fromTemplates(undefined, standing);
    this.#items(root, { subject: response.subject, observation: undefined, given });
    const entries = this.#made.flatMap(({ entry, kept }) => (kept ? [entry] : []));
    const bundles = this.#rules.bundles.flatMap((each) => fillTemplate(each, this.#evaluation, standing) as Bundle[]);
    return withOwnUrls([...entries, ...bundles.flatMap(entriesOf)], this.#newUuid);
  }

  #items(place: Place, around: Surroundings): void {
    const { form } = this.#evaluation.state;
    const inside = { ...around, subject: subjectIn(place, form) ?? around.subject };
    for (const node of place.items) {
      const item = form.items.get(node.linkId);
      if (item === undefined) continue;
      if (item.type === 'group') {
        this.#occurrence(item, node, undefined, place, inside);
      } else {
        for (const answer of node.answer ?? []) {
          this.#occurrence(item, node, answer, place, inside);
        }
      }
    }
  }

  /** One occurrence of a group, or one answer. */
  #occurrence(
    item: FormItem,
    node: QuestionnaireResponseItem,
    answer: QuestionnaireResponseItemAnswer | undefined,
    container: Place,
    around: Surroundings,
  ): void {
    if (!(answer === undefined ? isAnswered(node) : isAnswer(answer))) {
      return;
    }
    const rule = this.#rules.observations.get(item);
    const given = this.#withAllocated(item, around.given);
    const standing = standingAt(item, node, answer, container, given);
    this.#fromTemplates(item, standing);
    const observation =
      rule === undefined
        ? around.observation
        : this.#observations.add(rule, item, answer, around.subject, around.observation, standing);
    this.#items(container.inside(item, node, answer), { ...around, given, observation });
  }

  #withAllocated(item: FormItem | undefined, given: Given): Given {
    const names = this.#rules.places.get(item)?.allocated ?? [];
    return names.length === 0
      ? given
      : new Map([
          ...given,
          ...names.map((name) => [name, [{ type: 'System.String', value: this.#newUuid() }]] as const),
        ]);
  }

  #fromTemplates(item: FormItem | undefined, standing: Standing): void {
    for (const { template, details } of this.#rules.places.get(item)?.templates ?? []) {
      for (const resource of fillTemplate(template, this.#evaluation, standing)) {
        const entry = bundleEntry(resource as Resource, details, this.#evaluation, standing, this.#newUuid);
        this.#made.push({ entry, kept: true });
      }
    }
  }
}

/** An expression on a question is evaluated for each answer: on the item as if it had this one only. */
function standingAt(
  item: FormItem,
  node: QuestionnaireResponseItem,
  answer: QuestionnaireResponseItemAnswer | undefined,
  container: Place,
  given: Given,
): Standing {
  const value = answer === undefined || node.answer?.length === 1 ? node : { ...node, answer: [answer] };
  return { focus: { type: 'QuestionnaireResponse.item', value }, place: container.inside(item, node), given };
}

/** Whom the items of a place are about, where one of them says so: SDC's isSubject. */
function subjectIn({ items }: Place, form: Form): Reference | undefined {
  for (const { linkId, answer } of items) {
    const source = form.items.get(linkId)?.source;
    const [mark] = source === undefined ? [] : extensionsNamed(source, 'isSubject', '');
    if (mark?.extension.valueBoolean === true && answer?.[0]?.valueReference !== undefined) {
      return answer[0].valueReference;
    }
  }
  return undefined;
}

/** Whether there is an answer in an item, or in what it holds. */
function isAnswered({ item, answer }: QuestionnaireResponseItem): boolean {
  return (answer ?? []).some(isAnswer) || (item ?? []).some(isAnswered);
}

function isAnswer(answer: QuestionnaireResponseItemAnswer): boolean {
  return answerValue(answer) !== undefined || (answer.item ?? []).some(isAnswered);
}
