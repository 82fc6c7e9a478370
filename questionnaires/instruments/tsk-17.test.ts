import { expect, it } from 'vitest';
import { each, instrument, numbered } from './test-kit/instrument.ts';

const tsk = instrument('tsk-17');
const turned = ['Tsk4', 'Tsk8', 'Tsk12', 'Tsk16'];

it.each([
  ['the lowest', { ...numbered('Tsk', 17, '1'), ...each(turned, '4') }, 17],
  ['the highest', { ...numbered('Tsk', 17, '4'), ...each(turned, '1') }, 68],
  ['all 1', numbered('Tsk', 17, '1'), 29],
  ['all 4', numbered('Tsk', 17, '4'), 56],
])('%s', (_, answers, total) => {
  expect(tsk.scores(answers).get('tsk-total')?.value).toBe(total);
});

it.each([
  [37, 'tsk-not-high'],
  [38, 'tsk-high'],
])('a total of %i is %s', (total, band) => {
  const answers = { ...numbered('Tsk', 17, '2'), ...each(turned, '3'), Tsk1: '4', Tsk2: total === 37 ? '3' : '4' };
  expect(tsk.scores(answers).get('tsk-total')).toMatchObject({ value: total, band: { code: band } });
});

it('all seventeen must be answered', () => {
  const answers = { ...numbered('Tsk', 17, '2'), Tsk16: undefined };
  expect(tsk.scores(answers).get('tsk-total')?.absent?.reason).toBe('too-few-answered');
});
