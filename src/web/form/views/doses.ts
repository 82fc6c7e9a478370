import type { ItemKey, ItemView } from '../contract.ts';

export interface Doses {
  /** A number, what is calculated from it, and what is told of that. */
  readonly rows: readonly (readonly ItemView[])[];
  /** What the calculated numbers are called, where their names begin alike. */
  readonly head: string;
  readonly before: readonly ItemView[];
  readonly after: readonly ItemView[];
}

const ROWS_MIN = 3;

/** The doses of a group, where it is a list of numbers each followed by what is calculated of it; undefined for others. */
export function dosesOf(children: readonly ItemView[]): Doses | undefined {
  const first = children.findIndex((view, index) => isNumber(view) && isCalculated(children[index + 1]));
  if (first < 0) return undefined;
  const rows: ItemView[][] = [];
  let at = first;
  for (let view = children[at]; view !== undefined; view = children[at]) {
    const open = rows.at(-1);
    if (isNumber(view) && isCalculated(children[at + 1])) rows.push([view]);
    else if (open?.length === 1 && isCalculated(view)) open.push(view);
    else if (open !== undefined && view.item.type === 'display') open.push(view);
    else break;
    at += 1;
  }
  if (rows.length < ROWS_MIN) return undefined;
  const names = rows.flatMap(([, calculated]) => calculated?.text ?? []);
  return { rows, head: commonBeginning(names), before: children.slice(0, first), after: children.slice(at) };
}

/** Keys of the doses of rows in which there is nothing to see: no answer, and nothing that is told of it. */
export function emptyRows(rows: Doses['rows']): readonly ItemKey[] {
  return rows.flatMap(([dose, ...others]) =>
    dose !== undefined && [dose, ...others].every(({ answers, faults }) => answers.length === 0 && faults.length === 0)
      ? dose.key
      : [],
  );
}

function isNumber({ control, readOnly }: ItemView): boolean {
  return control === 'number' && !readOnly;
}

export function isCalculated(view: ItemView | undefined): boolean {
  return view?.control === 'calculated' && (view.item.type === 'decimal' || view.item.type === 'integer');
}

function commonBeginning(texts: readonly string[]): string {
  const [first = '', ...others] = texts.map((text) => text.split(' '));
  const words = typeof first === 'string' ? [] : first;
  const end = words.findIndex((word, index) => others.some((other) => other[index] !== word));
  return words.slice(0, end < 0 ? words.length : end).join(' ');
}
