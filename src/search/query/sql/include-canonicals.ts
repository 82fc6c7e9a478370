import type { Queryable } from '../../../model/queryable.ts';
import type { StoredVersion } from '../../../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../../../model/version-row.ts';
import { hash64 } from '../../hash64.ts';
import { keyOf, uriForm } from '../../keys.ts';
import { r4SearchParameters } from '../../parameters/r4.ts';
import { urlName } from '../../parameters/url-name.ts';
import type { IncludeSettings } from '../includes.ts';
import type { Include, IncludeParam } from '../nodes.ts';
import { urisIn } from '../references-in.ts';
import { resourceOf } from './resource.ts';
import { Statement } from './statement.ts';

/** The definitions that the sources name by canonical url, of the version that they name, if they name one. */
export async function canonicalTargets(
  db: Queryable,
  settings: IncludeSettings,
  sources: readonly StoredVersion[],
  include: Include,
): Promise<readonly StoredVersion[]> {
  const isWanted = (target: string): boolean =>
    definitionTypes().has(target) && (include.target === undefined || include.target === target);
  const params = include.params.filter(({ targets }) => targets.some(isWanted));
  const named = params.length === 0 ? [] : await namedCanonicals(db, settings, sources, params);
  const wanted = named.flatMap(({ uri, param }) =>
    param.targets.filter(isWanted).map((target) => ({
      h: hash64(keyOf(urlName(target), uriForm(urlOf(uri))), settings.seed),
      version: versionOf(uri) ?? null,
    })),
  );
  if (wanted.length === 0) {
    return [];
  }
  const { caller, seed, limits } = settings;
  const statement = new Statement(caller, seed);
  const hashes = statement.value(
    wanted.map(({ h }) => h),
    'int8[]',
  );
  const versions = statement.value(
    wanted.map(({ version }) => version),
    'text[]',
  );
  const result = await db.query<VersionRow & { asked: string | null }>(
    statement.config(`select ${versionColumns('r')}, d.version as asked from (
      select distinct t.rid, w.version from unnest(${hashes}, ${versions}) w (target, version)
      cross join lateral (select rid from token_idx where h = w.target offset 0) t) d
      ${resourceOf('d.rid', 'r')}
      where not r.deleted and ${statement.permitted('read', 'r')}
      order by r.rid limit ${limits.includes_max + 1}`),
  );
  return result.rows
    .filter(({ asked, content }) => asked === null || asked === versionIn(content))
    .map(toStoredVersion);
}

interface Named {
  readonly uri: string;
  readonly param: IncludeParam;
}

/** Of all texts in the sources that may be canonicals, those that a parameter reads: its postings tell. */
async function namedCanonicals(
  db: Queryable,
  { caller, seed }: IncludeSettings,
  sources: readonly StoredVersion[],
  params: readonly IncludeParam[],
): Promise<readonly Named[]> {
  const candidates = new Map<string, Named>();
  const rows: { h: string; source: string }[] = [];
  for (const source of sources) {
    for (const uri of urisIn(source.content)) {
      for (const param of params) {
        const h = hash64(keyOf(param.name, uriForm(uri)), seed);
        candidates.set(h, { uri, param });
        rows.push({ h, source: source.rid });
      }
    }
  }
  if (rows.length === 0) {
    return [];
  }
  const statement = new Statement(caller, seed);
  const hashes = statement.value(
    rows.map(({ h }) => h),
    'int8[]',
  );
  const rids = statement.value(
    rows.map(({ source }) => source),
    'int8[]',
  );
  const result = await db.query<{ h: string }>(
    statement.config(`select distinct w.h from unnest(${hashes}, ${rids}) w (h, source)
      where exists (select 1 from token_idx x where x.h = w.h and x.rid = w.source offset 0)`),
  );
  return result.rows.flatMap(({ h }) => candidates.get(h) ?? []);
}

let definitions: ReadonlySet<string> | undefined;

/** The types that can be found by a canonical url. */
function definitionTypes(): ReadonlySet<string> {
  definitions ??= new Set(
    r4SearchParameters()
      .filter(({ code, kind }) => code === 'url' && kind === 'uri')
      .map(({ type }) => type),
  );
  return definitions;
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
