import type { Quantity } from '@medplum/fhirtypes';
import type { Report } from '../answer-faults.ts';
import { answerValue } from '../answers.ts';
import type { Calculation } from '../expressions/calculations.ts';
import type { FormState } from '../expressions/form-state.ts';
import type { FormItem } from '../form.ts';
import { isMarked } from './extension-values.ts';
import { compareQuantities } from './quantity.ts';

/** FHIRPath engines keep eight decimals, so two right results may differ from the ninth digit on. */
const RELATIVE = 1e-8;

/**
 * Reports calculated answers that differ from what the form calculates. Only where the person could not enter them (read-only
 * or hidden): elsewhere SDC gives the person the last word. A calculated answer may be missing; and where the calculation
 * itself fails, nothing is said about the answer.
 */
export function calculatedFaults(state: FormState, report: Report): void {
  for (const calculation of state.calculated()) {
    const { item, container, answers, given, agrees } = calculation;
    if (
      agrees ||
      answers === undefined ||
      given.length === 0 ||
      !(item.readOnly || isMarked(item.source.extension, 'hidden'))
    )
      continue;
    if (!isNear(calculation)) {
      const index = container.items.findIndex(({ linkId }) => linkId === item.linkId);
      report('calculatedAnswer', item, `${container.path}.item[${index}].answer`);
    }
  }
}

/** The same but for rounding: to the decimals that the item permits, and in what two engines may differ. */
function isNear({ item, answers = [], given }: Calculation): boolean {
  return (
    answers.length === given.length &&
    answers.every((answer, index) => {
      const [ours, theirs] = [answerValue(answer)?.value, answerValue(given[index] ?? {})?.value];
      if (typeof ours === 'number' && typeof theirs === 'number') {
        return Math.abs(ours - theirs) <= tolerance(item, ours);
      }
      const quantities = item.type === 'quantity' && isObject(ours) && isObject(theirs);
      const order = quantities ? compareQuantities(ours, theirs) : undefined;
      return typeof order === 'number' && Math.abs(order) <= tolerance(item, Number((ours as Quantity).value));
    })
  );
}

function tolerance({ constraints }: FormItem, value: number): number {
  const size = Math.max(1, Math.abs(value));
  const { maxDecimalPlaces } = constraints;
  const rounding = Number.isFinite(maxDecimalPlaces) ? 0.5 * 10 ** -maxDecimalPlaces : 0;
  return Math.max(rounding + Number.EPSILON * size, RELATIVE * size);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
