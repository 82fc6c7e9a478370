import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import type { Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { compileDetails, type EntryDetails, noDetails } from './entry-details.ts';
import { type Extended, extensionsNamed, isNamed } from './extensions.ts';
import { siteAt } from './site.ts';

/** How an Observation stands to the one of the item around it (SDC, observation-extract-relationship). */
export type Relation = 'component' | 'member' | 'derived' | 'independent';

const RELATIONS: ReadonlySet<string> = new Set<Relation>(['component', 'member', 'derived', 'independent']);

/** That, and how, an item's answers are extracted as Observations. */
export interface ObservationRule {
  readonly code: CodeableConcept;
  readonly category: readonly CodeableConcept[];
  readonly relation: Relation;
  readonly details: EntryDetails;
  /** Where the rule stands in the Questionnaire. */
  readonly path: string;
}

/** What an item inherits. */
interface Inherited {
  readonly extracted: boolean;
  readonly category: readonly CodeableConcept[];
}

type Marking = boolean | Relation | undefined;

/**
 * The items that are extracted as Observations (SDC, "Observation-based extraction"): those marked by observationExtract,
 * themselves or by what they stand in, that have a code. `false` ends it until an item inside says otherwise. If codes are
 * marked, only these are taken.
 */
export function compileObservations(form: Form, issues: Issue[]): ReadonlyMap<FormItem, ObservationRule> {
  const rules = new Map<FormItem, ObservationRule>();

  const visit = (items: ReadonlyMap<string, FormItem>, outer: Inherited): void => {
    for (const item of items.values()) {
      const { source, path } = item;
      const marked = marking(source, path, issues);
      const codes = markedCodes(item, issues);
      const extracted = codes.marked || (marked === undefined ? outer.extracted : marked !== false);
      const category = categoriesOf(source, path) ?? outer.category;
      if (codes.taken.length > 0 && extracted && source.type !== 'display') {
        const relation = [marked, codes.relation].find((each) => typeof each === 'string') ?? 'independent';
        const [entry] = extensionsNamed(source, 'observationExtractEntry', path);
        const details = entry === undefined ? noDetails : compileDetails(entry, siteAt(form, item), issues);
        rules.set(item, { code: { coding: codes.taken }, category, relation, details, path });
      }
      visit(item.children, { extracted, category });
    }
  };

  visit(form.roots, {
    extracted: marking(form.source, 'Questionnaire', issues) === true,
    category: categoriesOf(form.source, 'Questionnaire') ?? [],
  });
  return rules;
}

function marking(element: Extended, path: string, issues: Issue[]): Marking {
  const found = extensionsNamed(element, 'observationExtract', path).map(({ extension }) =>
    extension.valueCode === undefined ? extension.valueBoolean : relationOf(extension.valueCode, path, issues),
  );
  if (new Set(found.map((each) => typeof each)).size > 1) {
    const diagnostics = 'observationExtract is true or false, or says a relation: not both on one element.';
    issues.push({ severity: 'error', code: 'extension', diagnostics, expression: [path] });
  }
  return found[0];
}

function relationOf(code: string, path: string, issues: Issue[]): Relation | undefined {
  if (!RELATIONS.has(code)) {
    const diagnostics = `observationExtract says a relation that SDC does not have; it has ${[...RELATIONS].join(', ')}.`;
    issues.push({ severity: 'error', code: 'code-invalid', diagnostics, expression: [path] });
    return undefined;
  }
  return code as Relation;
}

interface MarkedCodes {
  readonly taken: Coding[];
  /** Some code is marked as extracted. */
  readonly marked: boolean;
  readonly relation: Marking;
}

function markedCodes({ source, path }: FormItem, issues: Issue[]): MarkedCodes {
  const all = (source.code ?? []).map((coding, index) => ({
    coding: withoutMarking(coding),
    marked: marking(coding, `${path}.code[${index}]`, issues),
  }));
  const chosen = all.filter(({ marked }) => marked !== undefined && marked !== false);
  const taken = chosen.length > 0 ? chosen : all.filter(({ marked }) => marked !== false);
  return {
    taken: taken.map(({ coding }) => coding),
    marked: chosen.length > 0,
    relation: chosen[0]?.marked,
  };
}

function withoutMarking({ extension, ...coding }: Coding): Coding {
  const others = (extension ?? []).filter((each) => !isNamed(each, 'observationExtract'));
  return others.length === 0 ? coding : { ...coding, extension: others };
}

function categoriesOf(element: Extended, path: string): readonly CodeableConcept[] | undefined {
  const found = extensionsNamed(element, 'observation-extract-category', path).flatMap(
    ({ extension }) => extension.valueCodeableConcept ?? [],
  );
  return found.length === 0 ? undefined : found;
}
