import { TypedNode } from './collection.ts';
import { categoryOf } from './equality.ts';
import { type Env, type Expr, FhirPathError, NOTHING } from './expr.ts';
import { inUnit, quantity, quantityOf } from './quantity.ts';
import { single, singleValue } from './singleton.ts';
import { addDuration } from './temporal-arithmetic.ts';
import { ANY } from './type-model.ts';

const INTEGER = new Set(['System.Integer', 'integer', 'positiveInt', 'unsignedInt']);
const NUMERIC = new Set([...INTEGER, 'System.Decimal', 'decimal']);
/** A string doubled in each step of an aggregate() would fill the memory. */
export const TEXT_MAX = 1_000_000;

/** `+`, `-`, `*`, `/`, `div` and `mod`: over numbers and strings as such, else by what the operands turn out to be. */
export function arithmetic(name: string, left: Expr, right: Expr): Expr {
  const numeric = [left, right].every(({ type }) => type === NOTHING || NUMERIC.has(type));
  if (!numeric) {
    return dynamic(name, left, right);
  }
  const whole = name !== '/' && [left, right].every(({ type }) => INTEGER.has(type));
  return {
    type: whole || name === 'div' ? 'System.Integer' : 'System.Decimal',
    run: (self: unknown, env: Env) => {
      const a = singleValue(left.run(self, env));
      const b = singleValue(right.run(self, env));
      return typeof a === 'number' && typeof b === 'number' ? calculate(name, a, b) : undefined;
    },
  };
}

function dynamic(name: string, left: Expr, right: Expr): Expr {
  const textual = name === '+' && left.type === 'System.String' && right.type === 'System.String';
  return {
    type: textual ? 'System.String' : ANY,
    run: (self, env) => {
      const a = single(left.run(self, env));
      const b = single(right.run(self, env));
      const x = singleValue(a);
      const y = singleValue(b);
      if (x === undefined || y === undefined) {
        return undefined;
      }
      if (textual) {
        return joined(String(x), String(y));
      }
      const aType = a instanceof TypedNode ? a.type : left.type;
      const bType = b instanceof TypedNode ? b.type : right.type;
      return compute(name, x, aType, y, bType);
    },
  };
}

function compute(name: string, a: unknown, aType: string, b: unknown, bType: string): TypedNode | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = calculate(name, a, b);
    const whole = name === 'div' || (name !== '/' && INTEGER.has(aType) && INTEGER.has(bType));
    return result === undefined ? undefined : new TypedNode(whole ? 'System.Integer' : 'System.Decimal', result);
  }
  if (typeof a === 'string' && (name === '+' || name === '-')) {
    if (categoryOf(aType) === 'temporal') {
      const duration = quantityOf(b);
      const moved = duration && addDuration(a, duration, name === '+' ? 1 : -1);
      if (duration !== undefined) return moved === undefined ? undefined : new TypedNode(aType, moved);
    } else if (name === '+' && typeof b === 'string' && categoryOf(bType) !== 'temporal') {
      return new TypedNode('System.String', joined(a, b));
    }
  }
  const result = overQuantities(name, a, b);
  if (result === 'types') {
    throw new FhirPathError(`${name} is not defined for ${aType} and ${bType}`);
  }
  return result;
}

function overQuantities(name: string, a: unknown, b: unknown): TypedNode | undefined | 'types' {
  const left = typeof a === 'number' ? { value: a, unit: '1' } : quantityOf(a);
  const right = typeof b === 'number' ? { value: b, unit: '1' } : quantityOf(b);
  if (left === undefined || right === undefined) {
    return 'types';
  }
  const made = (value: number | undefined, unit: string): TypedNode | undefined =>
    value === undefined ? undefined : new TypedNode('System.Quantity', quantity(value, unit));
  switch (name) {
    case '+':
    case '-': {
      const [one, other] = [inUnit({ value: 1, unit: left.unit }, right.unit), inUnit(right, left.unit)];
      if (one === undefined || other === undefined) return undefined;
      // The result has the finer unit of the two (FHIRPath N1, section Addition).
      return one > 1
        ? made(calculate(name, calculate('*', left.value, one) ?? 0, right.value), right.unit)
        : made(calculate(name, left.value, other), left.unit);
    }
    case '*':
      return made(calculate('*', left.value, right.value), unitOf(left.unit, '.', right.unit));
    case '/': {
      const same = inUnit(right, left.unit);
      return same === undefined
        ? made(calculate('/', left.value, right.value), unitOf(left.unit, '/', right.unit))
        : made(calculate('/', left.value, same), '1');
    }
    default:
      return 'types';
  }
}

function unitOf(left: string, sign: string, right: string): string {
  return right === '1' ? left : left === '1' && sign === '.' ? right : `${left}${sign}${right}`;
}

/** @throws FhirPathError for a string that is longer than any that is told to a person */
export function joined(a: string, b: string): string {
  if (a.length + b.length > TEXT_MAX) {
    throw new FhirPathError(`a string of more than ${TEXT_MAX} characters`);
  }
  return a + b;
}

/**
 * In decimal, as FHIRPath's numbers are: to fifteen significant digits, so that 0.1 + 0.2 is 0.3. Undefined (the empty
 * collection) for a division by zero.
 */
export function calculate(name: string, a: number, b: number): number | undefined {
  if (Number.isInteger(a) && Number.isInteger(b) && name !== '/') {
    return inFloats(name, a, b);
  }
  if (name === 'div' || name === 'mod') {
    const quotient = b === 0 ? undefined : Math.trunc(decimal(a / b));
    return quotient === undefined || name === 'div' ? quotient : decimal(a - decimal(quotient * b));
  }
  const result = inFloats(name, a, b);
  return result === undefined ? undefined : decimal(result);
}

function decimal(value: number): number {
  return Number(value.toPrecision(15));
}

function inFloats(name: string, a: number, b: number): number | undefined {
  switch (name) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case 'div':
      return b === 0 ? undefined : Math.trunc(a / b);
    default:
      return b === 0 ? undefined : a % b;
  }
}
