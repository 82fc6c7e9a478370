import type { Criterion } from '../nodes.ts';
import type { CollectedWay, Source } from './page-statement.ts';
import { probes, type Row } from './probe.ts';
import { resourceOf } from './resource.ts';
import type { Statement } from './statement.ts';

/** Matches that are at hand, with their texts. One that was changed since it was found is tested again. */
export function collectedSource(
  statement: Statement,
  where: readonly Criterion[],
  { matches, texts }: CollectedWay,
  visible: readonly string[],
): Source {
  const rids = statement.value(
    matches.map(({ rid }) => rid),
    'int8[]',
  );
  const versions = statement.value(
    matches.map(({ version }) => version),
    'int4[]',
  );
  const columns = texts.flatMap((values, i) =>
    values === undefined ? [] : [{ name: `t${i}`, sql: statement.value(values, 'text[]') }],
  );
  const row: Row = { rid: 'd.rid', resource: 'r' };
  const again = probes(statement, where, row);
  const names = ['rid', 'version', ...columns.map(({ name }) => name)];
  return {
    from: `unnest(${[rids, versions, ...columns.map(({ sql }) => sql)].join(', ')}) as d (${names.join(', ')}) ${resourceOf('d.rid', 'r')}`,
    row,
    where: [...visible, ...(again.length > 0 ? [`(r.version = d.version or (${again.join(' and ')}))`] : [])],
    texts: texts.map((values, i) => values && `d.t${i} collate "C"`),
  };
}
