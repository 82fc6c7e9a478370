import type { Engine } from '../interactions/engine.ts';
import { asServer, isPatient } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { orderStatus } from '../registry/order.ts';
import { latestReminder, putOffOrder, REMINDERS_MAX, reminderTime, timesPutOff } from '../registry/patient-word.ts';
import { withoutStaffNotes } from '../registry/staffs-words.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { inOneCommit } from '../rights/one-commit.ts';
import { pathId, returned } from '../rights/parts.ts';
import { ownOrder, said } from './own-order.ts';
import { protocolBehind } from './protocols.ts';

/** What has been carried to the patient, and is still open. */
const PUT_OFF = ['sent', 'reminded'];

/**
 * Task/[id]/$remind-later: the patient chooses when they are reminded. The order stays open until its last deadline, which
 * does not move, and the reminder goes by the bot that sends all of them.
 */
export function remindLater(engine: Engine): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const given = new OperationInput(exchange, ['at']).one('at');
    const text = given?.valueString ?? given?.valueDate ?? given?.valueDateTime ?? given?.valueInstant;
    if (text === undefined) throw fhirError(400, 'required', 'The parameter at is needed: a date, or an instant.');
    const put = await inOneCommit(engine, asServer(caller), async (work) => {
      const order = await ownOrder(work, caller, id);
      const protocol = await protocolBehind(work, order);
      const form = protocol?.schedule.find((one) => order.instantiatesUri === `${protocol.url}#${one.id}`);
      if (!PUT_OFF.includes(orderStatus(order) ?? '') || protocol === undefined || form === undefined) {
        throw fhirError(422, 'business-rule', 'Nobody is reminded of this form now.');
      }
      if (timesPutOff(order) >= REMINDERS_MAX) {
        throw fhirError(422, 'business-rule', `A form is put off ${REMINDERS_MAX} times at most.`);
      }
      const at = reminderTime(text, protocol, form);
      if (at === undefined) {
        throw fhirError(
          400,
          'value',
          'at is a date (2026-03-02), or an instant with its zone (2026-03-02T18:00:00+01:00).',
        );
      }
      const latest = latestReminder(order, form, protocol.zone, work.now);
      if (latest <= work.now) throw fhirError(422, 'business-rule', 'The last deadline of this form is over.');
      if (at <= work.now || at >= latest) {
        throw fhirError(422, 'business-rule', `The reminder lies between now and ${latest.toISOString()}.`);
      }
      return said(work, caller, 'remind-later', putOffOrder(order, form, protocol.zone, at, work.now));
    });
    return returned(exchange, isPatient(caller) ? withoutStaffNotes(put) : put);
  };
}
