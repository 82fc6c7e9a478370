import type { Resource } from '@medplum/fhirtypes';
import { r4FhirPath } from '../fhirpath/r4.ts';
import { questionnaireFaults } from '../forms/questionnaire-faults.ts';
import { rulesOf } from '../forms/score/library.ts';
import { FhirError, type Issue } from '../model/issue.ts';
import { isProtocol, readProtocol } from '../registry/protocol.ts';
import { searchParameterProblems } from '../search/parameters/check.ts';
import type { SearchParameters } from '../search/parameters.ts';

/** What keeps a definition from doing what it is stored for: a Questionnaire always, others once they are active. */
export function definitionFaults(resource: Resource, parameters: SearchParameters): readonly Issue[] {
  if (resource.resourceType === 'SearchParameter' && resource.status === 'active') {
    return searchParameterProblems(resource, parameters, r4FhirPath());
  }
  if (resource.resourceType === 'PlanDefinition' && resource.status === 'active' && isProtocol(resource)) {
    return faultsOf(() => readProtocol(resource));
  }
  if (resource.resourceType === 'Questionnaire') {
    return questionnaireFaults(resource);
  }
  if (resource.resourceType === 'Library' && resource.status === 'active') {
    return faultsOf(() => rulesOf(resource));
  }
  return [];
}

function faultsOf(read: () => unknown): readonly Issue[] {
  try {
    read();
    return [];
  } catch (failure) {
    if (failure instanceof FhirError) {
      return failure.issues;
    }
    throw failure;
  }
}
