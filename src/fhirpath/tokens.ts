import { FhirPathSyntaxError, type Token } from './syntax.ts';

const BLANK = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /[0-9]+(?:\.[0-9]+)?/y;
const DATE =
  /@(?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?:T(?:[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?|T[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?)/y;
const SYMBOL = /<=|>=|!=|!~|[-+*/&|<>=~.,()[\]{}]/y;
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/** Splits an expression into tokens, an `end` last. @throws FhirPathSyntaxError */
export function tokens(expression: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(expression)?.[0];
  };
  const add = (kind: Token['kind'], raw: string, text: string = raw): void => {
    found.push({ kind, text, at });
    at += raw.length;
  };
  for (;;) {
    at += match(BLANK)?.length ?? 0;
    const char = expression[at];
    if (char === undefined) {
      add('end', '');
      return found;
    }
    if (char === "'" || char === '`' || char === '"') {
      const { text, end } = quoted(expression, at);
      found.push({ kind: char === "'" ? 'string' : 'quotedName', text, at });
      at = end;
      continue;
    }
    if (char === '%') {
      at += 1;
      external();
      continue;
    }
    const name = match(NAME);
    const number = name === undefined ? match(NUMBER) : undefined;
    if (name !== undefined) {
      add('name', name);
    } else if (number !== undefined) {
      add('number', number);
    } else if (char === '@') {
      const date = match(DATE) ?? fail('a date that is not one');
      add('date', date, date.slice(1));
    } else if (char === '$') {
      at += 1;
      add('variable', match(NAME) ?? fail('a lone $'));
    } else {
      add('symbol', match(SYMBOL) ?? fail(`an unexpected character ${JSON.stringify(char)}`));
    }
  }

  function external(): void {
    const char = expression[at];
    if (char === "'" || char === '`' || char === '"') {
      const { text, end } = quoted(expression, at);
      found.push({ kind: 'external', text, at });
      at = end;
    } else {
      add('external', match(NAME) ?? fail('a lone %'));
    }
  }

  function fail(problem: string): never {
    throw new FhirPathSyntaxError(problem, at);
  }
}

function quoted(expression: string, start: number): { text: string; end: number } {
  const quote = expression[start];
  let text = '';
  let i = start + 1;
  for (;;) {
    const char = expression[i];
    if (char === undefined) {
      throw new FhirPathSyntaxError('a quotation without end', start);
    }
    if (char === quote) {
      return { text, end: i + 1 };
    }
    if (char !== '\\') {
      text += char;
      i += 1;
      continue;
    }
    const escaped = expression[i + 1] ?? '';
    const hex = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(expression.slice(i + 2))?.[0] : undefined;
    text += hex === undefined ? (escapes[escaped] ?? escaped) : String.fromCharCode(Number.parseInt(hex, 16));
    i += hex === undefined ? 2 : 6;
  }
}
