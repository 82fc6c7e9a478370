import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { error, type Issue } from '../../model/issue.ts';
import type { Form, FormItem } from '../form.ts';
import { typeOfKey } from './answer-value.ts';
import { compileExtract, type ExtractExpression } from './compile.ts';
import {
  canonicalForm,
  coreType,
  type DefinitionTarget,
  definitionTarget,
  splitDefinition,
} from './definition-path.ts';
import { compileDetails, type EntryDetails } from './entry-details.ts';
import { extensionsNamed, type PlacedExtension, partOf } from './extensions.ts';
import { siteAt } from './site.ts';

/** A resource that is made wherever the form, or one of its items, is answered, and filled in by definitions. */
export interface ResourceRule {
  /** Of its type or profile. */
  readonly canonical: string;
  /** Undefined where only the profile itself can tell. */
  readonly type: string | undefined;
  readonly details: EntryDetails;
  readonly path: string;
}

/** definitionExtractValue: a value that nobody answered. */
export interface ValueRule {
  readonly target: DefinitionTarget;
  readonly fixed: TypedValue | undefined;
  readonly expression: ExtractExpression | undefined;
  readonly path: string;
}

export interface DefinitionRules {
  readonly resources: readonly ResourceRule[];
  readonly values: readonly ValueRule[];
  /** Where the item's answers go, or what a group stands for. */
  readonly target: DefinitionTarget | undefined;
}

/**
 * What an item, or the form itself, says of definition-based extraction.
 *
 * @param outer the canonicals of the resources that are made around it
 */
export function compileDefinitions(
  form: Form,
  item: FormItem | undefined,
  outer: ReadonlySet<string>,
  issues: Issue[],
): DefinitionRules {
  const source = item?.source ?? form.source;
  const path = item?.path ?? 'Questionnaire';
  const resources = [
    ...extensionsNamed(source, 'definitionExtract', path).flatMap((each) => resourceRule(each, form, item, issues)),
    ...extensionsNamed(source, 'itemExtractionContext', path).flatMap((each) => legacyRule(each, issues)),
  ];
  const known = new Set([...outer, ...resources.map(({ canonical }) => canonical)]);
  const values = extensionsNamed(source, 'definitionExtractValue', path).flatMap((each) =>
    valueRule(each, form, item, known, issues),
  );
  const definition = item === undefined ? undefined : splitDefinition(item.source.definition ?? '');
  const meant = definition !== undefined && known.has(definition.canonical);
  return { resources, values, target: meant ? targetOf(definition, `${path}.definition`, issues) : undefined };
}

function resourceRule(
  placed: PlacedExtension,
  form: Form,
  item: FormItem | undefined,
  issues: Issue[],
): readonly ResourceRule[] {
  const { extension } = partOf(placed, 'definition') ?? placed;
  const canonical = extension.valueCanonical ?? extension.valueUri;
  if (canonical === undefined) {
    issues.push(error('extension', 'definitionExtract must have the canonical of a type or profile.', placed.path));
    return [];
  }
  const details = compileDetails(placed, siteAt(form, item), issues);
  const own = canonicalForm(canonical);
  return [{ canonical: own, type: coreType(own), details, path: placed.path }];
}

/** What definitionExtract replaced. Resources found by a query would be overwritten by what the form has of them. */
function legacyRule({ extension, path }: PlacedExtension, issues: Issue[]): readonly ResourceRule[] {
  const { valueCode } = extension;
  const canonical = canonicalForm(`http://hl7.org/fhir/${valueCode ?? ''}`);
  const type = coreType(canonical);
  if (type === undefined) {
    const diagnostics = 'itemExtractionContext is carried out for a resource type only, not for a query.';
    issues.push({ severity: 'warning', code: 'not-supported', diagnostics, expression: [path] });
    return [];
  }
  return [{ canonical, type, details: new Map(), path }];
}

function valueRule(
  placed: PlacedExtension,
  form: Form,
  item: FormItem | undefined,
  known: ReadonlySet<string>,
  issues: Issue[],
): readonly ValueRule[] {
  const { path } = placed;
  const definition = partOf(placed, 'definition')?.extension;
  const split = splitDefinition(definition?.valueUri ?? definition?.valueCanonical ?? '');
  if (split === undefined) {
    issues.push(error('extension', 'definitionExtractValue must name an element: canonical#id.', path));
    return [];
  }
  if (!known.has(split.canonical)) {
    const diagnostics = 'The value is for a resource that is not extracted where it stands.';
    issues.push({ severity: 'warning', code: 'business-rule', diagnostics, expression: [path] });
    return [];
  }
  const target = targetOf(split, path, issues);
  const fixedPart = partOf(placed, 'fixed-value')?.extension;
  const key = fixedPart && Object.keys(fixedPart).find((name) => name.startsWith('value'));
  const fixed = Object.entries(fixedPart ?? {}).find(([name]) => name === key)?.[1];
  const expressionPart = partOf(placed, 'expression');
  if ((fixed === undefined) === (expressionPart === undefined)) {
    issues.push(error('extension', 'definitionExtractValue must have a fixed value or an expression.', path));
    return [];
  }
  const expression = expressionPart && compileExtract(expressionPart, siteAt(form, item), issues);
  const typed = key === undefined ? undefined : { type: typeOfKey(key), value: fixed };
  return target === undefined ? [] : [{ target, fixed: typed, expression, path }];
}

function targetOf(
  { canonical, id }: { readonly canonical: string; readonly id: string },
  path: string,
  issues: Issue[],
): DefinitionTarget | undefined {
  const target = definitionTarget(canonical, id);
  const core = coreType(canonical);
  if (target === undefined || (core !== undefined && core !== target.type)) {
    issues.push(error('value', `R4 has no element ${id}.`, path));
    return undefined;
  }
  return target;
}
