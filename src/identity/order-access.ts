import type { Task } from '@medplum/fhirtypes';
import { ridCondition } from '../access/rid-condition.ts';
import type { MakeRowCondition } from '../access/situation.ts';
import type { Act, ChangeToJudge, RowCondition, Rule } from '../model/access.ts';
import type { Rid } from '../model/rid.ts';
import { awaitsPatient, endedByPatient, openTaskStatuses, orderedForm, orderStatus } from '../registry/order.ts';
import { bare } from '../registry/protocol.ts';
import { demandedStrength } from './links/demanded-strength.ts';
import { idIn, type Stored, type StoredResources } from './stored.ts';

/** What a personal link opens: one sitting of one patient (docs/decisions/0072-one-sitting.md). */
export interface Sitting {
  /** The orders that may be seen: the link's own, and those that may be answered beside it. */
  readonly tasks: readonly Rid[];
  /** Canonicals without version of the forms that may be answered. */
  readonly forms: readonly string[];
  /** The referral that all of them belong to, as `ServiceRequest/x`. */
  readonly basedOn: string;
}

/** What has reached the patient: an order that waits for its time is not shown before. */
const DISPATCHED = ['sent', 'reminded'];

/**
 * The sitting that the link of an order opens. It begins with an order that waits for its answer, and goes on when the
 * patient has answered it, or has said no to it; undefined where the order is another's, has ended otherwise, or is no
 * order of a form.
 *
 * @param production whether an order whose registry says nothing asks for the strictest sign-in
 */
export async function readSitting(
  stored: StoredResources,
  id: string,
  patient: string,
  production: boolean,
): Promise<Sitting | undefined> {
  const own = await stored.read<Task>('Task', id);
  const referral = idIn(own?.resource.basedOn?.[0]?.reference, 'ServiceRequest');
  if (own === undefined || referral === undefined || !isOrderOf(own.resource, patient)) return undefined;
  const { status } = own.resource;
  const isOpen = awaitsPatient(own.resource);
  if (!isOpen && status !== 'completed' && !endedByPatient(own.resource)) return undefined;
  const basedOn = `ServiceRequest/${referral}`;
  const others = await stored.search<Task>(
    'Task',
    ['patient', patient],
    ['based-on', basedOn],
    ['status', openTaskStatuses.join(',')],
  );
  const beside: Stored<Task>[] = [];
  for (const other of others) {
    if (other.rid === own.rid || !isBeside(other.resource, patient, basedOn)) continue;
    if ((await demandedStrength(other.resource, { stored, production })) === 'link') beside.push(other);
  }
  const answerable = isOpen ? [own, ...beside] : beside;
  return {
    tasks: [own, ...beside].map(({ rid }) => rid).sort(),
    forms: [...new Set(answerable.map(({ resource }) => bare(orderedForm(resource) ?? '')))].sort(),
    basedOn,
  };
}

function isBeside(task: Task, patient: string, basedOn: string): boolean {
  const isOfReferral = task.basedOn?.length === 1 && task.basedOn[0]?.reference === basedOn;
  const isDispatched = DISPATCHED.includes(orderStatus(task) ?? '');
  return isOfReferral && isDispatched && awaitsPatient(task) && isOrderOf(task, patient);
}

function isOrderOf(task: Task, patient: string): boolean {
  return task.for?.reference === patient && orderedForm(task) !== undefined;
}

/** What shows a response, to who can write it as well. */
const SHOWING: readonly Act[] = ['read', 'search'];

/**
 * What a personal link leaves of a patient's rules: the orders of the sitting, the responses to those that are open, and
 * what is about no patient. Of the responses only those under way are shown: the same form may have been answered before
 * in the same course, and a telephone that is lent should not show that. All else of the record takes a sign-in.
 */
export function sittingRules(
  rules: readonly Rule[],
  sitting: Sitting,
  rowCondition: MakeRowCondition,
): readonly Rule[] {
  const tasks = ridCondition(...sitting.tasks);
  const answered = answers(sitting, rowCondition);
  const underWay = rowCondition('QuestionnaireResponse', 'status=in-progress');
  return rules.flatMap((rule): readonly Rule[] => {
    const { where = [], types, when } = rule;
    if (rule.patient === undefined) {
      return rule.ties === undefined ? [rule] : [];
    }
    const answering = (change: ChangeToJudge): boolean => when?.(change) !== false && isAnswer(change.after, sitting);
    const showing = rule.acts.filter((act) => SHOWING.includes(act));
    const writing = rule.acts.filter((act) => !SHOWING.includes(act));
    const ofForms = { ...rule, types: ['QuestionnaireResponse'], when: answering };
    return [
      ...(types.includes('Task') ? [{ ...rule, types: ['Task'], where: [...where, tasks] }] : []),
      ...(answered !== undefined && underWay !== undefined && types.includes('QuestionnaireResponse')
        ? [
            { ...ofForms, acts: showing, where: [...where, answered, underWay] },
            { ...ofForms, acts: writing, where: [...where, answered] },
          ].filter(({ acts }) => acts.length > 0)
        : []),
    ];
  });
}

/** The responses to the sitting's forms; undefined where none is open any more. */
function answers({ forms, basedOn }: Sitting, rowCondition: MakeRowCondition): RowCondition | undefined {
  if (forms.length === 0) return undefined;
  const urls = forms.map((form) => form.replace(/[\\,|$]/g, '\\$&')).join(',');
  return rowCondition(
    'QuestionnaireResponse',
    String(
      new URLSearchParams([
        ['questionnaire', urls],
        ['based-on', basedOn],
      ]),
    ),
  );
}

/** Whether a response answers an order of the sitting by this alone: it may not belong to another referral beside. */
function isAnswer(after: unknown, { forms, basedOn }: Sitting): boolean {
  const { questionnaire, basedOn: referrals } = (after ?? {}) as Record<string, unknown>;
  return (
    typeof questionnaire === 'string' &&
    forms.includes(bare(questionnaire)) &&
    Array.isArray(referrals) &&
    referrals.length === 1 &&
    (referrals[0] as { reference?: unknown }).reference === basedOn
  );
}
