import { describe, expect, it } from 'vitest';
import { instrument, numbered, values } from './test-kit/instrument.ts';

const hads = instrument('hads');
const scales = { 'hads-anxiety': [1, 3, 5, 7, 9, 11, 13], 'hads-depression': [2, 4, 6, 8, 10, 12, 14] };

it.each([
  ['0', 0],
  ['1', 7],
  ['2', 14],
  ['3', 21],
])('all answers %s make both scales %i', (answer, sum) => {
  expect(values(hads.scores(numbered('HADSSpm', 14, answer)))).toEqual({
    'hads-anxiety': sum,
    'hads-depression': sum,
  });
});

describe.each(Object.entries(scales))('%s', (code, items) => {
  const given = (answers: string) =>
    Object.fromEntries([...answers].flatMap((answer, at) => (answer === '-' ? [] : [[`HADSSpm${items[at]}`, answer]])));

  it('has its seven items and no other', () => {
    const none = numbered('HADSSpm', 14, '0');
    for (let item = 1; item <= 14; item += 1) {
      const scores = hads.scores({ ...none, [`HADSSpm${item}`]: '2' });
      expect([item, scores.get(code)?.value]).toEqual([item, items.includes(item) ? 2 : 0]);
    }
  });

  it.each([
    ['1111111', 7, 'hads-non-case'],
    ['2111111', 8, 'hads-possible-case'],
    ['2221111', 10, 'hads-possible-case'],
    ['2222111', 11, 'hads-probable-case'],
    ['333333-', 21, 'hads-probable-case'],
    ['1020---', 5.25, 'hads-non-case'],
    ['---0201', 5.25, 'hads-non-case'],
    ['1020999', 5.25, 'hads-non-case'],
  ])('answers %s make %d: %s', (answers, value, band) => {
    expect(hads.scores(given(answers)).get(code)).toMatchObject({ value, band: { code: band } });
  });

  it.each(['102----', '1029999', '-------', '9999999'])('answers %s make none, with the reason', (answers) => {
    const score = hads.scores(given(answers)).get(code);
    expect(score).toMatchObject({ absent: { reason: 'too-few-answered', of: 7, minimum: 4 } });
    expect(score).not.toHaveProperty('value');
  });
});
