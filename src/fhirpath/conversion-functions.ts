import { plain, TypedNode } from './collection.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import { quantity } from './quantity.ts';
import { boolean, single } from './singleton.ts';

type Conversion = (value: unknown) => unknown;

const DATE = /^[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?$/;
const DATE_TIME =
  /^[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:T(?:(?:[01][0-9]|2[0-3])(?::[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?)?$/;
const TIME = /^(?:[01][0-9]|2[0-3])(?::[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?$/;
const QUANTITY = /^([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:'([^']+)'|([a-z]+))?$/;
const TRUE = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', '0.0']);

function toBoolean(value: unknown): unknown {
  const text = String(value).toLowerCase();
  return typeof value === 'object' ? undefined : TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

function toInteger(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return value ? 1 : 0;
  }
  return /^[+-]?[0-9]+$/.test(String(value)) ? Number(value) : undefined;
}

function toDecimal(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return value ? 1 : 0;
  }
  return /^[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/.test(String(value)) ? Number(value) : undefined;
}

function toText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const { value: amount, code, unit } = { value: undefined, code: undefined, unit: undefined, ...value };
  return amount === undefined ? undefined : `${amount} '${code ?? unit ?? '1'}'`;
}

function toQuantity(value: unknown): unknown {
  if (typeof value === 'number') {
    return quantity(value, '1');
  }
  const parts = typeof value === 'string' ? QUANTITY.exec(value) : null;
  return parts === null
    ? typeof value === 'object'
      ? value
      : undefined
    : quantity(Number(parts[1]), parts[2] ?? parts[3] ?? '1');
}

const matching =
  (pattern: RegExp, length?: number): Conversion =>
  (value) =>
    typeof value !== 'string' ? undefined : pattern.test(value.slice(0, length)) ? value.slice(0, length) : undefined;

const conversions: readonly (readonly [string, Conversion])[] = [
  ['Boolean', toBoolean],
  ['Integer', toInteger],
  ['Decimal', toDecimal],
  ['String', toText],
  // A dateTime gives its date.
  ['Date', (value) => (typeof value === 'string' && DATE_TIME.test(value) ? matching(DATE, 10)(value) : undefined)],
  ['DateTime', matching(DATE_TIME)],
  ['Time', matching(TIME)],
  ['Quantity', toQuantity],
];

/** toInteger(), convertsToInteger() and their like (FHIRPath N1, section Conversion), by name. */
export const conversionFunctions: ReadonlyMap<string, FunctionCompiler> = new Map(
  conversions.flatMap(([type, convert]): [string, FunctionCompiler][] => [
    [
      `to${type}`,
      (_, input) => ({
        type: `System.${type}`,
        run: (self, env) => {
          const value = plain(single(input.run(self, env)));
          return value === undefined ? undefined : convert(value);
        },
      }),
    ],
    [
      `convertsTo${type}`,
      (_, input) =>
        boolean((self, env) => {
          const item = single(input.run(self, env));
          const value = item instanceof TypedNode ? plain(item) : item;
          return value === undefined ? undefined : convert(value) !== undefined;
        }),
    ],
  ]),
);
