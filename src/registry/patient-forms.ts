import type { CodeableConcept, Coding, EpisodeOfCare, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { chosenChannel, isFinal, mayComeBack, occurrenceOf, orderIdentifier, orderStatus, ordersOf } from './order.ts';
import type { OrderRefusal } from './order-refusal.ts';
import {
  awaitsPaperEnd,
  newOrder,
  orderedOrder,
  plannedOrder,
  refusedOrder,
  stoppedOrder,
  withheldOrder,
  withPaperEnd,
} from './order-steps.ts';
import { bare, type ProtocolForm } from './protocol.ts';
import { type DispatchTime, dispatchTime, endOfDay, liesAhead, paperEnd, type Timetable } from './schedule.ts';

/** Why a patient may not be asked at present. */
export interface Hindrance {
  /** As an order tells that is there, and may not be sent. */
  readonly withheld: CodeableConcept;
  /** As an order tells that stops. */
  readonly stopped: CodeableConcept | undefined;
}

/** What the orders of a course in one registry follow from. */
export interface PatientForms extends Omit<Timetable, 'starts'> {
  readonly course: { episode: EpisodeOfCare; patient: Patient; referral: ServiceRequest | undefined };
  /** The orders of the course, whatever their state. */
  readonly orders: readonly Task[];
  /** Whether a form is open to this course. @param questionnaire canonical without version */
  readonly isOpen: (questionnaire: string) => boolean;
  /** Whether a form has been answered and is locked. @param questionnaire canonical without version */
  readonly isAnswered: (questionnaire: string) => boolean;
  /** Undefined: the patient may be asked. */
  readonly hindrance: Hindrance | undefined;
  /** Why nothing at all is asked any more (the patient is dead, the course cancelled); undefined where that is not so. */
  readonly over: { readonly stopped: CodeableConcept | undefined } | undefined;
  /** How an order tells that its form is not open to the course any more, where nothing else stands in the way. */
  readonly closed: { readonly stopped: CodeableConcept | undefined };
  /** The course came by a historic load: only what happens now orders anything. */
  readonly historic: boolean;
  /** Why a form may not be sent, by its canonical with version. */
  readonly refusals: ReadonlyMap<string, OrderRefusal>;
}

/**
 * The orders of a course that have to be stored so that they say what its facts say, those that are new without id. Derived
 * from all facts again each time; done again it gives nothing. What was sent is not touched, nor what is locked, but to be
 * stopped (SmerteReg manual 1.8, "Utfylling av pasientregistreringsskjema").
 */
export function settledOrders(forms: PatientForms): Task[] {
  const starts = new Map<string, Date>();
  const changed: Task[] = [];
  for (const form of forms.protocol.schedule) {
    const current = ordersOf(forms.orders, forms.protocol, form).at(-1);
    const settled = settledOrder(form, current, forms, { ...forms, starts });
    if (settled !== undefined) changed.push(settled);
    const start = (settled ?? current)?.restriction?.period?.start;
    if (start !== undefined) starts.set(form.id, new Date(start));
  }
  return changed;
}

/** The order as it has to be; undefined where it stands so, or there is to be none. */
function settledOrder(
  form: ProtocolForm,
  current: Task | undefined,
  forms: PatientForms,
  timetable: Timetable,
): Task | undefined {
  const { hindrance, over, now } = forms;
  if (current !== undefined && isFinal(current)) return undefined;
  const state = current === undefined ? undefined : orderStatus(current);
  const isStanding = current !== undefined && state !== 'stopped' && state !== 'refused';
  if (over !== undefined || !forms.isOpen(bare(form.questionnaire))) {
    return isStanding ? stoppedOrder(current, (over ?? hindrance ?? forms.closed).stopped, now) : undefined;
  }
  if (hindrance === undefined) return sendable(form, current, forms, timetable);
  if (isStanding && state !== 'withheld') return stoppedOrder(current, hindrance.stopped, now);
  if (current === undefined && (forms.historic || forms.isAnswered(bare(form.questionnaire)))) return undefined;
  if (current !== undefined && (!isStanding || isSame(current.statusReason, hindrance.withheld))) return undefined;
  return withheldOrder(current ?? newOne(form, 1, forms), hindrance.withheld, now);
}

/** The order of a patient who may be asked. */
function sendable(
  form: ProtocolForm,
  current: Task | undefined,
  forms: PatientForms,
  timetable: Timetable,
): Task | undefined {
  const { now, protocol, refusals } = forms;
  const time = dispatchTime(form, timetable);
  const asked = (order: Task): Task | undefined => {
    if (time === undefined) return plannedOrder(order, now);
    const refusal = refusals.get(form.questionnaire);
    return refusal === undefined
      ? orderedOrder(order, form, protocol.zone, time.at, now)
      : refusedOrder(order, refusal, now);
  };
  const next = (): Task => newOne(form, (current === undefined ? 0 : occurrenceOf(current)) + 1, forms);
  const isDone = (): boolean => forms.isAnswered(bare(form.questionnaire));
  switch (current && orderStatus(current)) {
    case undefined:
      return isDone() || (time === undefined && forms.historic) ? undefined : asked(next());
    case 'withheld':
      return current && asked(current);
    case 'planned':
      return current && time && asked(current);
    case 'ordered':
      return current && moved(current, form, forms, timetable);
    case 'unreachable':
      return current && retried(current, time, asked, now);
    case 'paper':
      return current && dated(current, form, timetable);
    case 'refused':
      return current && (refusals.has(form.questionnaire) || isDone()) ? undefined : asked(next());
    case 'stopped': {
      if (current === undefined || !mayComeBack(current, protocol) || isDone()) return undefined;
      // what never had a time was never sent: it comes back as it was
      return asked(current.restriction?.period?.start === undefined ? current : next());
    }
    default:
      return undefined;
  }
}

/**
 * An order whose patient could not be reached. A try that was to come waits once its time is not known any more; one that
 * a person ordered before its time goes at that time all the same, once that is known.
 */
function retried(
  current: Task,
  time: DispatchTime | undefined,
  asked: (order: Task) => Task | undefined,
  now: Date,
): Task | undefined {
  const isToCome = current.restriction?.period?.start !== undefined;
  if (time === undefined) return isToCome ? plannedOrder(current, now) : undefined;
  return !isToCome && liesAhead(time) ? asked(current) : undefined;
}

/**
 * An order that waits for its time, when that time has moved, or is not known any more (the form with the end date has been
 * opened again). One that is due is on its way, and one that a person has ordered goes at their word.
 */
function moved(current: Task, form: ProtocolForm, forms: PatientForms, timetable: Timetable): Task | undefined {
  const { now, protocol } = forms;
  if (chosenChannel(current) !== undefined) return undefined;
  const time = dispatchTime(form, timetable);
  if (time === undefined) return plannedOrder(current, now);
  const start = current.restriction?.period?.start;
  const stays = !time.movable || (time.overdue && Date.parse(start ?? '') <= now.getTime());
  return stays || start === time.at.toISOString()
    ? undefined
    : orderedOrder(current, form, protocol.zone, time.at, now);
}

/** A paper that was begun before its last day was known, once it is; staff have the rest of the day at least. */
function dated(current: Task, form: ProtocolForm, timetable: Timetable): Task | undefined {
  const end = awaitsPaperEnd(current) ? paperEnd(form, timetable) : undefined;
  if (end === undefined) return undefined;
  const earliest = endOfDay(timetable.now, timetable.protocol.zone);
  return withPaperEnd(current, end > earliest ? end : earliest);
}

function newOne(form: ProtocolForm, occurrence: number, { protocol, course, now }: PatientForms): Task {
  return newOrder(protocol, form, course, orderIdentifier(course.episode, form, occurrence), now);
}

function isSame(left: CodeableConcept | undefined, right: CodeableConcept): boolean {
  const codes = (concept: CodeableConcept | undefined) => JSON.stringify(concept?.coding?.map(codeOf));
  return codes(left) === codes(right);
}

function codeOf({ system, code }: Coding): readonly unknown[] {
  return [system, code];
}
