import type { Questionnaire } from '@medplum/fhirtypes';
import type { Issue } from '../../model/issue.ts';
import type { CompiledExpressions, Items } from './compile-expressions.ts';
import type { FormLogic } from './logic.ts';
import { hasExpressions, noShared } from './no-expressions.ts';

let compiler: typeof import('./compile-expressions.ts') | undefined;

/**
 * Takes the place of compile-expressions.ts in a browser (package.json, imports): FHIRPath, and the types of R4 that it knows,
 * are fetched for the forms that have expressions, and for no others.
 */
export async function loadCompiler(): Promise<void> {
  compiler ??= await import('./compile-expressions.ts');
}

/** As compile-expressions.ts. @throws TypeError for a form with expressions before `loadCompiler` */
export function compileExpressions(
  questionnaire: Questionnaire,
  items: Items,
  roots: Items,
  issues: Issue[],
): CompiledExpressions {
  if (compiler !== undefined) {
    return compiler.compileExpressions(questionnaire, items, roots, issues);
  }
  if (hasExpressions(questionnaire)) {
    throw new TypeError('A form with expressions is compiled before their compiler is loaded');
  }
  return { form: noShared, ofItems: new Map() };
}

/** As logic.ts. What depends on itself, the server has refused. */
export function compileLogic(
  questionnaire: Questionnaire,
  items: Items,
  expressions: CompiledExpressions,
  issues: Issue[],
): FormLogic {
  return (
    compiler?.compileLogic(questionnaire, items, expressions, issues) ?? {
      derived: [],
      hasEnablement: [...items.values()].some(({ enableWhen }) => enableWhen.length > 0),
      hasChains: false,
      constrained: [],
      asksOwners: false,
      queries: [],
      codeWeights: new Map(),
    }
  );
}
