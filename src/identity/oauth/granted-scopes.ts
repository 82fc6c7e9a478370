import { isResourceScope, parseScope, type ResourceScope, SCOPES_MAX } from '../../access/scopes.ts';
import type { Act } from '../../model/access.ts';
import { type ClientRegistration, isUnrestricted } from './clients.ts';

/** Scopes that grant no access to resources (SMART App Launch 2.2, "Scopes for requesting context data" and below). */
export const WORD_SCOPES: readonly string[] = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
];

/** What of a request for scopes a client gets. */
export interface Granted {
  readonly scopes: readonly string[];
  /** Scopes that nobody may have as they stand: the request is refused. */
  readonly faulty: readonly string[];
}

/** Whether a scope may stand in a registration. */
export function allowedScope(scope: string): boolean {
  return WORD_SCOPES.includes(scope) || parseScope(scope) !== undefined;
}

/**
 * The scopes that a client is given of those it asks for: what its registration does not allow is left out or narrowed
 * (RFC 6749, section 3.3), words that say nothing here are left out. A scope about resources that cannot be understood is
 * a fault: left out, its token would be wider or narrower than the app believes. Nothing at all is a fault too.
 * @param asked separated by blanks
 */
export function grantedScopes(asked: string, client: ClientRegistration): Granted {
  const words = [...new Set(asked.split(' ').filter((scope) => scope !== ''))];
  if (words.length > SCOPES_MAX) return { scopes: [], faulty: ['too many'] };
  const faulty = words.filter((scope) => isResourceScope(scope) && !isFor(client, parseScope(scope)));
  if (faulty.length > 0) return { scopes: [], faulty };
  const scopes = [...new Set(words.flatMap((scope) => givenOf(scope, client)))];
  const emptied = words.some(isResourceScope) && !scopes.some(isResourceScope);
  return emptied ? { scopes: [], faulty: words.filter(isResourceScope) } : { scopes, faulty: [] };
}

/** What a system gets that asks for nothing in particular: all of its registration. */
export function defaultScopes(client: ClientRegistration): readonly string[] {
  return isUnrestricted(client) ? [] : client.scopes;
}

function isFor({ kind }: ClientRegistration, scope: ResourceScope | undefined): boolean {
  return scope !== undefined && (scope.context === 'system') === (kind === 'system');
}

function givenOf(scope: string, client: ClientRegistration): string[] {
  const asked = parseScope(scope);
  if (asked === undefined) return wordGiven(scope, client) ? [scope] : [];
  if (isUnrestricted(client)) return [scope];
  return client.scopes.flatMap((allowed) => {
    const bound = parseScope(allowed);
    const both = bound && narrowed(asked, bound);
    if (both === undefined) return [];
    return [sameScope(both, asked) ? scope : textOf(both)];
  });
}

/** What an app may outlive its user by is the operator's to allow; the other words say what is told about the user. */
function wordGiven(scope: string, client: ClientRegistration): boolean {
  if (client.kind === 'system' || !WORD_SCOPES.includes(scope)) return false;
  return scope !== 'offline_access' || isUnrestricted(client) || client.scopes.includes(scope);
}

function narrowed(asked: ResourceScope, allowed: ResourceScope): ResourceScope | undefined {
  if (asked.context !== allowed.context) return undefined;
  const type = asked.type === '*' ? allowed.type : asked.type;
  if (allowed.type !== '*' && allowed.type !== type) return undefined;
  const acts = asked.acts.filter((act) => allowed.acts.includes(act));
  if (acts.length === 0) return undefined;
  const criteria = [...new Set([asked.criteria, allowed.criteria])].filter((part) => part !== undefined);
  return { context: asked.context, type, acts, ...(criteria.length > 0 && { criteria: criteria.join('&') }) };
}

function sameScope(one: ResourceScope, other: ResourceScope): boolean {
  return one.type === other.type && one.acts.length === other.acts.length && one.criteria === other.criteria;
}

const LETTERS: readonly (readonly [Act, string])[] = [
  ['create', 'c'],
  ['read', 'r'],
  ['update', 'u'],
  ['delete', 'd'],
  ['search', 's'],
];

function textOf({ context, type, acts, criteria }: ResourceScope): string {
  const letters = LETTERS.filter(([act]) => acts.includes(act)).map(([, letter]) => letter);
  return `${context}/${type}.${letters.join('')}${criteria === undefined ? '' : `?${criteria}`}`;
}
