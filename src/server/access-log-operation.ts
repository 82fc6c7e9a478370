import { randomUUID } from 'node:crypto';
import { accessLog } from '../audit/access-log.ts';
import { namesIn } from '../audit/names.ts';
import { timeOf } from '../interactions/query-values.ts';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from '../rest/answer.ts';
import type { Operation } from '../rest/operations.ts';
import { type AuditEventParts, type AuditEvents, requireAuditEvents } from './audit-events.ts';

/** Entries of one document; more are asked for by earlier times. */
const ENTRIES_MAX = 2000;

/**
 * Patient/[id]/$access-log: who has seen a record, as a document in the language of the request and as AuditEvents.
 * `start` and `end` narrow the time.
 */
export function accessLogOperation(
  events: AuditEvents,
  { db }: Pick<AuditEventParts, 'db'>,
  timeZone: string,
  now: () => Date,
): Operation {
  return {
    code: 'access-log',
    definition: 'https://svar.example.org/fhir/OperationDefinition/Patient-access-log',
    levels: ['instance'],
    types: ['Patient'],
    affectsState: false,
    async endpoint(exchange) {
      const { caller, query, route, request } = exchange;
      requireAuditEvents(caller, 'search');
      if (route.kind !== 'operation' || route.id === undefined) {
        throw fhirError(400, 'not-supported', '$access-log is asked of one patient: Patient/[id]/$access-log.');
      }
      if (query.some(([name]) => name !== 'start' && name !== 'end')) {
        throw fhirError(400, 'not-supported', '$access-log takes start and end only.');
      }
      const patientId = route.id;
      const patient = await events.patient(caller, patientId);
      const [start, end] = [timeOf(query, 'start')?.lo, timeOf(query, 'end')?.hi];
      const times = { ...(start === undefined ? {} : { from: start }), ...(end === undefined ? {} : { to: end }) };
      const entries = await events.entries(caller, patient, patientId, times, ENTRIES_MAX);
      const names = await namesIn(db, entries);
      const rendered = entries.map((entry) => events.event(entry, patientId, names));
      const document = accessLog(entries, rendered, {
        language: caller.language ?? 'nb',
        timeZone,
        patientId,
        names,
        now: now(),
        baseUrl: request.baseUrl,
        uuid: randomUUID,
      });
      return textAnswer(exchange, JSON.stringify(document));
    },
  };
}
