import type { Ast } from './syntax.ts';

/** Every node of a syntax tree with its distance from the root. Needs no stack, however deep the tree is. */
export function* nodes(tree: Ast): Generator<{ readonly node: Ast; readonly depth: number }> {
  const open = [{ node: tree, depth: 1 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    yield at;
    const { depth } = at;
    for (const node of below(at.node)) {
      open.push({ node, depth: depth + 1 });
    }
  }
}

function below(node: Ast): readonly Ast[] {
  switch (node.kind) {
    case 'member':
      return node.input === undefined ? [] : [node.input];
    case 'call':
      return node.input === undefined ? node.args : [node.input, ...node.args];
    case 'item':
      return [node.input, node.index];
    case 'negative':
    case 'type':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    default:
      return [];
  }
}
