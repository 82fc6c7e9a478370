import { expect, it } from 'vitest';
import { instrument, numbered, values } from './test-kit/instrument.ts';

const pcs = instrument('pcs');

it.each([
  ['0', 0, 0, 0, 0],
  ['4', 16, 12, 24, 52],
])('all answers %s', (answer, rumination, magnification, helplessness, total) => {
  expect(values(pcs.scores(numbered('Pcs', 13, answer)))).toEqual({
    'pcs-rumination': rumination,
    'pcs-magnification': magnification,
    'pcs-helplessness': helplessness,
    'pcs-total': total,
  });
});

it.each([
  ['pcs-rumination', [8, 9, 10, 11]],
  ['pcs-magnification', [6, 7, 13]],
  ['pcs-helplessness', [1, 2, 3, 4, 5, 12]],
])('%s is items %j', (code, items) => {
  const none = numbered('Pcs', 13, '0');
  for (let item = 1; item <= 13; item += 1) {
    expect(pcs.scores({ ...none, [`Pcs${item}`]: '3' }).get(code)?.value).toBe(items.includes(item) ? 3 : 0);
  }
});

it.each([
  [30, 'pcs-usual'],
  [31, 'pcs-relevant'],
])('a total of %i is %s', (total, band) => {
  const score = pcs.scores({ ...numbered('Pcs', 13, '2'), ...numbered('Pcs', total - 26, '3') }).get('pcs-total');
  expect(score).toMatchObject({ value: total, band: { code: band } });
});

it('one missing item leaves its scale and the total without score', () => {
  expect(values(pcs.scores({ ...numbered('Pcs', 13, '1'), Pcs13: undefined }))).toEqual({
    'pcs-rumination': 4,
    'pcs-magnification': 'too-few-answered',
    'pcs-helplessness': 6,
    'pcs-total': 'too-few-answered',
  });
});

it('the minimum detectable change follows from the standard error of the Norwegian version', () => {
  const change = pcs.scores(numbered('Pcs', 13, '1')).get('pcs-total')?.rule.change;
  const sem = change?.error !== undefined && 'sem' in change.error ? change.error.sem : Number.NaN;
  expect(1.96 * Math.SQRT2 * sem).toBeCloseTo(12.8, 1);
});
