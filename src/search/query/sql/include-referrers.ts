import type { Queryable } from '../../../model/queryable.ts';
import { typeNumber } from '../../../model/resource-types.ts';
import type { StoredVersion } from '../../../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../../../model/version-row.ts';
import { keyOf, resourceForm, uriForm } from '../../keys.ts';
import type { IncludeSettings } from '../includes.ts';
import type { Include } from '../nodes.ts';
import { resourceOf } from './resource.ts';
import { Statement } from './statement.ts';

/** The resources that refer to the sources by the parameters of a _revinclude. */
export async function referrers(
  db: Queryable,
  { caller, seed, limits }: IncludeSettings,
  sources: readonly StoredVersion[],
  include: Include,
): Promise<readonly StoredVersion[]> {
  const keys = include.params.flatMap(({ name, targets }) =>
    sources
      .filter(({ type }) => (include.target ?? type) === type && targets.some((target) => target === type))
      .flatMap((source) => [
        keyOf(name, resourceForm(source.type, source.id)),
        ...urlIn(source.content).map((url) => keyOf(name, uriForm(url))),
      ]),
  );
  if (keys.length === 0) {
    return [];
  }
  const statement = new Statement(caller, seed);
  const type = statement.value(typeNumber(include.source), 'int2');
  const visible = statement.permitted('search', 'r', { type: include.source });
  const result = await db.query<VersionRow>(
    statement.config(`select ${versionColumns('r')} from (
      select distinct t.rid from unnest(${statement.hashes(keys)}) w (h)
      cross join lateral (select rid from token_idx where h = w.h offset 0) t) d
      ${resourceOf('d.rid', 'r')}
      where r.type = ${type} and not r.deleted and ${visible}
      order by r.rid limit ${limits.includes_max + 1}`),
  );
  return result.rows.map(toStoredVersion);
}

/** The canonical url by which a definition is referred to. */
function urlIn(content: string): readonly string[] {
  if (!content.includes('"url"')) {
    return [];
  }
  const resource: unknown = JSON.parse(content);
  return typeof resource === 'object' && resource !== null && 'url' in resource && typeof resource.url === 'string'
    ? [resource.url]
    : [];
}
