import type { Resource } from '@medplum/fhirtypes';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Caller } from '../../model/caller.ts';
import { FhirError, fhirError, operationOutcome } from '../../model/issue.ts';
import type { SearchParameters } from '../../search/parameters.ts';
import type { SignInCookies } from '../accounts/cookies.ts';
import { SignInRefused } from '../accounts/refusal.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Circumstances, Progress, SignIn } from '../accounts/sign-in.ts';
import type { RoleChoice } from '../accounts/sign-in-step.ts';
import type { Identify } from '../identify.ts';
import type { Identity } from '../identity.ts';
import type { IssueCode } from '../oauth/issue-code.ts';
import { languageOf } from '../pages/language.ts';
import { wordsIn } from '../pages/words.ts';
import { Unauthenticated } from '../unauthenticated.ts';
import { schemaAnswer, schemaType } from './schema-query.ts';
import { PROJECT, sessionDetails } from './session-details.ts';

export interface MedplumParts {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly cookies: SignInCookies;
  readonly identify: Identify;
  readonly callerOf: (identity: Identity) => Promise<Caller>;
  readonly rolesOf: (fhirUser: string) => Promise<readonly RoleChoice[]>;
  readonly issueCode: IssueCode;
  /** Reads a resource as somebody, audited; undefined where they may not, or it is not there. */
  readonly readAs: (caller: Caller, reference: string) => Promise<Resource | undefined>;
  readonly parameters: () => SearchParameters;
  readonly addressOf: (request: Request) => string;
  /** Where FHIR is, as `/fhir/R4`. */
  readonly fhirPath: string;
}

const BODY_BYTES_MAX = 16 * 1024;
const TEXT_MAX = 4096;

/**
 * Sign-in as MedplumClient and @medplum/react's SignInForm do it: `auth/method`, `auth/login`, `auth/mfa/…`,
 * `auth/profile` (a membership is a role), `auth/me`, `oauth2/logout`, and the one GraphQL query that they need. The
 * code is exchanged at the token endpoint of src/identity/oauth.
 */
export function medplumRoutes(parts: MedplumParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  // MedplumClient sends what is no FHIR as application/fhir+json too
  const json = express.json({ limit: BODY_BYTES_MAX, type: ['application/json', 'application/fhir+json'] });
  const post = (path: string, handle: Handler) => router.post(path, json, answered(handle));

  post('/auth/method', async () => ({}));
  post('/auth/login', (request) => login(parts, request));
  post('/auth/mfa/verify', async (request) =>
    stepOf(parts, await parts.signIn.showCode(text(request, 'login'), text(request, 'token'))),
  );
  post('/auth/mfa/login-enroll', async (request) =>
    stepOf(parts, await parts.signIn.enrol(text(request, 'login'), text(request, 'token'))),
  );
  post('/auth/profile', async (request) =>
    stepOf(parts, await parts.signIn.chooseRole(text(request, 'login'), text(request, 'profile'))),
  );
  router.get(
    '/auth/me',
    answered((request) => me(parts, request)),
  );
  post('/oauth2/logout', async (request, response) => {
    const identity = await parts.identify(request);
    if (identity?.kind === 'person') await parts.sessions.revoke(identity.session);
    response.append('set-cookie', parts.cookies.setSession(undefined));
    return {};
  });
  post(`${parts.fhirPath}/$graphql`, async (request) => {
    if ((await parts.identify(request)) === undefined) throw new Unauthenticated();
    const type = schemaType(text(request, 'query'));
    if (type === undefined) {
      const only = 'GraphQL is not offered here, but for the query of MedplumClient.requestSchema(); use search.';
      throw fhirError(400, 'not-supported', only, 'query');
    }
    return schemaAnswer(type, parts.parameters());
  });
  return router;
}

type Handler = (request: Request, response: Response) => Promise<object>;

function answered(handle: Handler) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    try {
      response.json(await handle(request, response));
    } catch (problem) {
      const refusal = problem instanceof SignInRefused ? told(problem, request, response) : problem;
      if (!(refusal instanceof FhirError)) return next(problem);
      if (refusal instanceof Unauthenticated) response.set('www-authenticate', refusal.challenge);
      response
        .status(refusal.status)
        .type('application/fhir+json')
        .send(JSON.stringify(operationOutcome(refusal.issues)));
    }
  };
}

