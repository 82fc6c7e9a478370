import { createHmac } from 'node:crypto';
import type { Queryable } from '../model/queryable.ts';

/** Content of the tombstone that an erasure leaves: there was something, and nothing of it is kept. */
export const ERASED = 'erased';

/** What is kept of an id that was erased. @param key the server's own, so that the database alone does not tell ids */
export function erasedDigest(key: Buffer, type: string, id: string): Buffer {
  return createHmac('sha256', key).update(`${type}/${id}`).digest();
}

/** Keeps ids from coming back. */
export async function addErased(db: Queryable, digests: readonly Buffer[]): Promise<void> {
  await db.query({
    text: 'insert into erased_id (digest) select unnest($1::bytea[]) on conflict do nothing',
    values: [digests],
  });
}

/** Whether a resource had this id and was erased. */
export async function wasErased(db: Queryable, digest: Buffer): Promise<boolean> {
  const { rows } = await db.query({
    name: 'was_erased',
    text: 'select 1 from erased_id where digest = $1',
    values: [digest],
  });
  return rows.length > 0;
}
