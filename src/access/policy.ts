import type { Act } from '../model/access.ts';
import { isResourceType, type ResourceType } from '../model/resource-types.ts';
import { type ChangeCondition, changeCondition } from './change-condition.ts';

const base = 'https://svar.example.org/fhir';

/** The extensions that make a CapabilityStatement a policy; each is defined in fhir/extensions. */
export const policyExtension = {
  holder: `${base}/StructureDefinition/access-holder`,
  reach: `${base}/StructureDefinition/access-reach`,
  when: `${base}/StructureDefinition/access-when`,
} as const;

/** Who may hold a policy: staff by a PractitionerRole, patients by being one, systems by their registration. */
export type Holder = 'practitioner' | 'patient' | 'system';

/**
 * Which resources of a type an interaction reaches; CodeSystem access-reach describes each for people.
 * `everything` stands for a whole policy, never beside others.
 */
export type Reach = 'shared' | 'hospital' | 'registry-at-hospital' | 'national' | 'own-patient' | 'self';

/** What a policy says of one interaction with one type, before it is known who the person is. */
export interface RuleTemplate {
  readonly type: ResourceType;
  readonly act: Act;
  readonly reach: Reach;
  readonly when?: ChangeCondition;
}

export interface Policy {
  /** The CapabilityStatement's id: the code of the role. */
  readonly id: string;
  readonly title: string;
  readonly holder: Holder;
  /** True: everything, without a look at single rules. */
  readonly everything: boolean;
  readonly rules: readonly RuleTemplate[];
}

/** A policy that is not understood to the last word grants nothing. */
export interface PolicyFaults {
  readonly id: string;
  /** For the operator: where, and what is wrong. */
  readonly faults: readonly string[];
}

const HOLDERS: ReadonlySet<string> = new Set<Holder>(['practitioner', 'patient', 'system']);
const REACHES: ReadonlySet<string> = new Set<Reach>([
  'shared',
  'hospital',
  'registry-at-hospital',
  'national',
  'own-patient',
  'self',
]);

/** FHIR's interactions that a policy may name. `read` is with versions and history, `update` with patch. */
const ACTS: Readonly<Record<string, Act>> = {
  read: 'read',
  'search-type': 'search',
  create: 'create',
  update: 'update',
  delete: 'delete',
};

/**
 * Types whose resources are about no patient: definitions, and who works where. All others could be, FHIR's patient
 * compartment leaves some out (Task, Device, Binary), and so are never shared.
 */
const SHAREABLE: ReadonlySet<string> = new Set<ResourceType>([
  'ActivityDefinition',
  'CapabilityStatement',
  'ChargeItemDefinition',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'EventDefinition',
  'GraphDefinition',
  'HealthcareService',
  'ImplementationGuide',
  'Library',
  'Location',
  'Measure',
  'NamingSystem',
  'OperationDefinition',
  'Organization',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ResearchStudy',
  'SearchParameter',
  'StructureDefinition',
  'StructureMap',
  'ValueSet',
]);

/** Whether resources of a type can be about a patient. */
export function isAboutPatients(type: string): boolean {
  return !SHAREABLE.has(type);
}

/**
 * Reads a policy from a CapabilityStatement (kind `requirements`): one `rest` whose resources name interactions, each
 * with the reach that stands at the interaction or else at the resource, and for changes a condition. Whatever is not
 * known refuses the whole policy: an extension that is overlooked could be one that forbids.
 *
 * @param source the stored resource, as parsed
 */
