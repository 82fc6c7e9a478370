import type { Queryable } from '../model/queryable.ts';

/** The value of a row of the table setting, which is made with `initial` where there is none; `made` tells whether it was. */
export async function settingOr(
  db: Queryable,
  name: string,
  initial: string,
): Promise<{ readonly value: string; readonly made: boolean }> {
  const made = await db.query({
    text: 'insert into setting (name, value) values ($1, $2) on conflict do nothing',
    values: [name, initial],
  });
  const result = await db.query<{ value: string }>({
    text: 'select value from setting where name = $1',
    values: [name],
  });
  return { value: result.rows[0]?.value ?? initial, made: made.rowCount === 1 };
}

export async function changeSetting(db: Queryable, name: string, value: string): Promise<void> {
  await db.query({ text: 'update setting set value = $2 where name = $1', values: [name, value] });
}
