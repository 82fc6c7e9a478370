import { createHash } from 'node:crypto';
import type { Queryable } from '../../model/queryable.ts';

/**
 * Marks something as used, for every process.
 * @param what tells it from all else, its kind first
 * @param until ms since 1970, when it is refused for its age anyway @param now ms since 1970
 * @returns whether it was not used before
 */
export async function useOnce(db: Queryable, what: readonly string[], until: number, now: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'oauth_use_once',
    text: `insert into oauth_used as used (id, expires) values ($1, $2)
      on conflict (id) do update set expires = excluded.expires where used.expires < $3`,
    values: [idOf(what), Math.ceil(until), now],
  });
  return rowCount === 1;
}

export async function wasUsed(db: Queryable, what: readonly string[]): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'oauth_was_used',
    text: 'select from oauth_used where id = $1',
    values: [idOf(what)],
  });
  return rowCount === 1;
}

function idOf(what: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(what)).digest();
}
