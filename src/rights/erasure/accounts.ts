import type { Queryable } from '../../model/queryable.ts';

/**
 * Ends all by which a patient could sign in or was signed in: accounts, sessions, grants, sign-ins under way, personal
 * links. @param orders ids of the patient's Tasks
 */
export async function forgetAccounts(db: Queryable, patientId: string, orders: readonly string[]): Promise<void> {
  const user = `Patient/${patientId}`;
  const { rows: accounts } = await db.query<{ id: string }>({
    text: 'delete from account where fhir_user = $1 returning id',
    values: [user],
  });
  const ids = accounts.map(({ id }) => id);
  const { rows: sessions } = await db.query<{ id: string }>({
    text: `delete from session where subject = any($1::text[]) or identity->>'fhirUser' = $2 or identity->>'patient' = $3
      returning id`,
    values: [ids, user, patientId],
  });
  const signedIn = sessions.map(({ id }) => id);
  await db.query({ text: 'delete from sign_in where account = any($1::text[])', values: [ids] });
  const { rows: grants } = await db.query<{ id: string }>({
    text: 'delete from oauth_grant where account = any($1::text[]) or session = any($2::text[]) returning id',
    values: [ids, signedIn],
  });
  await db.query({
    text: 'delete from oauth_state where grant_id = any($1::text[])',
    values: [grants.map(({ id }) => id)],
  });
  await db.query({ text: 'delete from upstream_session where session = any($1::text[])', values: [signedIn] });
  await db.query({ text: 'delete from order_link where task = any($1::text[])', values: [orders] });
}
