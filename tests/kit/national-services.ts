import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Task } from '@medplum/fhirtypes';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, importJWK, type JWK, jwtVerify } from 'jose';

/** The services of which one can be out of order. */
export type Service = 'maskinporten' | 'krr' | 'helseid' | 'helsenorge' | 'digipost' | 'sms';

export interface Letter {
  /** The standard business document. */
  readonly sbd: {
    readonly standardBusinessDocumentHeader: {
      readonly receiver: readonly { readonly identifier: { readonly value: string } }[];
      readonly documentIdentification: { readonly instanceIdentifier: string };
    };
    readonly digital: Readonly<Record<string, unknown>>;
  };
  readonly text: string;
}

export interface Sms {
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly reference: string;
  /** The whole request but its credentials. */
  readonly source: string;
}

/** What a person is in the contact register, as it writes it. */
export type Registered = Readonly<Record<string, unknown>>;

export interface NationalServices {
  readonly url: string;
  /** By national number. */
  readonly people: Map<string, Registered>;
  /** National numbers of those who use Helsenorge. */
  readonly citizens: Set<string>;
  /** Services that answer 503. */
  readonly down: Set<Service>;
  /** Services that do what they are asked, once, and whose answer gets lost. */
  readonly mute: Set<Service>;
  readonly tasks: Task[];
  readonly letters: Letter[];
  readonly sms: Sms[];
  /** Which numbers each request to the register asked for. */
  readonly lookups: (readonly string[])[];
  /** The address of every request, with its query. */
  readonly addresses: string[];
  close(): Promise<void>;
}

const KRR_SCOPES = 'krr:global/kontaktinformasjon.read krr:global/digitalpost.read';
const HELSENORGE_SCOPE = 'nhn:helsenorge.eksternapi/oppgave';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** So short that each request needs another. */
const TOKEN_SECONDS = 10;
const NONCE = 'a-nonce-of-helseid';

/**
 * Maskinporten, KRR, HelseID, Helsenorge, an integration point of eFormidling and an SMS gateway, on one address of this
 * machine. They demand what the real ones document: signatures, audiences, scopes, lifetimes, proofs of possession, media
 * types, required fields; and know again what they have had.
 * @param publicKey by which the client `svar` signs
 */
