import { expect, it } from 'vitest';
import { instrument, numbered, values } from './test-kit/instrument.ts';

const hscl = instrument('hscl-25');

it.each(['1', '4'])('all answers %s', (answer) => {
  expect(values(hscl.scores(numbered('Hscl', 25, answer)))).toEqual({
    'hscl-anxiety': Number(answer),
    'hscl-depression': Number(answer),
    'hscl-total': Number(answer),
  });
});

it('items 1 to 10 are anxiety, 11 to 25 depression', () => {
  const scores = values(hscl.scores({ ...numbered('Hscl', 25, '1'), ...numbered('Hscl', 10, '3') }));
  expect(scores).toEqual({ 'hscl-anxiety': 3, 'hscl-depression': 1, 'hscl-total': 1.8 });
});

it.each([
  [24, 17, 41 / 24, 'hscl-below'],
  [24, 18, 1.75, 'hscl-distress'],
  [25, 18, 1.72, 'hscl-below'],
  [25, 19, 1.76, 'hscl-distress'],
])('of %i answers %i are 2, the others 1', (answered, twos, mean, band) => {
  const score = hscl.scores({ ...numbered('Hscl', answered, '1'), ...numbered('Hscl', twos, '2') }).get('hscl-total');
  expect(score?.value).toBeCloseTo(mean, 10);
  expect(score?.band?.code).toBe(band);
});

it.each([
  ['hscl-anxiety', 1, 5],
  ['hscl-depression', 11, 8],
  ['hscl-total', 1, 13],
])('%s needs half of its items', (code, first, least) => {
  const some = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`Hscl${first + index}`, '2']));
  expect(hscl.scores(some(least)).get(code)?.value).toBe(2);
  expect(hscl.scores(some(least - 1)).get(code)?.absent?.reason).toBe('too-few-answered');
});
