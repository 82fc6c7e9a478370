import { keyOf, uriForm } from '../../keys.ts';
import { resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';

/** SQL: the url of a definition, by the alias of its row of `resource`. */
function urlOf(alias: string): string {
  return `(${alias}.content::json->>'url')`;
}

function versionedUrlOf(alias: string): string {
  return `${urlOf(alias)} || '|' || (${alias}.content::json->>'version')`;
}

/**
 * A canonical without a version means every version of its target, one with a version only that. Postings of both stand
 * under the url alone, so there the text tells whether a version was named.
 */
function namesNoVersion(referrer: string, target: string): string {
  return `strpos(${referrer}.content, ${urlOf(target)} || '|') = 0`;
}

/** SQL for the rids of what names a definition by a canonical. @param name of the reference parameter */
export function namedByCanonical(statement: Statement, name: string, target: string): readonly string[] {
  const t = statement.alias();
  const s = statement.alias();
  const key = keyOf(name, uriForm(''));
  return [
    `(select rid from token_idx where h = ${statement.hashWithId(key, versionedUrlOf(target))} offset 0)`,
    `(select ${t}.rid from token_idx ${t} ${resourceOf(`${t}.rid`, s)}
      where ${t}.h = ${statement.hashWithId(key, urlOf(target))} and ${namesNoVersion(s, target)} offset 0)`,
  ];
}

/** SQL that is true where a posting names a definition, by its id or by a canonical. @param byId SQL: the hash for its id */
export function namesTarget(
  statement: Statement,
  { name, byId, posting, referrer, target }: Record<'name' | 'byId' | 'posting' | 'referrer' | 'target', string>,
): string {
  const key = keyOf(name, uriForm(''));
  const url = statement.hashWithId(key, urlOf(target));
  const versioned = statement.hashWithId(key, versionedUrlOf(target));
  return `${posting}.h = any(array[${byId}, ${versioned}, ${url}])
    and (${posting}.h is distinct from ${url} or ${namesNoVersion(referrer, target)})`;
}
