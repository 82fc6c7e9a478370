import { fhirError } from '../../model/issue.ts';
import type { Queryable } from '../../model/queryable.ts';
import { isObject, list, text } from '../extract/json.ts';
import { parseReference } from '../extract/parse-reference.ts';
import type { Criterion, IdCriterion, ListCriterion } from './nodes.ts';
import { source } from './sql/page-statement.ts';
import type { Statement } from './sql/statement.ts';
import { replaced } from './tree.ts';

/** The most resources that a List may refer to in a search. */
const ITEMS_MAX = 10_000;

/** Replaces `_list` by the ids of what the Lists refer to. A List that is not there, or may not be read, refers to nothing. */
export function withLists(
  db: Queryable,
  statement: () => Statement,
  where: readonly Criterion[],
  baseUrl: string,
): Promise<readonly Criterion[]> {
  return replaced(where, 'list', async ({ lists, types }: ListCriterion) => {
    const items = (await contents(db, statement(), lists)).flatMap((content) => itemsOf(content, baseUrl));
    if (items.length > ITEMS_MAX) {
      throw fhirError(400, 'too-costly', `The List in _list refers to more than ${ITEMS_MAX} resources.`);
    }
    const ofTypes = types.flatMap((type): IdCriterion[] => {
      const ids = items.filter((item) => item.type === type).map(({ id }) => id);
      return ids.length === 0 ? [] : [{ kind: 'id', type, ids: [...new Set(ids)] }];
    });
    const [first, ...more] = ofTypes;
    return more.length > 0 ? { kind: 'or', of: ofTypes } : (first ?? { kind: 'id', ids: [] });
  });
}

async function contents(db: Queryable, statement: Statement, lists: readonly string[]): Promise<readonly string[]> {
  const criterion: IdCriterion = { kind: 'id', ids: lists };
  const { from, where } = source(
    statement,
    { types: ['List'], where: [criterion], sort: [] },
    { kind: 'members', criterion },
  );
  const result = await db.query<{ content: string }>(
    statement.config(`select r.content from ${from} where ${where.join(' and ')}`),
  );
  return result.rows.map(({ content }) => content);
}

function itemsOf(content: string, baseUrl: string): readonly { type: string; id: string }[] {
  const resource: unknown = JSON.parse(content);
  return list(isObject(resource) ? resource.entry : undefined).flatMap((entry) => {
    const item = isObject(entry) && isObject(entry.item) ? text(entry.item.reference) : undefined;
    const parsed = item === undefined ? undefined : parseReference(item, baseUrl);
    return parsed?.kind === 'relative' ? [{ type: parsed.type, id: parsed.id }] : [];
  });
}
