import type { Coding, Quantity } from '@medplum/fhirtypes';
import { canonicalUnit, UCUM } from '../../fhirpath/ucum.ts';
import type { FormItem } from '../form.ts';

const unitUrl = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';
/** The digits that a conversion keeps. */
const DIGITS = 9;

/** The unit that an answer has to be in: that of the quantity where the question permits it, else the question's first. */
export function itemUnit({ source, constraints }: FormItem, { code }: Quantity): Coding | undefined {
  const unit = source.extension?.find(({ url }) => url === unitUrl)?.valueCoding;
  const options = constraints.units?.options ?? [];
  return options.find((option) => option.code === code) ?? unit ?? options[0];
}

/** A quantity's value in another UCUM unit, with no more decimals than the question takes; undefined if there is none. */
export function convertedValue({ constraints }: FormItem, given: Quantity, to: Coding): number | undefined {
  const { value, code, system, unit } = given;
  if (value === undefined) {
    return undefined;
  }
  if ((code ?? unit) === to.code) {
    return value;
  }
  const from = isUcum(system) && code !== undefined ? canonicalUnit(code) : undefined;
  const target = isUcum(to.system) && to.code !== undefined ? canonicalUnit(to.code) : undefined;
  if (from === undefined || target === undefined || from.unit !== target.unit) {
    return undefined;
  }
  // A unit may be off its base unit by a constant too (Celsius): two points tell its line.
  const zero = target.convert(0);
  const converted = (from.convert(value) - zero) / (target.convert(1) - zero);
  const { maxDecimalPlaces } = constraints;
  return Number.isFinite(maxDecimalPlaces)
    ? Number(converted.toFixed(maxDecimalPlaces))
    : Number(converted.toPrecision(DIGITS));
}

function isUcum(system: string | undefined): boolean {
  return system === undefined || system === UCUM;
}
