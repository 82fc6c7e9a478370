import type { IncomingMessage, ServerResponse } from 'node:http';
import { Unauthenticated } from '../identity/unauthenticated.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError, operationOutcome } from '../model/issue.ts';
import type { RestHandle, RestResponse } from '../rest/exchange.ts';
import { BodyBudget, ClientGone, readBody } from './body.ts';
import type { Observer } from './observer.ts';
import { TooManyRequests } from './rates.ts';
import { send } from './send.ts';

export interface FhirOptions {
  readonly handle: RestHandle;
  /** Who asks; a FhirError (401) refuses. */
  readonly callerOf: (request: IncomingMessage) => Caller | Promise<Caller>;
  /** Absolute, without a trailing slash, the FHIR path included. */
  readonly fhirBase: string;
  readonly bodyBytesMax: number;
  /** Requests that may be under way at once; more are told to come back. */
  readonly requestsMax: number;
  readonly observer: Observer;
}

/** Carries FHIR over HTTP: `url` is below the mount. Everything that FHIR says about a request is the REST face's. */
export function fhirHandler(options: FhirOptions): (request: IncomingMessage, response: ServerResponse) => void {
  // Four of the largest bodies at once, or any number of small ones.
  const budget = new BodyBudget(4 * options.bodyBytesMax);
  let underWay = 0;
  return (request, response) => {
    const observed = options.observer.start(request);
    underWay += 1;
    const answer = underWay > options.requestsMax ? Promise.resolve(busy) : answered(request, options, budget);
    answer
      .then((result) =>
        send(request, response, withRequestId(result, observed.id)).then((bytes) => ({ result, bytes })),
      )
      .then(
        ({ result, bytes }) => observed.done(result.interaction, result.status, bytes),
        (error: unknown) => {
          if (!(error instanceof ClientGone)) {
            options.observer.failed(observed.id, error);
          }
          response.destroy();
          observed.done(`${request.method} [aborted]`, 499, 0);
        },
      )
      .finally(() => {
        underWay -= 1;
      });
  };
}

async function answered(request: IncomingMessage, options: FhirOptions, budget: BodyBudget): Promise<RestResponse> {
  const { method = 'GET', url = '/' } = request;
  let body: Buffer | undefined;
  try {
    const given = options.callerOf(request);
    const caller = given instanceof Promise ? await given : given;
    body = takesBody(method) ? await readBody(request, options.bodyBytesMax, budget) : undefined;
    const mark = url.indexOf('?');
    return await options.handle(caller, {
      method,
      path: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? undefined : url.slice(mark + 1),
      // The only header that Node gives as a list, Set-Cookie, belongs to responses.
      headers: request.headers as Record<string, string | undefined>,
      body,
      baseUrl: options.fhirBase,
    });
  } catch (error) {
    if (error instanceof FhirError) {
      const refused = refusal(error, `${method} [refused]`);
      if (error instanceof Unauthenticated) return withHeader(refused, 'www-authenticate', error.challenge);
      return error instanceof TooManyRequests
        ? withHeader(refused, 'retry-after', String(error.retryAfterSeconds))
        : refused;
    }
    throw error;
  } finally {
    budget.giveBack(body?.length ?? 0);
  }
}

function takesBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

function refusal({ status, issues }: FhirError, interaction: string): RestResponse {
  return {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'private, no-store' },
    body: JSON.stringify(operationOutcome(issues)),
    interaction,
  };
}

const throttled = new FhirError(503, [
  {
    severity: 'error',
    code: 'throttled',
    diagnostics: 'The server has more requests than it takes; try again shortly.',
  },
]);

const busy: RestResponse = withHeader(refusal(throttled, '[throttled]'), 'retry-after', '1');

function withRequestId(response: RestResponse, id: string): RestResponse {
  return withHeader(response, 'x-request-id', id);
}

function withHeader(response: RestResponse, name: string, value: string): RestResponse {
  return { ...response, headers: { ...response.headers, [name]: value } };
}
