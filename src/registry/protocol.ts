import type { CodeableConcept, Coding, Duration, PlanDefinition, PlanDefinitionAction } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { type CourseTypeRule, readCourseType } from './course-type.ts';
import { extensionUrl } from './names.ts';
import { conditionsOf, dynamic, type Fault, kindOf } from './protocol-action.ts';
import { type LocalTime, parseTime } from './zone.ts';

/** A condition for membership, in FHIRPath over the course's facts: true, false, or empty while unanswered. */
export interface Criterion {
  readonly id: string;
  /** Inclusion decides who may be asked for consent; admission is needed for the national registry only. */
  readonly group: 'inclusion' | 'admission';
  readonly reason: Coding;
  readonly expression: string;
}

/** How a form tells of consent. */
export interface ConsentRule {
  /** Consent.policy.uri of the registry. */
  readonly policy: string;
  /** Gives `active`, `rejected`, `inactive`, or nothing while unanswered. */
  readonly status: string;
  readonly dateTime: string | undefined;
  /** Gives the registry's Coding for the kind of missing consent. */
  readonly missing: string | undefined;
}

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
}

export interface StopReason {
  readonly conditions: readonly string[];
  readonly reason: CodeableConcept;
}

/** A registry's protocol: who belongs, and what is asked when. Read from a PlanDefinition. */
export interface Protocol {
  readonly url: string;
  readonly zone: string;
  /** Forms that expressions may name: `%TO` is the course's answer to the form labelled TO. */
  readonly forms: readonly { readonly label: string; readonly questionnaire: string }[];
  readonly criteria: readonly Criterion[];
  /** In the order in which they are tried; none where all forms are always open. */
  readonly courseTypes: readonly CourseTypeRule[];
  readonly consent: ConsentRule | undefined;
  /** FHIRPath that gives the instant or date of an anchor, by its id. */
  readonly anchors: ReadonlyMap<string, string>;
  /** In the order of the PlanDefinition, which is the order of dispatch. */
  readonly schedule: readonly ProtocolForm[];
  readonly stops: readonly StopReason[];
  /** Libraries that the registry asks for, without version: the value sets by which it wants scores. */
  readonly libraries: readonly string[];
}

/** Reads a protocol; refuses (422, one issue a fault) what could not be followed. See docs/decisions/0020-registry-protocol.md. */
export function readProtocol(plan: PlanDefinition): Protocol {
  const issues: Issue[] = [];
  const fault = (text: string): undefined => {
    issues.push(error('business-rule', `Protocol '${plan.url ?? plan.id}': ${text}`, 'PlanDefinition.action'));
    return undefined;
  };
  const zone = plan.extension?.find((extension) => extension.url === extensionUrl.timeZone)?.valueCode;
  const forms = (plan.relatedArtifact ?? []).flatMap(({ label, resource }) =>
    label !== undefined && resource !== undefined ? [{ label, questionnaire: bare(resource) }] : [],
  );
  const actions = plan.action ?? [];
  const ofKind = (kind: string, from = actions): PlanDefinitionAction[] =>
    from.filter((action) => kindOf(action) === kind);
  const anchors = new Map(
    ofKind('anchor').flatMap((action) => {
      const time = dynamic(action, 'time');
      return action.id !== undefined && time !== undefined ? [[action.id, time] as const] : [];
    }),
  );
  const schedule = ofKind('form').flatMap((action) => readForm(action, fault) ?? []);
  const known = new Set([...anchors.keys(), ...schedule.map((form) => form.id)]);
  for (const form of schedule) {
    if (!known.has(form.after)) fault(`form '${form.id}' follows '${form.after}', which is not there.`);
  }
  const protocol: Protocol = {
    url: plan.url ?? fault('it needs a url.') ?? '',
    zone: zone ?? fault('it needs a time zone.') ?? 'UTC',
    forms,
    criteria: actions.flatMap((action) => {
      const group = kindOf(action);
      return group === 'inclusion' || group === 'admission'
        ? ofKind('criterion', action.action ?? []).flatMap((criterion) => readCriterion(criterion, group, fault) ?? [])
        : [];
    }),
    courseTypes: ofKind('course-type').map((action) => readCourseType(action, forms, fault)),
    consent: readConsent(ofKind('consent')[0], fault),
    anchors,
    schedule,
    stops: ofKind('stop').flatMap((action) =>
      action.reason?.[0] === undefined ? [] : [{ conditions: conditionsOf(action), reason: action.reason[0] }],
    ),
    libraries: (plan.library ?? []).map(bare),
  };
  if (issues.length > 0) {
    throw new FhirError(422, issues);
  }
  return protocol;
}

/** Whether a PlanDefinition means to be a registry's protocol; there are others, that have nothing to do with registries. */
export function isProtocol(plan: PlanDefinition): boolean {
  return (plan.action ?? []).some((action) => kindOf(action) !== undefined);
}

/** A canonical without its version. */
export function bare(canonical: string): string {
  return canonical.split('|')[0] ?? canonical;
}

function readCriterion(action: PlanDefinitionAction, group: Criterion['group'], fault: Fault): Criterion | undefined {
  const reason = action.reason?.[0]?.coding?.[0];
  const [expression] = conditionsOf(action);
  return action.id === undefined || reason === undefined || expression === undefined
    ? fault('a criterion needs id, reason and condition.')
    : { id: action.id, group, reason, expression };
}

function readConsent(action: PlanDefinitionAction | undefined, fault: Fault): ConsentRule | undefined {
  if (action === undefined) return undefined;
  const status = dynamic(action, 'status');
  return action.definitionUri === undefined || status === undefined
    ? fault('consent needs a policy (definitionUri) and a status.')
    : {
        policy: action.definitionUri,
        status,
        dateTime: dynamic(action, 'dateTime'),
        missing: dynamic(action, 'missing'),
      };
}

function readForm(action: PlanDefinitionAction, fault: Fault): ProtocolForm | undefined {
  const related = action.relatedAction?.[0];
  const offset = readOffset(related?.offsetDuration, related?.relationship);
  const time = action.timingTiming?.repeat?.timeOfDay?.[0];
  if (!action.id || !action.definitionCanonical || related === undefined || offset === undefined) {
    return fault(`form '${action.id ?? '?'}' needs id, definitionCanonical and relatedAction in min, h, d, wk or mo.`);
  }
  const step = (kind: string) => {
    const found = (action.action ?? []).find((child) => kindOf(child) === kind);
    const after = readOffset(found?.relatedAction?.[0]?.offsetDuration, 'after');
    return found === undefined || after === undefined ? undefined : { found, after };
  };
  const reminder = step('reminder');
  const lock = step('lock');
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
  };
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
