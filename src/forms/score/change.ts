import { exact } from './rounding.ts';
import type { ScoreRule, Threshold } from './rule.ts';

/** One measured score; `error` is its standard error where the rule takes it from a table. */
export interface Measured {
  readonly value: number;
  readonly error?: number;
}

/** What changed from a baseline to a follow-up. */
export interface Change {
  /** Follow-up minus baseline, in the score's unit. */
  readonly difference: number;
  /** The same with its sign turned so that above 0 is better; undefined where the rule does not say what is better. */
  readonly improvement?: number;
  /** Improvement in percent of the baseline, not rounded; undefined where the baseline is 0 or below. */
  readonly percent?: number;
  /** Codes of the thresholds that the improvement reaches, and of those that the worsening reaches. */
  readonly improved: readonly string[];
  readonly worsened: readonly string[];
  /** Whether the rule's responder threshold is reached; undefined where that cannot be told. */
  readonly responder?: boolean;
  /** Improvement divided by the standard error of the difference (reliable change index, z); reliable beyond ±1.96. */
  readonly reliable?: { readonly index: number; readonly verdict: 'improved' | 'worsened' | 'none' };
}

/** What of a rule tells change. */
export type ChangeOf = Pick<ScoreRule, 'higherIs' | 'change'>;

/** Two-sided 5 %: Jacobson & Truax 1991. */
const reliableBeyond = 1.96;
/** What binary division may add: a change that is exactly at its threshold counts. */
const dust = 1e-9;

/** What changed between two measurements by the same rule. Compares unrounded: 7.0 after 10.0 is exactly 30 %. */
export function change(rule: ChangeOf, baseline: Measured, followUp: Measured): Change {
  const difference = exact(followUp.value - baseline.value);
  if (rule.higherIs === undefined) return { difference, improved: [], worsened: [] };
  const improvement = rule.higherIs === 'better' ? difference : exact(-difference) || 0;
  const { thresholds = [], responder } = rule.change ?? {};
  const improved = thresholds.filter((threshold) => reaches(threshold, improvement, baseline.value));
  const worsened = thresholds.filter((threshold) => reaches(threshold, -improvement, baseline.value));
  const decisive = thresholds.find(({ code }) => code === responder);
  const canTell = decisive !== undefined && (decisive.kind === 'absolute' || baseline.value > 0);
  const reliable = reliableChange(rule, improvement, baseline, followUp);
  return {
    difference,
    improvement,
    ...(baseline.value > 0 ? { percent: (100 * improvement) / baseline.value } : {}),
    improved: improved.map(({ code }) => code),
    worsened: worsened.map(({ code }) => code),
    ...(canTell ? { responder: improved.includes(decisive) } : {}),
    ...(reliable === undefined ? {} : { reliable }),
  };
}

function reaches({ kind, amount }: Threshold, improvement: number, baseline: number): boolean {
  return kind === 'absolute'
    ? improvement >= amount - dust
    : baseline > 0 && 100 * improvement >= amount * baseline - dust;
}

/** sqrt(SE1² + SE2²); with one error for both times that is sqrt(2) × SEM. */
function reliableChange(
  rule: ChangeOf,
  improvement: number,
  baseline: Measured,
  followUp: Measured,
): Change['reliable'] {
  const error = rule.change?.error;
  if (error === undefined) return undefined;
  const first = 'sem' in error ? error.sem : baseline.error;
  const second = 'sem' in error ? error.sem : followUp.error;
  if (first === undefined || second === undefined) return undefined;
  const index = improvement / Math.hypot(first, second);
  const verdict = index > reliableBeyond ? 'improved' : index < -reliableBeyond ? 'worsened' : 'none';
  return { index, verdict };
}
