import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { error, operationOutcome } from '../model/issue.ts';
import type { Network } from '../runtime/network.ts';
import { isSecure } from './client-address.ts';
import { send } from './send.ts';

/** Asked from within the machine room, also without a proxy; they tell nothing of patients. */
const PROBES = /^\/(?:healthz|readyz|metrics)(?:\?|$)/;

/**
 * Refuses whatever did not come by https, to this server or to one of its proxies, before anything of it is looked at: a
 * password or a token that is sent in clear is not to work, so that it is noticed.
 */
export function httpsAlone(trusted: readonly Network[]): RequestHandler {
  return (request, response, next) => {
    if (PROBES.test(request.url) || isSecure(request as IncomingMessage, trusted)) return next();
    void send(request, response, {
      status: 403,
      headers: { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' },
      body: JSON.stringify(operationOutcome([error('forbidden', 'This server is reached by https alone.')])),
    });
  };
}
