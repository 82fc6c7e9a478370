import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { asServer, type Caller, isPatient } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { awaitsPatient, endedByPatient, orderedForm } from '../registry/order.ts';
import { type NoAnswer, unansweredOrder } from '../registry/patient-word.ts';
import { bare } from '../registry/protocol.ts';
import { withoutStaffNotes } from '../registry/staffs-words.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { inOneCommit, type Work } from '../rights/one-commit.ts';
import { pathId, returned } from '../rights/parts.ts';
import { actor } from '../rights/record.ts';
import { ownOrder, said } from './own-order.ts';
import { protocolBehind } from './protocols.ts';

const REASONS: readonly NoAnswer[] = ['declined', 'unable'];
const TEXT_CHARACTERS_MAX = 500;

/**
 * Task/[id]/$decline: the patient does not answer a form that was sent. It is locked with the reason, what was begun is
 * stopped, and nothing reminds of it any more. Done again it changes nothing.
 */
export function decline(engine: Engine): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const input = new OperationInput(exchange, ['reason', 'text']);
    const given = input.text('reason');
    const reason = REASONS.find((one) => one === given);
    if (reason === undefined) throw fhirError(400, 'value', `The reason is one of ${REASONS.join(', ')}.`);
    const text = input.text('text')?.trim() ?? '';
    if (text.length > TEXT_CHARACTERS_MAX) {
      throw fhirError(400, 'too-long', `The text may have ${TEXT_CHARACTERS_MAX} characters.`);
    }
    const declined = await inOneCommit(engine, asServer(caller), async (work) => {
      const order = await ownOrder(work, caller, id);
      if (endedByPatient(order)) return order;
      if (!awaitsPatient(order)) {
        throw fhirError(422, 'business-rule', 'This form does not wait for an answer.');
      }
      for (const begun of await answersTo(work, order)) {
        if (begun.status !== 'in-progress') {
          throw fhirError(422, 'business-rule', 'This form has been answered.');
        }
        await work.save({ ...begun, status: 'stopped' });
      }
      const ended = unansweredOrder(order, reason, await protocolBehind(work, order), work.now);
      return said(work, caller, reason, text === '' ? ended : noted(ended, caller, text, work.now));
    });
    return returned(exchange, isPatient(caller) ? withoutStaffNotes(declined) : declined);
  };
}

/** What the patient writes is a note of the order: staff see it, no notice carries it. */
function noted(order: Task, caller: Caller, text: string, now: Date): Task {
  const { reference } = actor(caller);
  return { ...order, note: [...(order.note ?? []), { authorReference: { reference }, time: now.toISOString(), text }] };
}

/** What the patient has answered of this order, or begun to. */
async function answersTo(work: Work, order: Task): Promise<QuestionnaireResponse[]> {
  const referrals = (order.basedOn ?? []).flatMap(({ reference }) => reference ?? []);
  const found = await work.find<QuestionnaireResponse>('QuestionnaireResponse', [
    ['patient', order.for?.reference ?? ''],
    ['questionnaire', bare(orderedForm(order) ?? '').replace(/[\\,|$]/g, '\\$&')],
    ['status', 'in-progress,completed,amended'],
  ]);
  const since = Date.parse(order.authoredOn ?? '');
  return found.filter(({ status, basedOn = [], meta }) => {
    const isOfReferral = referrals.every((one) => basedOn.some(({ reference }) => reference === one));
    // an earlier order of the same form was answered by itself
    return isOfReferral && (status === 'in-progress' || Date.parse(meta?.lastUpdated ?? '') >= since);
  });
}
