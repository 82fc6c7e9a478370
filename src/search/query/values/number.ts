import type { Interval, Prefix } from '../nodes.ts';
import { badValue } from '../refusals.ts';
import { splitPrefix } from './prefix.ts';

const NUMBER = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,3}))?$/;

export interface NumberTest extends Interval {
  readonly prefix: Prefix;
}

/** The closed interval of a searched number, in another unit where `convert` is given. */
export function numberTest(
  parameter: string,
  value: string,
  convert: (value: number) => number = (same) => same,
): NumberTest {
  const { prefix, ...asked } = searchedNumber(parameter, value);
  const [lo, hi] = [convert(asked.lo), convert(asked.hi)];
  if (prefix !== 'eq' && prefix !== 'ne') {
    return { prefix, lo, hi };
  }
  // Of a number with as many digits as a double holds, the half step vanishes: it still equals itself.
  return { prefix, lo, hi: lo <= hi ? Math.max(below(hi), convert(asked.number)) : below(hi) };
}

/**
 * A searched number: `100`, `ge5.40`, `1e-3`. Its digits tell how exact it is: 100 stands for [99.5, 100.5), so hi is not included for eq and ne. The
 * comparisons gt, lt, ge, le, sa and eb take it exactly as written (R4 §3.1.1.4.6).
 */
function searchedNumber(parameter: string, value: string): NumberTest & { readonly number: number } {
  const { prefix, rest } = splitPrefix(value.trim());
  const match = NUMBER.exec(rest);
  const number = Number(rest);
  if (match === null || !Number.isFinite(number)) {
    throw badValue(parameter, 'expected a number such as 100, 5.40 or ge1e-3');
  }
  if (prefix === 'ap') {
    const slack = Math.abs(number) / 10;
    return { prefix, number, lo: number - slack, hi: number + slack };
  }
  if (prefix !== 'eq' && prefix !== 'ne') {
    return { prefix, number, lo: number, hi: number };
  }
  const half = 0.5 * 10 ** (Number(match[4] ?? 0) - (match[3]?.length ?? 0));
  return { prefix, number, lo: Math.min(number, decimal(number - half)), hi: Math.max(number, decimal(number + half)) };
}

/** 5.4 - 0.05 is 5.35, not 5.3500000000000005. */
function decimal(number: number): number {
  return Number(number.toPrecision(15));
}

const view = new DataView(new ArrayBuffer(8));

/** The greatest double below a finite number: makes a half-open interval a closed one. */
export function below(number: number): number {
  if (number === 0) {
    return -Number.MIN_VALUE;
  }
  view.setFloat64(0, number);
  view.setBigInt64(0, view.getBigInt64(0) - (number > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
