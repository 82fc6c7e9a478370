import { expect, it } from 'vitest';
import { instrument, numbered, values } from './test-kit/instrument.ts';

const cfq = instrument('cfq-11');

it.each([
  ['0', 0, 0, 0, 0, 0, 0],
  ['1', 7, 4, 11, 0, 0, 0],
  ['2', 14, 8, 22, 7, 4, 11],
  ['3', 21, 12, 33, 7, 4, 11],
])('all answers %s', (answer, physical, mental, total, physical01, mental01, total01) => {
  expect(values(cfq.scores(numbered('Cfq', 11, answer)))).toEqual({
    'cfq-physical': physical,
    'cfq-mental': mental,
    'cfq-total': total,
    'cfq-physical-bimodal': physical01,
    'cfq-mental-bimodal': mental01,
    'cfq-total-bimodal': total01,
  });
});

it('items 1 to 7 are physical, 8 to 11 mental', () => {
  const scores = values(cfq.scores({ ...numbered('Cfq', 11, '0'), Cfq7: '3', Cfq8: '2' }));
  expect(scores).toMatchObject({ 'cfq-physical': 3, 'cfq-mental': 2, 'cfq-total': 5, 'cfq-total-bimodal': 2 });
});

it.each([
  [3, 'cfq-no-case'],
  [4, 'cfq-case'],
])('%i items at 2 are %s', (count, band) => {
  const scores = cfq.scores({ ...numbered('Cfq', 11, '1'), ...numbered('Cfq', count, '2') });
  expect(scores.get('cfq-total-bimodal')?.band?.code).toBe(band);
});

it.each([
  [6, 28, 'cfq-below-29'],
  [7, 29, 'cfq-29-and-more'],
])('%i items at 3 above a base of 2 make %i: %s', (count, total, band) => {
  const scores = cfq.scores({ ...numbered('Cfq', 11, '2'), ...numbered('Cfq', count, '3') });
  expect(scores.get('cfq-total')).toMatchObject({ value: total, band: { code: band } });
});

it('one missing item leaves its own scale and the total without score', () => {
  expect(values(cfq.scores({ ...numbered('Cfq', 11, '1'), Cfq11: undefined }))).toEqual({
    'cfq-physical': 7,
    'cfq-mental': 'too-few-answered',
    'cfq-total': 'too-few-answered',
    'cfq-physical-bimodal': 0,
    'cfq-mental-bimodal': 'too-few-answered',
    'cfq-total-bimodal': 'too-few-answered',
  });
});
