import { structures } from '../model/r4/structures.ts';
import type { ExtensionContext } from './profiles/profile.ts';
import type { Walk } from './walk.ts';

/**
 * Whether an extension may stand where the walk is, by the contexts of its definition (R4 defining extensions, 2.4.1.1):
 * one must fit. What cannot be told here fits: FHIRPath contexts, and elements of types that R4 does not have.
 */
export function mayStandHere(contexts: readonly ExtensionContext[], walk: Walk): boolean {
  if (contexts.length === 0) {
    return true;
  }
  const depth = walk.path.depth - 1;
  return contexts.some(({ type, expression }) => {
    if (type === 'extension') {
      return walk.types[depth] === 'Extension';
    }
    const element = expression.replaceAll('[x]', '');
    return type !== 'element' || !isOfR4(element) || names(walk, depth).includes(element);
  });
}

/** What the element at a depth is called: by its type, or as an element of what lies above, up to its resource. */
function names(walk: Walk, depth: number): string[] {
  const type = walk.types[depth] ?? '';
  const found = ancestors(type);
  let below = '';
  for (let at = depth; at > 0 && !isResource(walk.types[at]); at--) {
    const name = walk.path.nameAt(at);
    const above = ancestors(walk.types[at - 1] ?? '');
    const typed = `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    found.push(...above.map((each) => `${each}.${name}${below}`), ...above.map((each) => `${each}.${typed}`));
    below = `.${name}${below}`;
  }
  return found;
}

function isOfR4(element: string): boolean {
  return structures().has(element.split('.')[0] ?? '');
}

function isResource(type: string | undefined): boolean {
  return structures().get(type ?? '')?.kind === 'resource';
}

/** The type and what it specialises. */
function ancestors(type: string): string[] {
  const base = structures().get(type)?.base;
  return base === undefined ? [type] : [type, ...ancestors(base)];
}
