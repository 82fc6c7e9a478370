import type { Bundle, CodeableConcept, EpisodeOfCare, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { sdcTaskSystem } from '../registry/names.ts';
import { isFinal, isProtocolOrder, orderedForm, orderStatus, ordersOf, protocolOfOrder } from '../registry/order.ts';
import { closedOrder } from '../registry/order-steps.ts';
import { bare, type Protocol } from '../registry/protocol.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { inOneCommit, resourceOf, type Work } from '../rights/one-commit.ts';
import { pathId, returned } from '../rights/parts.ts';
import { withinStaffReach } from './authority.ts';
import { protocolBehind } from './protocols.ts';

/**
 * EpisodeOfCare/[id]/$stop-patient-forms: all of the course's patient forms that are not locked yet are closed, those that
 * would be sent later included; what was begun is stopped (SmerteReg manual 1.8, "Stoppe utsending av
 * pasientregistreringer").
 */
export function stopPatientForms(engine: Engine): Endpoint {
  return closing(engine, ({ staffStops }) => staffStops);
}

/**
 * EpisodeOfCare/[id]/$close-patient-forms: all of the course's patient forms are closed with one reason, as long as none of
 * them has been begun (SmerteReg manual 1.8, "Besvar alle og ferdigstill").
 */
export function closePatientForms(engine: Engine): Endpoint {
  return closing(engine, ({ staffCloses }) => staffCloses, refuseBegun);
}

interface CourseForms {
  readonly protocol: Protocol;
  /** The latest order of each form. */
  readonly orders: readonly Task[];
  /** Answers to these forms that were begun, or are locked. */
  readonly responses: readonly QuestionnaireResponse[];
}

function closing(
  engine: Engine,
  reasonsOf: (protocol: Protocol) => readonly CodeableConcept[],
  refuse?: (forms: CourseForms) => void,
): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const code = new OperationInput(exchange, ['reason']).text('reason');
    if (code === undefined) throw fhirError(400, 'required', 'The parameter reason is needed.');
    const closed = await inOneCommit(engine, asServer(caller), async (work) => {
      const stored = await withinStaffReach(work.db, caller, 'EpisodeOfCare', id);
      await work.alone(stored.rid);
      const courses = await formsOf(work, resourceOf<EpisodeOfCare>(stored));
      const chosen = courses.flatMap((forms) => {
        const reason = reasonsOf(forms.protocol).find((one) => one.coding?.some((coding) => coding.code === code));
        return reason === undefined ? [] : [{ forms, reason }];
      });
      if (chosen.length === 0)
        throw fhirError(422, 'business-rule', notOffered(courses.map(({ protocol }) => protocol)));
      const tasks: Task[] = [];
      for (const { forms, reason } of chosen) {
        refuse?.(forms);
        for (const response of forms.responses.filter(({ status }) => status === 'in-progress')) {
          await work.save({ ...response, status: 'stopped' });
        }
        for (const order of forms.orders.filter((one) => !isFinal(one))) {
          tasks.push(await work.save(closedOrder(order, reason, work.now)));
        }
      }
      if (tasks.length === 0) throw fhirError(422, 'business-rule', 'All forms of the patient are locked already.');
      return tasks;
    });
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: closed.map((resource) => ({ resource })),
    };
    return returned(exchange, bundle);
  };

  function notOffered(protocols: readonly Protocol[]): string {
    if (protocols.length === 0) return 'There are no patient forms of this course yet.';
    const codes = protocols.flatMap((protocol) =>
      reasonsOf(protocol).flatMap(({ coding = [] }) => coding.map(({ code = '', display }) => `${code} ${display}`)),
    );
    return `The reason is one of: ${codes.join(', ')}.`;
  }
}

/** @throws FhirError 422 where a form has been begun, answered or closed */
function refuseBegun({ orders, responses }: CourseForms): void {
  if (responses.length > 0 || orders.some((order) => isFinal(order) || orderStatus(order) === 'paper')) {
    throw fhirError(
      422,
      'business-rule',
      'A form of the patient has been begun: all are closed together only while none has been.',
    );
  }
}

/** The patient's forms of a course, by the protocols that ask for them. */
async function formsOf(work: Work, episode: EpisodeOfCare): Promise<CourseForms[]> {
  const tasks = await work.find<Task>('Task', [
    ['focus', `EpisodeOfCare/${episode.id}`],
    ['code', `${sdcTaskSystem}|complete-questionnaire`],
  ]);
  const made = Map.groupBy(tasks.filter(isProtocolOrder), (task) => protocolOfOrder(task) ?? '');
  const found: CourseForms[] = [];
  for (const [, own] of made) {
    const protocol = own[0] && (await protocolBehind(work, own[0]));
    if (protocol === undefined) continue;
    const orders = protocol.schedule.flatMap((form) => ordersOf(own, protocol, form).at(-1) ?? []);
    found.push({ protocol, orders, responses: await answersTo(work, episode, orders) });
  }
  return found;
}

async function answersTo(
  work: Work,
  { referralRequest = [] }: EpisodeOfCare,
  orders: readonly Task[],
): Promise<QuestionnaireResponse[]> {
  const referrals = referralRequest.flatMap(({ reference }) => reference ?? []);
  const forms = orders.flatMap((order) => orderedForm(order) ?? []).map(bare);
  if (referrals.length === 0 || forms.length === 0) return [];
  return work.find<QuestionnaireResponse>('QuestionnaireResponse', [
    ['based-on', referrals.join(',')],
    ['questionnaire', forms.join(',')],
    ['status', 'in-progress,completed,amended'],
  ]);
}
