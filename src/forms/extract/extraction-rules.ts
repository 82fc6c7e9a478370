import { error, type Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { extensionsNamed } from './extensions.ts';
import { compileObservations, type ObservationRule } from './observation-rules.ts';
import type { TemplateElement } from './template.ts';
import { compileBundleTemplates, compileTemplates, type TemplateRule } from './template-rules.ts';

/** What a form says of extraction, in all the ways that are carried out here. */
export interface ExtractionRules {
  readonly observations: ReadonlyMap<FormItem, ObservationRule>;
  /** What stands on the form itself (undefined) and on its items. */
  readonly places: ReadonlyMap<FormItem | undefined, PlaceRules>;
  readonly bundles: readonly TemplateElement[];
  /** What is wrong with the rules, each with its path in the Questionnaire. */
  readonly issues: readonly Issue[];
}

export interface PlaceRules {
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
  for (const item of [undefined, ...form.items.values()]) {
    const rules = placeRules(form, item, issues);
    if (rules !== undefined) places.set(item, rules);
  }
  const bundles = compileBundleTemplates(form, issues);
  const others = observations.size > 0 || bundles.length > 0 || [...places.values()].some(makesResources);
  for (const { path } of extensionsNamed(form.source, 'targetStructureMap', 'Questionnaire')) {
    const fault = error('not-supported', 'Extraction by a StructureMap is not supported here.', path);
    issues.push(others ? { ...fault, severity: 'warning' } : fault);
  }
  return { observations, places, bundles, issues };
}

function placeRules(form: Form, item: FormItem | undefined, issues: Issue[]): PlaceRules | undefined {
  const source = item?.source ?? form.source;
  const path = item?.path ?? 'Questionnaire';
  if (source.extension === undefined) {
    return undefined;
  }
  const allocated = extensionsNamed(source, 'extractAllocateId', path).flatMap(({ extension }) =>
    extension.valueString === undefined ? [] : [extension.valueString],
  );
  const templates = compileTemplates(form, item, issues);
  return allocated.length + templates.length === 0 ? undefined : { allocated, templates };
}

function makesResources({ templates }: PlaceRules): boolean {
  return templates.length > 0;
}
