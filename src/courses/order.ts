import type { Task } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { isProtocolOrder, orderStatus } from '../registry/order.ts';
import { orderedByHand } from '../registry/order-steps.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { inOneCommit } from '../rights/one-commit.ts';
import { pathId, returned } from '../rights/parts.ts';
import { actor } from '../rights/record.ts';
import { withinStaffReach } from './authority.ts';
import { protocolBehind } from './protocols.ts';

/** What a person may choose; `secure` where they choose nothing. */
const CHANNELS = ['secure', 'email', 'sms'];

/** What may be ordered by hand: again too what was sent, with three days from then on. */
const ORDERABLE = ['planned', 'ordered', 'unreachable', 'sent', 'reminded'];

/**
 * Task/[id]/$order: a person orders a form, which goes at once, by the channel that they choose (SmerteReg manual 1.8,
 * "Manuell utsending av ePROM-skjema"). A form for which the protocol says so, before its time, has to be confirmed.
 */
export function orderByHand(engine: Engine): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const input = new OperationInput(exchange, ['channel', 'confirmed']);
    const channel = input.text('channel') ?? 'secure';
    const isConfirmed = input.boolean('confirmed') === true;
    if (!CHANNELS.includes(channel)) {
      throw fhirError(400, 'value', `The channel is one of ${CHANNELS.join(', ')}.`);
    }
    const ordered = await inOneCommit(engine, asServer(caller), async (work) => {
      const stored = await withinStaffReach(work.db, caller, 'Task', id);
      await work.alone(stored.rid);
      const [task] = await work.find<Task>('Task', [['_id', id]]);
      const protocol = task && isProtocolOrder(task) ? await protocolBehind(work, task) : undefined;
      const form = protocol?.schedule.find(({ id: one }) => task?.instantiatesUri === `${protocol.url}#${one}`);
      if (task === undefined || protocol === undefined || form === undefined) {
        throw fhirError(422, 'business-rule', "This is no order of a patient's form.");
      }
      refuseState(task);
      if (form.early !== undefined && !isConfirmed && isEarly(task, work.now)) {
        throw fhirError(422, 'business-rule', `${form.early} (confirmed = true)`, 'Parameters.parameter');
      }
      const { reference, identifier, display } = actor(caller);
      return work.save(
        orderedByHand(
          task,
          form,
          protocol.zone,
          channel,
          { reference, identifier, display } as Task['requester'],
          work.now,
        ),
      );
    });
    return returned(exchange, ordered);
  };
}

/** @throws FhirError 422 where the form may not be sent, or needs not be */
function refuseState(task: Task): void {
  const state = orderStatus(task);
  if (ORDERABLE.includes(state ?? '')) return;
  const why = task.statusReason?.coding?.[0]?.display;
  const told = why === undefined ? '' : ` (${why})`;
  switch (state) {
    case 'withheld':
    case 'stopped':
      throw fhirError(422, 'business-rule', `The patient may not be sent this form${told}.`);
    case 'refused':
      throw fhirError(422, 'business-rule', `This form may not be sent${told}.`);
    case 'paper':
      throw fhirError(422, 'business-rule', 'This form is being entered from paper.');
    default:
      throw fhirError(422, 'business-rule', 'This form is locked.');
  }
}

/** Whether the time at which a form goes by itself lies ahead, or is not known yet. */
function isEarly(task: Task, now: Date): boolean {
  const state = orderStatus(task);
  if (state === 'planned') return true;
  return state === 'ordered' && !(Date.parse(task.restriction?.period?.start ?? '') <= now.getTime());
}
