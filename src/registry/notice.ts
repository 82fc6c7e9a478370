import type { Communication, Task } from '@medplum/fhirtypes';
import { codeSystem, identifierSystem } from './names.ts';
import { chosenChannel } from './order.ts';

/**
 * The notice of an order that is dispatched, or its reminder. `in-progress` until the delivery room has carried it to the
 * patient. It says that there is a form, never which: it may show on a locked screen. What makes it one of a kind is the
 * order, the kind and the instant at which it was due; so a sending that is repeated is another notice, and an event that
 * comes twice is not.
 */
export function notice(task: Task, kind: 'notice' | 'reminder', text: string, now: Date): Communication {
  const patient = { reference: task.for?.reference };
  const channel = chosenChannel(task);
  return {
    resourceType: 'Communication',
    identifier: [{ system: identifierSystem.notice, value: `${orderOf(task)}/${kind}/${dueOf(task, kind)}` }],
    basedOn: [{ reference: `Task/${task.id}` }],
    status: 'in-progress',
    category: [{ coding: [{ system: codeSystem.noticeKind, code: kind }] }],
    ...(channel === undefined ? {} : { medium: [{ coding: [{ system: codeSystem.noticeChannel, code: channel }] }] }),
    subject: patient,
    recipient: [patient],
    sent: now.toISOString(),
    payload: [{ contentString: text }],
  };
}

/** What a Communication is to its order; undefined where it is neither. */
export function noticeKind({ category }: Communication): 'notice' | 'reminder' | undefined {
  const codes = (category ?? []).flatMap(({ coding = [] }) => coding);
  const code = codes.find(({ system }) => system === codeSystem.noticeKind)?.code;
  return code === 'notice' || code === 'reminder' ? code : undefined;
}

/** Whether a Communication is the notice by which an order was sent last. @param task as it stands after the sending */
export function isLatestNotice({ identifier }: Communication, task: Task): boolean {
  const value = `${orderOf(task)}/notice/${dueOf(task, 'notice')}`;
  return identifier?.some((one) => one.system === identifierSystem.notice && one.value === value) === true;
}

function orderOf(task: Task): string {
  return task.identifier?.find(({ system }) => system === identifierSystem.order)?.value ?? task.id ?? '';
}

/** The instant at which a notice was due: it stands in the order before it is sent. */
function dueOf({ restriction }: Task, kind: 'notice' | 'reminder'): string {
  const { start, end } = restriction?.period ?? {};
  return (kind === 'notice' ? start : end) ?? '';
}
