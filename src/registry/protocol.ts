import type { CodeableConcept, Coding, PlanDefinition, PlanDefinitionAction } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../model/issue.ts';
import { type CourseTypeRule, readCourseType } from './course-type.ts';
import { extensionUrl } from './names.ts';
import { conditionsOf, dynamic, type Fault, kindOf } from './protocol-action.ts';
import { type ProtocolForm, readForm } from './protocol-form.ts';

export type { Offset, ProtocolForm } from './protocol-form.ts';

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
  /** Canonical with version of the words that a patient reads and signs; undefined where patients do not sign here. */
  readonly text: string | undefined;
  /** Gives `active`, `rejected`, `inactive`, or nothing while unanswered. */
  readonly status: string;
  readonly dateTime: string | undefined;
  /** Gives the registry's Coding for the kind of missing consent. */
  readonly missing: string | undefined;
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
  /** Why staff may stop the patient's forms that are not locked yet. */
  readonly staffStops: readonly CodeableConcept[];
  /** Why staff may close the patient's forms of which none has been begun. */
  readonly staffCloses: readonly CodeableConcept[];
  /** The registry's reasons of an order that the patient did not want to answer, or could not. */
  readonly noAnswers: { readonly declined: CodeableConcept | undefined; readonly unable: CodeableConcept | undefined };
  /** FHIRPath that gives the references of location and ward that the forms registered; it is not told where it changed. */
  readonly place: { readonly location: string | undefined; readonly ward: string | undefined };
  /** FHIRPath that tells whether the form with this label has an internal comment. */
  readonly comments: ReadonlyMap<string, string>;
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
    if (form.paper !== undefined && !anchors.has(form.paper.after)) {
      fault(`the paper of form '${form.id}' counts from '${form.paper.after}', which is no anchor.`);
    }
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
    staffStops: ofKind('staff-stop').flatMap(({ reason = [] }) => reason),
    staffCloses: ofKind('staff-close').flatMap(({ reason = [] }) => reason),
    noAnswers: {
      declined: ofKind('patient-declines')[0]?.reason?.[0],
      unable: ofKind('patient-unable')[0]?.reason?.[0],
    },
    place: readPlace(ofKind('place')[0]),
    comments: readComments(ofKind('internal-comment')),
    libraries: (plan.library ?? []).map(bare),
  };
  if (issues.length > 0) {
    throw new FhirError(422, issues);
  }
  return protocol;
}

function readPlace(action: PlanDefinitionAction | undefined): Protocol['place'] {
  return { location: action && dynamic(action, 'location'), ward: action && dynamic(action, 'ward') };
}

function readComments(actions: readonly PlanDefinitionAction[]): Protocol['comments'] {
  return new Map(
    actions
      .flatMap(({ dynamicValue = [] }) => dynamicValue)
      .flatMap(({ path, expression }) =>
        path === undefined || expression?.expression === undefined ? [] : [[path, expression.expression] as const],
      ),
  );
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
        text: action.documentation?.find(({ type }) => type === 'documentation')?.resource,
        status,
        dateTime: dynamic(action, 'dateTime'),
        missing: dynamic(action, 'missing'),
      };
}
