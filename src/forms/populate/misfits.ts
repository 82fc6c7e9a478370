import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Issue } from '../../model/issue.ts';
import { answerValue } from '../answers.ts';
import type { Form, FormItem } from '../form.ts';

/** Answers that were found but that the form does not permit. */
export class Misfits {
  readonly #form: Form;
  readonly #answers = new Set<string>();
  readonly #issues = new Map<string, Issue>();

  constructor(form: Form) {
    this.#form = form;
  }

  get issues(): readonly Issue[] {
    return [...this.#issues.values()];
  }

  /** Those of some answers that are not known to be misfits. */
  without(
    item: FormItem,
    answers: readonly QuestionnaireResponseItemAnswer[],
  ): readonly QuestionnaireResponseItemAnswer[] {
    return this.#answers.size === 0
      ? answers
      : answers.filter((answer) => !this.#answers.has(keyOf(item.linkId, answer)));
  }

  /** Notes the answers that a validation found wrong; false where it found no new one. */
  add(response: QuestionnaireResponse, faults: readonly Issue[]): boolean {
    const before = this.#answers.size;
    for (const { severity, expression: [path = ''] = [], diagnostics, code } of faults) {
      if (severity !== 'error') continue;
      const { item, answer } = at(response, path);
      const formItem = item && this.#form.items.get(item.linkId);
      const wrong = answer === undefined ? (item?.answer ?? []) : [answer];
      for (const each of wrong) this.#answers.add(keyOf(item?.linkId ?? '', each));
      this.#issues.set(`${path} ${diagnostics}`, {
        severity: 'warning',
        code,
        diagnostics:
          wrong.length > 0 ? `What was found is left out, since it does not suit: ${diagnostics}` : diagnostics,
        expression: [formItem?.path ?? 'Questionnaire'],
      });
    }
    return this.#answers.size > before;
  }
}

function keyOf(linkId: string, answer: QuestionnaireResponseItemAnswer): string {
  return JSON.stringify([linkId, answerValue(answer)?.value]);
}

/** The innermost item and answer that a path in a response leads to. */
function at(
  response: QuestionnaireResponse,
  path: string,
): { item: QuestionnaireResponseItem | undefined; answer: QuestionnaireResponseItemAnswer | undefined } {
  let items: readonly QuestionnaireResponseItem[] = response.item ?? [];
  let item: QuestionnaireResponseItem | undefined;
  let answer: QuestionnaireResponseItemAnswer | undefined;
  for (const [, name, index] of path.matchAll(/\.(item|answer)\[(\d+)\]/g)) {
    if (name === 'item') {
      item = items[Number(index)];
      answer = undefined;
      items = item?.item ?? [];
    } else {
      answer = item?.answer?.[Number(index)];
      items = answer?.item ?? [];
    }
  }
  return { item, answer };
}
