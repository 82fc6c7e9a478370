import type { CodeSystem } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { knownCodeSystem } from '../../terminology/known-code-system.ts';
import { subsumes as relate } from '../../terminology/subsumes.ts';
import type { Endpoint } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { parametersAnswer } from './codings.ts';
import { definitionsOf, ofPath } from './definitions.ts';

const NAMES = ['codeA', 'codeB', 'codingA', 'codingB', 'system', 'version'];

/** CodeSystem/$subsumes and CodeSystem/[id]/$subsumes: how code A relates to code B. */
export const subsumes: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES);
  const codingA = input.coding('codingA');
  const codingB = input.coding('codingB');
  const a = input.text('codeA') ?? codingA?.code;
  const b = input.text('codeB') ?? codingB?.code;
  const stored = await ofPath<CodeSystem>(exchange, 'CodeSystem');
  const systems = [stored?.url, input.text('system'), codingA?.system, codingB?.system].filter(
    (each) => each !== undefined,
  );
  const [system] = systems;
  if (a === undefined || b === undefined || system === undefined) {
    throw fhirError(400, 'required', 'Give codeA, codeB and system, or codingA and codingB.');
  }
  if (systems.some((each) => each !== system)) {
    throw fhirError(400, 'invalid', 'Both codes must be of the same code system.');
  }
  const version = input.text('version') ?? codingA?.version;
  const codeSystem = stored ?? (await knownCodeSystem(system, version, definitionsOf(exchange)));
  return parametersAnswer(exchange, [{ name: 'outcome', valueCode: relate(codeSystem, a, b) }]);
};
