import { type Expr, FhirPathSyntaxError } from '../../fhirpath/fhirpath.ts';
import { ANY } from '../../fhirpath/type-model.ts';
import { error, type Issue } from '../../model/issue.ts';
import type { Site } from '../expressions/compile-expressions.ts';
import { compilePath } from '../expressions/compile-path.ts';
import type { PlacedExtension } from './extensions.ts';

/** FHIRPath that takes part in an extraction. */
export interface ExtractExpression {
  readonly expr: Expr;
  /** It is started on values that tell their type themselves. */
  readonly typed: boolean;
  /** The name under which its results are known to what stands inside. */
  readonly name: string | undefined;
  /** Where it stands in the Questionnaire, as FHIRPath. */
  readonly path: string;
}

/**
 * Compiles the expression that an extension holds, as a string or as an Expression. What is no FHIRPath, or does not parse,
 * is added to `issues`.
 *
 * @param rootType what the expression is started on, where that is not what stands at the site
 */
export function compileExtract(
  { extension, path }: PlacedExtension,
  site: Site,
  issues: Issue[],
  rootType?: string,
): ExtractExpression | undefined {
  const { valueString, valueExpression } = extension;
  const text = valueString ?? valueExpression?.expression;
  // SDC, templateExtractContext: the language may be left out.
  const language = valueExpression?.language ?? 'text/fhirpath';
  if (text === undefined) {
    issues.push(error('extension', 'The extension has no expression.', path));
    return undefined;
  }
  if (language !== 'text/fhirpath') {
    issues.push(error('not-supported', 'What is extracted can be said in FHIRPath only.', path));
    return undefined;
  }
  try {
    const { expr } = compilePath(text, site, rootType);
    return { expr, typed: rootType === ANY, name: valueExpression?.name, path };
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : 'unknown';
    const what = problem instanceof FhirPathSyntaxError ? 'does not parse' : 'can not be evaluated here';
    issues.push(error('invalid', `The expression ${what}: ${why}.`, path));
    return undefined;
  }
}
