import type { Queryable } from '../model/queryable.ts';
import type { ChainKeys } from './recover.ts';
import { mac64 } from './row.ts';

const NAME = 'audit_secret';

/**
 * A process with another secret than those before it could read nothing of what they audited, and would seal what nobody can
 * check: it is not to start.
 * @throws Error in words for the operator
 */
export async function requireOwnSecret(db: Queryable, { seal }: ChainKeys): Promise<void> {
  const own = mac64(seal, 'svar audit');
  await db.query({
    text: 'insert into setting (name, value) values ($1, $2) on conflict do nothing',
    values: [NAME, own],
  });
  if (!(await isOwnSecret(db, { seal }))) {
    throw new Error(
      'The database was audited under another secret. Start Svar with that secret (the setting secret, or the file secret.key of its data folder).',
    );
  }
}

/** Whether the database was audited under this secret, or not at all yet. */
export async function isOwnSecret(db: Queryable, { seal }: Pick<ChainKeys, 'seal'>): Promise<boolean> {
  const { rows } = await db.query<{ value: string }>({
    text: 'select value from setting where name = $1',
    values: [NAME],
  });
  return rows.every(({ value }) => value === mac64(seal, 'svar audit'));
}