export async function nationalServices(publicKey: JWK): Promise<NationalServices> {
  const key = await importJWK(publicKey, publicKey.alg);
  const kept = {
    people: new Map<string, Registered>(),
    citizens: new Set<string>(),
    down: new Set<Service>(),
    mute: new Set<Service>(),
    tasks: [] as Task[],
    letters: [] as Letter[],
    sms: [] as Sms[],
    lookups: [] as (readonly string[])[],
    addresses: [] as string[],
  };
  const late = { url: '' };
  let tokens = 0;
  const bearers = new Set<string>();
  /** Access tokens and the thumbprint of the key they are bound to. */
  const bound = new Map<string, string>();
  const seen = new Set<string>();

  const proofOf = async (request: IncomingMessage, path: string, token?: string) => {
    const { payload, protectedHeader } = await jwtVerify(String(request.headers.dpop), EmbeddedJWK, {
      typ: 'dpop+jwt',
    });
    const isThis = payload.htm === 'POST' && payload.htu === late.url + path && !seen.has(String(payload.jti));
    seen.add(String(payload.jti));
    const ath = token && createHash('sha256').update(token).digest('base64url');
    if (!isThis || payload.ath !== ath) throw new Error('the proof is for something else');
    return { thumbprint: await calculateJwkThumbprint(protectedHeader.jwk ?? {}), nonce: payload.nonce };
  };

  const routes: Record<string, [Service, (request: IncomingMessage, body: string) => Promise<Answer>]> = {
    '/maskinporten/token': [
      'maskinporten',
      async (_request, body) => {
        const form = new URLSearchParams(body);
        const issuer = `${late.url}/maskinporten/`;
        const { payload } = await jwtVerify(form.get('assertion') ?? '', key, { issuer: 'svar', audience: issuer });
        const lasts = (payload.exp ?? 0) - (payload.iat ?? 0);
        if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer' || lasts > 120) return [400, {}];
        if (payload.scope !== KRR_SCOPES || payload.jti === undefined) return [400, {}];
        tokens += 1;
        bearers.add(`m${tokens}`);
        return [
          200,
          { access_token: `m${tokens}`, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: KRR_SCOPES },
        ];
      },
    ],
    '/krr/rest/v1/personer': [
      'krr',
      async (request, body) => {
        if (!bearers.has(/^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) return [401, {}];
        const { personidentifikatorer: numbers } = JSON.parse(body) as { personidentifikatorer: string[] };
        if (numbers.length < 1 || numbers.length > 1000) return [400, {}];
        kept.lookups.push(numbers);
        const found = numbers.map((personidentifikator) => ({
          personidentifikator,
          ...(kept.people.get(personidentifikator) ?? {
            reservasjon: 'NEI',
            status: 'IKKE_REGISTRERT',
            varslingsstatus: 'KAN_IKKE_VARSLES',
          }),
        }));
        return [200, { personer: found }];
      },
    ],
    '/helseid/connect/token': [
      'helseid',
      async (request, body) => {
        const form = new URLSearchParams(body);
        const { thumbprint, nonce } = await proofOf(request, '/helseid/connect/token');
        if (nonce !== NONCE) return [400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': NONCE }];
        const assertion = form.get('client_assertion') ?? '';
        const { payload } = await jwtVerify(assertion, key, {
          ...{ issuer: 'svar', subject: 'svar', audience: `${late.url}/helseid`, typ: 'client-authentication+jwt' },
        });
        const organizations = JSON.stringify(payload.assertion_details ?? '');
        if (!organizations.includes('NO:ORGNR:983974724:974557746')) return [400, { error: 'invalid_request' }];
        if (decodeProtectedHeader(assertion).kid !== publicKey.kid) return [400, { error: 'invalid_client' }];
        const isAsked =
          form.get('grant_type') === 'client_credentials' &&
          form.get('client_assertion_type') === ASSERTION &&
          form.get('scope') === HELSENORGE_SCOPE;
        if (!isAsked) return [400, { error: 'invalid_request' }];
        tokens += 1;
        bound.set(`h${tokens}`, thumbprint);
        return [
          200,
          { access_token: `h${tokens}`, token_type: 'DPoP', expires_in: TOKEN_SECONDS, scope: HELSENORGE_SCOPE },
        ];
      },
    ],
    '/helsenorge/oppgave/v1/Task': [
      'helsenorge',
      async (request, body) => {
        const token = /^DPoP (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const { thumbprint } = await proofOf(request, '/helsenorge/oppgave/v1/Task', token);
        if (bound.get(token) !== thumbprint) return [401, {}];
        if (request.headers['content-type'] !== 'application/fhir+json') return [415, {}];
        const task = JSON.parse(body) as Task;
        const fault = taskFault(task);
        if (fault !== undefined) return [400, outcome(fault)];
        if (!kept.citizens.has(task.owner?.identifier?.value ?? '')) return [400, outcome('2118')];
        if (kept.tasks.some(({ identifier }) => identifier?.[0]?.value === task.identifier?.[0]?.value))
          return [409, {}];
        kept.tasks.push(task);
        return [201, { ...task, id: 'f25e035b-0000-4000-8000-000000000001' }];
      },
    ],
    '/eformidling/api/messages/out/multipart': [
      'digipost',
      async (request, body) => {
        const expected = `Basic ${Buffer.from('svar:punkt').toString('base64')}`;
        if (request.headers.authorization !== expected) return [401, {}];
        const form = await new Response(body, {
          headers: { 'content-type': request.headers['content-type'] ?? '' },
        }).formData();
        const files = await Promise.all(
          [...form.values()].map((part) => (typeof part === 'string' ? part : part.text())),
        );
        const [sbd = '{}', text = ''] = files;
        const letter: Letter = { sbd: JSON.parse(sbd), text };
        const { digital } = letter.sbd;
        const needed = ['sikkerhetsnivaa', 'hoveddokument', 'tittel', 'spraak', 'digitalPostInfo', 'varsler'];
        const names = [...form.values()].map((part) => (typeof part === 'string' ? '' : part.name));
        if (needed.some((name) => digital[name] === undefined) || !names.includes(String(digital.hoveddokument))) {
          return [400, {}];
        }
        if (kept.letters.some((one) => idOf(one) === idOf(letter))) return [409, {}];
        kept.letters.push(letter);
        return [200, letter.sbd];
      },
    ],
    '/sms/messages': [
      'sms',
      async (request, body) => {
        if (request.headers.authorization !== 'Bearer sms-token') return [401, {}];
        const message = JSON.parse(body) as Omit<Sms, 'source'>;
        if (kept.sms.some(({ reference }) => reference === request.headers['idempotency-key'])) return [422, {}];
        const { authorization: _, host: __, ...headers } = request.headers;
        kept.sms.push({ ...message, source: `${JSON.stringify(headers)} ${body}` });
        return [202, { id: 'x' }];
      },
    ],
  };

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    kept.addresses.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const route = routes[request.url ?? ''];
    if (route === undefined || request.method !== 'POST') return void response.writeHead(404).end();
    const [service, handle] = route;
    if (kept.down.has(service)) return void response.writeHead(503).end();
    const [status, body, headers] = await handle(request, Buffer.concat(chunks).toString('utf8')).catch(
      (): Answer => [401, {}],
    );
    if (kept.mute.delete(service)) return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  late.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: late.url,
    ...kept,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Answer = readonly [status: number, body: object, headers?: Readonly<Record<string, string>>];

function idOf({ sbd }: Letter): string {
  return sbd.standardBusinessDocumentHeader.documentIdentification.instanceIdentifier;
}

/** What Helsenorge's pages call mandatory. */
function taskFault(task: Task): string | undefined {
  if (task.meta?.security?.[0]?.system !== 'urn:oid:2.16.578.1.12.4.1.1.7618') return '2101';
  if (!/^urn:uuid:[0-9a-f-]{36}$/.test(task.identifier?.[0]?.value ?? '')) return '2102';
  if (task.status !== 'ready' || task.code?.text === undefined || task.description === undefined) return '2103';
  if (task.focus?.type !== 'Questionnaire' || task.focus.identifier?.value === undefined) return '2109';
  return task.instantiatesUri?.startsWith('https://') ? undefined : '2174';
}

function outcome(code: string): object {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'processing', details: { coding: [{ code }] } }],
  };
}
