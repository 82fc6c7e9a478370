import { RANGE_FORM } from '../../keys.ts';
import type { SearchParameterDef } from '../../parameters.ts';
import type { Interval, Prefix } from '../nodes.ts';
import type { ParseContext } from '../parse-context.ts';
import { dateTest } from './date.ts';
import { numberTest } from './number.ts';
import { quantityTests } from './quantity.ts';

export interface RangeFormTest extends Interval {
  readonly form: string;
  readonly prefix: Prefix;
}

/** What a value of a date, number or quantity parameter asks of which rows; one of the tests must pass. */
export function rangeForms(param: SearchParameterDef, value: string, context: ParseContext): readonly RangeFormTest[] {
  switch (param.kind) {
    case 'date':
      return [{ form: RANGE_FORM, ...dateTest(param.code, value, context.now) }];
    case 'number':
      return [{ form: RANGE_FORM, ...numberTest(param.code, value) }];
    case 'quantity':
      return quantityTests(param.code, value);
    default:
      throw new Error(`${param.kind} parameters have no ranges`);
  }
}
