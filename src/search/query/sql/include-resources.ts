import type { Queryable } from '../../../model/queryable.ts';
import { typeNumber } from '../../../model/resource-types.ts';
import { ridOfId } from '../../../model/rid.ts';
import type { StoredVersion } from '../../../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../../../model/version-row.ts';
import { hash64 } from '../../hash64.ts';
import { keyOf, resourceForm } from '../../keys.ts';
import type { IncludeSettings } from '../includes.ts';
import type { Include } from '../nodes.ts';
import { resourcesIn } from '../references-in.ts';
import { idOf, resourceOf } from './resource.ts';
import { Statement } from './statement.ts';

interface Wanted {
  /** Null where every reference counts; else the hash under which the source's reference is kept. */
  readonly h: string | null;
  readonly source: string;
  readonly type: string;
  readonly id: string;
}

/**
 * The resources that the sources refer to. Which of the references in a source belong to the parameter, its postings
 * tell: no search expression is evaluated here.
 */
export async function referredResources(
  db: Queryable,
  { caller, seed, baseUrl, limits }: IncludeSettings,
  sources: readonly StoredVersion[],
  include: Include,
): Promise<readonly StoredVersion[]> {
  const wanted = sources.flatMap((source) => wantedBy(source, include, baseUrl, seed));
  if (wanted.length === 0) {
    return [];
  }
  const statement = new Statement(caller, seed);
  const column = (values: readonly unknown[], type: string): string => statement.value(values, type);
  const rows = [
    column(
      wanted.map(({ h }) => h),
      'int8[]',
    ),
    column(
      wanted.map(({ source }) => source),
      'int8[]',
    ),
    column(
      wanted.map(({ type }) => typeNumber(type)),
      'int2[]',
    ),
    column(
      wanted.map(({ id }) => id),
      'text[]',
    ),
    column(
      wanted.map(({ id }) => ridOfId(id) ?? null),
      'int8[]',
    ),
  ];
  const type = wanted.every((each) => each.type === wanted[0]?.type) ? wanted[0]?.type : undefined;
  const result = await db.query<VersionRow>(
    statement.config(`select ${versionColumns('r')} from (
      select distinct coalesce(l.rid, w.rid) as rid, w.type, w.id from unnest(${rows.join(', ')}) w (h, source, type, id, rid)
      left join lateral (select rid from locator where type = w.type and id = w.id offset 0) l on true
      where w.h is null or exists (select 1 from token_idx x where x.h = w.h and x.rid = w.source offset 0)) d
      ${resourceOf('d.rid', 'r')}
      where r.type = d.type and ${idOf('r')} = d.id and not r.deleted and ${statement.permitted('read', 'r', { type })}
      order by r.rid limit ${limits.includes_max + 1}`),
  );
  return result.rows.map(toStoredVersion);
}

function wantedBy(source: StoredVersion, include: Include, baseUrl: string, seed: string): readonly Wanted[] {
  return resourcesIn(source.content, baseUrl)
    .filter(({ type }) => typeNumber(type) !== undefined && (include.target === undefined || include.target === type))
    .flatMap(({ type, id }): readonly Wanted[] =>
      include.source === '*'
        ? [{ h: null, source: source.rid, type, id }]
        : include.params
            .filter((param) => param.targets.some((target) => target === type))
            .map((param) => ({
              h: hash64(keyOf(param.name, resourceForm(type, id)), seed),
              source: source.rid,
              type,
              id,
            })),
    );
}
