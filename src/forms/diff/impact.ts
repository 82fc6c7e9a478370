import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { hasErrors, type Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';
import type { Form } from '../form.ts';
import type { Scorer } from '../score/scorer.ts';
import { validateResponse } from '../validate-response.ts';

/** A version of a form, with what its responses are measured and scored by. */
export interface Measure {
  readonly form: Form;
  /** Undefined where the form has no scores; `none` where its rules can't be used with it. */
  readonly scorer: Scorer | 'none' | undefined;
  /** What the form is evaluated with; the time is that of each response. */
  readonly data: Omit<FormData, 'now'>;
}

/** What a response to one version would lose under another. */
export interface Impact {
  /** Faults that it has by the other version and not by its own. */
  readonly faults: readonly Issue[];
  /** Codes of the scores that it has by its own version and would not have by the other. */
  readonly lostScores: readonly string[];
}

/** Measures a response to `from` by `to`, as if it had been given to that. */
export function impactOf(response: QuestionnaireResponse, from: Measure, to: Measure): Impact {
  const now = new Date(response.authored ?? 0);
  const faultsBy = ({ form, data }: Measure): Issue[] =>
    validateResponse(
      form,
      { ...response, questionnaire: canonicalOf(form) },
      { ...data, now },
      { historic: true },
    ).filter((issue) => issue.severity === 'error');
  const after = faultsBy(to);
  const faults = hasErrors(after) && !hasErrors(faultsBy(from)) ? after : [];
  const kept = scored(response, to);
  return { faults, lostScores: [...scored(response, from)].filter((code) => !kept.has(code)) };
}

function scored(response: QuestionnaireResponse, { scorer, data }: Measure): ReadonlySet<string> {
  if (scorer === undefined || scorer === 'none') return new Set();
  const now = new Date(response.authored ?? 0);
  const scores = scorer.score(response, { ...data, now });
  return new Set(scores.filter(({ value }) => value !== undefined).map(({ rule }) => rule.code));
}

function canonicalOf({ url, version }: Form): string | undefined {
  return version === undefined ? url : `${url}|${version}`;
}
