import { expect, it } from 'vitest';
import { each, instrument, values } from './test-kit/instrument.ts';

const cpaq = instrument('cpaq-8');
const engagement = ['CpaqBusinessOfLiving', 'CpaqNormalLife', 'CpaqFullLife', 'CpaqResponsibilities'];
const willingness = ['CpaqControlFirst', 'CpaqSeriousPlans', 'CpaqAvoidSituations', 'CpaqWorries'];

it.each([
  ['0', '6', 0, 0, 0],
  ['6', '0', 24, 24, 48],
  ['0', '0', 0, 24, 24],
  ['6', '6', 24, 0, 24],
])('engagement items %s and willingness items %s', (first, second, activity, pain, total) => {
  expect(values(cpaq.scores({ ...each(engagement, first), ...each(willingness, second) }))).toEqual({
    'cpaq-activity-engagement': activity,
    'cpaq-pain-willingness': pain,
    'cpaq-total': total,
  });
});

it('one missing item leaves its scale and the total without score', () => {
  const scores = cpaq.scores({ ...each(engagement, '3'), ...each(willingness, '3'), CpaqWorries: undefined });
  expect(values(scores)).toEqual({
    'cpaq-activity-engagement': 12,
    'cpaq-pain-willingness': 'too-few-answered',
    'cpaq-total': 'too-few-answered',
  });
});
