import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { instrument, values } from './test-kit/instrument.ts';
import { textsOf } from './test-kit/texts.ts';

const rand = instrument('rand-36');

/** How many answers item n has: 2, 3, 5 or 6. */
function levels(item: number): number {
  if (item >= 3 && item <= 12) return 3;
  if (item >= 13 && item <= 19) return 2;
  return item === 21 || (item >= 23 && item <= 31) ? 6 : 5;
}

/** Whether the first answer is the best one. */
const firstIsBest = new Set([1, 2, 20, 21, 22, 23, 26, 27, 30, 34, 36]);
const items = Array.from({ length: 36 }, (_, index) => index + 1);

function answers(choose: (item: number) => number): Record<string, string> {
  return Object.fromEntries(items.map((item) => [`Rand${item}`, String(choose(item))]));
}

const scales = [
  'rand-physical-functioning',
  'rand-role-physical',
  'rand-role-emotional',
  'rand-energy',
  'rand-emotional-wellbeing',
  'rand-social-functioning',
  'rand-pain',
  'rand-general-health',
];

it.each([
  ['worst', 0],
  ['best', 100],
])('the %s answers make all eight scales %i', (which, value) => {
  const given = answers((item) => (firstIsBest.has(item) === (which === 'best') ? 1 : levels(item)));
  expect(values(rand.scores(given))).toEqual(Object.fromEntries(scales.map((scale) => [scale, value])));
});

it('the first answer to every item, by the recoding key of RAND', () => {
  expect(values(rand.scores(answers(() => 1)))).toEqual({
    'rand-physical-functioning': 0,
    'rand-role-physical': 0,
    'rand-role-emotional': 0,
    'rand-energy': 50,
    'rand-emotional-wellbeing': 40,
    'rand-social-functioning': 50,
    'rand-pain': 100,
    'rand-general-health': 60,
  });
});

it.each([
  [3, ['0', '50', '100']],
  [13, ['0', '100']],
  [1, ['100', '75', '50', '25', '0']],
  [32, ['0', '25', '50', '75', '100']],
  [21, ['100', '80', '60', '40', '20', '0']],
  [24, ['0', '20', '40', '60', '80', '100']],
])('item %i alone gives its scale %j', (item, expected) => {
  expected.forEach((value, index) => {
    const scores = rand.scores({ [`Rand${item}`]: String(index + 1) });
    expect([...scores.values()].flatMap((score) => score.value ?? [])).toEqual([Number(value)]);
  });
});

it('the mean is of the answered items; none answered, no score', () => {
  expect(rand.scores({ Rand21: '2' }).get('rand-pain')?.value).toBe(80);
  expect(rand.scores({ Rand21: '2', Rand22: '3' }).get('rand-pain')?.value).toBe(65);
  expect(rand.scores({ Rand1: '1' }).get('rand-pain')?.absent?.reason).toBe('too-few-answered');
});

it('item 2 belongs to no scale, and "don\'t know" in the last section is the middle, not missing', () => {
  const scores = rand.scores({ Rand2: '1', Rand33: '3' });
  expect([...scores].flatMap(([code, { value }]) => (value === undefined ? [] : [[code, value]]))).toEqual([
    ['rand-general-health', 50],
  ]);
});

it('the English words are those that were compared with transcriptions of the instrument (decision 0034)', () => {
  const words = textsOf(rand.questionnaire).filter(({ where, calculated }) => where.startsWith('Rand') && !calculated);
  expect(words).toHaveLength(190);
  const text = words.map(({ byLanguage }) => byLanguage.en).join('\n');
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe('60df3328c95a5a85');
});
