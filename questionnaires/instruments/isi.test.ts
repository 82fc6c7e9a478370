import { expect, it } from 'vitest';
import { instrument, numbered } from './test-kit/instrument.ts';

const isi = instrument('isi');

it.each([
  [0, 'isi-none'],
  [7, 'isi-none'],
  [8, 'isi-subthreshold'],
  [14, 'isi-subthreshold'],
  [15, 'isi-moderate'],
  [21, 'isi-moderate'],
  [22, 'isi-severe'],
  [28, 'isi-severe'],
])('a sum of %i is %s', (sum, band) => {
  const base = Math.floor(sum / 7);
  const answers = { ...numbered('Isi', 7, String(base)), ...numbered('Isi', sum % 7, String(base + 1)) };
  expect(isi.scores(answers).get('isi-total')).toMatchObject({ value: sum, band: { code: band } });
});

it('all seven must be answered', () => {
  const answers = { ...numbered('Isi', 7, '2'), Isi4: undefined };
  expect(isi.scores(answers).get('isi-total')?.absent?.reason).toBe('too-few-answered');
});
