import { expect, it } from 'vitest';
import { instrument, numbered } from './test-kit/instrument.ts';

const odi = instrument('odi');

it.each([
  [0, 0, 'odi-minimal'],
  [10, 20, 'odi-minimal'],
  [11, 22, 'odi-moderate'],
  [20, 40, 'odi-moderate'],
  [21, 42, 'odi-severe'],
  [30, 60, 'odi-severe'],
  [31, 62, 'odi-crippled'],
  [40, 80, 'odi-crippled'],
  [41, 82, 'odi-bed-bound'],
  [50, 100, 'odi-bed-bound'],
])('a sum of %i is %i per cent: %s', (sum, percent, band) => {
  const base = Math.floor(sum / 10);
  const answers = { ...numbered('Odi', 10, String(base)), ...numbered('Odi', sum % 10, String(base + 1)) };
  expect(odi.scores(answers).get('odi-index')).toMatchObject({ value: percent, band: { code: band } });
});

it('nine sections are enough, and the percentage is of those; eight are not', () => {
  const nine = { ...numbered('Odi', 10, '2'), Odi1: '5', Odi8: undefined };
  expect(odi.scores(nine).get('odi-index')?.value).toBeCloseTo((100 * 21) / 45, 9);
  expect(odi.scores({ ...nine, Odi3: undefined }).get('odi-index')?.absent?.reason).toBe('too-few-answered');
});
