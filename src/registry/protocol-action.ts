import type { PlanDefinitionAction } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';

/** Told of a fault of a protocol; answers undefined, so that what is faulty is left out. */
export type Fault = (text: string) => undefined;

/** What an action of a protocol is for: a code of CodeSystem protocol-action. */
export function kindOf(action: PlanDefinitionAction): string | undefined {
  return action.code?.flatMap((concept) => concept.coding ?? []).find((c) => c.system === codeSystem.protocolAction)
    ?.code;
}

/** The FHIRPath expressions of an action's conditions. */
export function conditionsOf(action: PlanDefinitionAction): string[] {
  return (action.condition ?? []).flatMap(({ expression }) => expression?.expression ?? []);
}

/** The FHIRPath expression by which an action tells a value. */
export function dynamic(action: PlanDefinitionAction, path: string): string | undefined {
  return action.dynamicValue?.find((value) => value.path === path)?.expression?.expression;
}
