import type {
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { error, type Issue } from '../model/issue.ts';
import { answerFaults } from './answer-faults.ts';
import { answerValue } from './answers.ts';
import { isEnabled, type Scope } from './enablement.ts';
import type { Form, FormItem } from './form.ts';

export interface ValidationOptions {
  /** Accept a retired form: historic data, and corrections of responses that were given before it was retired. */
  readonly historic?: boolean;
}

interface Walk {
  readonly form: Form;
  /** Completed and amended responses must be whole (SDC: "Validating QuestionnaireResponses"); others may have gaps. */
  readonly whole: boolean;
  readonly issues: Issue[];
}

/**
 * What is wrong with a response, measured by its form: one issue a fault, each with a FHIRPath expression. Empty means
 * valid. An unfinished response (in-progress, stopped) may be incomplete but never wrong. Answers to disabled items are
 * refused. Diagnostics name linkIds and limits, never what was answered.
 */
export function validateResponse(
  form: Form,
  response: QuestionnaireResponse,
  options: ValidationOptions = {},
): Issue[] {
  const issues: Issue[] = [];
  checkForm(form, response, options, issues);
  const whole = response.status === 'completed' || response.status === 'amended';
  const items = response.item ?? [];
  walkItems({ form, whole, issues }, form.roots, { item: undefined, items, outer: undefined }, 'QuestionnaireResponse');
  return issues;
}

function checkForm(form: Form, response: QuestionnaireResponse, options: ValidationOptions, issues: Issue[]): void {
  const [url, version] = (response.questionnaire ?? '').split('|');
  if (url !== form.url || (version !== undefined && version !== form.version)) {
    issues.push(
      error(
        'business-rule',
        'The response names another form or version of it.',
        'QuestionnaireResponse.questionnaire',
      ),
    );
  }
  if (form.status === 'draft' || form.status === 'unknown') {
    issues.push(
      error(
        'business-rule',
        'The form is not published (status draft); it can not be answered yet.',
        'QuestionnaireResponse.questionnaire',
      ),
    );
  }
  if (form.status === 'retired' && options.historic !== true) {
    issues.push(
      error('business-rule', 'The form is retired; answer its current version.', 'QuestionnaireResponse.questionnaire'),
    );
  }
}

function walkItems(walk: Walk, expected: ReadonlyMap<string, FormItem>, scope: Scope, path: string): void {
  const seen = new Map<FormItem, number>();
  const items = scope.items;
  for (let index = 0; index < items.length; index += 1) {
    const entry = items[index];
    if (entry === undefined) continue;
    const item = expected.get(entry.linkId);
    if (item === undefined) {
      walk.issues.push(misplaced(walk.form, entry.linkId, `${path}.item[${index}].linkId`));
      continue;
    }
    const before = seen.get(item) ?? 0;
    seen.set(item, before + 1);
    checkItem(walk, item, entry, scope, `${path}.item[${index}]`, before);
  }
  if (walk.whole) {
    for (const item of expected.values()) {
      checkPresence(walk, item, seen.get(item) ?? 0, scope, path);
    }
  }
}

function misplaced(form: Form, linkId: string, expression: string): Issue {
  return form.items.has(linkId)
    ? error('structure', `Item '${linkId}' stands in the wrong place of the form.`, expression)
    : error('structure', `The form has no item with this linkId.`, expression);
}

function checkItem(
  walk: Walk,
  item: FormItem,
  entry: QuestionnaireResponseItem,
  scope: Scope,
  path: string,
  before: number,
): void {
  const { issues } = walk;
  if (entry.text !== undefined && !item.texts.has(entry.text)) {
    issues.push(error('value', `The text of item '${item.linkId}' differs from that of the form.`, `${path}.text`));
  }
  const answers = entry.answer ?? [];
  const content = answers.length > 0 || (entry.item?.length ?? 0) > 0;
  if (content && !isEnabled(walk.form, item, scope)) {
    issues.push(
      error('business-rule', `Item '${item.linkId}' is not enabled by the other answers: leave it out.`, path),
    );
    return;
  }
  if (before > 0 && (item.type !== 'group' || !item.repeats)) {
    const how = item.type === 'group' ? 'The group may occur once' : 'Give all answers to a question in one item';
    issues.push(error('structure', `${how}: '${item.linkId}' is there twice.`, path));
  }
  if (item.type === 'group' || item.type === 'display') {
    if (answers.length > 0) {
      issues.push(error('structure', `Item '${item.linkId}' (${item.type}) takes no answer.`, `${path}.answer`));
    }
    walkItems(walk, item.children, { item, items: entry.item ?? [], outer: scope }, path);
    return;
  }
  if (entry.item !== undefined && entry.item.length > 0) {
    issues.push(
      error('structure', `What follows question '${item.linkId}' belongs inside its answer.`, `${path}.item`),
    );
  }
  checkAnswers(walk, item, answers, scope, path);
}

function checkAnswers(
  walk: Walk,
  item: FormItem,
  answers: readonly QuestionnaireResponseItemAnswer[],
  scope: Scope,
  path: string,
): void {
  if (answers.length > 1 && !item.repeats) {
    walk.issues.push(error('structure', `Question '${item.linkId}' takes one answer.`, `${path}.answer[1]`));
  }
  if (answers.length > item.maxOccurs) {
    walk.issues.push(
      error('structure', `Question '${item.linkId}' takes ${item.maxOccurs} answers at most.`, `${path}.answer`),
    );
  }
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index];
    if (answer === undefined) continue;
    const here = `${path}.answer[${index}]`;
    answerFaults(item, answer, answers.length, here, walk.issues);
    if (answer.item !== undefined || item.hasDuties) {
      walkItems(walk, item.children, { item, items: answer.item ?? [], outer: scope }, here);
    }
  }
}

/** What a whole response must hold: required items that are enabled, and the least number of answers or groups. */
function checkPresence(walk: Walk, item: FormItem, occurrences: number, scope: Scope, path: string): void {
  const least = Math.max(item.minOccurs, item.required ? 1 : 0);
  if (item.type === 'display' || (least === 0 && !item.hasDuties)) {
    return;
  }
  const present =
    item.type === 'group'
      ? occurrences
      : scope.items
          .filter((entry) => entry.linkId === item.linkId)
          .flatMap((entry) => entry.answer ?? [])
          .filter((answer) => answerValue(answer) !== undefined).length;
  const ownerless = item.type === 'group' && !item.repeats && occurrences === 0 && item.hasDuties;
  if ((present >= least && !ownerless) || !isEnabled(walk.form, item, scope)) {
    return;
  }
  if (present < least) {
    const what = item.type === 'group' ? 'The group' : 'The question';
    const many = least > 1 ? ` (at least ${least})` : '';
    walk.issues.push(error('required', `${what} '${item.linkId}' must be answered${many}.`, path));
  }
  if (ownerless) {
    // Leaving out a group hides no duty: what must be answered in it is missing all the same. A repeating group may be empty.
    walkItems(walk, item.children, { item, items: [], outer: scope }, path);
  }
}
