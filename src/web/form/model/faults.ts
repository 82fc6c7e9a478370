import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { isConfirmed } from '../../../forms/constraints/confirmation.ts';
import type { FormData } from '../../../forms/expressions/data.ts';
import type { Form } from '../../../forms/form.ts';
import { faultIssue } from '../../../forms/messages/fault-issue.ts';
import { type FoundFault, findFaults } from '../../../forms/validate-response.ts';
import type { ItemKey } from '../contract.ts';
import type { KnownFault } from './confirmed.ts';
import type { Draft } from './draft.ts';
import { faultLanguage } from './form-texts.ts';
import type { ItemFacts } from './item-facts.ts';
import { ROOT } from './item-key.ts';
import { keyOfFault, type Outcome } from './outcome.ts';

/** Whether `faultsOf` can be called: here it always can, see faults-in-browser.ts. */
export function canFindFaults(): boolean {
  return true;
}

/** Resolves when it can. */
export function loadFaults(): Promise<void> {
  return Promise.resolve();
}

/** Longer questions are cut where a sentence names them. */
const NAME_MAX = 80;

/**
 * What is wrong with a response, by the server's own validation, each fault with the key of its question. Confirmed warnings
 * are among them, marked: the response is looked at without its confirmations.
 *
 * @param outcome of the draft, its items without confirmations; `response` holds them
 */
export function faultsOf(
  form: Form,
  response: QuestionnaireResponse,
  outcome: Outcome,
  data: FormData,
  draft: Draft,
  facts: ItemFacts,
): readonly KnownFault[] {
  const faults: KnownFault[] = [];
  const language = faultLanguage(facts.language);
  findFaults(form, response, data, {}, (found) => {
    const { rule, item, expression, constraint } = found;
    const key = item === undefined ? ROOT : keyOfFault(outcome, item, expression);
    const words = item === undefined ? found.words : { ...found.words, label: () => nameOf(found, facts) };
    const issue = faultIssue(rule, words, expression, language);
    // one fault of a question is told once, however many of its answers have it
    if (faults.some((each) => each.key === key && each.rule === rule && each.constraint === constraint)) return;
    faults.push({
      key,
      linkId: item?.linkId ?? '',
      severity: issue.severity === 'warning' ? 'warning' : 'error',
      text: issue.details?.text ?? issue.diagnostics,
      rule,
      confirmed: issue.severity === 'warning' && wasConfirmed(outcome, draft, key, rule, constraint),
      ...(constraint !== undefined && { constraint }),
    });
  });
  return faults;
}

function wasConfirmed(
  { answers }: Outcome,
  draft: Draft,
  key: ItemKey,
  rule: string,
  constraint: string | undefined,
): boolean {
  return rule === 'constraintWarning'
    ? isConfirmed(draft.rest.get(key) ?? {}, rule, constraint)
    : (answers.get(key)?.some((answer) => isConfirmed(answer, rule)) ?? false);
}

/** The form's own name for a question, else its text; never its linkId, which says nothing to who answers. */
function nameOf({ item, words }: FoundFault, facts: ItemFacts): string | undefined {
  const text = item === undefined ? '' : facts.text(item);
  if (text === '') return words.label?.(faultLanguage(facts.language));
  if (text.length <= NAME_MAX) return text;
  return `${text.slice(0, text.lastIndexOf(' ', NAME_MAX)).replace(/[\s,.:;]+$/, '')} …`;
}
