import type { Resource } from '@medplum/fhirtypes';
import type { FormItem } from '../form.ts';
import { typedAnswer } from './answer-value.ts';
import type { ResourceRule } from './definition-rules.ts';
import { bundleEntry, type MadeEntry } from './entry-details.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import type { ExtractData } from './extract.ts';
import type { ExtractionRules } from './extraction-rules.ts';
import type { Occurrence } from './occurrence.ts';
import { OpenElements, ResourceInMaking } from './resource-in-making.ts';

/** A resource that is being filled in, and what of it is open at a place of the response. */
export interface OpenResource {
  readonly resource: ResourceInMaking;
  readonly elements: OpenElements;
}

/** What stands beside each other opens elements of its own. */
export function opened(resources: readonly OpenResource[]): readonly OpenResource[] {
  return resources.map(({ resource, elements }) => ({ resource, elements: new OpenElements(elements) }));
}

/** The resources of one response that are filled in by definitions (SDC, "Definition-based extraction"). */
export class Definitions {
  readonly #rules: ExtractionRules;
  readonly #evaluation: Evaluation;
  readonly #data: ExtractData;
  readonly #made: MadeEntry[];

  /** @param made takes what is made, in the order of the response */
  constructor(rules: ExtractionRules, evaluation: Evaluation, data: ExtractData, made: MadeEntry[]) {
    this.#rules = rules;
    this.#evaluation = evaluation;
    this.#data = data;
    this.#made = made;
  }

  /**
   * Opens the resources that are made at an item, or at the form itself, has them filled in, and closes them.
   *
   * @param outer what is open around it, innermost first
   */
  within(
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
        const { newUuid } = this.#data;
        slot.entry = bundleEntry(finished as unknown as Resource, rule.details, this.#evaluation, standing, newUuid);
        slot.kept = true;
      }
    }
  }

  /** Writes what an occurrence says by its definition, and the values that its item has besides. */
  fill(occurrence: Occurrence, resources: readonly OpenResource[], standing: Standing): void {
    const { item, node, answer } = occurrence;
    this.#target(occurrence, resources);
    if (!this.standTogether(item)) {
      this.values(item, resources, standing);
    } else if (answer === node.answer?.[0]) {
      this.values(item, resources, { ...standing, focus: { ...standing.focus, value: node } });
    }
  }

  /** The answers that are the values of one list stand in one element; others each in one of its own. */
  standTogether(item: FormItem): boolean {
    const rules = this.#rules.places.get(item);
    return rules?.resources.length === 0 && rules.target?.steps.at(-1)?.list === true;
  }

  /** definitionExtractValue on an item, or on the form itself. */
  values(item: FormItem | undefined, resources: readonly OpenResource[], standing: Standing): void {
    for (const { target, fixed, expression, path } of this.#rules.places.get(item)?.values ?? []) {
      const open = resources.find(({ resource }) => resource.canonical === target.canonical);
      const values = expression === undefined ? [] : this.#evaluation.values(expression, standing);
      for (const value of fixed === undefined ? values : [fixed]) {
        open?.resource.write(target, value, open.elements, path);
      }
    }
  }

  #target({ item, answer }: Occurrence, resources: readonly OpenResource[]): void {
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

  #resource({ canonical, type, path }: ResourceRule): ResourceInMaking | undefined {
    const profile = type === undefined ? this.#data.profiles?.(canonical) : undefined;
    const own = type ?? profile?.type ?? this.#rules.profiles.get(canonical);
    if (type === undefined && profile === undefined) {
      this.#evaluation.warn('not-found', `The profile ${canonical} is not known here; what it fixes is missing.`, path);
    }
    return own === undefined ? undefined : new ResourceInMaking(canonical, own, profile, this.#evaluation);
  }
}
