import type { Questionnaire } from '@medplum/fhirtypes';
import { error, type Issue } from '../../model/issue.ts';
import type { FormItem } from '../form.ts';
import type { CompiledExpressions, Items } from './compile-expressions.ts';
import { dependencies } from './dependencies.ts';
import type { FormExpression, ItemExpressions, SharedExpressions } from './expression.ts';
import { codeSystemWeights } from './weights.ts';

/** An expression and the item that it stands on; undefined for the form itself. */
export interface PlacedExpression {
  readonly expression: FormExpression;
  readonly item: FormItem | undefined;
}

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
  /** The expressions that are queries. */
  readonly queries: readonly PlacedExpression[];
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
  const { order, cycle, tooDeep, chained } = dependencies(items);
  if (cycle !== undefined) {
    const [first] = cycle;
    const path = first === undefined ? 'Questionnaire' : (items.get(first)?.path ?? 'Questionnaire');
    const steps = cycle.map((linkId) => `'${linkId}'`).join(', ');
    issues.push(error('business-rule', `What is calculated or enabled depends on itself: ${steps}.`, path));
  }
  if (tooDeep !== undefined) {
    issues.push(error('too-costly', `Item '${tooDeep.linkId}' depends on too many others in a row.`, tooDeep.path));
  }
  const placed = placedExpressions(form, ofItems);
  return {
    derived: order,
    hasEnablement,
    hasChains: chained,
    constrained: [
      ...(form.constraints.length > 0 ? [undefined] : []),
      ...having((item) => item.expressions.constraints[0]),
    ],
    codeWeights: codeSystemWeights(questionnaire),
    asksOwners: placed.some(({ expression }) => asksOwners(expression)),
    queries: placed.filter(({ expression }) => expression.program?.kind === 'query'),
  };
}

function placedExpressions(
  form: SharedExpressions,
  ofItems: ReadonlyMap<FormItem, ItemExpressions>,
): readonly PlacedExpression[] {
  const placed: PlacedExpression[] = [];
  const add = (item: FormItem | undefined, expressions: readonly (FormExpression | undefined)[]): void => {
    for (const expression of expressions) {
      if (expression !== undefined) placed.push({ expression, item });
    }
  };
  add(undefined, sharedOf(form));
  for (const [item, own] of ofItems) {
    add(item, [
      ...sharedOf(own),
      ...[own.initial, own.calculated, own.enableWhen, own.answers, own.candidates],
      ...[...own.toggles, ...own.contextViews].map(({ expression }) => expression),
    ]);
  }
  return placed;
}

function sharedOf({ variables, contexts, constraints, elements }: SharedExpressions): readonly FormExpression[] {
  return [...variables, ...contexts, ...constraints.map(({ expression }) => expression), ...elements.values()];
}

function asksOwners({ program }: FormExpression): boolean {
  return program?.kind === 'query'
    ? program.parts.some((part) => typeof part !== 'string' && part.asksOwners)
    : (program?.asksOwners ?? false);
}
