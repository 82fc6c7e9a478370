import type { Observation } from '@medplum/fhirtypes';
import { change } from '../forms/score/change.ts';
import type { Band, ChangeRule, ScoreRule, ScoreRules } from '../forms/score/rule.ts';
import { textIn } from '../forms/text/translation.ts';
import type { ChartLanguage } from './said.ts';
import { worded } from './said.ts';

/** One measurement over time: what a line chart shows. */
export interface Series {
  /** Of the score or question; tells two series apart. */
  readonly code: string;
  readonly title: string;
  /** For people; empty where the number is a score. */
  readonly unit: string;
  readonly range?: { readonly min: number; readonly max: number };
  readonly higherIs?: 'better' | 'worse';
  readonly bands: readonly SeriesBand[];
  readonly change?: ChangeRule;
  /** From the first to the latest. */
  readonly points: readonly SeriesPoint[];
}

export interface SeriesBand {
  readonly title: string;
  /** Where it begins; undefined: with the lowest value. */
  readonly from: number | undefined;
}

export interface SeriesPoint {
  /** FHIR dateTime. */
  readonly at: string;
  readonly value: number | undefined;
  /** Why there is no value, for people. */
  readonly absent?: string;
  readonly band?: string;
}

/**
 * Scores as series, one a code, in the order of the rules. What was entered in error is left out; a state (text) is no
 * number and has no series.
 *
 * @param rules of the Libraries by which the scores were computed; a score whose rule is not known is shown without cut-offs
 */
export function scoreSeries(
  observations: readonly Observation[],
  rules: readonly ScoreRules[],
  language: ChartLanguage,
): Series[] {
  const known = new Map<string, ScoreRule>();
  for (const rule of rules.flatMap(({ scores }) => scores)) known.set(rule.code, rule);
  const byCode = new Map<string, Observation[]>();
  for (const observation of observations) {
    const code = observation.code.coding?.[0]?.code;
    if (code === undefined || observation.status === 'entered-in-error' || observation.valueString !== undefined)
      continue;
    byCode.set(code, [...(byCode.get(code) ?? []), observation]);
  }
  const order = [...known.keys()];
  const place = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...byCode]
    .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([code, scores]) => seriesOf(code, scores, known.get(code), language))
    .filter(({ points }) => points.length > 0);
}

function seriesOf(
  code: string,
  scores: readonly Observation[],
  rule: ScoreRule | undefined,
  language: ChartLanguage,
): Series {
  const title = rule ? worded(rule.display, language) : (scores[0]?.code.coding?.[0]?.display ?? code);
  const unit = rule?.unit ?? scores.find(({ valueQuantity }) => valueQuantity)?.valueQuantity?.unit ?? '';
  return {
    code,
    title,
    // UCUM's annotations, such as {score}, are no units
    unit: unit.startsWith('{') ? '' : unit,
    ...(rule?.range && { range: rule.range }),
    ...(rule?.higherIs && { higherIs: rule.higherIs }),
    bands: (rule?.bands ?? []).map((band) => ({ title: worded(band.display, language), from: startOf(band) })),
    ...(rule?.change && { change: rule.change }),
    points: scores
      .flatMap((score) => pointOf(score, language) ?? [])
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
}

function startOf({ from, above }: Band): number | undefined {
  return from ?? above;
}

function pointOf(score: Observation, language: ChartLanguage): SeriesPoint | undefined {
  const { effectiveDateTime, valueQuantity, dataAbsentReason, interpretation } = score;
  if (effectiveDateTime === undefined) return undefined;
  const absent = dataAbsentReason && textIn(dataAbsentReason, 'text', language, 'nb');
  const band = interpretation?.[0] && (textIn(interpretation[0], 'text', language, 'nb') ?? interpretation[0].text);
  return {
    at: effectiveDateTime,
    value: valueQuantity?.value,
    ...(valueQuantity?.value === undefined && { absent: absent ?? dataAbsentReason?.text ?? '' }),
    ...(band !== undefined && { band }),
  };
}

/** What became of a measurement: the latest value, and what it was before. */
export interface Course {
  readonly latest: SeriesPoint & { readonly value: number };
  readonly before?: SeriesPoint & { readonly value: number };
  /** Undefined where it cannot be told. */
  readonly direction?: 'better' | 'worse' | 'same';
  /**
   * Whether the change reaches the smallest that matters. Where sources differ, or name a higher threshold for whoever counts
   * as helped, what lies between is `perhaps`. Undefined where none is known.
   */
  readonly matters?: 'yes' | 'perhaps' | 'no';
}

/** Compares the latest value with the one before it; undefined where there is no value. */
export function courseOf(series: Series): Course | undefined {
  const measured = series.points.filter((point): point is SeriesPoint & { value: number } => point.value !== undefined);
  const latest = measured.at(-1);
  if (latest === undefined) return undefined;
  const before = measured.at(-2);
  if (before === undefined) return { latest };
  const { improvement, improved, worsened } = change(series, before, latest);
  const reached = [...improved, ...worsened];
  const decisive = series.change?.responder;
  const known = smallestFrom(series, before.value) !== undefined;
  return {
    latest,
    before,
    ...(improvement !== undefined && {
      direction: improvement > 0 ? 'better' : improvement < 0 ? 'worse' : 'same',
    }),
    ...(known && {
      matters: reached.length === 0 ? 'no' : decisive === undefined || reached.includes(decisive) ? 'yes' : 'perhaps',
    }),
  };
}

/** The smallest change that matters, from a value on, in the score's own unit; undefined where none is known. */
export function smallestFrom({ change, higherIs }: Series, value: number): number | undefined {
  if (higherIs === undefined) return undefined;
  const amounts = (change?.thresholds ?? []).flatMap(({ kind, amount }) =>
    kind === 'absolute' ? amount : value > 0 ? (amount * value) / 100 : [],
  );
  return amounts.length === 0 ? undefined : Math.min(...amounts);
}
