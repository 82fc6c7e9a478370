import type { AuditEvent, AuditEventAgent, AuditEventEntity } from '@medplum/fhirtypes';
import type { AuditEntry } from './look-up.ts';

/** What people and hospitals are called now, by their references: the audit itself holds no names. */
export type Names = ReadonlyMap<string, string>;

const SYSTEM = {
  event: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  interaction: 'http://hl7.org/fhir/restful-interaction',
  entity: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  entityRole: 'http://terminology.hl7.org/CodeSystem/object-role',
  client: 'https://svar.example.org/fhir/sid/client',
  role: 'https://svar.example.org/fhir/CodeSystem/role',
} as const;

/** FHIR R4 valueset-audit-event-action.html; an operation executes. */
const ACTIONS: Readonly<Record<string, AuditEvent['action']>> = {
  create: 'C',
  read: 'R',
  vread: 'R',
  'history-instance': 'R',
  'history-type': 'R',
  'history-system': 'R',
  'search-type': 'R',
  'search-system': 'R',
  update: 'U',
  patch: 'U',
  transaction: 'U',
  delete: 'D',
};

export function actionOf(interaction: string): NonNullable<AuditEvent['action']> {
  return ACTIONS[interaction] ?? 'E';
}

/** A row of the audit as FHIR tells it (http://hl7.org/fhir/R4/auditevent.html); never stored as a resource. */
export function auditEvent(entry: AuditEntry, id: string, patientId: string, names: Names): AuditEvent {
  const { interaction, operation, at, status } = entry;
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { versionId: '1', lastUpdated: new Date(at).toISOString() },
    type: { system: SYSTEM.event, code: 'rest', display: 'Restful Operation' },
    subtype: [
      { system: SYSTEM.interaction, code: interaction },
      ...(operation === undefined ? [] : [{ display: `$${operation}` }]),
    ],
    action: actionOf(interaction),
    recorded: new Date(at).toISOString(),
    outcome: status < 400 ? '0' : status < 500 ? '4' : '8',
    outcomeDesc: `HTTP ${status}`,
    agent: agentsOf(entry, names),
    source: { observer: { display: 'Svar' } },
    entity: entitiesOf(entry, patientId),
  };
}

function agentsOf({ agent }: AuditEntry, names: Names): AuditEventAgent[] {
  if (agent === undefined) {
    return [{ who: { display: 'unknown' }, requestor: true }];
  }
  const { who, role, client, organization, cause } = agent;
  return [
    { role: [{ coding: [{ system: SYSTEM.role, code: role }] }], who: named(who, names), requestor: true },
    ...(cause === undefined
      ? []
      : [
          {
            role: [{ coding: [{ system: SYSTEM.role, code: cause.role }] }],
            who: named(cause.who, names),
            requestor: false,
          },
        ]),
    ...(organization === undefined ? [] : [{ who: named(organization, names), requestor: false }]),
    { who: { identifier: { system: SYSTEM.client, value: client } }, requestor: false },
  ];
}

/** A device is a program that has no resource of its own. */
function named(reference: string, names: Names) {
  if (reference.startsWith('Device/')) {
    const value = reference.slice('Device/'.length);
    return { identifier: { system: SYSTEM.client, value }, display: value };
  }
  const display = names.get(reference);
  return { reference, ...(display === undefined ? {} : { display }) };
}

function entitiesOf({ seen }: AuditEntry, patientId: string): AuditEventEntity[] {
  return [
    {
      what: { reference: `Patient/${patientId}` },
      type: { system: SYSTEM.entity, code: '1', display: 'Person' },
      role: { system: SYSTEM.entityRole, code: '1', display: 'Patient' },
    },
    ...seen.map(({ type, id, version }) => ({
      what: { reference: `${type}/${id}/_history/${version}` },
      type: { system: SYSTEM.entity, code: '2', display: 'System Object' },
      role: { system: SYSTEM.entityRole, code: '4', display: 'Domain Resource' },
    })),
  ];
}
