import type { MedplumClient } from '@medplum/core';
import type { CodeableConcept, Coding, Task } from '@medplum/fhirtypes';
import { latestAnswer, liveFacts } from '../../src/registry/course.ts';
import { type CourseState, isCancelled } from '../../src/registry/course-state.ts';
import { isHistoric } from '../../src/registry/historic.ts';
import { isLocked } from '../../src/registry/locked-form.ts';
import { isFinal, orderStatus, ordersOf, stopReason } from '../../src/registry/order.ts';
import type { OrderRefusal } from '../../src/registry/order-refusal.ts';
import { type Hindrance, settledOrders } from '../../src/registry/patient-forms.ts';
import { rightConcept } from '../../src/registry/patient-right.ts';
import { bare, type ProtocolForm } from '../../src/registry/protocol.ts';
import { evaluate } from './evaluate.ts';
import { rightNotToBeAsked } from './may-ask.ts';
import type { Occasion } from './occasion.ts';
import { orderRefusal } from './order-refusal.ts';
import { saveAll } from './save.ts';

/** Makes the orders of the patient's forms say what the course's facts say: docs/decisions/0061-order-life.md. */
export async function settlePatientForms(
  medplum: MedplumClient,
  state: CourseState,
  { now, production }: Occasion,
): Promise<void> {
  const { registry, course, opens, membership, decision } = state;
  const { protocol } = registry;
  const orders = state.stored.tasks;
  const labels = new Map(protocol.forms.map(({ label, questionnaire }) => [questionnaire, label]));
  const isOpen = (questionnaire: string): boolean => {
    const label = labels.get(questionnaire);
    return label === undefined || opens.has(label);
  };
  const pending = protocol.schedule.filter((form) => {
    const current = ordersOf(orders, protocol, form).at(-1);
    return current === undefined ? isOpen(bare(form.questionnaire)) : !isFinal(current);
  });
  if (pending.length === 0) return;
  const over = whatIsOver(state);
  const hindrance = over === undefined ? await hindranceOf(medplum, state) : undefined;
  const facts = liveFacts(protocol, state.counting, { consent: state.consentResource, membership });
  const refusals =
    production && over === undefined && hindrance === undefined
      ? await refusalsOf(medplum, pending, orders, state, now)
      : new Map<string, OrderRefusal>();
  const changed = settledOrders({
    ...{ protocol, course, orders, isOpen, over, hindrance, facts, refusals, now, evaluate },
    isAnswered: (questionnaire) => {
      const answer = latestAnswer(course.responses, questionnaire);
      return answer !== undefined && isLocked(answer);
    },
    closed: { stopped: stopReason(protocol, undefined, evaluate) },
    historic: isHistoric(membership) || decision === undefined,
  });
  await saveAll(medplum, changed);
}

/** Why a course asks nothing at all any more; undefined where it may. */
function whatIsOver({ registry, course, decision }: CourseState): { stopped: CodeableConcept | undefined } | undefined {
  const stop = (reason: string | undefined) => ({ stopped: stopReason(registry.protocol, reason, evaluate) });
  const { deceasedBoolean, deceasedDateTime } = course.patient;
  if (deceasedBoolean === true || deceasedDateTime !== undefined) return stop('deceased');
  return decision === undefined || isCancelled(course.episode) ? stop(undefined) : undefined;
}

/** Why the patient may not be asked at present: the course is no member, or a right of the patient's. */
async function hindranceOf(
  medplum: MedplumClient,
  { registry: { protocol }, course, decision, membership, stored }: CourseState,
): Promise<Hindrance | undefined> {
  if (membership?.status !== 'on-study') {
    return {
      withheld: { coding: decision?.reason === undefined ? [] : [named(decision.reason)] },
      stopped: stopReason(protocol, decision?.reason?.code, evaluate),
    };
  }
  const right = await rightNotToBeAsked(
    medplum,
    { reference: `Patient/${course.patient.id}` },
    protocol.url,
    stored.consents,
  );
  return right && { withheld: rightConcept(right), stopped: rightConcept(right) };
}

/** CodeSystem membership-reason has them in Swedish and English too. */
const NAMES: Readonly<Record<string, string>> = {
  'consent-awaited': 'Samtykke ikke innhentet ennå',
  'consent-refused': 'Samtykke ikke gitt',
  'consent-withdrawn': 'Samtykke trukket tilbake',
  reserved: 'Pasienten har reservert seg',
};

function named(reason: Coding): Coding {
  const display = reason.display ?? NAMES[reason.code ?? ''];
  return display === undefined ? reason : { ...reason, display };
}

/** Of the forms that might be ordered now, those that may not be sent to this patient. */
async function refusalsOf(
  medplum: MedplumClient,
  pending: readonly ProtocolForm[],
  orders: readonly Task[],
  { registry: { protocol }, course }: CourseState,
  now: Date,
): Promise<Map<string, OrderRefusal>> {
  const refusals = new Map<string, OrderRefusal>();
  const isAsked = ['ordered', 'sent', 'reminded', 'unreachable', 'paper'];
  for (const form of pending) {
    const current = ordersOf(orders, protocol, form).at(-1);
    if (current !== undefined && isAsked.includes(orderStatus(current) ?? '')) continue;
    const { questionnaire } = form;
    const asking = { questionnaire, patient: course.patient, zone: protocol.zone };
    const refusal = await orderRefusal(medplum, { production: true, now }, asking);
    if (refusal !== undefined) refusals.set(questionnaire, refusal);
  }
  return refusals;
}
