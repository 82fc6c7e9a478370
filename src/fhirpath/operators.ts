import { arithmetic, joined } from './arithmetic.ts';
import { type Collection, items, mapItems, pack, TypedNode } from './collection.ts';
import { distinct } from './distinct.ts';
import { equal, equalCollections, equivalent, order } from './equality.ts';
import { type Expr, NOTHING, UnsupportedExpression } from './expr.ts';
import { boolean, single, text, truth } from './singleton.ts';
import { ANY } from './type-model.ts';

/** A binary operator over two compiled operands. */
export function operator(name: string, left: Expr, right: Expr): Expr {
  switch (name) {
    case 'and':
    case 'or':
    case 'xor':
    case 'implies':
      return logic(name, left, right);
    case '=':
    case '!=':
      return equality(name === '=', left, right);
    case '~':
    case '!~':
      return equivalence(name === '~', left, right);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return comparison(name, left, right);
    case '|':
      return union(left, right);
    case 'in':
      return membership(left, right);
    case 'contains':
      return membership(right, left);
    case '&':
      return concatenation(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case 'div':
    case 'mod':
      return arithmetic(name, left, right);
    default:
      throw new UnsupportedExpression(`operator ${name}`);
  }
}

/** Three-valued logic, FHIRPath N1, section Boolean logic. */
function logic(name: 'and' | 'or' | 'xor' | 'implies', left: Expr, right: Expr): Expr {
  const a = truth(left);
  const b = truth(right);
  switch (name) {
    case 'and':
      return boolean((self, env) => {
        const first = a(self, env);
        if (first === false) {
          return false;
        }
        const second = b(self, env);
        return second === false ? false : first && second;
      });
    case 'or':
      return boolean((self, env) => {
        const first = a(self, env);
        if (first === true) {
          return true;
        }
        const second = b(self, env);
        return second === true ? true : first === undefined || second === undefined ? undefined : false;
      });
    case 'xor':
      return boolean((self, env) => {
        const first = a(self, env);
        const second = b(self, env);
        return first === undefined || second === undefined ? undefined : first !== second;
      });
    case 'implies':
      return boolean((self, env) => {
        const first = a(self, env);
        if (first === false) {
          return true;
        }
        const second = b(self, env);
        return second === true ? true : first === undefined ? undefined : second;
      });
  }
}

function equality(positive: boolean, left: Expr, right: Expr): Expr {
  const a = left.run;
  const b = right.run;
  return boolean((self, env) => {
    const first = a(self, env);
    const second = b(self, env);
    if (typeof first === 'string' && first === second) {
      return positive;
    }
    const same = equalCollections(first, left.type, second, right.type);
    return same === undefined ? undefined : same === positive;
  });
}

/** FHIRPath's `~`: never empty, in any order (N1, section Equivalence). */
function equivalence(positive: boolean, left: Expr, right: Expr): Expr {
  return boolean((self, env) => {
    const rest = [...items(right.run(self, env))];
    const all = items(left.run(self, env));
    const same =
      all.length === rest.length &&
      all.every((item) => {
        const at = rest.findIndex((other) => equivalent(item, left.type, other, right.type));
        if (at >= 0) rest.splice(at, 1);
        return at >= 0;
      });
    return same === positive;
  });
}

function comparison(name: '<' | '>' | '<=' | '>=', left: Expr, right: Expr): Expr {
  const a = left.run;
  const b = right.run;
  return boolean((self, env) => {
    const first = single(a(self, env));
    const second = single(b(self, env));
    const difference = order(first, left.type, second, right.type);
    if (difference === undefined) {
      return undefined;
    }
    switch (name) {
      case '<':
        return difference < 0;
      case '>':
        return difference > 0;
      case '<=':
        return difference <= 0;
      case '>=':
        return difference >= 0;
    }
  });
}

/** The items of both; TypedNodes if the two have not the same type. */
export function together(left: Expr, right: Expr): Expr {
  if (left.type === NOTHING) {
    return right;
  }
  if (right.type === NOTHING) {
    return left;
  }
  const same = left.type === right.type;
  const a = same ? left.run : typed(left).run;
  const b = same ? right.run : typed(right).run;
  return {
    type: same ? left.type : ANY,
    run: (self, env) => {
      const first = a(self, env);
      const second = b(self, env);
      return first === undefined ? second : second === undefined ? first : [...items(first), ...items(second)];
    },
  };
}

export function union(left: Expr, right: Expr): Expr {
  const { type, run } = together(left, right);
  return {
    type,
    run: (self, env) => {
      const found = run(self, env);
      return Array.isArray(found) ? pack(distinct(found, type)) : found;
    },
  };
}

/** The same items as TypedNodes. */
export function typed(expr: Expr): Expr {
  const { type, run } = expr;
  if (type === ANY || type === NOTHING) {
    return expr;
  }
  return { type: ANY, run: (self, env) => mapItems(run(self, env), (item) => new TypedNode(type, item)) };
}

function membership(element: Expr, collection: Expr): Expr {
  return boolean((self, env) => {
    const item = single(element.run(self, env));
    if (item === undefined) {
      return undefined;
    }
    const all: Collection = collection.run(self, env);
    return items(all).some((each) => equal(item, element.type, each, collection.type) === true);
  });
}

function concatenation(left: Expr, right: Expr): Expr {
  const a = text(left);
  const b = text(right);
  return { type: 'System.String', run: (self, env) => joined(a(self, env) ?? '', b(self, env) ?? '') };
}
