import type { Bundle, BundleEntry, Reference, Resource } from '@medplum/fhirtypes';
import type { Given } from '../expressions/form-env.ts';
import type { FormItem } from '../form.ts';
import type { Place } from '../place.ts';
import { entriesOf, withOwnUrls } from './bundle-entries.ts';
import { Definitions, type OpenResource, opened } from './definitions.ts';
import { bundleEntry, type MadeEntry } from './entry-details.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import type { ExtractData } from './extract.ts';
import type { ExtractionRules } from './extraction-rules.ts';
import { fillTemplate } from './fill-template.ts';
import { type ObservationInMaking, Observations } from './observations.ts';
import { answeredOccurrences, type Occurrence, standingAt, subjectIn } from './occurrence.ts';

/** What an item finds around it. */
interface Surroundings {
  readonly subject: Reference | undefined;
  readonly observation: ObservationInMaking | undefined;
  /** Innermost first. */
  readonly resources: readonly OpenResource[];
  /** The ids that were allocated, by name. */
  readonly given: Given;
}

/** Goes through a response once, from the outside in, and extracts what the rules say of each place. */
export class Walk {
  readonly #rules: ExtractionRules;
  readonly #evaluation: Evaluation;
  readonly #newUuid: () => string;
  /** In the order of the response. */
  readonly #made: MadeEntry[] = [];
  readonly #observations: Observations;
  readonly #definitions: Definitions;

  constructor(rules: ExtractionRules, evaluation: Evaluation, data: ExtractData) {
    this.#rules = rules;
    this.#evaluation = evaluation;
    this.#newUuid = data.newUuid;
    this.#observations = new Observations(evaluation, data.newUuid, this.#made);
    this.#definitions = new Definitions(rules, evaluation, data, this.#made);
  }

  /** The entries of the transaction. */
  entries(): readonly BundleEntry[] {
    const { root, effective } = this.#evaluation.state;
    const given = this.#withAllocated(undefined, new Map());
    const standing = { focus: { type: 'QuestionnaireResponse', value: effective }, place: root, given };
    this.#fromTemplates(undefined, standing);
    this.#definitions.within(undefined, [], standing, (resources) => {
      this.#definitions.values(undefined, resources, standing);
      this.#items(root, { subject: effective.subject, observation: undefined, resources, given });
    });
    const entries = this.#made.flatMap(({ entry, kept }) => (kept ? [entry] : []));
    const bundles = this.#rules.bundles.flatMap((each) => fillTemplate(each, this.#evaluation, standing) as Bundle[]);
    return withOwnUrls([...entries, ...bundles.flatMap(entriesOf)], this.#newUuid);
  }

  #items(place: Place, around: Surroundings): void {
    const { form } = this.#evaluation.state;
    const subject = subjectIn(place, form) ?? around.subject;
    for (const node of place.items) {
      const item = form.items.get(node.linkId);
      if (item === undefined) continue;
      const shared = opened(around.resources);
      const together = this.#definitions.standTogether(item);
      for (const occurrence of answeredOccurrences(item, node, place)) {
        const resources = together ? shared : opened(around.resources);
        this.#occurrence(occurrence, { ...around, subject, resources });
      }
    }
  }

  #occurrence(occurrence: Occurrence, around: Surroundings): void {
    const { item, node, answer, container } = occurrence;
    const given = this.#withAllocated(item, around.given);
    const standing = standingAt(occurrence, given);
    this.#fromTemplates(item, standing);
    const rule = this.#rules.observations.get(item);
    const observation = rule
      ? this.#observations.add(rule, occurrence, around.subject, around.observation, standing)
      : around.observation;
    this.#definitions.within(item, around.resources, standing, (resources) => {
      this.#definitions.fill(occurrence, resources, standing);
      this.#items(container.inside(item, node, answer), { ...around, given, observation, resources });
    });
  }

  /** extractAllocateId: a new uuid by a name, for an item and what stands in it. */
  #withAllocated(item: FormItem | undefined, given: Given): Given {
    const names = this.#rules.places.get(item)?.allocated ?? [];
    const newId = () => [{ type: 'System.String', value: this.#newUuid() }];
    return names.length === 0 ? given : new Map([...given, ...names.map((name) => [name, newId()] as const)]);
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
