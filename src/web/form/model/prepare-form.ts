import type { Questionnaire } from '@medplum/fhirtypes';
import { loadCompiler } from '#expression-compiler';
import { loadPatterns, needsLibrary } from '#linear-pattern';
import { loadUnits } from '#ucum-library';
import { hasExpressions } from '../../../forms/expressions/no-expressions.ts';
import { fillingForm } from './filling-form.ts';
import { patternsOf } from './patterns-of.ts';

/**
 * Fetches what a form needs beyond the renderer itself: FHIRPath where it has expressions that matter while it is filled in,
 * the table of units where it asks for quantities, what reads regular expressions that browsers read otherwise. To be awaited before `openFormSession`; for most forms there is nothing to
 * wait for.
 *
 * @throws what a failed fetch throws, in a browser
 */
export async function prepareForm(questionnaire: Questionnaire): Promise<void> {
  const form = fillingForm(questionnaire);
  await Promise.all([
    hasExpressions(form) ? loadCompiler() : undefined,
    asksForQuantities(form) ? loadUnits() : undefined,
    patternsOf(questionnaire).some(needsLibrary) ? loadPatterns() : undefined,
  ]);
}

function asksForQuantities({ item }: Pick<Questionnaire, 'item'>): boolean {
  return (item ?? []).some((each) => each.type === 'quantity' || asksForQuantities(each));
}
