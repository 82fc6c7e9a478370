import { createHash } from 'node:crypto';
import type { CapabilityStatement, Patient, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { granted } from '../access/granted.ts';
import { type Holder, type Policy, readPolicy } from '../access/policy.ts';
import { type MakeRowCondition, rulesFor, type Situation } from '../access/situation.ts';
import type { Engine } from '../interactions/engine.ts';
import { patientsParameters } from '../interactions/parameters-for.ts';
import type { Act, Rule } from '../model/access.ts';
import type { Agent, Caller, Tenant } from '../model/caller.ts';
import { resourceTypes } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import type { Identity } from './identity.ts';
import type { ClientRegistration } from './oauth/clients.ts';
import { readSitting, type Sitting, sittingRules } from './order-access.ts';
import { remembered } from './remembered.ts';
import { hospitalOf, isInForce, nationalStudies, registryOf, roleCode } from './role.ts';
import { rowConditions } from './row-conditions.ts';
import { idIn, type Stored, storedResources } from './stored.ts';

export type CallerOf = (identity: Identity) => Promise<Caller>;

export interface CallerOfParts {
  readonly engine: Pick<Engine, 'readers' | 'search' | 'definitions' | 'hashSeed' | 'baseUrl' | 'commitsOf'>;
  /** An OAuth client as it was registered; undefined where there is none of this id. */
  readonly client: (
    id: string,
  ) => Promise<Pick<ClientRegistration, 'policy' | 'organization' | 'openReferences' | 'lenientSearch'> | undefined>;
  /** Real time: sign-ins and roles do not follow a test clock. */
  readonly now: () => Date;
  /** Whether real patients are asked: then a registry that says nothing asks for the strictest sign-in. */
  readonly production: boolean;
  /** In which the first and last day of a role are days. */
  readonly zone: string;
  /** Where no client says otherwise: settings openReferences and lenientSearch. */
  readonly defaults: { readonly openReferences: boolean; readonly lenientSearch: boolean };
  /** Tells the operator of policies that are refused. */
  readonly warn: (text: string) => void;
  /** For how long a role, its hospital and its policy are taken as they were read, in ms. */
  readonly rememberedMs?: number;
}

/** A role that was ended stops working within this time in every process, in the one that ended it at once. */
export const REMEMBERED_MS = 1000;
const REMEMBERED_MAX = 10_000;
/** What staff may do follows from these. */
export const DECIDING_TYPES = [
  'CapabilityStatement',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'ResearchStudy',
];

/** What somebody holds: their policy, in their situation. */
interface Standing {
  readonly policy: Policy;
  /** Of the policy as stored: another text may be other rules. */
  readonly policyVersion: string;
  readonly situation: Situation;
  readonly tenant?: Tenant;
}

/**
 * Who somebody is → what they may do. Roles, policies, hospitals and studies are FHIR resources; whatever is missing,
 * ended, of somebody else or not understood gives no access, never more.
 */
export function createCallerOf(parts: CallerOfParts): CallerOf {
  const { zone, warn } = parts;
  const rowConditionOf = {
    staff: rowConditions(parts.engine),
    // a scope that a patient's app asks for tells of nothing that its patient is not shown
    patient: rowConditions(parts.engine, patientsParameters),
  };
  const stored = storedResources(parts.engine);
  const memory = {
    ms: parts.rememberedMs ?? REMEMBERED_MS,
    max: REMEMBERED_MAX,
    now: () => parts.now().getTime(),
    state: () => parts.engine.commitsOf(DECIDING_TYPES),
  };
  const warned = new Set<string>();

  const policy = remembered(async (id: string) => {
    const found = await stored.read<CapabilityStatement>('CapabilityStatement', id);
    const read = found && readPolicy(found.resource);
    if (read !== undefined && 'faults' in read) {
      const told = `CapabilityStatement/${id} is refused as a policy: ${read.faults.join('; ')}`;
      if (!warned.has(told)) {
        warned.add(told);
        warn(told);
      }
      return undefined;
    }
    return read && { policy: read, version: `${found?.rid}/${found?.resource.meta?.versionId}` };
  }, memory);
  const role = remembered((id) => stored.read<PractitionerRole>('PractitionerRole', id), memory);
  const practitioner = remembered((id) => stored.read<Practitioner>('Practitioner', id), memory);
  const hospital = remembered((reference) => hospitalOf(reference, stored), memory);
  const national = remembered((registry) => nationalStudies(registry, stored), memory);
  // of a patient only the rid is wanted, and that there is one
  const patient = remembered((id) => stored.read<Patient>('Patient', id), { ...memory, state: () => undefined });

  async function held(
    id: string | undefined,
    holder: Holder,
    situation: () => Promise<Situation | undefined>,
  ): Promise<Standing | undefined> {
    const found = id === undefined ? undefined : await policy(id);
    if (found === undefined || found.policy.holder !== holder) return undefined;
    const known = await situation();
    const of = known?.hospital;
    return (
      known && {
        policy: found.policy,
        policyVersion: found.version,
        situation: known,
        ...(of === undefined ? {} : { tenant: { reference: of.reference, rid: of.rids[0] as Rid } }),
      }
    );
  }

  async function ofStaff(user: string, roleId: string | undefined): Promise<Standing | undefined> {
    const person = await practitioner(user.slice('Practitioner/'.length));
    if (person === undefined || person.resource.active === false) return undefined;
    const self = person.rid;
    if (roleId === undefined) {
      return held('newcomer', 'practitioner', async () => ({ user, self }));
    }
    const found = await role(roleId);
    if (found === undefined || !isOf(found, user) || !isInForce(found.resource, parts.now(), zone)) return undefined;
    const registry = registryOf(found.resource);
    const organization = found.resource.organization?.reference;
    return held(roleCode(found.resource), 'practitioner', async () => {
      const at = organization === undefined ? undefined : await hospital(organization);
      return {
        user,
        self,
        ...(at === undefined ? {} : { hospital: at }),
        ...(registry === undefined ? {} : { registry, national: await national(registry) }),
      };
    });
  }

  function ofPatient(user: string, id: string): Promise<Standing | undefined> {
    return held('patient', 'patient', async () => {
      const rid = (await patient(id))?.rid;
      return rid === undefined ? undefined : { user, self: rid, patient: rid };
    });
  }

  function ofSystem(policyId: string | undefined, organization: string | undefined): Promise<Standing | undefined> {
    return held(policyId, 'system', async () => {
      const at = organization === undefined ? undefined : await hospital(organization);
      return at === undefined ? {} : { hospital: at };
    });
  }

  return async (identity) => {
    const client = await parts.client(identity.client);
    const { fhirUser = '' } = identity;
    const patientId = idIn(fhirUser, 'Patient');
    const standing =
      identity.kind === 'system'
        ? await ofSystem(client?.policy, client?.organization)
        : patientId !== undefined
          ? await ofPatient(fhirUser, patientId)
          : idIn(fhirUser, 'Practitioner') === undefined
            ? undefined
            : await ofStaff(fhirUser, identity.role);
    const launched = identity.patient === undefined ? undefined : (await patient(identity.patient))?.rid;
    const sitting =
      identity.order === undefined || patientId === undefined
        ? undefined
        : await readSitting(stored, identity.order, `Patient/${patientId}`, parts.production);
    const usable = identity.order === undefined || sitting !== undefined ? standing : undefined;
    const rowCondition = patientId === undefined ? rowConditionOf.staff : rowConditionOf.patient;
    return {
      name: `${identity.kind} ${identity.subject}`,
      kind: 'client',
      access: accessOf(usable, identity, launched, rowCondition, sitting),
      agent: agentOf(identity, usable),
      ...(usable?.tenant === undefined ? {} : { tenant: usable.tenant }),
      ...(usable?.situation.registry === undefined ? {} : { registry: usable.situation.registry }),
      openReferences: client?.openReferences ?? parts.defaults.openReferences,
      lenientSearch: client?.lenientSearch ?? parts.defaults.lenientSearch,
    };
  };
}

const EVERY_ACT: readonly Act[] = ['read', 'search', 'create', 'update', 'delete'];

function accessOf(
  standing: Standing | undefined,
  { kind, scope }: Identity,
  patient: Rid | undefined,
  rowCondition: MakeRowCondition,
  sitting: Sitting | undefined,
): Caller['access'] {
  if (standing === undefined) return 'none';
  const { policy, policyVersion, situation } = standing;
  if (policy.everything && scope === undefined) return 'all';
  const all: readonly Rule[] = policy.everything
    ? [{ types: resourceTypes, acts: EVERY_ACT }]
    : rulesFor(policy, situation, rowCondition);
  const given = scope === undefined ? all : granted(all, { scope, holder: kind, patient }, rowCondition);
  const rules = sitting === undefined ? given : sittingRules(given, sitting, rowCondition);
  const decides = [policy.id, policyVersion, situation, scope ?? null, patient ?? null, sitting ?? null];
  const key = createHash('sha256').update(JSON.stringify(decides)).digest('base64url');
  return rules.length === 0 ? 'none' : { key, rules };
}

function agentOf({ kind, subject, fhirUser, client, strength, session }: Identity, standing?: Standing): Agent {
  return {
    who: kind === 'system' ? `Device/${subject}` : (fhirUser ?? 'Person/unknown'),
    client,
    role: standing?.policy.id ?? 'none',
    strength,
    session,
  };
}

function isOf({ resource }: Stored<PractitionerRole>, user: string): boolean {
  const id = idIn(resource.practitioner?.reference, 'Practitioner');
  return id !== undefined && `Practitioner/${id}` === user;
}
