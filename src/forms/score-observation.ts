import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Score } from './score.ts';

const identifierSystem = 'https://svar.example.org/fhir/sid/score';

/** The identifier under which the score of a response is stored once, however often it is computed. */
export function scoreIdentifier(response: QuestionnaireResponse, score: Score): { system: string; value: string } {
  return {
    system: identifierSystem,
    value: `${response.id}/${score.rule.code.coding?.[0]?.code ?? score.rule.code.text}`,
  };
}

/**
 * A score as an Observation: derived from the response, in force when that was authored, with the method and the version
 * of the rule. Where too few items were answered it has no value but a dataAbsentReason that says so. A response that
 * was entered in error takes its scores with it.
 */
export function scoreObservation(response: QuestionnaireResponse, score: Score): Observation {
  const { rule, value, answered } = score;
  const [method] = rule.method.coding ?? [];
  const basis = (response.basedOn ?? []).filter(isObservationBasis);
  return {
    resourceType: 'Observation',
    identifier: [scoreIdentifier(response, score)],
    ...(basis.length === 0 ? {} : { basedOn: basis }),
    status: observationStatus(response.status),
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }] }],
    code: rule.code,
    ...(response.subject?.reference === undefined ? {} : { subject: { reference: response.subject.reference } }),
    ...(response.authored === undefined ? {} : { effectiveDateTime: response.authored }),
    ...(value === undefined
      ? {
          dataAbsentReason: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }],
            text: `${answered} of ${rule.items.length} items answered; at least ${rule.minimumAnswered} are needed`,
          },
        }
      : { valueQuantity: { value, unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' } }),
    method: { ...rule.method, coding: method === undefined ? undefined : [{ ...method, version: rule.version }] },
    derivedFrom: [{ reference: `QuestionnaireResponse/${response.id}` }],
  };
}

function isObservationBasis(reference: { reference?: string }): reference is { reference: string } {
  return /^(ServiceRequest|CarePlan)\//.test(reference.reference ?? '');
}

function observationStatus(status: QuestionnaireResponse['status']): Observation['status'] {
  switch (status) {
    case 'amended':
      return 'amended';
    case 'entered-in-error':
      return 'entered-in-error';
    case 'completed':
      return 'final';
    default:
      return 'preliminary';
  }
}
