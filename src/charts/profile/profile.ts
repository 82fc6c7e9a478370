import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { ScoreRules } from '../../forms/score/rule.ts';
import type { PainPlaces } from '../body-map.ts';
import type { ChartLanguage } from '../said.ts';
import { type Series, scoreSeries } from '../series.ts';
import { answeredPlaces, answeredPoints } from './answered.ts';
import type { ProfileEntry } from './entries.ts';

/** What is known of a patient, as whoever asks may read it. */
export interface ProfileData {
  readonly observations: readonly Observation[];
  readonly responses: readonly QuestionnaireResponse[];
  readonly rules: readonly ScoreRules[];
}

/** A patient's self-rating profile: what there is to be read before a consultation. */
export interface Profile {
  readonly levels: readonly Series[];
  readonly lines: readonly Series[];
  readonly pain: PainPlaces | undefined;
  /** What the registry wants told, and nobody has answered. */
  readonly unanswered: readonly string[];
  /** When the latest of it was answered; undefined where nothing was. */
  readonly latest: string | undefined;
}

/** A profile by a registry's entries. */
export function profileOf(entries: readonly ProfileEntry[], data: ProfileData, language: ChartLanguage): Profile {
  const scores = new Map(scoreSeries(data.observations, data.rules, language).map((series) => [series.code, series]));
  const titles = new Map(
    data.rules
      .flatMap((file) => file.scores)
      .map(({ code, display }) => [code, display[language === 'nn' ? 'nb' : language]]),
  );
  const levels: Series[] = [];
  const lines: Series[] = [];
  const unanswered: string[] = [];
  let pain: PainPlaces | undefined;
  for (const entry of entries) {
    if (entry.figure === 'body-map') {
      pain ??= answeredPlaces(entry, data.responses, language);
      continue;
    }
    const series =
      entry.scores.flatMap((code) => scores.get(code) ?? [])[0] ?? ofQuestions(entry, data.responses, language);
    if (series?.points.some(({ value }) => value !== undefined))
      (entry.figure === 'line' ? lines : levels).push(series);
    else unanswered.push(entry.label ?? titles.get(entry.scores[0] ?? '') ?? entry.scores[0] ?? '');
  }
  const instants = [...levels, ...lines].flatMap(({ points }) => points.at(-1)?.at ?? []);
  const latest = [...instants, ...(pain?.at === undefined ? [] : [pain.at])]
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  return { levels, lines, pain, unanswered, latest };
}

function ofQuestions(
  entry: ProfileEntry,
  responses: readonly QuestionnaireResponse[],
  language: ChartLanguage,
): Series | undefined {
  const [first] = entry.questions;
  if (first === undefined) return undefined;
  return {
    code: `${first.form}#${first.linkId}`,
    title: entry.label ?? first.linkId,
    unit: '',
    ...(entry.range && { range: entry.range }),
    ...(entry.higherIs && { higherIs: entry.higherIs }),
    bands: [],
    points: answeredPoints(entry, responses, language),
  };
}
