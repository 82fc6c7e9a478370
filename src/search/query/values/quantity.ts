import { canonicalUnit, UCUM } from '../../../fhirpath/ucum.ts';
import { RANGE_FORM, ucumForm, unitForm, unitTextForm } from '../../keys.ts';
import type { Prefix } from '../nodes.ts';
import { badValue } from '../refusals.ts';
import { split, unescaped } from '../split.ts';
import { numberTest } from './number.ts';
import type { RangeFormTest } from './range-forms.ts';

/**
 * `5.4|system|code`, `5.4||unit` (code or unit), `5.4` (R4 §3.1.1.4.14). UCUM quantities compare in their canonical
 * unit, whatever unit either side uses.
 */
export function quantityTests(parameter: string, value: string): readonly RangeFormTest[] {
  const parts = split(value, '|').map(unescaped);
  const [number = '', system, code] = parts;
  const test = numberTest(parameter, number);
  if (parts.length === 1) {
    return [{ form: RANGE_FORM, ...test }];
  }
  if (parts.length !== 3 || !code) {
    throw badValue(parameter, 'expected number, number|system|code or number||unit');
  }
  if (!system) {
    return [{ form: unitTextForm(code), ...test }];
  }
  const canonical = system === UCUM ? canonicalUnit(code) : undefined;
  if (canonical === undefined) {
    return [{ form: unitForm(system, code), ...test }];
  }
  const { prefix, lo, hi } = numberTest(parameter, number, canonical.convert);
  const form = ucumForm(canonical.unit);
  return [lo <= hi ? { form, prefix, lo, hi } : { form, prefix: mirrored[prefix], lo: hi, hi: lo }];
}

/** The comparison in a unit that grows downwards, as [pH] does: a greater pH is a lesser concentration. */
const mirrored: Record<Prefix, Prefix> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  lt: 'gt',
  ge: 'le',
  le: 'ge',
  sa: 'eb',
  eb: 'sa',
  ap: 'ap',
};
