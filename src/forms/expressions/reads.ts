import type { Ast } from '../../fhirpath/syntax.ts';

/** What of a response an expression looks at, as far as the expression itself tells. */
export interface Reads {
  /** Items that it picks by `where(linkId = …)` or `linkId in (…)`. */
  readonly linkIds: ReadonlySet<string>;
  /** Names of variables, `%` left off. */
  readonly names: ReadonlySet<string>;
  /** It also walks items that it does not name: any answer may matter. */
  readonly open: boolean;
}

const WALKS = new Set(['children', 'descendants']);

/**
 * What an expression reads. Variables are told by name only.
 *
 * @param isForm whether a name stands for the form or a part of it: a path from there reads no answers
 */
export function readsOf(ast: Ast, isForm: (name: string) => boolean): Reads {
  const linkIds = new Set<string>();
  const names = new Set<string>();
  let open = false;

  const visit = (node: Ast): void => {
    switch (node.kind) {
      case 'external':
        names.add(node.name);
        return;
      case 'member':
        if (node.name === 'item' || node.name === 'answer') path(node);
        else if (node.input !== undefined) visit(node.input);
        return;
      case 'call':
        if (WALKS.has(node.name) || node.name === 'where' || node.name === 'repeat') path(node);
        else {
          if (node.input !== undefined) visit(node.input);
          node.args.forEach(visit);
        }
        return;
      case 'item':
        visit(node.input);
        visit(node.index);
        return;
      case 'negative':
      case 'type':
        visit(node.operand);
        return;
      case 'binary':
        visit(node.left);
        visit(node.right);
        return;
      default:
        return;
    }
  };

  /** A path over items, from its end back to its start. What stands left of the last criterion on linkId only leads there. */
  const path = (end: Ast): void => {
    const start = startOf(end);
    const ofForm = start.kind === 'external' && isForm(start.name);
    let named = ofForm;
    let node: Ast | undefined = end;
    while (node !== undefined) {
      if (node.kind === 'item') {
        visit(node.index);
        node = node.input;
      } else if (node.kind === 'member') {
        open ||= node.name === 'item' && !named;
        node = node.input;
      } else if (node.kind === 'call') {
        const picked = node.name === 'where' ? linkIdsOf(node.args[0]) : undefined;
        for (const linkId of ofForm ? [] : (picked ?? [])) linkIds.add(linkId);
        named ||= picked !== undefined;
        if (node.name === 'repeat') open ||= !named && node.args.some(mentionsItem);
        else node.args.forEach(visit);
        open ||= !named && WALKS.has(node.name);
        node = node.input;
      } else {
        visit(node);
        node = undefined;
      }
    }
  };

  visit(ast);
  return { linkIds, names, open };
}

/** Where a path starts. */
function startOf(end: Ast): Ast {
  let node = end;
  while ((node.kind === 'member' || node.kind === 'call' || node.kind === 'item') && node.input !== undefined) {
    node = node.input;
  }
  return node;
}

function mentionsItem(ast: Ast): boolean {
  return ast.kind === 'member'
    ? ast.name === 'item' || (ast.input !== undefined && mentionsItem(ast.input))
    : ast.kind === 'binary' && (mentionsItem(ast.left) || mentionsItem(ast.right));
}

/**
 * The linkIds that a criterion of where() admits, and no others: `linkId = 'a'`, `linkId in ('a' | 'b')`, several with
 * `or`, and any of these with more beside it by `and`. Undefined for every other criterion.
 */
export function linkIdsOf(criterion: Ast | undefined): readonly string[] | undefined {
  if (criterion?.kind !== 'binary') {
    return undefined;
  }
  const { operator, left, right } = criterion;
  switch (operator) {
    case '=':
      return isLinkId(left) ? literals(right) : isLinkId(right) ? literals(left) : undefined;
    case 'in':
      return isLinkId(left) ? literals(right) : undefined;
    case 'or': {
      const first = linkIdsOf(left);
      const second = linkIdsOf(right);
      return first === undefined || second === undefined ? undefined : [...first, ...second];
    }
    case 'and':
      return linkIdsOf(left) ?? linkIdsOf(right);
    default:
      return undefined;
  }
}

function isLinkId(ast: Ast): boolean {
  return ast.kind === 'member' && ast.name === 'linkId' && (ast.input === undefined || ast.input.kind === 'this');
}

function literals(ast: Ast): readonly string[] | undefined {
  if (ast.kind === 'literal') {
    return typeof ast.value === 'string' ? [ast.value] : undefined;
  }
  if (ast.kind !== 'binary' || ast.operator !== '|') {
    return undefined;
  }
  const left = literals(ast.left);
  const right = literals(ast.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}
