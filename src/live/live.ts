import type { IncomingMessage, Server } from 'node:http';
import type { Subscription } from '@medplum/fhirtypes';
import express, { type Request, type Response, type Router } from 'express';
import type pg from 'pg';
import { mayAtAll } from '../access/predicate.ts';
import type { CallerOf } from '../identity/caller-of.ts';
import type { Identity } from '../identity/identity.ts';
import { OWN_CLIENT } from '../identity/oauth/built-in-clients.ts';
import { LIFETIMES } from '../identity/oauth/lifetimes.ts';
import { Unauthenticated } from '../identity/unauthenticated.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { error, FhirError, operationOutcome } from '../model/issue.ts';
import type { RestHandle, RestRequest, RestResponse } from '../rest/exchange.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { Binding } from './binding.ts';
import { bindingToken, readBindingToken } from './binding-token.ts';
import { Changes, type ChangesLog } from './changes.ts';
import { LiveSubscriptions } from './live-subscriptions.ts';
import { SOCKET_PATH, serveSockets } from './sockets.ts';

export interface LiveParts {
  readonly db: pg.Pool;
  readonly databaseUrl: string;
  readonly handle: RestHandle;
  /** Of the server, without /fhir/R4 and without a slash at the end. */
  readonly baseUrl: string;
  /** Where FHIR is below it. */
  readonly fhirPath: string;
  readonly secrets: Secrets;
  /** The machine's time, by which sign-ins and tokens live. */
  readonly clock: Clock;
  /** The time that resources are stored by, a test clock's too. */
  readonly storedNow: () => Promise<Date>;
  readonly identify: (request: IncomingMessage) => Promise<Identity | undefined>;
  readonly callerOf: CallerOf;
  /** Those of these sign-ins that are not over. */
  readonly standing: <I extends Identity>(asked: readonly I[]) => Promise<ReadonlySet<I>>;
  /** By what limits count a request. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly log: ChangesLog;
}

export interface Live {
  /** FHIR, which takes subscriptions by websocket too. */
  readonly handle: RestHandle;
  /** `Subscription/[id]/$get-ws-binding-token`, which needs to know who asks; to be asked before FHIR. */
  readonly router: Router;
  /** To be told what this process commits. */
  committed(types: ReadonlySet<string>): void;
  /** Takes connections. */
  serve(server: Server): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const CRITERIA = /^([A-Z][A-Za-z]{1,63})(\?[^#\s]*)?$/;
const CRITERIA_CHARACTERS_MAX = 2000;
/** MedplumClient asks for a new one five minutes before. */
const TOKEN_MS = 3_600_000;
/** As long as the access token of an app: one that is taken from it is worth nothing here either, ten minutes later. */
const APP_TOKEN_MS = LIFETIMES.accessToken * 1000;

/** Tells open pages what has changed: docs/decisions/0073-live.md. */
export function createLive(parts: LiveParts): Live {
  const { clock, secrets, baseUrl, fhirPath } = parts;
  const subscriptions = new LiveSubscriptions(parts.db, clock, secrets);
  const changes = new Changes(parts.databaseUrl, parts.log);
  let endSockets = (): void => undefined;
  const router = express.Router();
  router.get(`${fhirPath}/Subscription/:id/$get-ws-binding-token`, async (request: Request, response: Response) => {
    const identity = await parts.identify(request).catch(nobodyWhere);
    if (identity === undefined) return refuse(response, 401, 'security', 'Sign in first.');
    const subscription = await subscriptions.prolong(String(request.params.id), identity.session);
    if (subscription === undefined) {
      return refuse(response, 404, 'not-found', 'There is no such subscription by websocket of this sign-in.');
    }
    const expires = clock.now().getTime() + (identity.client === OWN_CLIENT ? TOKEN_MS : APP_TOKEN_MS);
    response.set('cache-control', 'no-store').json({
      resourceType: 'Parameters',
      parameter: [
        { name: 'token', valueString: bindingToken(secrets, { identity, subscription, expires }) },
        { name: 'expiration', valueDateTime: new Date(expires).toISOString() },
        { name: 'websocket-url', valueUrl: baseUrl.replace(/^http/, 'ws') + SOCKET_PATH },
      ],
    });
  });
  return {
    router,
    async handle(caller, request) {
      const asked = isCreate(request) ? websocketSubscription(request.body) : undefined;
      return asked === undefined
        ? parts.handle(caller, request)
        : subscribe(parts, subscriptions, caller, request, asked);
    },
    committed: (types) => changes.committed(types),
    serve(server) {
      endSockets = serveSockets(server, {
        bind(token) {
          const bound = readBindingToken(secrets, token, clock.now().getTime());
          if (bound === undefined) return undefined;
          const { identity, subscription, expires } = bound;
          return {
            ...{ id: subscription.id, binding: bindingOf(parts, identity, subscription.criteria) },
            ...{ identity, expires, person: identity.fhirUser ?? identity.subject },
          };
        },
        addressOf: parts.addressOf,
        standing: (opened) => standing(parts, opened),
        listen: (listener) => changes.listen(listener),
        now: () => clock.now(),
        log: parts.log,
      });
    },
    start: () => changes.start(),
    async stop() {
      endSockets();
      await changes.stop();
    },
  };
}

function bindingOf(parts: LiveParts, identity: Identity, criteria: string): Binding {
  return new Binding(criteria, {
    handle: parts.handle,
    fhirBase: parts.baseUrl + parts.fhirPath,
    now: parts.storedNow,
    async caller() {
      if (!(await parts.standing([identity])).has(identity)) return undefined;
      return parts.callerOf(identity).catch(onlyRefused);
    },
  });
}

/** What is bound and whose sign-in stands, and whose role may still make such a search. */
async function standing<O extends { readonly identity: Identity; readonly binding: Binding }>(
  parts: LiveParts,
  opened: readonly O[],
): Promise<ReadonlySet<O>> {
  const stand = await parts.standing(opened.map(({ identity }) => identity));
  const kept = new Set<O>();
  for (const one of opened) {
    if (!stand.has(one.identity)) continue;
    const caller = await parts.callerOf(one.identity).catch(onlyRefused);
    if (caller !== undefined && mayAtAll(caller, 'search', one.binding.type)) kept.add(one);
  }
  return kept;
}

/** Who is nobody any more; a database that is away ends no connection. */
function onlyRefused(problem: unknown): undefined {
  if (!(problem instanceof FhirError)) throw problem;
}

function isCreate({ method, path }: RestRequest): boolean {
  return method === 'POST' && /^\/?Subscription\/?$/.test(path);
}

/** The subscription in a body where it is one by websocket; undefined for all else, which FHIR's own create judges. */
function websocketSubscription(body: Buffer | undefined): Partial<Subscription> | undefined {
  if (body === undefined || body.length > 4 * CRITERIA_CHARACTERS_MAX) return undefined;
  try {
    const read = JSON.parse(body.toString()) as Partial<Subscription> | null;
    return read?.resourceType === 'Subscription' && read.channel?.type === 'websocket' ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Who may make the search may listen to it. It is nothing that is stored as a resource: it ends with the page. */
async function subscribe(
  { handle, baseUrl, fhirPath, clock }: LiveParts,
  subscriptions: LiveSubscriptions,
  caller: Caller,
  request: RestRequest,
  asked: Partial<Subscription>,
): Promise<RestResponse> {
  const interaction = 'POST Subscription [websocket]';
  const { criteria } = asked;
  const read =
    typeof criteria === 'string' && criteria.length <= CRITERIA_CHARACTERS_MAX ? CRITERIA.exec(criteria) : null;
  const { session, who = '' } = caller.agent ?? {};
  if (read === null || typeof criteria !== 'string') {
    return refusal(
      interaction,
      422,
      'value',
      'criteria is a search of one type, as Task?status=requested.',
      'Subscription.criteria',
    );
  }
  if (session === undefined || who.startsWith('Device/')) {
    return refusal(
      interaction,
      403,
      'forbidden',
      'Only a person who has signed in can be told of changes by websocket.',
    );
  }
  const [, type, query = '?'] = read;
  const tried = await handle(caller, {
    ...{ method: 'GET', path: `/${type}`, query: `${query.slice(1)}&_count=0`, baseUrl: request.baseUrl },
    headers: { prefer: 'handling=strict', 'accept-language': request.headers['accept-language'] },
  });
  if (tried.status !== 200) return { ...tried, interaction };
  const { id } = await subscriptions.create(session, criteria);
  const made: Subscription = {
    resourceType: 'Subscription',
    id,
    meta: { versionId: '1', lastUpdated: clock.now().toISOString() },
    status: 'active',
    reason: asked.reason ?? 'An open page',
    criteria,
    channel: { type: 'websocket' },
  };
  return {
    interaction,
    status: 201,
    headers: { ...JSON_HEADERS, location: `${baseUrl}${fhirPath}/Subscription/${id}` },
    body: JSON.stringify(made),
  };
}

const JSON_HEADERS = { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' };

function refusal(interaction: string, status: number, code: Code, text: string, at?: string): RestResponse {
  return {
    interaction,
    status,
    headers: JSON_HEADERS,
    body: JSON.stringify(operationOutcome([error(code, text, ...(at === undefined ? [] : [at]))])),
  };
}

function refuse(response: Response, status: number, code: Code, text: string): void {
  response
    .status(status)
    .set(JSON_HEADERS)
    .send(JSON.stringify(operationOutcome([error(code, text)])));
}

type Code = Parameters<typeof error>[0];

function nobodyWhere(problem: unknown): undefined {
  if (!(problem instanceof Unauthenticated)) throw problem;
}
