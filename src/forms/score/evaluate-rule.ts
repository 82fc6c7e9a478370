import { compileAggregate } from './aggregate.ts';
import { bandOf } from './band.ts';
import type { Lookup } from './lookup.ts';
import { MISSING, SEVERAL, UNREADABLE } from './read-answer.ts';
import { exact, roundTo } from './rounding.ts';
import type { ScoreRule } from './rule.ts';
import type { Absent, Score } from './score.ts';
import type { ScoreTable } from './table.ts';

/** Evaluates one rule: on the values of all items, and the scores of the rules before it. */
export type Evaluate = (values: Float64Array, before: readonly Score[]) => Score;

/** What rounding in binary may add to the ends of a range. */
const dust = 1e-9;

/** Compiles a rule whose parts are found at `places`: of the values, or of the scores before it. */
export function compileRule(
  rule: ScoreRule,
  places: readonly number[],
  lookup: Lookup | undefined,
  tables: ReadonlyMap<string, ScoreTable>,
): Evaluate {
  const combine = compileAggregate(rule, tables);
  const { missing, range, decimals } = rule;
  const names = rule.items ?? rule.scores ?? [];
  const atLeast = rule.scores !== undefined && rule.aggregate.kind === 'count' ? rule.aggregate.atLeast : undefined;
  const isState = rule.aggregate.kind === 'state';
  const finish = (raw: number | string, answered: number): Score => {
    // A value of two digits, or of none, is in no state.
    if (isState && String(raw).length !== places.length) return { rule, answered, absent: outOfRange };
    const found = lookup?.(raw);
    if (lookup !== undefined && found === undefined) {
      return { rule, raw, answered, absent: { reason: 'not-in-table', table: rule.table?.table ?? '' } };
    }
    const unrounded = found?.value ?? raw;
    if (typeof unrounded === 'string') return { rule, value: unrounded, answered };
    if (range !== undefined && !(unrounded >= range.min - dust && unrounded <= range.max + dust)) {
      return { rule, raw, answered, absent: outOfRange };
    }
    const value = decimals === undefined ? exact(unrounded) : roundTo(unrounded, decimals);
    const band = bandOf(rule.bands, value);
    return {
      rule,
      value,
      answered,
      ...(lookup === undefined ? {} : { raw }),
      ...(found?.error === undefined ? {} : { error: found.error }),
      ...(band === undefined ? {} : { band }),
    };
  };
  return (values, before) => {
    const [only] = places;
    // A table over another score takes that as it is, also a state.
    if (rule.scores !== undefined && rule.aggregate.kind === 'value' && only !== undefined) {
      const part = before[only];
      // Why the part has no value is why this has none: "4 of 5 answered" says more than that a part is missing.
      return part?.value === undefined ? absent(rule, part?.absent ?? tooFew(0, 1, 1), 0) : finish(part.value, 1);
    }
    const own = new Float64Array(places.length);
    let answered = 0;
    let fault = false;
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] ?? 0;
      const value = rule.scores === undefined ? (values[place] ?? MISSING) : partValue(before[place], atLeast);
      own[index] = value;
      if (!Number.isNaN(value)) answered += 1;
      fault ||= value === UNREADABLE || value === SEVERAL;
    }
    if (fault) return absent(rule, faultOf(own, names), answered);
    if (answered < missing.minimum) return absent(rule, tooFew(answered, places.length, missing.minimum), answered);
    const combined = combine(own, answered);
    if (typeof combined !== 'object') return finish(combined, answered);
    if ('reason' in combined) return absent(rule, combined, answered);
    const { value, low, high, tables } = combined;
    const score = finish(value, answered);
    return score.value === undefined ? score : { ...score, low, high, tables };
  };
}

const outOfRange: Absent = { reason: 'out-of-range' };

function absent(rule: ScoreRule, reason: Absent, answered: number): Score {
  return { rule, absent: reason, answered };
}

function tooFew(answered: number, of: number, minimum: number): Absent {
  return { reason: 'too-few-answered', answered, of, minimum };
}

function partValue(score: Score | undefined, atLeast: number | undefined): number {
  if (typeof score?.value !== 'number') return MISSING;
  return atLeast === undefined ? score.value : Number(score.value >= atLeast);
}

function faultOf(values: Float64Array, names: readonly string[]): Absent {
  const unreadable = names.filter((_, index) => values[index] === UNREADABLE);
  return unreadable.length > 0
    ? { reason: 'unreadable-answer', parts: unreadable }
    : { reason: 'several-answers', parts: names.filter((_, index) => values[index] === SEVERAL) };
}
