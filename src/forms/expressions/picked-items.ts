import { filterItems, pack, TypedNode } from '../../fhirpath/collection.ts';
import type { Compiler } from '../../fhirpath/compiler.ts';
import { type Env, type Expr, type Scope, spend } from '../../fhirpath/expr.ts';
import { functionNamed } from '../../fhirpath/functions.ts';
import { truth } from '../../fhirpath/singleton.ts';
import type { Ast } from '../../fhirpath/syntax.ts';
import { ANY } from '../../fhirpath/type-model.ts';
import type { FormItem } from '../form.ts';
import type { Items } from './compile-expressions.ts';
import { FormEnv } from './form-env.ts';
import { linkIdsOf } from './reads.ts';
import type { Entry, Reach, ResponseIndex } from './response-index.ts';

/** Items of a response that an expression picks by linkId, found in its index instead of by a walk. */
export interface PickedItems {
  readonly expr: Expr;
  readonly picked: ReadonlySet<FormItem>;
  readonly reach: Reach;
  /** The criterion says nothing but which linkIds. */
  readonly exact: boolean;
  /** The index, where it answers for this evaluation: not for another response than the one that is evaluated. */
  readonly indexFor: (self: unknown, env: Env) => ResponseIndex | undefined;
}

/**
 * Recognises `X.item.where(…)`, `X.repeat(item).where(…)` and `X.descendants().where(…)`, where X is the response and the
 * criterion admits only linkIds of this form. Yields the items in the order in which the walk would.
 */
export function pickedItems(compiler: Compiler, ast: Ast, scope: Scope, items: Items): PickedItems | undefined {
  if (ast.kind !== 'call' || ast.name !== 'where') {
    return undefined;
  }
  const [criterion] = ast.args;
  const linkIds = linkIdsOf(criterion);
  const from = reachOf(ast.input);
  if (criterion === undefined || linkIds === undefined || from === undefined) {
    return undefined;
  }
  const picked = new Set(linkIds.flatMap((linkId) => items.get(linkId) ?? []));
  const start: Expr =
    from.start === undefined ? { type: scope.type, run: (self) => self } : compiler.compile(from.start, scope);
  const where = functionNamed('where');
  if (picked.size !== new Set(linkIds).size || start.type !== 'QuestionnaireResponse' || where === undefined) {
    return undefined;
  }
  const indexFor = (self: unknown, env: Env): ResponseIndex | undefined =>
    env instanceof FormEnv && start.run(self, env) === env.resource ? env.snapshot.index(from.reach) : undefined;
  const { type, run: walk } = where(compiler, compiler.compile(ast.input as Ast, scope), ast.args, scope);
  const exact = isExact(criterion);
  const holds = truth(compiler.compile(criterion, { ...scope, type }));
  return {
    picked,
    reach: from.reach,
    exact,
    indexFor,
    expr: {
      type,
      run: (self, env) => {
        const index = indexFor(self, env);
        if (index === undefined) return walk(self, env);
        const entries = index.pick(picked, from.reach);
        spend(env, entries.length);
        const found = pack(entries.map(type === ANY ? typedNodeOf : nodeOf));
        return exact ? found : filterItems(found, (item) => holds(item, env) === true);
      },
    },
  };
}

/** As descendants() yields them. */
function typedNodeOf(entry: Entry): unknown {
  return new TypedNode('QuestionnaireResponse.item', entry.node);
}

function nodeOf(entry: Entry): unknown {
  return entry.node;
}

function isExact(criterion: Ast): boolean {
  return criterion.kind === 'binary' && criterion.operator === 'or'
    ? isExact(criterion.left) && isExact(criterion.right)
    : criterion.kind === 'binary' && criterion.operator !== 'and';
}

/** How far down the items come from, and from what. */
function reachOf(ast: Ast | undefined): { readonly reach: Reach; readonly start: Ast | undefined } | undefined {
  if (ast?.kind === 'member' && ast.name === 'item') {
    return { reach: 'top', start: ast.input };
  }
  if (ast?.kind === 'call' && ast.name === 'descendants' && ast.args.length === 0) {
    return { reach: 'all', start: ast.input };
  }
  if (ast?.kind === 'call' && ast.name === 'repeat') {
    const [argument] = ast.args;
    return argument?.kind === 'member' && argument.name === 'item' && argument.input === undefined
      ? { reach: 'items', start: ast.input }
      : undefined;
  }
  return undefined;
}
