import { nodes } from './nodes.ts';
import { type Ast, FhirPathSyntaxError, type Token } from './syntax.ts';
import { tokens } from './tokens.ts';

/** Operators by how tightly they bind (FHIRPath N1, section Operator precedence). */
const BINDING: Record<string, number> = {
  implies: 1,
  or: 2,
  xor: 2,
  and: 3,
  in: 4,
  contains: 4,
  '=': 5,
  '~': 5,
  '!=': 5,
  '!~': 5,
  '>': 6,
  '<': 6,
  '>=': 6,
  '<=': 6,
  '|': 7,
  is: 8,
  as: 8,
  '+': 9,
  '-': 9,
  '&': 9,
  '*': 10,
  '/': 10,
  div: 10,
  mod: 10,
};
/** Brackets within brackets: more than any sensible expression has, far from the end of the stack. */
const DEPTH_MAX = 200;
/** Nodes above one another: a chain of a thousand steps or operators is a tree as deep. */
const TREE_DEPTH_MAX = 1000;
const CALENDAR = /^(?:year|month|week|day|hour|minute|second|millisecond)s?$/;

/** The syntax tree of an expression. @throws FhirPathSyntaxError */
export function parse(expression: string): Ast {
  const all = tokens(expression);
  let at = 0;
  let depth = 0;
  const tree = binary(0);
  if (next().kind !== 'end') {
    fail(`an unexpected ${next().text}`);
  }
  for (const { depth: below } of nodes(tree)) {
    if (below > TREE_DEPTH_MAX) {
      fail('an expression with too many steps');
    }
  }
  return tree;

  function next(): Token {
    return all[at] as Token;
  }

  function fail(problem: string): never {
    throw new FhirPathSyntaxError(problem, next().at);
  }

  function isSymbol(text: string): boolean {
    return next().kind === 'symbol' && next().text === text;
  }

  function expect(text: string): void {
    if (!isSymbol(text)) {
      fail(`${text} expected`);
    }
    at += 1;
  }

  function binary(binding: number): Ast {
    depth += 1;
    if (depth > DEPTH_MAX) {
      fail('an expression nested too deep');
    }
    let left = unary();
    for (;;) {
      const token = next();
      const own = token.kind === 'symbol' || token.kind === 'name' ? BINDING[token.text] : undefined;
      if (own === undefined || own <= binding) {
        depth -= 1;
        return left;
      }
      at += 1;
      if (token.text === 'is' || token.text === 'as') {
        left = { kind: 'type', operator: token.text, operand: left, type: typeName() };
      } else {
        left = { kind: 'binary', operator: token.text, left, right: binary(own) };
      }
    }
  }

  function typeName(): string {
    let name = identifier();
    while (isSymbol('.') && all[at + 1]?.kind !== 'symbol') {
      at += 1;
      name += `.${identifier()}`;
    }
    return name;
  }

  function identifier(): string {
    const token = next();
    if (token.kind !== 'name' && token.kind !== 'quotedName') {
      fail('a name expected');
    }
    at += 1;
    return token.text;
  }

  function unary(): Ast {
    let signs = 0;
    while (isSymbol('-') || isSymbol('+')) {
      signs += isSymbol('-') ? 1 : 0;
      at += 1;
    }
    let operand = path();
    for (; signs > 0; signs--) {
      operand = { kind: 'negative', operand };
    }
    return operand;
  }

  function path(): Ast {
    let tree = term();
    for (;;) {
      if (isSymbol('.')) {
        at += 1;
        tree = invocation(tree);
      } else if (isSymbol('[')) {
        at += 1;
        tree = { kind: 'item', input: tree, index: binary(0) };
        expect(']');
      } else {
        return tree;
      }
    }
  }

  function invocation(input: Ast | undefined): Ast {
    const token = next();
    if (token.kind === 'variable') {
      return variable(token);
    }
    const name = identifier();
    if (!isSymbol('(')) {
      return { kind: 'member', input, name };
    }
    at += 1;
    const args: Ast[] = [];
    while (!isSymbol(')')) {
      if (args.length > 0) {
        expect(',');
      }
      args.push(binary(0));
    }
    at += 1;
    return { kind: 'call', input, name, args };
  }

  function variable(token: Token): Ast {
    at += 1;
    if (token.text === 'this' || token.text === 'index' || token.text === 'total') {
      return { kind: token.text };
    }
    return fail(`an unknown variable $${token.text}`);
  }

  function term(): Ast {
    const token = next();
    switch (token.kind) {
      case 'string':
        at += 1;
        return { kind: 'literal', type: 'System.String', value: token.text };
      case 'number':
        at += 1;
        return number(token.text);
      case 'date':
        at += 1;
        return date(token.text);
      case 'external':
        at += 1;
        return { kind: 'external', name: token.text };
      case 'variable':
        return variable(token);
      case 'symbol':
        return bracket();
      case 'name':
        if ((token.text === 'true' || token.text === 'false') && all[at + 1]?.text !== '(') {
          at += 1;
          return { kind: 'literal', type: 'System.Boolean', value: token.text === 'true' };
        }
        return invocation(undefined);
      case 'quotedName':
        return invocation(undefined);
      default:
        return fail('an expression expected');
    }
  }

  function bracket(): Ast {
    if (isSymbol('{')) {
      at += 1;
      expect('}');
      return { kind: 'empty' };
    }
    expect('(');
    const inner = binary(0);
    expect(')');
    return inner;
  }

  function number(text: string): Ast {
    const unit = next();
    if (unit.kind === 'string' || (unit.kind === 'name' && CALENDAR.test(unit.text))) {
      at += 1;
      return { kind: 'quantity', value: Number(text), unit: unit.text };
    }
    return { kind: 'literal', type: text.includes('.') ? 'System.Decimal' : 'System.Integer', value: Number(text) };
  }

  function date(text: string): Ast {
    if (text.startsWith('T')) {
      return { kind: 'literal', type: 'System.Time', value: text.slice(1) };
    }
    const end = text.endsWith('T') ? text.slice(0, -1) : text;
    return { kind: 'literal', type: text.includes('T') ? 'System.DateTime' : 'System.Date', value: end };
  }
}
