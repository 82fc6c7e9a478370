import { fhirError } from '../../../model/issue.ts';
import { badValue } from '../refusals.ts';

/** The comparisons of `_filter` (R4 search_filter.html). */
const operators = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'sa',
  'eb',
  'ap',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
] as const;
export type Operator = (typeof operators)[number];

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | FilterTest;

/** `subject[active eq true].name co "x"` */
export interface FilterTest {
  readonly kind: 'test';
  readonly path: readonly PathStep[];
  readonly operator: Operator;
  readonly value: string;
}

export interface PathStep {
  /** Code of a search parameter; of a reference perhaps with the type that is meant, as in `subject:Patient`. */
  readonly name: string;
  /** What must hold for the resource that the step leads to. */
  readonly filter?: Filter;
}

const DEPTH_MAX = 20;

/**
 * Reads a filter. `and` and `or` are taken from left to right, none before the other, as R4 has it; `not` wants parentheses.
 *
 * @param testsMax how many comparisons it may have
 * @throws FhirError 400 that tells the place of the fault; the filter itself may be about a patient and is not repeated
 */
export function parseFilter(text: string, testsMax: number): Filter {
  let at = 0;
  let depth = 0;
  let tests = 0;

  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const expected = (what: string): Error => badValue('_filter', `expected ${what} at character ${at + 1}`);
  const demand = (pattern: RegExp, what: string): string => {
    const found = read(pattern);
    if (found === undefined) {
      throw expected(what);
    }
    return found;
  };

  function expression(): Filter {
    depth += 1;
    if (depth > DEPTH_MAX) {
      throw fhirError(400, 'too-costly', `A _filter may be nested ${DEPTH_MAX} deep.`);
    }
    let left = term();
    for (;;) {
      const word = read(/\s*(?:and|or)(?=[\s(])/iy)
        ?.trim()
        .toLowerCase();
      if (word === undefined) {
        depth -= 1;
        return left;
      }
      const kind = word === 'and' ? 'and' : 'or';
      const right = term();
      left = left.kind === kind ? { kind, of: [...left.of, right] } : { kind, of: [left, right] };
    }
  }

  function term(): Filter {
    read(/\s+/y);
    if (read(/not\s*(?=\()/iy) !== undefined) {
      return { kind: 'not', of: parenthesised() };
    }
    return text[at] === '(' ? parenthesised() : test();
  }

  function parenthesised(): Filter {
    demand(/\(/y, '(');
    const inner = expression();
    demand(/\s*\)/y, ')');
    return inner;
  }

  function test(): Filter {
    tests += 1;
    if (tests > testsMax) {
      throw fhirError(400, 'too-costly', `A _filter may have at most ${testsMax} comparisons.`);
    }
    const path = [step()];
    while (read(/\./y) !== undefined) {
      path.push(step());
    }
    const start = at;
    const word = demand(/\s+[A-Za-z]+(?=\s)/y, 'a comparison')
      .trim()
      .toLowerCase();
    const operator = operators.find((each) => each === word);
    if (operator === undefined) {
      at = start;
      throw expected(`one of ${operators.join(', ')}`);
    }
    demand(/\s+/y, 'a value');
    return { kind: 'test', path, operator, value: value() };
  }

  function step(): PathStep {
    const name = demand(/[A-Za-z_][\w-]*(?::[A-Za-z]+)?/y, 'the name of a search parameter');
    if (read(/\[/y) === undefined) {
      return { name };
    }
    const filter = expression();
    demand(/\s*\](?=\.)/y, '] and a dot');
    return { name, filter };
  }

  function value(): string {
    if (text[at] !== '"') {
      return demand(/[^\s)\]]+/y, 'a value');
    }
    const start = at;
    const string = unquoted(demand(/"(?:[^"\\]|\\.)*"/sy, 'a string that ends with "'));
    if (string === undefined || string.includes('\u0000')) {
      at = start;
      throw expected('a JSON string');
    }
    return string.toWellFormed();
  }

  const filter = expression();
  read(/\s+/y);
  if (at < text.length) {
    throw expected('and, or, or the end');
  }
  return filter;
}

function unquoted(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
