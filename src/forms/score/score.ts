import type { Band, ScoreRule, Wording } from './rule.ts';

/** What a rule gives for a response: a value, or the reason why there is none. */
export interface Score {
  readonly rule: ScoreRule;
  /** A text where the rule is a state, else a number, rounded as the rule says. */
  readonly value?: number | string;
  readonly absent?: Absent;
  /** What the table was asked with: the raw sum, the state. */
  readonly raw?: number | string;
  /** Standard error of the value, from the table. */
  readonly error?: number;
  readonly band?: Band;
  /** Where the sources give a range, or more than one factor holds: the least and the greatest that the value may be. */
  readonly low?: number;
  readonly high?: number;
  /** Where a rule names several tables: those that gave this value, by canonical with version. */
  readonly tables?: readonly string[];
  /** How many of the rule's parts had a value. */
  readonly answered: number;
}

/** Why a score has no value. */
export type Absent =
  | { readonly reason: 'too-few-answered'; readonly answered: number; readonly of: number; readonly minimum: number }
  /** An answer whose value the rule does not know, or that is outside its limits. */
  | { readonly reason: 'unreadable-answer'; readonly parts: readonly string[] }
  | { readonly reason: 'several-answers'; readonly parts: readonly string[] }
  | { readonly reason: 'not-in-table'; readonly table: string }
  /** A dose for which no table has a factor; the item by its linkId, and in words where the form has short ones. */
  | { readonly reason: 'no-equivalent'; readonly part: string; readonly words?: Wording }
  | { readonly reason: 'out-of-range' };
