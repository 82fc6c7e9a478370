import type { Questionnaire } from '@medplum/fhirtypes';
import { error, type Issue } from '../../model/issue.ts';
import type { FormItem } from '../form.ts';
import type { CompiledExpressions, Items } from './compile-expressions.ts';
import { dependencies } from './dependencies.ts';
import type { FormExpression } from './expression.ts';
import { codeSystemWeights } from './weights.ts';

/** What an evaluation of the form has to do, found once. */
export interface FormLogic {
  /**
   * The items with a calculatedExpression or an enableWhenExpression, each after those that it depends on, as far as the
   * expressions tell.
   */
  readonly derived: readonly FormItem[];
  /** Some item has enableWhen or an enableWhenExpression. */
  readonly hasEnablement: boolean;
  /** What is calculated, or enabled by expression, may depend on another such: one round may not settle all. */
  readonly hasChains: boolean;
  /** The items and the form itself (undefined) that constraints stand on. */
  readonly constrained: readonly (FormItem | undefined)[];
  /** Some expression asks for the weight of an answer that does not tell its item. */
  readonly asksOwners: boolean;
  /** Weights in code systems that the form contains, by codingKey. */
  readonly codeWeights: ReadonlyMap<string, number>;
}

/** Finds the order of evaluation; a calculation or an enablement that depends on itself is added to `issues`. */
export function compileLogic(
  questionnaire: Questionnaire,
  items: Items,
  { form, ofItems }: CompiledExpressions,
  issues: Issue[],
): FormLogic {
  const having = (select: (item: FormItem) => unknown): FormItem[] =>
    [...items.values()].filter((item) => select(item) !== undefined);
  const hasEnablement = [...items.values()].some(
    (item) => item.enableWhen.length > 0 || item.expressions.enableWhen !== undefined,
  );
  const { order, cycle, chained } = dependencies(items);
  if (cycle !== undefined) {
    const [first] = cycle;
    const path = first === undefined ? 'Questionnaire' : (items.get(first)?.path ?? 'Questionnaire');
    const steps = cycle.map((linkId) => `'${linkId}'`).join(', ');
    issues.push(error('business-rule', `What is calculated or enabled depends on itself: ${steps}.`, path));
  }
  const all = [form, ...ofItems.values()].flatMap((each): (FormExpression | undefined)[] => [
    ...each.variables,
    ...each.contexts,
    ...each.constraints.map((constraint) => constraint.expression),
    ...each.elements.values(),
  ]);
  const own = [...ofItems.values()].flatMap((each) => [
    each.initial,
    each.calculated,
    each.enableWhen,
    each.answers,
    each.candidates,
    ...[...each.toggles, ...each.contextViews].map(({ expression }) => expression),
  ]);
  return {
    derived: order,
    hasEnablement,
    hasChains: chained,
    constrained: [
      ...(form.constraints.length > 0 ? [undefined] : []),
      ...having((item) => item.expressions.constraints[0]),
    ],
    codeWeights: codeSystemWeights(questionnaire),
    asksOwners: [...all, ...own].some((each) => asksOwners(each)),
  };
}

function asksOwners(expression: FormExpression | undefined): boolean {
  const { program } = expression ?? {};
  return program?.kind === 'query'
    ? program.parts.some((part) => typeof part !== 'string' && part.asksOwners)
    : (program?.asksOwners ?? false);
}
