import type { FormItem } from '../form.ts';
import type { Items } from './compile-expressions.ts';
import type { FormExpression } from './expression.ts';
import type { PathProgram, Program } from './program.ts';

/** On what the state of an item (whether it is enabled, and its calculated answer) depends. */
interface Needs {
  /** Items that are named: a cycle over these never ends. */
  readonly sure: ReadonlySet<FormItem>;
  /** It may depend on any other item too. */
  readonly open: boolean;
}

/** Longer than chains are in forms, shorter than what evaluation, which follows them step into step, has stack for. */
const DEPTH_MAX = 400;

export interface Dependencies {
  /** The items that are calculated or enabled by expression, those first that others depend on. */
  readonly order: readonly FormItem[];
  /** The linkIds of a cycle, if there is one, in the order in which each depends on the next. */
  readonly cycle: readonly string[] | undefined;
  /** An item that depends on more others in a row than are followed. */
  readonly tooDeep: FormItem | undefined;
  /** What is calculated or enabled by expression may depend on something else that is. */
  readonly chained: boolean;
}

/**
 * An item depends on the group that it stands in, on the questions of its enableWhen, and on the items that its
 * enableWhenExpression and calculatedExpression pick by linkId, directly or by variables. What an expression does not tell
 * (`%resource.item.answer.value`) gives an order where it can, and is never taken for a cycle: evaluation repeats until
 * nothing changes.
 */
export function dependencies(items: Items): Dependencies {
  const needs = new Map<FormItem, Needs>();
  for (const item of items.values()) {
    needs.set(item, needsOf(item, items));
  }
  const order: FormItem[] = [];
  /** How many items each depends on in a row, itself included. */
  const done = new Map<FormItem, number>();
  const way: FormItem[] = [];
  let cycle: readonly string[] | undefined;
  let tooDeep: FormItem | undefined;
  const visit = (item: FormItem): void => {
    const at = way.indexOf(item);
    if (at >= 0) {
      cycle ??= way.slice(at).map((each) => each.linkId);
      return;
    }
    if (done.has(item) || cycle !== undefined || tooDeep !== undefined) {
      return;
    }
    if (way.length > DEPTH_MAX) {
      tooDeep ??= item;
      return;
    }
    way.push(item);
    let depth = 1;
    for (const next of needs.get(item)?.sure ?? []) {
      visit(next);
      depth = Math.max(depth, 1 + (done.get(next) ?? 0));
    }
    way.pop();
    done.set(item, depth);
    if (depth > DEPTH_MAX) tooDeep ??= item;
    if (item.expressions.calculated !== undefined || item.expressions.enableWhen !== undefined) {
      order.push(item);
    }
  };
  // What may depend on everything comes last.
  const isOpen = (item: FormItem): boolean => needs.get(item)?.open === true;
  [...items.values()].filter((item) => !isOpen(item)).forEach(visit);
  [...items.values()].filter(isOpen).forEach(visit);
  const derived = new Set(order);
  return { order, cycle, tooDeep, chained: [...derived].some((item) => reachesDerived(item, needs, derived)) };
}

function needsOf(item: FormItem, items: Items): Needs {
  const sure = new Set<FormItem>(item.parent === undefined ? [] : [item.parent]);
  for (const { question } of item.enableWhen) {
    const asked = items.get(question);
    if (asked !== undefined) sure.add(asked);
  }
  let open = false;
  for (const expression of [item.expressions.enableWhen, item.expressions.calculated]) {
    for (const { reads } of programsOf(expression)) {
      for (const linkId of reads.linkIds) {
        const read = items.get(linkId);
        if (read !== undefined) sure.add(read);
      }
      open ||= reads.open;
    }
  }
  return { sure, open };
}

/** The programs of an expression and of the variables that it uses, themselves and through others. */
function programsOf(expression: FormExpression | undefined): Set<Program> {
  const found = new Set<Program>();
  const add = (program: Program | undefined): void => {
    if (program === undefined || found.has(program)) {
      return;
    }
    found.add(program);
    const parts: PathProgram[] =
      program.kind === 'path' ? [program] : program.parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
    for (const part of parts) {
      found.add(part);
      for (const used of part.uses) add(used.program);
    }
  };
  add(expression?.program);
  return found;
}

function reachesDerived(from: FormItem, needs: ReadonlyMap<FormItem, Needs>, derived: ReadonlySet<FormItem>): boolean {
  if (derived.size < 2) {
    // Alone it may still read itself by a path that names nothing; that shows as another value in the next round.
    return needs.get(from)?.open === true;
  }
  if (needs.get(from)?.open === true) {
    return true;
  }
  const known = new Set<FormItem>([from]);
  for (const item of known) {
    for (const next of needs.get(item)?.sure ?? []) {
      if (derived.has(next)) return true;
      known.add(next);
    }
  }
  return false;
}
