import type { QueryConfig } from 'pg';

/** Texts that are remembered; there are as many as shapes of statements. */
const TEXTS_MAX = 2000;

const reading = new Map<string, boolean>();

/** Whether a statement does nothing but read. Locks are taken by functions of PostgreSQL's own, whose names begin with pg_. */
export function onlyReads(text: string): boolean {
  let known = reading.get(text);
  if (known === undefined) {
    if (reading.size >= TEXTS_MAX) reading.clear();
    known = /^\s*select\b/i.test(text) && !/\b(?:pg_\w+|nextval|for update|for share)\b/i.test(text);
    reading.set(text, known);
  }
  return known;
}

/**
 * One statement in place of several of one text: the values in which they differ become the rows of a table, and the
 * statement as it was stands beside each (`cross join lateral`). Its rows say by `together`, from 1, whose they are, and
 * come in the order of each: PostgreSQL doesn't take a subquery apart that has an order of its own.
 *
 * Undefined where there are less than two, or where one of these values has no type beside it (`$1::int8`) or can't be
 * written without quotes.
 */
export function mergedStatement(configs: readonly QueryConfig[]): QueryConfig | undefined {
  const [{ text, name } = { text: '' }] = configs;
  const values = configs.map((config) => config.values ?? []);
  const [first = []] = values;
  const varying = first.flatMap((value, i) => (values.every((row) => isSame(row[i], value)) ? [] : [i]));
  const columns = varying.map((i) => columnOf(values.map((row) => row[i])));
  const merged = configs.length < 2 || columns.includes(undefined) ? undefined : shapeOf(text, varying);
  return merged === undefined
    ? undefined
    : {
        name: `${name}_${varying.join('_')}`,
        text: merged,
        values: [...columns, ...first.filter((_, i) => !varying.includes(i))],
      };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
}

/** Values of one place as texts, which PostgreSQL reads as the type that stands beside the place. */
function columnOf(values: readonly unknown[]): readonly (string | null)[] | undefined {
  const texts: (string | null)[] = [];
  for (const value of values) {
    if (value === null || value === undefined) texts.push(null);
    else if (Array.isArray(value) && value.every(isPlain)) texts.push(`{${value.join(',')}}`);
    else if (typeof value === 'object') return undefined;
    else texts.push(String(value));
  }
  return texts;
}

/** Whether a value needs no quotes in PostgreSQL's text of an array. */
function isPlain(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
}

const shapes = new Map<string, string | undefined>();

function shapeOf(text: string, varying: readonly number[]): string | undefined {
  const key = `${varying.join(' ')} ${text}`;
  if (!shapes.has(key)) {
    if (shapes.size >= TEXTS_MAX) shapes.clear();
    shapes.set(key, shaped(text, varying));
  }
  return shapes.get(key);
}

function shaped(text: string, varying: readonly number[]): string | undefined {
  let typed = true;
  const own = text.replace(/\$(\d+)(::\w+(?:\[\])?)?/g, (_whole, number: string, type: string | undefined) => {
    const at = Number(number) - 1;
    const column = varying.indexOf(at);
    if (column < 0) {
      // those that all share come after the lists, in their order
      return `$${varying.length + at + 1 - varying.filter((one) => one < at).length}${type ?? ''}`;
    }
    typed &&= type !== undefined;
    return `w.p${column}${type}`;
  });
  const lists = varying.map((_, i) => `$${i + 1}::text[]`).join(', ');
  const names = varying.map((_, i) => `p${i}`).join(', ');
  return typed
    ? `select w.nr::int4 as together, q.* from unnest(${lists}) with ordinality as w (${names}, nr)
      cross join lateral (${own}) q`
    : undefined;
}