export function readPolicy(source: unknown): Policy | PolicyFaults {
  const statement = record(source);
  const id = text(statement.id) ?? '';
  const faults: string[] = [];
  const fault = (where: string, what: string): void => void faults.push(`${where}: ${what}`);
  if (statement.kind !== 'requirements' || statement.status !== 'active') {
    fault('CapabilityStatement', 'a policy has kind requirements and status active');
  }
  const holder = oneExtension(statement, 'CapabilityStatement', [policyExtension.holder], fault).get(
    policyExtension.holder,
  );
  if (holder === undefined || !HOLDERS.has(holder)) {
    fault('CapabilityStatement', `who may hold it has to be one of ${[...HOLDERS].join(', ')}`);
  }
  const rests = list(statement.rest);
  if (rests.length !== 1) {
    fault('CapabilityStatement.rest', 'a policy has exactly one');
  }
  const rest = record(rests[0]);
  const whole = oneExtension(rest, 'CapabilityStatement.rest', [policyExtension.reach], fault).get(
    policyExtension.reach,
  );
  const resources = list(rest.resource);
  if (whole !== undefined && (whole !== 'everything' || resources.length > 0)) {
    fault('CapabilityStatement.rest', 'a reach of the whole is everything, and then no resource is named');
  }
  const rules = resources.flatMap((resource, index) =>
    rulesOf(record(resource), `CapabilityStatement.rest.resource[${index}]`, fault),
  );
  return faults.length > 0
    ? { id, faults }
    : {
        id,
        title: text(statement.title) ?? id,
        holder: holder as Holder,
        everything: whole === 'everything',
        rules,
      };
}

type Fault = (where: string, what: string) => void;

function rulesOf(resource: Record<string, unknown>, where: string, fault: Fault): RuleTemplate[] {
  const type = text(resource.type) ?? '';
  if (!isResourceType(type)) {
    fault(where, 'its type is none of FHIR R4');
    return [];
  }
  const common = oneExtension(resource, where, [policyExtension.reach], fault).get(policyExtension.reach);
  return list(resource.interaction).flatMap((source, index) => {
    const place = `${where}.interaction[${index}]`;
    const interaction = record(source);
    const { reach: reachUrl, when: whenUrl } = policyExtension;
    const given = oneExtension(interaction, place, [reachUrl, whenUrl], fault);
    const code = text(interaction.code) ?? '';
    const act = Object.hasOwn(ACTS, code) ? ACTS[code] : undefined;
    if (act === undefined) {
      fault(place, `the interaction has to be one of ${Object.keys(ACTS).join(', ')}`);
      return [];
    }
    const reach = given.get(reachUrl) ?? common;
    if (reach === undefined || !REACHES.has(reach)) {
      fault(place, `its reach has to be one of ${[...REACHES].join(', ')}`);
      return [];
    }
    if (reach === 'shared' && isAboutPatients(type)) {
      fault(place, `resources of type ${type} can be about a patient and so are never shared`);
    }
    const expression = given.get(whenUrl);
    if (expression !== undefined && (act === 'read' || act === 'search')) {
      fault(place, 'a condition on a change says nothing of reading');
    }
    const when = expression === undefined ? undefined : compiled(expression, type, place, fault);
    return [{ type, act, reach: reach as Reach, ...(when === undefined ? {} : { when }) }];
  });
}

function compiled(expression: string, type: ResourceType, place: string, fault: Fault): ChangeCondition | undefined {
  try {
    return changeCondition(expression, type);
  } catch (problem) {
    fault(place, `its condition: ${problem instanceof Error ? problem.message : 'is no FHIRPath'}`);
    return undefined;
  }
}

/** The values of the extensions that an element may have, each once; any other is a fault. */
function oneExtension(
  element: Record<string, unknown>,
  where: string,
  known: readonly string[],
  fault: Fault,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const source of [...list(element.extension), ...list(element.modifierExtension)]) {
    const extension = record(source);
    const url = text(extension.url) ?? '';
    const value = text(extension.valueCode) ?? text(record(extension.valueExpression).expression);
    if (!known.includes(url) || found.has(url) || value === undefined) {
      fault(where, `its extension ${url === '' ? 'without url' : url} is not understood`);
    } else {
      found.set(url, value);
    }
  }
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