/** 400, as at Medplum: at 401 MedplumClient would take its user for signed out. */
function told({ reason }: SignInRefused, request: Request, response: Response): FhirError {
  const words = wordsIn(languageOf(undefined, request.headers['accept-language']));
  if (reason.kind !== 'wait') return fhirError(400, 'security', words.refusal(reason));
  if (reason.wait_ms !== undefined) response.set('retry-after', String(Math.ceil(reason.wait_ms / 1000)));
  return fhirError(429, 'throttled', words.refusal(reason));
}

async function login(parts: MedplumParts, request: Request): Promise<object> {
  const codeChallenge = text(request, 'codeChallenge');
  if (text(request, 'codeChallengeMethod') !== 'S256' || codeChallenge === '') {
    throw fhirError(400, 'required', 'A code challenge by S256 is needed (RFC 7636).', 'codeChallenge');
  }
  const asked = {
    kind: 'client',
    client: text(request, 'clientId'),
    scope: text(request, 'scope'),
    codeChallenge,
  } as const;
  const circumstances = circumstancesOf(parts, request);
  return stepOf(
    parts,
    await parts.signIn.begin(text(request, 'email'), text(request, 'password'), asked, circumstances),
  );
}

/** What SignInForm shows next. The ticket is its `login`. */
async function stepOf(parts: MedplumParts, progress: Progress): Promise<object> {
  const { ticket, step } = progress;
  const begun = { login: ticket };
  switch (step.kind) {
    case 'code':
      return { ...begun, mfaRequired: true, mfaMethods: ['totp'] };
    case 'enrol': {
      const { uri } = await parts.signIn.enrolment(ticket);
      return { ...begun, mfaEnrollRequired: true, allowedMfaMethods: ['totp'], enrollUri: uri };
    }
    case 'role':
      return { ...begun, memberships: step.roles.map(membershipOf) };
    case 'new-password':
      throw fhirError(400, 'security', 'A password that was sent is changed on the page /sign-in first.');
    case 'done':
      return codeOf(parts, ticket);
  }
}

function membershipOf({ id, title }: RoleChoice): object {
  return {
    resourceType: 'ProjectMembership',
    id,
    project: PROJECT,
    profile: { reference: `PractitionerRole/${id}`, display: title },
  };
}

async function codeOf(parts: MedplumParts, ticket: string): Promise<object> {
  const { session, asked } = await parts.signIn.finish(ticket);
  if (asked.kind !== 'client') throw new SignInRefused({ kind: 'ended' });
  const { subject: account, fhirUser = '', role, strength, id, created } = session;
  const code = await parts.issueCode({
    who: {
      ...{ account, fhirUser, strength, session: id, at: Math.floor(created / 1000) },
      ...(role === undefined ? {} : { role }),
    },
    ...(asked.client === '' ? {} : { client: asked.client }),
    ...(asked.scope === '' ? {} : { scope: asked.scope }),
    codeChallenge: asked.codeChallenge,
  });
  if (code === undefined) {
    await parts.sessions.revoke(id);
    const why = 'This client may not sign people in without a redirect, or not with this scope.';
    throw fhirError(400, 'forbidden', why, 'clientId');
  }
  return { login: ticket, code };
}

async function me(parts: MedplumParts, request: Request): Promise<object> {
  const identity = await parts.identify(request);
  if (identity === undefined) throw new Unauthenticated();
  const caller = await parts.callerOf(identity);
  const { fhirUser, role } = identity;
  const profile = fhirUser === undefined ? undefined : await parts.readAs(caller, fhirUser);
  const roles = fhirUser === undefined ? [] : await parts.rolesOf(fhirUser);
  return sessionDetails(identity, caller, profile, roles.find(({ id }) => id === role)?.title ?? '');
}

function circumstancesOf({ addressOf }: MedplumParts, request: Request): Circumstances {
  return { address: addressOf(request), language: languageOf(undefined, request.headers['accept-language']) };
}

/** A text of the body; empty where it is missing, too long, or no text. */
function text(request: Request, name: string): string {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' && value.length <= TEXT_MAX ? value : '';
}
