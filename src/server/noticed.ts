import type { IncomingMessage } from 'node:http';
import type { Audit } from '../audit/audit.ts';
import { TooManyRequests } from '../http/rates.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';

type CallerOf = (request: IncomingMessage) => Caller | Promise<Caller>;

/** Who asks, where those who are turned away at the door are counted, and now and then told by a row of the audit. */
export function noticed(
  callerOf: CallerOf,
  audit: Pick<Audit, 'refused'>,
): (request: IncomingMessage) => Promise<Caller> {
  return async (request) => {
    try {
      return await callerOf(request);
    } catch (problem) {
      if (problem instanceof FhirError) {
        audit.refused(problem.status, problem instanceof TooManyRequests ? problem.caller : undefined);
      }
      throw problem;
    }
  };
}
