import type { Organization, PlanDefinition, PractitionerRole, ResearchStudy } from '@medplum/fhirtypes';
import { mayAtAll } from '../access/predicate.ts';
import {
  type AccessApplication,
  applicationFault,
  applicationStatus,
  applied,
  asksForTheSame,
  decided,
  decisionFault,
  noticeOfDecision,
} from '../identity/access-applications.ts';
import { isInForce } from '../identity/role.ts';
import { idIn, type StoredResources, storedResources } from '../identity/stored.ts';
import type { Engine } from '../interactions/engine.ts';
import type { Interactions, TransactionEntry } from '../interactions/types.ts';
import { asServer } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { fhirError } from '../model/issue.ts';
import { dateIn } from '../registry/zone.ts';
import { textAnswer } from '../rest/answer.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import type { Operation } from '../rest/operations.ts';

export interface AccessApplicationParts {
  readonly engine: Pick<Engine, 'readers' | 'search'>;
  readonly interactions: Interactions;
  /** Real time: roles do not follow a test clock. */
  readonly clock: Clock;
  readonly zone: string;
}

/** Applications of one person that wait at the same time. */
const WAITING_MAX = 5;
const TEXT_MAX = 200;

/** Applying for a role, and deciding on it; definitions in fhir/operations, rules in src/identity/access-applications.ts. */
export function accessApplicationOperations(parts: AccessApplicationParts): readonly Operation[] {
  const stored = storedResources(parts.engine);
  const operation = (code: string, level: 'type' | 'instance', endpoint: Endpoint): Operation => ({
    code,
    definition: `https://svar.example.org/fhir/OperationDefinition/PractitionerRole-${code}`,
    levels: [level],
    types: ['PractitionerRole'],
    affectsState: true,
    endpoint,
  });
  return [
    operation('apply', 'type', apply(parts, stored)),
    operation('approve', 'instance', decide(parts, 'approved')),
    operation('refuse', 'instance', decide(parts, 'refused')),
  ];
}

function apply({ interactions, clock, zone }: AccessApplicationParts, stored: StoredResources): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const who = caller.agent?.who ?? '';
    if (idIn(who, 'Practitioner') === undefined || !mayAtAll(caller, 'read', 'PractitionerRole')) {
      throw fhirError(403, 'forbidden', 'Only staff who have signed in apply for a role.');
    }
    const input = new OperationInput(exchange, ['role', 'registry', 'hospital', 'position', 'region', 'department']);
    const hospital = input.reference('hospital')?.reference;
    const application: AccessApplication = {
      role: words(input, 'role') ?? '',
      registry: input.reference('registry')?.reference ?? '',
      position: required(words(input, 'position'), 'position'),
      ...(hospital === undefined ? {} : { hospital }),
      ...optional('region', words(input, 'region')),
      ...optional('department', words(input, 'department')),
    };
    const fault = applicationFault(application);
    if (fault !== undefined) throw fhirError(422, 'business-rule', fault.text, `Parameters.parameter('${fault.name}')`);
    await requireRegistryAt(stored, application);
    const role = applied(application, who, clock.now());
    const others = await stored.search<PractitionerRole>('PractitionerRole', ['practitioner', who]);
    const same = others.filter(({ resource }) => asksForTheSame(resource, role));
    if (same.some(({ resource }) => isInForce(resource, clock.now(), zone))) {
      throw fhirError(422, 'duplicate', 'You hold this role already.');
    }
    const waiting = others.filter(({ resource }) => applicationStatus(resource) === 'requested');
    const asked = waiting.find(({ resource }) => asksForTheSame(resource, role));
    if (asked !== undefined) return textAnswer(exchange, JSON.stringify(asked.resource));
    if (waiting.length >= WAITING_MAX) {
      throw fhirError(422, 'throttled', `${WAITING_MAX} of your applications wait for a decision; no more are taken.`);
    }
    const body = { resource: role, text: JSON.stringify(role) };
    const created = await interactions.create(asServer(caller), 'PractitionerRole', body, {});
    return textAnswer(exchange, created.stored.content);
  };
}

/** A registry is applied for where it is held: the hospital has a study of it. */
async function requireRegistryAt(stored: StoredResources, { registry, hospital }: AccessApplication): Promise<void> {
  const plan = idIn(registry, 'PlanDefinition');
  if (plan === undefined || (await stored.read<PlanDefinition>('PlanDefinition', plan)) === undefined) {
    throw fhirError(422, 'not-found', 'There is no such registry.', "Parameters.parameter('registry')");
  }
  if (hospital === undefined) return;
  const id = idIn(hospital, 'Organization');
  const found = id === undefined ? undefined : await stored.read<Organization>('Organization', id);
  const studies = await stored.search<ResearchStudy>('ResearchStudy', ['protocol', registry], ['status', 'active']);
  if (found === undefined || !studies.some(({ resource }) => resource.sponsor?.reference === hospital)) {
    throw fhirError(
      422,
      'not-found',
      'No such hospital takes part in the registry.',
      "Parameters.parameter('hospital')",
    );
  }
}

function decide({ interactions, clock, zone }: AccessApplicationParts, decision: 'approved' | 'refused'): Endpoint {
  return async (exchange) => {
    const { caller, route } = exchange;
    const id = 'id' in route ? (route.id ?? '') : '';
    const who = caller.agent?.who ?? '';
    if (idIn(who, 'Practitioner') === undefined || !mayAtAll(caller, 'update', 'PractitionerRole')) {
      throw fhirError(403, 'forbidden', 'Only coordinators decide on applications.');
    }
    const reason = words(new OperationInput(exchange, ['reason']), 'reason');
    const found = await interactions.read(caller, 'PractitionerRole', id);
    const role = JSON.parse(found.content) as PractitionerRole;
    const { agent, tenant, registry } = caller;
    const fault = decisionFault(role, {
      who,
      role: agent?.role ?? '',
      ...(tenant === undefined ? {} : { hospital: tenant.reference }),
      ...(registry === undefined ? {} : { registry }),
    });
    if (fault !== undefined) throw fhirError(403, 'forbidden', fault);
    const now = clock.now();
    const next = decided(role, decision, {
      ...{ who, now, today: dateIn(now, zone) },
      ...(reason === undefined ? {} : { reason }),
    });
    const notice = noticeOfDecision(role, caller.language ?? 'nb');
    const entries: TransactionEntry[] = [
      {
        method: 'PUT',
        url: `PractitionerRole/${id}`,
        body: { resource: next, text: JSON.stringify(next) },
        ifMatch: found.version,
      },
      { method: 'POST', url: 'Communication', body: { resource: notice, text: JSON.stringify(notice) } },
    ];
    await interactions.transaction(asServer(caller), entries);
    return textAnswer(exchange, (await interactions.read(asServer(caller), 'PractitionerRole', id)).content);
  };
}

function words(input: OperationInput, name: string): string | undefined {
  const text = input.text(name)?.trim();
  if (text !== undefined && text.length > TEXT_MAX) {
    throw fhirError(400, 'too-long', `At most ${TEXT_MAX} characters.`, `Parameters.parameter('${name}')`);
  }
  return text === '' ? undefined : text;
}

function required(text: string | undefined, name: string): string {
  if (text === undefined) throw fhirError(400, 'required', `${name} is required.`, `Parameters.parameter('${name}')`);
  return text;
}

function optional<Name extends string>(name: Name, text: string | undefined): { [N in Name]?: string } {
  return (text === undefined ? {} : { [name]: text }) as { [N in Name]?: string };
}
