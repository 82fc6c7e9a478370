import { textTable } from '../../packages/text-table.ts';
import type { Counts, Tally } from './tally.ts';

const ORDER_STATUSES = [
  ...['answered', 'expired', 'closed', 'stopped', 'withheld'],
  ...['planned', 'ordered', 'sent', 'reminded', 'unreachable', 'paper'],
];

/** What became of the courses, as tables for a terminal. */
export function tallyText(told: Tally): string {
  const statuses = ORDER_STATUSES.filter((status) => told.orders.some(({ byStatus }) => byStatus.has(status)));
  const scores = [...new Set(told.scores.flatMap(({ means }) => [...means.keys()]))].sort();
  return [
    ...textTable(
      ['Courses', ''],
      [
        ['referred', told.referred],
        ['seen by the pain team', told.seen],
      ],
    ),
    '',
    ...countTable('Where they belong', told.memberships),
    '',
    ...countTable('Consents (inactive: withdrawn)', told.consents),
    '',
    ...textTable(
      ['Orders of forms', 'all', ...statuses],
      told.orders.map(({ form, ordered, byStatus }) => [
        form,
        ordered,
        ...statuses.map((one) => byStatus.get(one) ?? 0),
      ]),
    ),
    '',
    ...countTable('Notices to patients', told.notices),
    '',
    ...textTable(
      ['Mean scores (answers)', 'courses', ...scores],
      told.scores.map(({ hospital, courses, means }) => [
        hospital,
        courses,
        ...scores.map((code) => {
          const found = means.get(code);
          return found === undefined ? '-' : `${found.mean.toFixed(1)} (${found.count})`;
        }),
      ]),
    ),
    '',
  ].join('\n');
}

function countTable(title: string, counted: Counts): string[] {
  return textTable([title, ''], [...counted]);
}
