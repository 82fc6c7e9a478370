import type { Task } from '@medplum/fhirtypes';
import { ridCondition } from '../access/rid-condition.ts';
import type { MakeRowCondition } from '../access/situation.ts';
import type { ChangeToJudge, Rule } from '../model/access.ts';
import type { Rid } from '../model/rid.ts';
import { awaitsPatient, isTaskInput } from '../registry/order.ts';
import { idIn, type StoredResources } from './stored.ts';

/** An order that waits for its answer. */
export interface OpenOrder {
  readonly task: Rid;
  /** Canonical of the form that it asks for. */
  readonly questionnaire: string;
  /** The referral that it belongs to, as `ServiceRequest/x`. */
  readonly basedOn: string;
}

/** An order that a patient may still answer; undefined where it is another's, has ended, or is no order of a form. */
export async function readOpenOrder(
  stored: StoredResources,
  id: string,
  patient: string,
): Promise<OpenOrder | undefined> {
  const found = await stored.read<Task>('Task', id);
  const task = found?.resource;
  const form = task?.input?.find((input) => isTaskInput(input, 'questionnaire'))?.valueCanonical;
  const referral = idIn(task?.basedOn?.[0]?.reference, 'ServiceRequest');
  const isOpen = task !== undefined && awaitsPatient(task) && task.for?.reference === patient;
  return found !== undefined && isOpen && form !== undefined && referral !== undefined
    ? { task: found.rid, questionnaire: form, basedOn: `ServiceRequest/${referral}` }
    : undefined;
}

/**
 * What a personal link leaves of a patient's rules: this order, the responses to it, and what is about no patient. All
 * else of the record takes a sign-in.
 */
export function orderRules(rules: readonly Rule[], order: OpenOrder, rowCondition: MakeRowCondition): readonly Rule[] {
  const task = ridCondition(order.task);
  const [url = ''] = order.questionnaire.split('|');
  const form = rowCondition('QuestionnaireResponse', `questionnaire=${url}&based-on=${order.basedOn}`);
  return rules.flatMap((rule) => {
    const { where = [], types, when } = rule;
    if (rule.patient === undefined) {
      return rule.ties === undefined ? [rule] : [];
    }
    const answers = (change: ChangeToJudge): boolean => when?.(change) !== false && isAnswer(change.after, url, order);
    return [
      ...(types.includes('Task') ? [{ ...rule, types: ['Task'], where: [...where, task] }] : []),
      ...(form !== undefined && types.includes('QuestionnaireResponse')
        ? [{ ...rule, types: ['QuestionnaireResponse'], where: [...where, form], when: answers }]
        : []),
    ];
  });
}

/** Whether a response answers an order by this alone: it may not belong to another referral beside. */
function isAnswer(after: unknown, url: string, { basedOn }: OpenOrder): boolean {
  const { questionnaire, basedOn: referrals } = (after ?? {}) as Record<string, unknown>;
  return (
    typeof questionnaire === 'string' &&
    questionnaire.split('|')[0] === url &&
    Array.isArray(referrals) &&
    referrals.length === 1 &&
    (referrals[0] as { reference?: unknown }).reference === basedOn
  );
}
