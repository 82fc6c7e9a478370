import { toBaseUnits } from '#ucum-library';

/** How values in one UCUM unit become values in the base units that all units of its dimension share. */
export interface CanonicalUnit {
  /** The base units with their exponents, in a fixed order: `g.m-3`; `1` for a plain number. */
  readonly unit: string;
  /** The value in that unit, to twelve significant digits, so that 5.4 mg equals 0.0054 g. */
  convert(value: number): number;
}

export const UCUM = 'http://unitsofmeasure.org';
const LENGTH_MAX = 200;
/** Printable ASCII without blanks, as UCUM wants it: the library logs what is not. */
const UNIT = /^[!#-~]+$/;
const CACHED_MAX = 5000;

const cache = new Map<string, CanonicalUnit | undefined>();

/** The canonical unit of a UCUM code; undefined if the code is not valid, or arbitrary (`[iU]`), or of no use. */
export function canonicalUnit(code: string): CanonicalUnit | undefined {
  if (cache.has(code)) {
    return cache.get(code);
  }
  if (code.length > LENGTH_MAX || !UNIT.test(code)) {
    return undefined;
  }
  if (cache.size >= CACHED_MAX) {
    cache.clear();
  }
  const base = toBaseUnits(code, 1);
  const unit = base && unitOf(code, base);
  // Where the library is yet to come, it is asked again.
  if (base !== undefined) cache.set(code, unit);
  return unit;
}

function unitOf(
  code: string,
  { status, magnitude, unitToExp, fromUnitIsSpecial }: NonNullable<ReturnType<typeof toBaseUnits>>,
): CanonicalUnit | undefined {
  if (status !== 'succeeded' || magnitude === undefined || unitToExp === undefined) {
    return undefined;
  }
  const unit = Object.keys(unitToExp)
    .sort()
    .map((base) => `${base}${unitToExp[base] === 1 ? '' : unitToExp[base]}`)
    .join('.');
  return {
    unit: unit === '' ? '1' : unit,
    // A special unit (Cel, [pH]) is not proportional to its base unit.
    convert: fromUnitIsSpecial
      ? (value) => rounded(toBaseUnits(code, value)?.magnitude ?? Number.NaN)
      : (value) => rounded(value * magnitude),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
