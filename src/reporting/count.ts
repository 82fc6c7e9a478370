import type { Engine } from '../interactions/engine.ts';
import type { Caller } from '../model/caller.ts';
import { resourceTypes } from '../model/resource-types.ts';
import { parseDate } from '../registry/zone.ts';
import { parseQuery } from '../rest/query.ts';
import type { Days } from './asked.ts';
import { type Bindings, type CountRule, filledIn, type QueryTemplate } from './measure.ts';

/** The numbers of one group, in the order of its populations. */
export interface CountedNumbers {
  readonly totals: readonly number[];
  /** Of a group that is counted by month: the numbers of each, in order. */
  readonly months: readonly { readonly month: string; readonly counts: readonly number[] }[];
}

/** Counts at once: the others of the pool are for who waits for an answer. */
const AT_ONCE = 4;

/**
 * Counts what a Measure asks for, as somebody would who works for the registry at the hospital: courses of the registry at
 * that hospital and those that are in none yet. Whose record is restricted is in no count.
 */
export async function counted(
  engine: Engine,
  { groups }: CountRule,
  bindings: Bindings,
): Promise<readonly CountedNumbers[]> {
  const caller = counter(bindings);
  const jobs: (() => Promise<void>)[] = [];
  const planned = groups.map(({ populations, byMonth }) => {
    const totals: number[] = [];
    const months = (byMonth ? monthsOf(bindings) : []).map((days) => ({ days, counts: [] as number[] }));
    for (const [at, { query }] of populations.entries()) {
      jobs.push(async () => {
        totals[at] = await countOf(engine, caller, query, bindings);
      });
      for (const { days, counts } of months) {
        jobs.push(async () => {
          counts[at] = await countOf(engine, caller, query, { ...bindings, ...days });
        });
      }
    }
    return { totals, months };
  });
  await inTurns(jobs);
  return planned.map(({ totals, months }) => ({
    totals,
    months: months.map(({ days, counts }) => ({ month: days.start.slice(0, 7), counts })),
  }));
}

/** The months of a period, the first and the last cut to it. */
export function monthsOf({ start, end }: Days): readonly Days[] {
  const months: Days[] = [];
  for (let first = start; first <= end; ) {
    const { year, month } = parseDate(first) ?? { year: 0, month: 0 };
    const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
    months.push({ start: first, end: last < end ? last : end });
    first = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
  }
  return months;
}

function counter({ hospital, registry }: Bindings): Caller {
  const labels = [`${hospital} ${registry}`, `${hospital} *`];
  return {
    name: 'reporting',
    kind: 'system',
    access: {
      key: `counts of ${labels[0]}`,
      rules: [{ types: resourceTypes, acts: ['search', 'read'], ties: { labels, anchors: [] } }],
    },
  };
}

async function countOf(engine: Engine, caller: Caller, query: QueryTemplate, bindings: Bindings): Promise<number> {
  const criteria = parseQuery(`${filledIn(query, bindings)}&_count=0`);
  const { total } = await engine.search(engine.readers, caller, query.type, criteria, { lenient: false });
  if (total === undefined) throw new Error('a search was asked to count and told no total');
  return total;
}

async function inTurns(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = jobs.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const job of queue) await job();
    }),
  );
}
