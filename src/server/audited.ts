import type { Audit } from '../audit/audit.ts';
import { operationOutcome } from '../model/issue.ts';
import type { RestHandle, RestResponse } from '../rest/exchange.ts';

export interface AuditedLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * FHIR's REST face, audited: an answer leaves once it is stored what it tells, and to whom. Where that can't be stored, the
 * answer is refused (fail closed).
 */
export function audited(handle: RestHandle, audit: Audit, log: AuditedLog): RestHandle {
  return async (caller, request) => {
    const witness = audit.witness();
    const response = await handle({ ...caller, witness }, request);
    try {
      await audit.record(caller, witness, response.status);
    } catch (err) {
      log.error({ err, interaction: response.interaction }, 'an answer was refused: it could not be audited');
      return unaudited(response);
    }
    return response;
  };
}

function unaudited({ interaction }: RestResponse): RestResponse {
  const diagnostics =
    'The access could not be recorded, so it is refused; what was being written may be stored. Try again in a moment.';
  return {
    status: 503,
    headers: {
      'content-type': 'application/fhir+json; charset=utf-8',
      'cache-control': 'private, no-store',
      'retry-after': '1',
    },
    body: JSON.stringify(operationOutcome([{ severity: 'error', code: 'transient', diagnostics }])),
    interaction,
  };
}
