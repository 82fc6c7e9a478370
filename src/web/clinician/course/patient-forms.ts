import type { Observation, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { latestAnswer } from '../../../registry/course.ts';
import {
  chosenChannel,
  isProtocolOrder,
  type OrderStatus,
  orderedForm,
  orderStatus,
  ordersOf,
} from '../../../registry/order.ts';
import { bare } from '../../../registry/protocol.ts';
import type { FormLanguage } from '../../form/contract.ts';
import type { CourseData, CourseRegistry, PatientForm } from './course.ts';
import { titleIn } from './title-in.ts';

/** What an order calls its form; in another language what the form is called there, where it tells. */
function orderTitle(data: CourseData, title: string, questionnaire: string, language: FormLanguage): string {
  const [url, version] = questionnaire.split('|');
  const forms = data.questionnaires.filter((one) => one.url === url);
  const form = forms.find((one) => one.version === version) ?? forms[0];
  if (form === undefined || language === form.language) return title;
  const told = titleIn(form, form.language, language);
  return told === undefined || told === form.title ? title : told;
}

/** Answers that are under way count where staff enter them; else they are the patient's, who has not sent them. */
function isPatientsDraft({ status }: QuestionnaireResponse, state: OrderStatus): boolean {
  return status === 'in-progress' && state !== 'paper';
}

/** The patient's forms of which the course has an order, each with the latest. */
export function patientForms(data: CourseData, { protocol }: CourseRegistry, language: FormLanguage): PatientForm[] {
  const orders = data.tasks.filter(isProtocolOrder);
  return protocol.schedule.flatMap((form) => {
    const order = ordersOf(orders, protocol, form).at(-1);
    const state = order === undefined ? undefined : orderStatus(order);
    if (order === undefined || !isOrderStatus(state)) return [];
    const questionnaire = bare(orderedForm(order) ?? form.questionnaire);
    const canonical = orderedForm(order) ?? form.questionnaire;
    const latest = latestAnswer(data.responses, questionnaire);
    const isDraft = latest !== undefined && isPatientsDraft(latest, state);
    const response = isDraft ? undefined : latest;
    return [
      {
        label: protocol.forms.find((one) => one.questionnaire === questionnaire)?.label ?? form.id,
        questionnaire: canonical,
        title: orderTitle(data, order.description ?? form.title, canonical, language),
        order,
        state,
        why: textOfConcept(order.statusReason),
        response,
        begun: isDraft ? latest : undefined,
        channel: chosenChannel(order),
        paper: form.paper !== undefined,
        scores: data.scores.filter((score) => isFrom(score, response)),
        notes: (order.note ?? []).flatMap(({ text }) => text ?? []),
      },
    ];
  });
}

function isFrom({ derivedFrom = [] }: Observation, response: QuestionnaireResponse | undefined): boolean {
  return (
    response?.id !== undefined &&
    derivedFrom.some(({ reference }) => reference?.split('/_history')[0] === `QuestionnaireResponse/${response.id}`)
  );
}

/** What a concept says. */
export function textOfConcept(concept: Task['statusReason']): string | undefined {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code;
}

/** Where an order can stand, as it goes. */
export const ORDER_STATES: readonly OrderStatus[] = [
  ...(['withheld', 'planned', 'ordered', 'sent', 'reminded', 'unreachable', 'paper'] as const),
  ...(['answered', 'expired', 'closed', 'stopped', 'refused'] as const),
];

/** Whether the app knows what an order says of where it stands. */
export function isOrderStatus(code: string | undefined): code is OrderStatus {
  return ORDER_STATES.some((state) => state === code);
}
