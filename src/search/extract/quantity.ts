import { canonicalUnit, UCUM } from '../../fhirpath/ucum.ts';
import { RANGE_FORM, ucumForm, unitForm, unitTextForm } from '../keys.ts';
import { type Emit, type Indexer, NUMBER_LIMIT } from './emit.ts';
import { finite, isObject, type JsonObject, text } from './json.ts';
import { clamped } from './number.ts';

interface Unit {
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly unit: string | undefined;
}

const CURRENCY = 'urn:iso:std:iso:4217';

/** R4 search, 3.1.1.4.14. */
export function quantityIndexer(type: string): Indexer | undefined {
  switch (type) {
    case 'Range':
      return range;
    case 'SampledData':
      return sampledData;
    case 'Money':
      return money;
    default:
      return /^(?:Quantity|Age|Count|Distance|Duration|SimpleQuantity|MoneyQuantity)$/.test(type)
        ? quantity
        : undefined;
  }
}

/** `<5` is everything up to 5, `>5` everything from 5. */
function quantity(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const number = finite(value.value);
  if (number !== undefined) {
    const comparator = text(value.comparator) ?? '';
    const lo = comparator.startsWith('<') ? -NUMBER_LIMIT : number;
    const hi = comparator.startsWith('>') ? NUMBER_LIMIT : number;
    put(lo, hi, unitOf(value), out);
  }
}

function range(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const low = isObject(value.low) ? value.low : {};
  const high = isObject(value.high) ? value.high : {};
  const lo = finite(low.value);
  const hi = finite(high.value);
  if (lo !== undefined || hi !== undefined) {
    put(lo ?? -NUMBER_LIMIT, hi ?? NUMBER_LIMIT, unitOf(lo === undefined ? high : low), out);
  }
}

/** From the least to the greatest sample. */
function sampledData(value: unknown, out: Emit): void {
  if (!isObject(value) || !isObject(value.origin)) {
    return;
  }
  const origin = finite(value.origin.value) ?? 0;
  const factor = finite(value.factor) ?? 1;
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const sample of (text(value.data) ?? '').split(' ')) {
    const measured = sample === '' ? Number.NaN : origin + Number(sample) * factor;
    if (Number.isFinite(measured)) {
      lo = Math.min(lo, measured);
      hi = Math.max(hi, measured);
    }
  }
  if (lo <= hi) {
    put(lo, hi, unitOf(value.origin), out);
  }
}

function money(value: unknown, out: Emit): void {
  const number = isObject(value) ? finite(value.value) : undefined;
  if (isObject(value) && number !== undefined) {
    put(number, number, { system: CURRENCY, code: text(value.currency), unit: undefined }, out);
  }
}

function unitOf(quantity: JsonObject): Unit {
  return { system: text(quantity.system), code: text(quantity.code), unit: text(quantity.unit) };
}

function put(lo: number, hi: number, { system, code, unit }: Unit, out: Emit): void {
  const [from, to] = [clamped(lo), clamped(hi)];
  out.range(RANGE_FORM, from, to);
  if (code !== undefined) {
    out.range(unitTextForm(code), from, to);
  }
  if (unit !== undefined && unit !== code) {
    out.range(unitTextForm(unit), from, to);
  }
  if (system === undefined || code === undefined) {
    return;
  }
  const canonical = system === UCUM ? canonicalUnit(code) : undefined;
  if (canonical === undefined) {
    out.range(unitForm(system, code), from, to);
    return;
  }
  const a = from === -NUMBER_LIMIT ? from : canonical.convert(from);
  const b = to === NUMBER_LIMIT ? to : from === to ? a : canonical.convert(to);
  // Some special units grow downwards ([pH]).
  const [least, most] = a <= b ? [a, b] : [b, a];
  if (Number.isFinite(least) && Number.isFinite(most)) {
    out.range(ucumForm(canonical.unit), clamped(least), clamped(most));
  }
}
