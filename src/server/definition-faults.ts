import type { Resource } from '@medplum/fhirtypes';
import { r4FhirPath } from '../fhirpath/r4.ts';
import { questionnaireFaults } from '../forms/questionnaire-faults.ts';
import { rulesOf } from '../forms/score/library.ts';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { isProtocol, readProtocol } from '../registry/protocol.ts';
import { searchParameterProblems } from '../search/parameters/check.ts';
import type { SearchParameters } from '../search/parameters.ts';

/**
 * What keeps a definition from doing what it is stored for: a Questionnaire always, others once they are active. A Subscription
 * that asks for messages is refused: none would come (docs/decisions/0055-egress.md).
 */
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
  if (resource.resourceType === 'Subscription' && ['requested', 'active'].includes(resource.status)) {
    // whoever is told that a subscription is stored waits for its messages
    return [
      error(
        'not-supported',
        'Nothing is delivered to Subscriptions: only one that is off can be stored.',
        'Subscription.status',
      ),
    ];
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
