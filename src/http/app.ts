import type { IncomingMessage } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import type { Registry } from 'prom-client';
import type { Caller } from '../model/caller.ts';
import { error, operationOutcome } from '../model/issue.ts';
import type { RestHandle } from '../rest/exchange.ts';
import type { Network } from '../runtime/network.ts';
import { cors } from './cors.ts';
import { fhirHandler } from './fhir.ts';
import { httpsAlone } from './https-alone.ts';
import { createObserver, type HttpLog } from './observer.ts';
import { addProbes, type Health } from './probes.ts';
import { hsts, securityHeaders } from './security-headers.ts';
import { send } from './send.ts';

/** Where FHIR is mounted. */
export const FHIR_PATH = '/fhir/R4';

/** Below FHIR's base, but of other rooms: SMART's configuration, and what MedplumClient needs besides FHIR. */
const BESIDE_FHIR =
  /^\/fhir\/R4\/(?:\.well-known\/|\$graphql(?:\?|$)|Subscription\/[^/?]+\/\$get-ws-binding-token(?:\?|$))/;

export interface HttpSettings {
  /** At which clients reach the server: absolute, without /fhir/R4 and without a trailing slash. */
  readonly baseUrl: string;
  /** 52428800 where not given: 50 MiB. */
  readonly bodyBytesMax?: number;
  readonly requestsMax?: number;
  /** Nothing but https, to this server or to one of these proxies; whatever comes where not given. */
  readonly httpsAlone?: readonly Network[];
  /** Origins whose web pages may call; none where not given. */
  readonly corsOrigins?: readonly string[];
}

export interface HttpOptions {
  readonly handle: RestHandle;
  readonly callerOf: (request: IncomingMessage) => Caller | Promise<Caller>;
  readonly health: Health;
  readonly metrics: Registry;
  /** Who may read /metrics; anybody where not given. */
  readonly mayReadMetrics?: (request: IncomingMessage) => Promise<boolean>;
  readonly settings: HttpSettings;
  /** Whether pages of an origin may call beside those of the settings: those of registered clients. */
  readonly allowsOrigin?: (origin: string) => Promise<boolean>;
  readonly log: HttpLog;
  /** Routes of other rooms, such as the test clock. */
  readonly more?: Router;
}

const BODY_BYTES_MAX = 50 * 1024 * 1024;
const REQUESTS_MAX = 2000;

/** The whole server over HTTP: FHIR at /fhir/R4, probes and metrics beside it. */
export function createHttp(options: HttpOptions): Express {
  const { handle, callerOf, health, metrics, mayReadMetrics, settings, log, more } = options;
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  const secure = settings.baseUrl.startsWith('https:');
  if (secure) {
    app.use(hsts);
  }
  if (settings.httpsAlone !== undefined) {
    app.use(httpsAlone(settings.httpsAlone));
  }
  app.use(FHIR_PATH, cors(settings.corsOrigins ?? [], options.allowsOrigin));
  if (more !== undefined) {
    app.use((request: Request, response: Response, next: NextFunction) => {
      if (BESIDE_FHIR.test(request.url)) more(request, response, next);
      else next();
    });
  }
  app.use(
    FHIR_PATH,
    fhirHandler({
      handle,
      callerOf,
      fhirBase: settings.baseUrl + FHIR_PATH,
      bodyBytesMax: settings.bodyBytesMax ?? BODY_BYTES_MAX,
      requestsMax: settings.requestsMax ?? REQUESTS_MAX,
      observer: createObserver(log, metrics),
    }),
  );
  addProbes(app, health, metrics, mayReadMetrics);
  if (more !== undefined) {
    app.use(securityHeaders(secure), more);
  }
  app.use((request: Request, response: Response) => {
    void refuse(request, response, 404, `There is nothing here; FHIR is at ${FHIR_PATH}.`);
  });
  app.use((problem: unknown, request: Request, response: Response, _next: NextFunction) => {
    const status = statusOf(problem);
    if (status >= 500) {
      log.error({ kind: problem instanceof Error ? problem.name : typeof problem }, 'a route failed');
    }
    void refuse(request, response, status, status >= 500 ? 'The server failed.' : 'The request cannot be understood.');
  });
  return app;
}

/** Express marks what is wrong with the request itself by a status below 500. */
function statusOf(problem: unknown): number {
  const status = problem instanceof Error && 'status' in problem ? problem.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function refuse(request: Request, response: Response, status: number, diagnostics: string): Promise<number> {
  const code = status === 404 ? 'not-found' : status >= 500 ? 'exception' : 'invalid';
  return send(request, response, {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(operationOutcome([error(code, diagnostics)])),
  });
}
