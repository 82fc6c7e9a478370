import type { SearchParameter } from '@medplum/fhirtypes';
import type { FhirPath } from '../../fhirpath/fhirpath.ts';
import { error, type Issue } from '../../model/issue.ts';
import { partFor } from '../../model/r4/union-parts.ts';
import { isResourceType, type ResourceType, resourceTypes } from '../../model/resource-types.ts';
import type { SearchParameters } from '../parameters.ts';

/**
 * What keeps a SearchParameter resource from being searched by: for the write that would store it as active. A parameter
 * without expression is only described, and passes.
 *
 * @param parameters those that the server has already
 */
export function searchParameterProblems(
  parameter: SearchParameter,
  parameters: SearchParameters,
  fhirPath: FhirPath,
): readonly Issue[] {
  const { expression, code, type } = parameter;
  if (expression === undefined) {
    return [];
  }
  const issues: Issue[] = [];
  if (type === 'special') {
    issues.push(error('not-supported', 'Search parameters of type special are not supported.', 'SearchParameter.type'));
  }
  const bases: readonly string[] = parameter.base;
  for (const [index, base] of bases.entries()) {
    const at = `SearchParameter.base[${index}]`;
    if (!isResourceType(base)) {
      issues.push(error('not-supported', `A search parameter for ${base} must name the types one by one.`, at));
      continue;
    }
    const known = parameters.get(base, code);
    if (known !== undefined && known.url !== parameter.url) {
      issues.push(
        error('duplicate', `${base} already has a search parameter ${code}: ${known.url}.`, 'SearchParameter.code'),
      );
    }
    const part = partFor(base, expression);
    if (part === undefined) {
      issues.push(
        error('invalid', `The expression has no part that starts with ${base}.`, 'SearchParameter.expression'),
      );
    } else {
      issues.push(...compileProblems(part, base, fhirPath));
    }
  }
  return [...issues, ...componentProblems(parameter, parameters)];
}

function compileProblems(expression: string, type: ResourceType, fhirPath: FhirPath): readonly Issue[] {
  try {
    fhirPath.branches(expression, type);
    return [];
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    return [error('invalid', `The expression can't be compiled: ${reason}.`, 'SearchParameter.expression')];
  }
}

function componentProblems(parameter: SearchParameter, parameters: SearchParameters): readonly Issue[] {
  const components = parameter.component ?? [];
  if (parameter.type !== 'composite') {
    return [];
  }
  if (components.length < 2) {
    return [
      error('required', 'A composite search parameter has two components or three.', 'SearchParameter.component'),
    ];
  }
  const urls = new Set(resourceTypes.flatMap((type) => parameters.list(type)).map(({ url }) => url));
  return components.flatMap(({ definition }, index) =>
    urls.has(definition)
      ? []
      : [
          error(
            'not-found',
            'The component refers to a search parameter that this server does not have.',
            `SearchParameter.component[${index}].definition`,
          ),
        ],
  );
}
