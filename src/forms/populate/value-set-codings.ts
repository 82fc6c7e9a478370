import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import type { FormData } from '../expressions/data.ts';
import type { FormItem } from '../form.ts';

/** Bare codes as the codings of the question's value set, where one alone has that code there; other values as they are. */
export function withCodings(item: FormItem, values: readonly TypedValue[], data: FormData): readonly TypedValue[] {
  const { valueSet } = item;
  if (valueSet === undefined || !values.some(({ value }) => typeof value === 'string')) {
    return values;
  }
  const codings = data.valueSets?.(valueSet) ?? [];
  return values.map((each) => {
    const [first, second] = codings.filter(({ code }) => code === each.value);
    return first === undefined || second !== undefined ? each : { type: 'Coding', value: first };
  });
}
