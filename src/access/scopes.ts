import type { Act } from '../model/access.ts';
import { isResourceType, type ResourceType } from '../model/resource-types.ts';
import type { MakeRowCondition } from './situation.ts';

/** A scope that grants access to resources (SMART App Launch 2.2, "Scopes for requesting FHIR Resources"). */
export interface ResourceScope {
  readonly context: 'patient' | 'user' | 'system';
  readonly type: ResourceType | '*';
  readonly acts: readonly Act[];
  /** Search criteria that resources have to meet, such as `category=survey`. */
  readonly criteria?: string;
}

const CONTEXTS: readonly string[] = ['patient', 'user', 'system'];
/** In the only order that they may stand in. */
const LETTERS = 'cruds';
const ACT_OF_LETTER: Readonly<Record<string, Act>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
};
/** Permissions of SMART 1, and what they are in SMART 2 ("Scopes", section "v1 and v2"). */
const VERSION_1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Longer ones are refused, so that no token makes a statement of any length. */
export const SCOPES_MAX = 100;
export const SCOPE_LENGTH_MAX = 512;

/** Whether a scope is about resources; the others (`openid`, `launch/patient`, `offline_access` …) grant no access. */
export function isResourceScope(scope: string): boolean {
  const context = scope.slice(0, scope.indexOf('/'));
  return CONTEXTS.includes(context.toLowerCase());
}

/** A scope about resources, as written; undefined if it is not to the letter what the grammar permits. */
export function parseScope(scope: string): ResourceScope | undefined {
  const match = /^(patient|user|system)\/([A-Za-z]+|\*)\.([a-z]+|\*)(?:\?([^\s?]+))?$/.exec(scope);
  if (match === null || scope.length > SCOPE_LENGTH_MAX) {
    return undefined;
  }
  const [, context, type = '', permission = '', criteria] = match;
  const version1 = Object.hasOwn(VERSION_1, permission) ? VERSION_1[permission] : undefined;
  const letters = version1 ?? permission;
  if (!isInOrder(letters) || (type !== '*' && !isResourceType(type))) {
    return undefined;
  }
  // search parameters belong to version 2 and to one type
  if (criteria !== undefined && (version1 !== undefined || type === '*' || !areCriteria(criteria))) {
    return undefined;
  }
  return {
    context: context as ResourceScope['context'],
    type: type as ResourceScope['type'],
    acts: [...letters].map((letter) => ACT_OF_LETTER[letter] as Act),
    ...(criteria === undefined ? {} : { criteria }),
  };
}

function isInOrder(letters: string): boolean {
  const places = [...letters].map((letter) => LETTERS.indexOf(letter));
  return letters !== '' && places.every((place, index) => place > (places[index - 1] ?? -1));
}

function areCriteria(criteria: string): boolean {
  return criteria.split('&').every((pair) => /^[A-Za-z_][A-Za-z0-9_.:-]*=[^=]*[^=\s]/.test(pair));
}

/**
 * Why a request for these scopes has to be refused (`invalid_scope`): one line a fault, for the client's developer; empty
 * if all can be granted. The token endpoint asks before it grants anything, so that no constraint is ever dropped.
 *
 * @param scopes separated by blanks
 */
export function scopeFaults(scopes: string, rowCondition: MakeRowCondition): readonly string[] {
  const all = scopeList(scopes);
  if (all.length > SCOPES_MAX) {
    return [`at most ${SCOPES_MAX} scopes can be asked for at once`];
  }
  return all.filter(isResourceScope).flatMap((scope) => {
    const parsed = parseScope(scope);
    if (parsed === undefined) {
      return [`${scope.slice(0, 100)} is no scope of SMART App Launch 2.2`];
    }
    return parsed.criteria !== undefined && rowCondition(parsed.type, parsed.criteria) === undefined
      ? [`${scope.slice(0, 100)} has a constraint that this server cannot apply`]
      : [];
  });
}

export function scopeList(scopes: string): readonly string[] {
  return scopes.split(' ').filter((scope) => scope !== '');
}
