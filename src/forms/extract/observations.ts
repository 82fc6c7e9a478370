import type {
  Observation,
  ObservationComponent,
  QuestionnaireResponse,
  QuestionnaireResponseItemAnswer,
  Reference,
} from '@medplum/fhirtypes';
import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { elementsOf, jsonName } from '../../model/r4/structures.ts';
import type { FormItem } from '../form.ts';
import { typedAnswer } from './answer-value.ts';
import { bundleEntry, type MadeEntry } from './entry-details.ts';
import type { Evaluation, Standing } from './evaluation.ts';
import { fitted } from './fitted.ts';
import type { ObservationRule } from './observation-rules.ts';
import type { Occurrence } from './occurrence.ts';

/** An Observation in the making, to which those of the items inside may belong. */
export interface ObservationInMaking extends MadeEntry {
  readonly fullUrl: string;
  readonly observation: Observation;
}

/** The Observations of one response (SDC, "Observation-based extraction"). */
export class Observations {
  readonly #response: QuestionnaireResponse;
  readonly #evaluation: Evaluation;
  readonly #newUuid: () => string;
  readonly #made: MadeEntry[];

  /** @param made takes what is made, in the order of the response */
  constructor(evaluation: Evaluation, newUuid: () => string, made: MadeEntry[]) {
    this.#response = evaluation.state.response;
    this.#evaluation = evaluation;
    this.#newUuid = newUuid;
    this.#made = made;
  }

  /**
   * Makes what a rule says of an answer, or of a group.
   *
   * @param outer the Observation of what the item stands in
   * @returns what the items inside belong to
   */
  add(
    rule: ObservationRule,
    { item, answer }: Occurrence,
    subject: Reference | undefined,
    outer: ObservationInMaking | undefined,
    standing: Standing,
  ): ObservationInMaking | undefined {
    this.#evaluation.made();
    const value = answer === undefined ? {} : this.#value(rule, item, answer);
    if (value === undefined) {
      return outer;
    }
    if (rule.relation !== 'independent' && outer === undefined) {
      const diagnostics = `What this is a ${rule.relation} of is not extracted; it is extracted on its own.`;
      this.#evaluation.warn('business-rule', diagnostics, rule.path);
    }
    if (rule.relation === 'component' && outer !== undefined) {
      const component: ObservationComponent = { code: rule.code, ...value };
      if (answer !== undefined) {
        outer.observation.component ??= [];
        outer.observation.component.push(component);
        outer.kept = true;
      }
      return outer;
    }
    return this.#observation(rule, value, subject, outer, standing);
  }

  #observation(
    rule: ObservationRule,
    value: object,
    subject: Reference | undefined,
    outer: ObservationInMaking | undefined,
    standing: Standing,
  ): ObservationInMaking {
    const made: Observation = { ...this.#common(rule, subject), ...value };
    const entry = bundleEntry(made, rule.details, this.#evaluation, standing, this.#newUuid);
    const observation = entry.resource as Observation;
    const fullUrl = entry.fullUrl ?? '';
    // A group has no value: only what belongs to it makes it worth keeping.
    const inMaking = { entry, fullUrl, observation, kept: Object.keys(value).length > 0 };
    this.#made.push(inMaking);
    if (outer !== undefined && rule.relation === 'member') {
      outer.observation.hasMember ??= [];
      outer.observation.hasMember.push({ reference: fullUrl });
      outer.kept = true;
    }
    if (outer !== undefined && rule.relation === 'derived') {
      observation.derivedFrom = [...(observation.derivedFrom ?? []), { reference: outer.fullUrl }];
      outer.kept = true;
    }
    return inMaking;
  }

  #common({ code, category }: ObservationRule, subject: Reference | undefined): Observation {
    const { id, basedOn, partOf, encounter, authored, author } = this.#response;
    const issued = authored === undefined ? undefined : fitted({ type: 'dateTime', value: authored }, ['instant']);
    // Of the author, and of what a response is part of, R4's Observation takes other types than the response.
    const isDevice = /(?:^|\/)Device\/[^/]+$/.test(author?.reference ?? '') || author?.type === 'Device';
    const procedures = partOf?.filter(({ reference = '' }) => !/(?:^|\/)Observation\/[^/]+$/.test(reference)) ?? [];
    return {
      resourceType: 'Observation',
      ...(basedOn && { basedOn }),
      ...(procedures.length > 0 && { partOf: procedures as Observation['partOf'] }),
      status: 'final',
      ...(category.length > 0 && { category: [...category] }),
      code,
      ...(subject && { subject: subject as Observation['subject'] }),
      ...(encounter && { encounter }),
      ...(authored !== undefined && { effectiveDateTime: authored }),
      ...(typeof issued?.value === 'string' && { issued: issued.value }),
      ...(author && !isDevice && { performer: [author as NonNullable<Observation['performer']>[number]] }),
      ...(author && isDevice && { device: author as Observation['device'] }),
      ...(id !== undefined && { derivedFrom: [{ reference: `QuestionnaireResponse/${id}` }] }),
    };
  }

  /** `value[x]`; undefined where there is none, or none that an Observation could hold. */
  #value(rule: ObservationRule, item: FormItem, answer: QuestionnaireResponseItemAnswer): object | undefined {
    const given = typedAnswer(answer);
    if (given === undefined) {
      return undefined;
    }
    const element = elementsOf('Observation').find(({ name }) => name === 'value');
    const measured = withUnit(given, item);
    const value =
      element &&
      fitted(
        measured,
        element.types.map(({ type }) => type),
      );
    if (element === undefined || value === undefined) {
      this.#evaluation.warn(
        'not-supported',
        `An Observation of R4 can not have a value of type ${given.type}.`,
        rule.path,
      );
      return undefined;
    }
    return { [jsonName(element, value.type)]: value.value };
  }
}

const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

/** A number has the unit that its question says (SDC: questionnaire-unit). */
function withUnit(given: TypedValue, { source }: FormItem): TypedValue {
  const unit = source.extension?.find(({ url }) => url === UNIT)?.valueCoding;
  if (unit === undefined || typeof given.value !== 'number') {
    return given;
  }
  const { system, code, display } = unit;
  const named = display ?? code;
  return {
    type: 'Quantity',
    value: { value: given.value, ...(named && { unit: named }), ...(system && { system }), ...(code && { code }) },
  };
}
