import type { Caller } from '../../model/caller.ts';
import type { Issue } from '../../model/issue.ts';
import type { Queryable } from '../../model/queryable.ts';
import type { StoredVersion } from '../../model/stored.ts';
import type { SearchLimits } from './limits.ts';
import type { Include } from './nodes.ts';
import { canonicalTargets } from './sql/include-canonicals.ts';
import { referrers } from './sql/include-referrers.ts';
import { referredResources } from './sql/include-resources.ts';

export interface IncludeSettings {
  readonly caller: Caller;
  readonly seed: string;
  readonly baseUrl: string;
  readonly limits: SearchLimits;
}

export interface Included {
  readonly resources: readonly StoredVersion[];
  readonly notices: readonly Issue[];
}

/**
 * What _include and _revinclude add to a page: first for the matches, then, as far as they say :iterate, for what was added,
 * round by round. No resource comes twice; more than the limit are left out, and the client is told.
 */
export async function included(
  db: Queryable,
  settings: IncludeSettings,
  matches: readonly StoredVersion[],
  includes: readonly Include[],
): Promise<Included> {
  const { includes_max, iterate_max } = settings.limits;
  const seen = new Set(matches.map(({ rid }) => rid));
  const found: StoredVersion[] = [];
  const iterating = includes.filter(({ iterate }) => iterate);
  let sources = matches;
  let todo = includes;
  for (let round = 0; sources.length > 0 && todo.length > 0 && round <= iterate_max; round++) {
    const next: StoredVersion[] = [];
    for (const include of todo) {
      for (const version of await follow(db, settings, sources, include)) {
        if (seen.has(version.rid)) {
          continue;
        }
        if (found.length >= includes_max) {
          return { resources: found, notices: [cut(`at most ${includes_max} resources are included in a page`)] };
        }
        seen.add(version.rid);
        found.push(version);
        next.push(version);
      }
    }
    sources = next;
    todo = iterating;
  }
  const stopped = iterating.length > 0 && sources.length > 0;
  return { resources: found, notices: stopped ? [cut(`:iterate is followed ${iterate_max} times`)] : [] };
}

function cut(reason: string): Issue {
  return {
    severity: 'warning',
    code: 'incomplete',
    diagnostics: `Not every resource asked for is included: ${reason}.`,
  };
}

async function follow(
  db: Queryable,
  settings: IncludeSettings,
  sources: readonly StoredVersion[],
  include: Include,
): Promise<readonly StoredVersion[]> {
  if (include.reverse) {
    return referrers(db, settings, sources, include);
  }
  const ofType = sources.filter(({ type }) => include.source === '*' || include.source === type);
  if (ofType.length === 0) {
    return [];
  }
  return [
    ...(await referredResources(db, settings, ofType, include)),
    ...(await canonicalTargets(db, settings, ofType, include)),
  ];
}
