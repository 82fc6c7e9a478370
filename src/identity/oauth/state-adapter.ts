import { createHash } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Queryable } from '../../model/queryable.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import { endGrants } from './grants.ts';
import { useOnce, wasUsed } from './once.ts';

/**
 * Where oidc-provider keeps its state: PostgreSQL, for every process. What opens something (codes, refresh tokens, ids of
 * sign-ins under way) is kept as a hash, the rest sealed. What may be used once is taken by the statement that marks it:
 * of two requests at the same time in two processes one fails.
 * @param kind oidc-provider's name of the model @param now ms since 1970
 */
export function stateAdapter(db: Queryable, secrets: Secrets, kind: string, now: () => number): Adapter {
  const purpose = `oauth ${kind}`;
  const found = async (column: 'id' | 'uid', value: string): Promise<AdapterPayload | undefined> => {
    const { rows } = await db.query<{ sealed: Buffer; consumed: string | null }>({
      text: `select sealed, consumed from oauth_state where kind = $1 and ${column} = $2 and expires > $3`,
      values: [kind, hashOf(value), now()],
    });
    const [row] = rows;
    if (row === undefined) return undefined;
    // sealed by upsert
    const payload = JSON.parse(secrets.unseal(purpose, row.sealed).toString()) as AdapterPayload;
    return {
      ...payload,
      ...(column === 'id' && { jti: value }),
      ...(row.consumed !== null && { consumed: Math.floor(Number(row.consumed) / 1000) }),
    };
  };
  return {
    async upsert(id, { jti, ...payload }, expiresIn) {
      const expires = now() + (expiresIn ?? 0) * 1000;
      if (kind === 'ReplayDetection') {
        if (!(await useOnce(db, [kind, id], expires, now()))) throw new errors.InvalidGrant('used before');
        return;
      }
      // a session is found by its uid too, so its id has to be told then
      const kept = kind === 'Session' ? { jti, ...payload } : payload;
      await db.query({
        text: `insert into oauth_state (kind, id, sealed, grant_id, uid, expires) values ($1, $2, $3, $4, $5, $6)
          on conflict (kind, id) do update set sealed = excluded.sealed, grant_id = excluded.grant_id,
            uid = excluded.uid, expires = excluded.expires`,
        values: [
          kind,
          hashOf(id),
          secrets.seal(purpose, Buffer.from(JSON.stringify(kept))),
          kind === 'Grant' ? id : (payload.grantId ?? null),
          payload.uid === undefined ? null : hashOf(payload.uid),
          expires,
        ],
      });
    },
    async find(id) {
      if (kind !== 'ReplayDetection') return found('id', id);
      return (await wasUsed(db, [kind, id])) ? { jti: id, kind, exp: Math.ceil(now() / 1000) + 60 } : undefined;
    },
    findByUid: (uid) => found('uid', uid),
    // the device flow is off
    findByUserCode: async () => undefined,
    async consume(id) {
      const { rowCount } = await db.query({
        text: 'update oauth_state set consumed = $3 where kind = $1 and id = $2 and consumed is null',
        values: [kind, hashOf(id), now()],
      });
      if (rowCount === 1) return;
      const { rows } = await db.query<{ grant_id: string | null }>({
        text: 'select grant_id from oauth_state where kind = $1 and id = $2',
        values: [kind, hashOf(id)],
      });
      if (typeof rows[0]?.grant_id === 'string') await endGrants(db, { grant: rows[0].grant_id });
      throw new errors.InvalidGrant('used before');
    },
    async destroy(id) {
      if (kind === 'Grant') await endGrants(db, { grant: id });
      await db.query({ text: 'delete from oauth_state where kind = $1 and id = $2', values: [kind, hashOf(id)] });
    },
    async revokeByGrantId(grantId) {
      await db.query({
        text: 'delete from oauth_state where kind = $1 and grant_id = $2',
        values: [kind, grantId],
      });
    },
  };
}

function hashOf(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
