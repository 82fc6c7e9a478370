import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import express, { type Response, type Router } from 'express';
import type { Caller } from '../model/caller.ts';
import { FhirError, fhirError } from '../model/issue.ts';
import type { RestHandle } from '../rest/exchange.ts';
import { Ask } from './ask.ts';
import { readCallback, readFormOrder } from './contract.ts';
import { placeOrder } from './place-order.ts';
import { takeCallback } from './take-callback.ts';

export interface EpromRouterParts {
  readonly handle: RestHandle;
  readonly fhirBase: string;
  /** Who asks, by the header Authorization; rejects where nobody is known. */
  readonly callerOf: (request: IncomingMessage) => Caller | Promise<Caller>;
  readonly link: (task: string) => Promise<string>;
  readonly now: () => Date;
  readonly log: { error(fields: Readonly<Record<string, unknown>>, message: string): void };
}

/** Answers of a long form, as a text. */
const BODY_BYTES_MAX = 1024 * 1024;

/**
 * The two addresses of the joint ePROM service's contract: `POST /webapi/api/v2/formorder`, by which another registry system
 * orders here, and `PUT /api/PromsFormOrder`, by which the service tells of orders that went through it. Both ask as the
 * system that calls: an OAuth client with its secret (`Authorization: Basic`), its hospital and its policy.
 */
export function epromRouter(parts: EpromRouterParts): Router {
  const router = express.Router();
  const body = express.json({ limit: BODY_BYTES_MAX });
  router.post('/webapi/api/v2/formorder', body, (request, response) =>
    answer(response, parts, async () => {
      const { ask, caller } = await asking(parts, request);
      const { now, link } = parts;
      const client = caller.agent?.client ?? '';
      return placeOrder({ ask, client, now: now(), newId: randomUUID, link }, readFormOrder(request.body));
    }),
  );
  router.put('/api/PromsFormOrder', body, (request, response) =>
    answer(response, parts, async () => {
      const { ask } = await asking(parts, request);
      await takeCallback(ask, readCallback(request.body));
      return { success: true };
    }),
  );
  return router;
}

/** Systems alone: a person orders and answers in Svar itself. @throws FhirError 401, 403 */
async function asking(parts: EpromRouterParts, request: IncomingMessage): Promise<{ ask: Ask; caller: Caller }> {
  const caller = await parts.callerOf(request);
  if (caller.access === 'none') throw fhirError(401, 'security', 'Sign in as a system: Authorization: Basic.');
  if (caller.agent?.who.startsWith('Device/') === false) throw fhirError(403, 'forbidden', 'This is for systems.');
  return { ask: new Ask(parts.handle, caller, parts.fhirBase), caller };
}

async function answer(response: Response, { log }: EpromRouterParts, work: () => Promise<object>): Promise<void> {
  try {
    response.json(await work());
  } catch (problem) {
    if (!(problem instanceof FhirError)) {
      log.error({ problem: problem instanceof Error ? problem.name : 'unknown' }, 'an ePROM request failed');
      response.status(500).json({ success: false, message: 'Something went wrong here. Try again.' });
      return;
    }
    if (problem.status === 401) response.set('www-authenticate', 'Basic realm="svar"');
    const message = problem.issues.map(({ diagnostics }) => diagnostics).join(' ');
    response.status(problem.status).json({ success: false, message });
  }
}
