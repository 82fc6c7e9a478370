import { authMethodOf, type ClientRegistration } from './clients.ts';
import { allowedScope } from './granted-scopes.ts';

const LIST_MAX = 50;
const TEXT_MAX = 2000;
/** What a web page, a log line and a Device reference can hold as it is. */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** What is wrong with a registration, in words for the operator; none if it may be stored. */
export function clientFaults(client: ClientRegistration): string[] {
  return [
    ...(ID.test(client.id) ? [] : ['id: letters, digits, "." and "-", at most 64']),
    ...(client.name.trim() === '' || client.name.length > 100 ? ['name: 1 to 100 characters'] : []),
    ...lengthFaults(client),
    ...client.redirectUris.filter((uri) => !isRedirectUri(uri)).map((uri) => `redirect: ${uri} is not ${REDIRECT}`),
    ...(client.launchUri === undefined || isRedirectUri(client.launchUri) ? [] : [`launch: not ${REDIRECT}`]),
    ...client.corsOrigins
      .filter((origin) => URL.parse(origin)?.origin !== origin)
      .map((o) => `cors: ${o} is no origin`),
    ...client.scopes
      .filter((scope) => scope !== '*' && !allowedScope(scope))
      .map((scope) => `scope: ${scope} is unknown`),
    ...(client.scopes.length === 0 ? ['scope: without any, the client would be given nothing'] : []),
    ...keyFaults(client),
    ...(client.kind === 'system' ? systemFaults(client) : appFaults(client)),
  ];
}

const REDIRECT = 'https (http on this machine alone), or holds a fragment or credentials';

/** RFC 9700, section 2.1; http only where the request does not leave the machine. */
function isRedirectUri(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || url.hash !== '' || uri.includes('#') || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
  );
}

function lengthFaults({ redirectUris, corsOrigins, scopes, launchUri = '' }: ClientRegistration): string[] {
  const lists = { redirect: redirectUris, cors: corsOrigins, scope: scopes, launch: [launchUri] };
  return Object.entries(lists)
    .filter(([, list]) => list.length > LIST_MAX || list.some((text) => text.length > TEXT_MAX))
    .map(([name]) => `${name}: at most ${LIST_MAX} of ${TEXT_MAX} characters`);
}

function keyFaults({ jwks, jwksUri, secretHash }: ClientRegistration): string[] {
  const faults: string[] = [];
  if ([jwks, jwksUri, secretHash].filter((way) => way !== undefined).length > 1) {
    faults.push('a client has a secret, or keys, or the address of its keys: one of them');
  }
  if (jwks !== undefined) {
    const usable = jwks.keys.filter(({ kty, d, k, n, crv }) => d === undefined && k === undefined && fits(kty, n, crv));
    if (jwks.keys.length === 0 || jwks.keys.length > 10 || usable.length < jwks.keys.length) {
      faults.push('jwks: 1 to 10 public keys, EC on P-256 or P-384 or RSA of at least 2048 bits');
    }
  }
  if (jwksUri !== undefined && URL.parse(jwksUri)?.protocol !== 'https:' && !isRedirectUri(jwksUri)) {
    faults.push('jwks-uri: not https');
  }
  return faults;
}

const RSA_BYTES_MIN = 256;

function fits(kty: unknown, n: unknown, crv: unknown): boolean {
  if (kty === 'EC') return crv === 'P-256' || crv === 'P-384';
  return kty === 'RSA' && typeof n === 'string' && Buffer.from(n, 'base64url').length >= RSA_BYTES_MIN;
}

function systemFaults(client: ClientRegistration): string[] {
  return [
    ...(authMethodOf(client) === 'none' ? ['a system needs keys or a secret'] : []),
    ...(client.policy === undefined ? ['a system needs a policy'] : []),
    ...(client.redirectUris.length > 0 || client.launchUri !== undefined
      ? ['nobody signs in through a system: no redirect, no launch']
      : []),
    ...client.scopes.filter((s) => s !== '*' && !s.startsWith('system/')).map((s) => `scope: ${s} is not for systems`),
  ];
}

function appFaults(client: ClientRegistration): string[] {
  return [
    ...(client.redirectUris.length === 0 ? ['an app needs a redirect URI'] : []),
    ...(client.policy !== undefined || client.organization !== undefined
      ? ["an app acts by its user's role: no policy, no organization"]
      : []),
    ...client.scopes.filter((scope) => scope.startsWith('system/')).map((scope) => `scope: ${scope} is for systems`),
  ];
}
