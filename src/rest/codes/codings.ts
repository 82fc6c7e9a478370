import type { Coding, Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { OperationInput } from '../operation-input.ts';

/**
 * The codings that an operation is asked about: `code` with its system, `coding` or `codeableConcept`.
 *
 * @param system the system of a bare code, where the operation knows it
 * @throws FhirError 400 unless exactly one of them is given
 */
export function codingsAsked(
  input: OperationInput,
  system: string | undefined,
  versionName: string,
): readonly Coding[] {
  const code = input.text('code');
  const coding = input.coding('coding');
  const concept = input.concept('codeableConcept');
  if ([code, coding, concept].filter((each) => each !== undefined).length !== 1) {
    throw fhirError(400, 'required', 'Give one of code (with its system), coding and codeableConcept.');
  }
  if (code === undefined) {
    return coding === undefined ? (concept?.coding ?? []) : [coding];
  }
  if (system === undefined) {
    throw fhirError(400, 'required', 'A code must be given with its system.');
  }
  const version = input.text(versionName);
  const display = input.text('display');
  return [{ system, code, ...(version !== undefined && { version }), ...(display !== undefined && { display }) }];
}

/** Parameters as the answer; those without a value are left out. */
export function parametersAnswer(exchange: Exchange, parameter: readonly ParametersParameter[]): Answer {
  const answer: Parameters = { resourceType: 'Parameters', parameter: [...parameter] };
  return textAnswer(exchange, JSON.stringify(answer));
}

/** A parameter with a string, where there is one. */
export function stringParameter(name: string, valueString: string | undefined): ParametersParameter[] {
  return valueString === undefined ? [] : [{ name, valueString }];
}
