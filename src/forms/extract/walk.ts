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
import { typedAnswer } from './answer-value.ts';
import { entriesOf, withOwnUrls } from './bundle-entries.ts';
import type { ResourceRule } from './definition-rules.ts';
import { bundleEntry, type EntryDetails, type MadeEntry } from './entry-details.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import { extensionsNamed } from './extensions.ts';
import type { ExtractData } from './extract.ts';
import type { ExtractionRules } from './extraction-rules.ts';
import { fillTemplate } from './fill-template.ts';
import { type ObservationInMaking, Observations } from './observations.ts';
import { OpenElements, ResourceInMaking } from './resource-in-making.ts';

/** A resource that is being filled in, and what of it is open at a place of the response. */
interface OpenResource {
  readonly resource: ResourceInMaking;
  readonly elements: OpenElements;
}

/** What an item finds around it. */
interface Surroundings {
  readonly subject: Reference | undefined;
  readonly observation: ObservationInMaking | undefined;
  /** Innermost first. */
  readonly resources: readonly OpenResource[];
  readonly given: Given;
}

/** What the walk needs besides the response. */
export type WalkData = Pick<ExtractData, 'newUuid' | 'profiles'>;

/** Goes through a response once, from the outside in, and extracts what the rules say of each place. */
export class Walk {
  readonly #rules: ExtractionRules;
  readonly #evaluation: Evaluation;
  readonly #data: WalkData;
  readonly #made: MadeEntry[] = [];
  readonly #observations: Observations;

  constructor(rules: ExtractionRules, evaluation: Evaluation, data: WalkData) {
    this.#rules = rules;
    this.#evaluation = evaluation;
    this.#data = data;
    this.#observations = new Observations(evaluation, data.newUuid, this.#made);
  }

