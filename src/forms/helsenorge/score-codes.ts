import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { codes } from './addresses.ts';

type Role = 'QS' | 'SS' | 'TS';

/** Whether an item is a section's or the form's score by the dialect's codes. */
export function isScore(item: QuestionnaireItem): boolean {
  const role = roleOf(item);
  return role === 'SS' || role === 'TS';
}

/**
 * FHIRPath of each score that a form has by the dialect's codes, by linkId. The rules are those of Refero
 * (util/scoringCalculator.ts): a question score (QS) is the sum of its answers' weights, an answered option without weight
 * counting 0; a section score (SS) is the sum of the question scores in the item that holds it, of its sections too; the
 * total score (TS) that of the form. Without any answer there is no score.
 */
export function scoreExpressions(questionnaire: Questionnaire): ReadonlyMap<string, string> {
  const scopes = new Map<string, readonly string[]>();
  const { questions, totals } = collect(questionnaire.item ?? [], scopes);
  for (const total of totals) scopes.set(total, questions);
  return new Map([...scopes].flatMap(([score, own]) => (own.length === 0 ? [] : [[score, sumOf(own)]])));
}

interface Scope {
  /** linkIds of the questions that count in what is around. */
  readonly questions: readonly string[];
  readonly totals: readonly string[];
}

/** The questions in some items; `scopes` is told what each section score counts. */
function collect(items: readonly QuestionnaireItem[], scopes: Map<string, readonly string[]>): Scope {
  const questions: string[] = [];
  const totals: string[] = [];
  for (const item of items) {
    const inner = collect(item.item ?? [], scopes);
    const hasOwnScore = (item.item ?? []).some((child) => roleOf(child) === 'SS');
    const counts = roleOf(item) === 'QS' && !hasOwnScore;
    questions.push(...(counts ? [item.linkId] : []), ...inner.questions);
    totals.push(...(roleOf(item) === 'TS' ? [item.linkId] : []), ...inner.totals);
  }
  for (const item of items) {
    if (roleOf(item) === 'SS') scopes.set(item.linkId, questions);
  }
  return { questions, totals };
}

function sumOf(linkIds: readonly string[]): string {
  const listed = linkIds.map((linkId) => `'${linkId.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(' | ');
  const answers = `%resource.descendants().where(linkId in (${listed})).answer.value.ofType(Coding)`;
  // The sum of nothing is nothing.
  return `${answers}.select(iif($this.weight().exists(), $this.weight(), 0)).sum()`;
}

function roleOf(item: QuestionnaireItem): Role | undefined {
  for (const { system, code } of item.code ?? []) {
    if (system === codes.scoringFormulas && (code === 'QS' || code === 'SS' || code === 'TS')) return code;
  }
  return undefined;
}
