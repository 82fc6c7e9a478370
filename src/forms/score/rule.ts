import type { BandRule, DoseEquivalent, DoseField } from '../omeq/omeq.ts';

/**
 * The rules by which answers become scores, as data: the JSON of an instrument's scores Library (`*.scores.rules.json`).
 * docs/decisions/0023-scores.md describes the format with examples; `readScoreRules` reads and checks it.
 */
export interface ScoreRules {
  /** Short name of the instrument, for messages: `hads`. */
  readonly instrument: string;
  /** How the answers to its items become values, for all scores that don't say otherwise. */
  readonly answers: AnswerReading;
  /** Where the rules come from, by a short name that scores, bands and thresholds cite. */
  readonly sources: Readonly<Record<string, Source>>;
  /** A composite stands after the scores that it is made of. */
  readonly scores: readonly ScoreRule[];
}

/** A text in every language that Svar speaks. */
export interface Wording {
  readonly nb: string;
  readonly sv: string;
  readonly en: string;
}

export interface Source {
  readonly citation: string;
  readonly url?: string;
}

/**
 * How one answer becomes a value. In this order: an answer in `missing` counts as not answered; `recode` replaces the
 * value; `reverse` turns it round; a value below `min` or above `max` is a fault, and the score is absent.
 */
export interface AnswerReading {
  /**
   * `weight`: the weight of the chosen option (itemWeight, ordinalValue; an option without weight is missing).
   * `number`: an integer, decimal or quantity. `code`: the code of the chosen option.
   */
  readonly from: 'weight' | 'number' | 'code';
  /** Codes (of options) or numbers that say "don't know" or "does not apply": missing, not numbers. */
  readonly missing: readonly string[];
  readonly recode: readonly Recode[];
  readonly reverse: readonly Reverse[];
  readonly min?: number;
  readonly max?: number;
}

/** New values for answers; without `items`, for all items. A value that is not named here is a fault. */
export interface Recode {
  readonly items?: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

/** Items whose value v becomes low + high - v. */
export interface Reverse {
  readonly items: readonly string[];
  readonly low: number;
  readonly high: number;
}

export interface ScoreRule {
  /** Code of the Observation, in https://svar.example.org/fhir/CodeSystem/score; also the linkId of a calculated item. */
  readonly code: string;
  readonly display: Wording;
  /** Version of this score's rule: a change of what it computes changes it, and `rescore` computes stored scores again. */
  readonly version: string;
  /** Other codes of the same measurement (LOINC, SNOMED CT). */
  readonly codings: readonly { readonly system: string; readonly code: string; readonly display?: string }[];
  /**
   * One of several ways to the same (value sets): those are computed whose tables the response's registries ask for
   * (PlanDefinition.library), and where none is asked for, those by default.
   */
  readonly choice?: 'default' | 'onRequest';
  /** What it is made of: linkIds of the form, or codes of other scores of this file. One of the two. */
  readonly items?: readonly string[];
  readonly scores?: readonly string[];
  /** In place of the file's `answers`. */
  readonly answers?: AnswerReading;
  readonly aggregate: Aggregate;
  readonly missing: MissingRule;
  /** What becomes of the aggregate: raw sum → T score, state → index. */
  readonly table?: TableUse;
  /** The possible results. A result outside is a fault: no score. Of a state: no range. */
  readonly range?: { readonly min: number; readonly max: number };
  /** UCUM code; `{score}` unless told. */
  readonly unit: string;
  /** The result is rounded to so many decimals, half away from zero. Undefined: not rounded. */
  readonly decimals?: number;
  readonly higherIs?: 'better' | 'worse';
  /** From the lowest to the highest; a result below the first has no interpretation. */
  readonly bands: readonly Band[];
  readonly change?: ChangeRule;
  /** Names in `sources`. */
  readonly sources: readonly string[];
}

/** How the values of the parts become one. */
export type Aggregate =
  | { readonly kind: 'sum' | 'mean' | 'min' | 'max' }
  /** The value of the only part. */
  | { readonly kind: 'value' }
  /** 100 × (sum - lowest × n) / ((highest - lowest) × n), n parts answered (ODI: lowest 0, highest 5). */
  | { readonly kind: 'percent'; readonly lowest: number; readonly highest: number }
  /** How many values are at least so much. Of an item that repeats every answer counts. */
  | { readonly kind: 'count'; readonly atLeast: number }
  /** constant + Σ factor × value, a factor for every part. */
  | { readonly kind: 'linear'; readonly constant: number; readonly factors: Readonly<Record<string, number>> }
  /** The values one after the other, as text: EQ-5D "21232". Whole numbers from 0 to 9 only. */
  | { readonly kind: 'state' }
  | OmeqAggregate;

/** Oral morphine equivalents of doses (src/forms/omeq, docs/decisions/0030-omeq.md): the items are dose fields. */
export interface OmeqAggregate {
  readonly kind: 'omeq';
  /** What a number in a field means, by linkId. */
  readonly doses: Readonly<Record<string, Omit<DoseField, 'linkId'>>>;
  readonly equivalents: readonly DoseEquivalent[];
  readonly bandRule: BandRule;
  /** Factor tables, by canonical with version; the first that knows drug and route counts. */
  readonly tables: readonly string[];
}

/**
 * With fewer than `minimum` parts answered there is no score. With fewer than all: mean, percent, min, max and count are
 * of the answered; a sum is prorated (mean × number of parts) if `prorate`, else it is of the answered alone.
 */
export interface MissingRule {
  readonly minimum: number;
  readonly prorate: boolean;
}

/** A table is a Library with CSV, named by canonical and version, so that a rule's version fixes its table's. */
export interface TableUse {
  /**
   * `lookup`: the row whose `key` column is the aggregate gives the value (and its standard error).
   * `decrements`: the table's terms (MO2, N3, …) are added up for a state; see decrements.ts.
   */
  readonly kind: 'lookup' | 'decrements';
  readonly table: string;
  /** Columns; of decrements the columns are always `term` and `value`. */
  readonly key?: string;
  readonly value?: string;
  readonly error?: string;
}

/** An interpretation: it holds from `from` (inclusive) or `above` (exclusive) up to the next band. */
export interface Band {
  readonly code: string;
  readonly display: Wording;
  readonly from?: number;
  readonly above?: number;
  readonly source?: string;
}

/** What counts as change from one time to the next. */
export interface ChangeRule {
  /** Improvements that matter: by so much (in the score's unit), or by so many percent of the baseline. */
  readonly thresholds: readonly Threshold[];
  /** Code of the threshold that makes a responder. */
  readonly responder?: string;
  /** Error of one measurement, for reliable change: a number, or the one that the table gives with each score. */
  readonly error?: { readonly sem: number; readonly source?: string } | { readonly fromTable: true };
}

export interface Threshold {
  readonly code: string;
  readonly display: Wording;
  readonly kind: 'absolute' | 'percent';
  readonly amount: number;
  readonly source?: string;
}
