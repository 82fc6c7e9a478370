import { nodes } from './nodes.ts';
import type { Ast } from './syntax.ts';

/** Functions that yield what is in their input, or tell something of it. */
const WALKS = new Set(
  (
    'all as children combine contains count descendants distinct empty endsWith exclude exists extension ' +
    'first hasExtension hasValue intersect is isDistinct last not ofType single skip startsWith tail take union where'
  ).split(' '),
);
const COMPUTING = new Set(['+', '-', '*', '/', '&', 'div', 'mod']);

/**
 * Whether a repeat() of the expression might never end: what it repeats makes new values, as in `repeat($this + 1)`,
 * instead of walking through what is there.
 */
export function mayBeEndless(tree: Ast): boolean {
  return nodes(tree).some(
    ({ node }) =>
      node.kind === 'call' &&
      node.name === 'repeat' &&
      node.args.some((argument) => nodes(argument).some(({ node: within }) => computes(within))),
  );
}

function computes(node: Ast): boolean {
  switch (node.kind) {
    case 'negative':
      return true;
    case 'binary':
      return COMPUTING.has(node.operator);
    case 'call':
      return !WALKS.has(node.name);
    default:
      return false;
  }
}
