import type { CodeableConcept, Duration, PlanDefinitionAction } from '@medplum/fhirtypes';
import { conditionsOf, type Fault, kindOf } from './protocol-action.ts';
import { type LocalTime, parseTime } from './zone.ts';

/** Some time after (before, if negative) something. */
export interface Offset {
  readonly value: number;
  readonly unit: 'min' | 'h' | 'd' | 'wk' | 'mo';
}

/** A form that the patient gets, and when. */
export interface ProtocolForm {
  readonly id: string;
  readonly title: string;
  /** The form's canonical, with version. */
  readonly questionnaire: string;
  /** Id of the anchor or of the form that this one follows. */
  readonly after: string;
  readonly offset: Offset;
  /** Dispatch time; undefined: exactly at the offset. */
  readonly timeOfDay: LocalTime | undefined;
  /** All must be true when the form falls due. */
  readonly conditions: readonly string[];
  readonly notice: string;
  readonly reminder: { readonly after: Offset; readonly text: string } | undefined;
  readonly lock: { readonly after: Offset; readonly reason: CodeableConcept } | undefined;
  /** Until when staff may enter it from paper; undefined: never. */
  readonly paper: PaperWindow | undefined;
  /** What a person is told who orders it before its time, and has to confirm; undefined: nothing is asked. */
  readonly early: string | undefined;
}

/** The days within which staff enter a form that was filled in on paper. */
export interface PaperWindow {
  /** Id of the anchor from which the days count. */
  readonly after: string;
  /** Of the calendar: the day of the anchor is day 0, and the last one ends at midnight. */
  readonly days: number;
  /** Why the form is locked when they are over. */
  readonly reason: CodeableConcept;
}

/** Reads an action of kind form, with what is inside: reminder, lock, paper, early-order. */
export function readForm(action: PlanDefinitionAction, fault: Fault): ProtocolForm | undefined {
  const related = action.relatedAction?.[0];
  const offset = readOffset(related?.offsetDuration, related?.relationship);
  const time = action.timingTiming?.repeat?.timeOfDay?.[0];
  if (!action.id || !action.definitionCanonical || related === undefined || offset === undefined) {
    return fault(`form '${action.id ?? '?'}' needs id, definitionCanonical and relatedAction in min, h, d, wk or mo.`);
  }
  const inside = (kind: string) => (action.action ?? []).find((child) => kindOf(child) === kind);
  const step = (kind: string) => {
    const found = inside(kind);
    const after = readOffset(found?.relatedAction?.[0]?.offsetDuration, 'after');
    return found === undefined || after === undefined ? undefined : { found, after };
  };
  const reminder = step('reminder');
  const lock = step('lock');
  const early = inside('early-order');
  return {
    id: action.id,
    title: action.title ?? action.id,
    questionnaire: action.definitionCanonical,
    after: related.actionId,
    offset,
    timeOfDay: time === undefined ? undefined : parseTime(time),
    conditions: conditionsOf(action),
    notice: action.textEquivalent ?? action.title ?? action.id,
    reminder: reminder && { after: reminder.after, text: reminder.found.textEquivalent ?? action.textEquivalent ?? '' },
    lock: lock && { after: lock.after, reason: lock.found.reason?.[0] ?? {} },
    paper: readPaper(action.id, inside('paper'), fault),
    early: early && (early.textEquivalent ?? early.title ?? ''),
  };
}

function readPaper(form: string, action: PlanDefinitionAction | undefined, fault: Fault): PaperWindow | undefined {
  if (action === undefined) return undefined;
  const related = action.relatedAction?.[0];
  const offset = readOffset(related?.offsetDuration, related?.relationship);
  const reason = action.reason?.[0];
  return related === undefined || offset?.unit !== 'd' || offset.value < 0 || reason === undefined
    ? fault(`the paper of form '${form}' needs a relatedAction some days (d) after an anchor, and a reason.`)
    : { after: related.actionId, days: offset.value, reason };
}

function readOffset(duration: Duration | undefined, relationship: string | undefined): Offset | undefined {
  const sign = relationship?.startsWith('before') === true ? -1 : 1;
  if (duration === undefined) {
    return { value: 0, unit: 'min' };
  }
  const { value, code } = duration;
  const known = code === 'min' || code === 'h' || code === 'd' || code === 'wk' || code === 'mo';
  return value === undefined || !known ? undefined : { value: sign * value, unit: code };
}
