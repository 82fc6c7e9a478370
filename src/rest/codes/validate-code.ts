import type { CodeSystem } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { knownCodeSystem, withConcepts } from '../../terminology/known-code-system.ts';
import { type CodeValidity, validateInCodeSystem, validateInValueSet } from '../../terminology/validate-code.ts';
import type { Answer, Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { askedValueSet } from './asked-value-set.ts';
import { codingsAsked, parametersAnswer, stringParameter } from './codings.ts';
import { definitionsOf, ofPath } from './definitions.ts';

const CODE = ['code', 'display', 'coding', 'codeableConcept', 'abstract', 'displayLanguage'];
const IN_VALUE_SET = ['url', 'valueSetVersion', 'valueSet', 'system', 'systemVersion', ...CODE];
const IN_CODE_SYSTEM = ['url', 'version', 'codeSystem', ...CODE];

/** ValueSet/$validate-code and ValueSet/[id]/$validate-code. */
export const validateCodeInValueSet: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, IN_VALUE_SET);
  const asked = await askedValueSet(exchange, input);
  const codings = codingsAsked(input, input.text('system'), 'systemVersion');
  return validity(exchange, await validateInValueSet(asked, codings, definitionsOf(exchange, asked), optionsOf(input)));
};

/** CodeSystem/$validate-code and CodeSystem/[id]/$validate-code. */
export const validateCodeInCodeSystem: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, IN_CODE_SYSTEM);
  const given =
    (await ofPath<CodeSystem>(exchange, 'CodeSystem')) ?? input.resource<CodeSystem>('codeSystem', 'CodeSystem');
  const url = given?.url ?? input.text('url') ?? input.coding('coding')?.system;
  if (url === undefined) {
    throw fhirError(400, 'required', 'There is no code system: give url, codeSystem, or the id in the path.');
  }
  const version = input.text('version');
  const codeSystem =
    given === undefined ? await knownCodeSystem(url, version, definitionsOf(exchange)) : withConcepts(given);
  return validity(exchange, validateInCodeSystem(codeSystem, codingsAsked(input, url, 'version'), optionsOf(input)));
};

function optionsOf(input: OperationInput) {
  return { displayLanguage: input.text('displayLanguage'), abstract: input.boolean('abstract') };
}

function validity(exchange: Exchange, { result, message, display }: CodeValidity): Answer {
  return parametersAnswer(exchange, [
    { name: 'result', valueBoolean: result },
    ...stringParameter('message', message),
    ...stringParameter('display', display),
  ]);
}
