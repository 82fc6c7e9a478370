import { error, type Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { compileDefinitions, type DefinitionRules } from './definition-rules.ts';
import { extensionsNamed } from './extensions.ts';
import { compileObservations, type ObservationRule } from './observation-rules.ts';
import type { TemplateBudget, TemplateElement } from './template.ts';
import { compileBundleTemplates, compileTemplates, type TemplateRule } from './template-rules.ts';

/** Objects in all templates of a form, each as often as it is referred to. */
const TEMPLATE_ELEMENTS_MAX = 50_000;

/** What a form says of extraction, in all the ways that are carried out here. */
export interface ExtractionRules {
  readonly observations: ReadonlyMap<FormItem, ObservationRule>;
  /** What stands on the form itself (undefined) and on its items. */
  readonly places: ReadonlyMap<FormItem | undefined, PlaceRules>;
  readonly bundles: readonly TemplateElement[];
  /** The profiles by which resources are made, with the type that the form takes each to be of. */
  readonly profiles: ReadonlyMap<string, string | undefined>;
  /** What is wrong with the rules, each with its path in the Questionnaire. */
  readonly issues: readonly Issue[];
}

export interface PlaceRules extends DefinitionRules {
  /** extractAllocateId: names that stand for a new uuid, another for each occurrence. */
  readonly allocated: readonly string[];
  readonly templates: readonly TemplateRule[];
}

/**
 * Reads and compiles what a form says of extraction. Faults are told as issues and keep the form from nothing else than
 * extraction.
 */
export function compileExtraction(form: Form): ExtractionRules {
  const issues: Issue[] = [];
  const observations = compileObservations(form, issues);
  const places = new Map<FormItem | undefined, PlaceRules>();
  const templates = { left: TEMPLATE_ELEMENTS_MAX };
  const visit = (item: FormItem | undefined, outer: ReadonlySet<string>): void => {
    const rules = placeRules(form, item, outer, issues, templates);
    places.set(item, rules);
    const inner = new Set([...outer, ...rules.resources.map(({ canonical }) => canonical)]);
    for (const child of (item?.children ?? form.roots).values()) visit(child, inner);
  };
  visit(undefined, new Set());
  const bundles = compileBundleTemplates(form, issues, templates);
  const others =
    observations.size + bundles.length > 0 ||
    [...places.values()].some((each) => each.templates.length + each.resources.length > 0);
  for (const { path } of extensionsNamed(form.source, 'targetStructureMap', 'Questionnaire')) {
    const fault = error('not-supported', 'Extraction by a StructureMap is not supported here.', path);
    // Beside another way it may be the same once more, for those who can carry it out.
    issues.push(others ? { ...fault, severity: 'information' } : fault);
  }
  return { observations, places, bundles, profiles: profilesOf([...places.values()]), issues };
}

function placeRules(
  form: Form,
  item: FormItem | undefined,
  outer: ReadonlySet<string>,
  issues: Issue[],
  budget: TemplateBudget,
): PlaceRules {
  const path = item?.path ?? 'Questionnaire';
  const allocated = extensionsNamed(item?.source ?? form.source, 'extractAllocateId', path).flatMap(
    ({ extension }) => extension.valueString ?? [],
  );
  const templates = compileTemplates(form, item, issues, budget);
  return { allocated, templates, ...compileDefinitions(form, item, outer, issues) };
}

function profilesOf(places: readonly PlaceRules[]): ReadonlyMap<string, string | undefined> {
  const targets = places.flatMap(({ values, target }) => [...values.map((each) => each.target), target ?? []]).flat();
  const made = places.flatMap(({ resources }) => resources).filter(({ type }) => type === undefined);
  return new Map(made.map(({ canonical }) => [canonical, targets.find((each) => each.canonical === canonical)?.type]));
}