  /** The entries of the transaction. */
  entries(): readonly BundleEntry[] {
    const { root, effective } = this.#evaluation.state;
    const given = this.#withAllocated(undefined, new Map());
    const standing = { focus: { type: 'QuestionnaireResponse', value: effective }, place: root, given };
    this.#fromTemplates(undefined, standing);
    this.#defining(undefined, [], standing, (resources) => {
      this.#values(undefined, resources, standing);
      this.#items(root, { subject: effective.subject, observation: undefined, resources, given });
    });
    const entries = this.#made.flatMap(({ entry, kept }) => (kept ? [entry] : []));
    const bundles = this.#rules.bundles.flatMap((each) => fillTemplate(each, this.#evaluation, standing) as Bundle[]);
    return withOwnUrls([...entries, ...bundles.flatMap(entriesOf)], this.#data.newUuid);
  }

  #items(place: Place, around: Surroundings): void {
    const { form } = this.#evaluation.state;
    const inside = { ...around, subject: subjectIn(place, form) ?? around.subject };
    for (const node of place.items) {
      const item = form.items.get(node.linkId);
      if (item === undefined) continue;
      if (item.type === 'group') {
        this.#occurrence(item, node, undefined, place, { ...inside, resources: opened(inside.resources) });
        continue;
      }
      const together = this.#standTogether(item);
      const shared = opened(inside.resources);
      for (const answer of node.answer ?? []) {
        const resources = together ? shared : opened(inside.resources);
        this.#occurrence(item, node, answer, place, { ...inside, resources });
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
    const given = this.#withAllocated(item, around.given);
    const standing = standingAt(item, node, answer, container, given);
    this.#fromTemplates(item, standing);
    const rule = this.#rules.observations.get(item);
    const observation =
      rule === undefined
        ? around.observation
        : this.#observations.add(rule, item, answer, around.subject, around.observation, standing);
    this.#defining(item, around.resources, standing, (resources) => {
      this.#target(item, answer, resources);
      if (!this.#standTogether(item)) {
        this.#values(item, resources, standing);
      } else if (answer === node.answer?.[0]) {
        this.#values(item, resources, { ...standing, focus: { ...standing.focus, value: node } });
      }
      this.#items(container.inside(item, node, answer), { ...around, given, observation, resources });
    });
  }

  /** The answers that are the values of one list stand in one element; others each in one of its own. */
  #standTogether(item: FormItem): boolean {
    const rules = this.#rules.places.get(item);
    return rules?.resources.length === 0 && rules.target?.steps.at(-1)?.list === true;
  }

  #withAllocated(item: FormItem | undefined, given: Given): Given {
    const names = this.#rules.places.get(item)?.allocated ?? [];
    const newUuid = () => [{ type: 'System.String', value: this.#data.newUuid() }];
    return names.length === 0 ? given : new Map([...given, ...names.map((name) => [name, newUuid()] as const)]);
  }

  #fromTemplates(item: FormItem | undefined, standing: Standing): void {
    for (const { template, details } of this.#rules.places.get(item)?.templates ?? []) {
      for (const resource of fillTemplate(template, this.#evaluation, standing)) {
        this.#made.push({ entry: this.#entry(resource, details, standing), kept: true });
      }
    }
  }

  /** Opens the resources that are made here, has them filled in, and closes them. */
  #defining(
    item: FormItem | undefined,
    outer: readonly OpenResource[],
    standing: Standing,
    fill: (resources: readonly OpenResource[]) => void,
  ): void {
    const rules = this.#rules.places.get(item)?.resources ?? [];
    const here = rules.flatMap((rule) => {
      const resource = this.#resource(rule);
      const slot: MadeEntry = { entry: {}, kept: false };
      this.#made.push(slot);
      return resource === undefined ? [] : [{ rule, resource, slot, elements: new OpenElements() }];
    });
    fill([...here.toReversed(), ...outer]);
    for (const { rule, resource, slot } of here) {
      const finished = resource.finished();
      if (finished !== undefined) {
        slot.entry = this.#entry(finished, rule.details, standing);
        slot.kept = true;
      }
    }
  }

  #resource({ canonical, type, path }: ResourceRule): ResourceInMaking | undefined {
    const profile = type === undefined ? this.#data.profiles?.(canonical) : undefined;
    const own = type ?? profile?.type ?? this.#rules.profiles.get(canonical);
    if (type === undefined && profile === undefined) {
      this.#evaluation.warn('not-found', `The profile ${canonical} is not known here; what it fixes is missing.`, path);
    }
    return own === undefined ? undefined : new ResourceInMaking(canonical, own, profile, this.#evaluation);
  }

  #values(item: FormItem | undefined, resources: readonly OpenResource[], standing: Standing): void {
    for (const { target, fixed, expression, path } of this.#rules.places.get(item)?.values ?? []) {
      const open = resources.find(({ resource }) => resource.canonical === target.canonical);
      const values = expression === undefined ? [] : this.#evaluation.values(expression, standing);
      for (const value of fixed === undefined ? values : [fixed]) {
        open?.resource.write(target, value, open.elements, path);
      }
    }
  }

  /** What the item's own definition says of its answer, or of it as a group. */
  #target(
    item: FormItem,
    answer: QuestionnaireResponseItemAnswer | undefined,
    resources: readonly OpenResource[],
  ): void {
    const target = this.#rules.places.get(item)?.target;
    const open = resources.find(({ resource }) => resource.canonical === target?.canonical);
    const path = `${item.path}.definition`;
    if (target === undefined || open === undefined) {
      return;
    }
    const value = answer === undefined ? undefined : typedAnswer(answer);
    if (answer === undefined) {
      open.resource.openGroup(target, open.elements, path);
    } else if (value !== undefined) {
      open.resource.write(target, value, open.elements, path);
    }
  }

  #entry(resource: object, details: EntryDetails, standing: Standing): BundleEntry {
    return bundleEntry(resource as Resource, details, this.#evaluation, standing, this.#data.newUuid);
  }
}

/** What stands beside each other opens elements of its own. */
function opened(resources: readonly OpenResource[]): readonly OpenResource[] {
  return resources.map(({ resource, elements }) => ({ resource, elements: new OpenElements(elements) }));
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
