import type { Coding, Quantity } from '@medplum/fhirtypes';
import { canonicalUnit, UCUM } from '../../fhirpath/ucum.ts';

/**
 * Compares quantities by value: negative, 0 or positive; in one unit as they are, else converted by UCUM. `units` where
 * one can not be converted into the other's unit; undefined where one has no value.
 */
export function compareQuantities(a: Quantity, b: Quantity): number | 'units' | undefined {
  if (typeof a.value !== 'number' || typeof b.value !== 'number') {
    return undefined;
  }
  if (sameUnit(a, b)) {
    return a.value - b.value;
  }
  const from = ucumOf(a);
  const to = ucumOf(b);
  const left = from === undefined ? undefined : canonicalUnit(from);
  const right = to === undefined ? undefined : canonicalUnit(to);
  if (left === undefined || right === undefined || left.unit !== right.unit) {
    return 'units';
  }
  return left.convert(a.value) - right.convert(b.value);
}

/** A quantity as it is told to a person. */
export function quantityInWords({ value, unit, code }: Quantity): string {
  return [value, unit ?? code].filter((part) => part !== undefined).join(' ');
}

function sameUnit(a: Quantity, b: Quantity): boolean {
  if (a.code !== undefined && b.code !== undefined) {
    return a.code === b.code && (a.system === undefined || b.system === undefined || a.system === b.system);
  }
  return a.code === b.code ? a.unit === b.unit : (a.code ?? a.unit) === (b.code ?? b.unit);
}

/** The UCUM code of a quantity's unit; a code without system is taken for one. */
function ucumOf({ system, code }: Quantity): string | undefined {
  return system === undefined || system === UCUM ? code : undefined;
}

/** Which units the answer to a quantity question may have (SDC questionnaire-unit, -unitOption, -unitValueSet, unitOpen). */
export interface Units {
  /** Listed in the form. */
  readonly options: readonly Coding[];
  /** Units that are listed in a value set; permitted as well. */
  readonly valueSet: string | undefined;
  /** What else may be given: nothing, another code (of `otherSystem`, if there is one), or words too. */
  readonly open: 'optionsOnly' | 'optionsOrType' | 'optionsOrString';
  readonly otherSystem: string | undefined;
}

/** Whether a quantity's unit is one of these; a unit in words is one that is displayed so. */
export function isListedUnit(quantity: Quantity, units: readonly Coding[]): boolean {
  return units.some((option) =>
    quantity.code === undefined
      ? quantity.unit !== undefined && (quantity.unit === option.display || quantity.unit === option.code)
      : quantity.code === option.code &&
        (quantity.system === undefined || option.system === undefined || quantity.system === option.system),
  );
}

/** Whether a unit that is not listed may be given all the same. */
export function isOpenUnit({ open, otherSystem }: Units, { system, code, unit }: Quantity): boolean {
  if (open === 'optionsOnly') {
    return false;
  }
  if (code !== undefined) {
    return otherSystem === undefined || system === otherSystem;
  }
  return open === 'optionsOrString' && unit !== undefined;
}
