import { readable } from '../../../model/caller.ts';
import type { Queryable } from '../../../model/queryable.ts';
import type { StoredVersion } from '../../../model/stored.ts';
import { hash64 } from '../../hash64.ts';
import { keyOf, uriForm } from '../../keys.ts';
import type { IncludeSettings } from '../includes.ts';
import type { Include } from '../nodes.ts';
import { referencesIn } from '../references-in.ts';
import { resourceOf } from './resource.ts';
import { Statement } from './statement.ts';
import { type FoundRow, foundColumns, foundVersion } from './version-rows.ts';

/** The definitions that the sources name by canonical url, of the version that they name, if they name one. */
export async function canonicalTargets(
  db: Queryable,
  { caller, seed, baseUrl, limits }: IncludeSettings,
  sources: readonly StoredVersion[],
  include: Include,
): Promise<readonly StoredVersion[]> {
  const wanted = sources.flatMap((source) =>
    referencesIn(source.content, baseUrl).uris.flatMap((uri) =>
      include.params.flatMap((param) =>
        param.targets
          .filter((target) => include.target === undefined || include.target === target)
          .map((target) => ({
            h: hash64(keyOf(param.name, uriForm(uri)), seed),
            source: source.rid,
            target: hash64(keyOf(`${target}.url`, uriForm(urlOf(uri))), seed),
            version: versionOf(uri) ?? null,
          })),
      ),
    ),
  );
  if (wanted.length === 0) {
    return [];
  }
  const statement = new Statement(caller, seed);
  const rows = [
    statement.value(
      wanted.map(({ h }) => h),
      'int8[]',
    ),
    statement.value(
      wanted.map(({ source }) => source),
      'int8[]',
    ),
    statement.value(
      wanted.map(({ target }) => target),
      'int8[]',
    ),
    statement.value(
      wanted.map(({ version }) => version),
      'text[]',
    ),
  ];
  const result = await db.query<FoundRow & { asked: string | null }>(
    statement.config(`select ${foundColumns('r')}, d.version as asked from (
      select distinct t.rid, w.version from unnest(${rows.join(', ')}) w (h, source, target, version)
      cross join lateral (select rid from token_idx where h = w.target offset 0) t
      where exists (select 1 from token_idx x where x.h = w.h and x.rid = w.source offset 0)) d
      ${resourceOf('d.rid', 'r')}
      where not r.deleted and ${readable(caller, 'r')}
      order by r.rid limit ${limits.includes_max + 1}`),
  );
  return result.rows.filter(({ asked, content }) => asked === null || asked === versionIn(content)).map(foundVersion);
}

function urlOf(canonical: string): string {
  const end = canonical.search(/[|#]/);
  return end < 0 ? canonical : canonical.slice(0, end);
}

function versionOf(canonical: string): string | undefined {
  return canonical.split('#')[0]?.split('|')[1];
}

function versionIn(content: string): unknown {
  const resource: unknown = JSON.parse(content);
  return typeof resource === 'object' && resource !== null && 'version' in resource ? resource.version : undefined;
}
