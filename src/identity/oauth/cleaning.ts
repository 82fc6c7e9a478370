import type { Queryable } from '../../model/queryable.ts';

const TABLES = ['oauth_state', 'oauth_grant', 'oauth_launch', 'oauth_used'] as const;

/** Deletes what is past its time. @param now ms since 1970 */
export async function deleteExpired(db: Queryable, now: number): Promise<void> {
  for (const table of TABLES) {
    await db.query({ text: `delete from ${table} where expires < $1`, values: [now] });
  }
  await db.query({ text: 'delete from oauth_key where retires < $1', values: [now] });
}
