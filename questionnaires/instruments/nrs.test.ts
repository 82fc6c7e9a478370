import { describe, expect, it } from 'vitest';
import { instrument } from './test-kit/instrument.ts';

describe.each([
  ['nrs', ['nrs-worst', 'nrs-least', 'nrs-average', 'nrs-now'], ['NrsWorst', 'NrsLeast', 'NrsAverage', 'NrsNow']],
  [
    'nrs-rest-movement',
    ['nrs-worst-rest', 'nrs-least-rest', 'nrs-worst-movement', 'nrs-least-movement'],
    ['NrsWorstRest', 'NrsLeastRest', 'NrsWorstMovement', 'NrsLeastMovement'],
  ],
])('%s', (name, codes, linkIds) => {
  const nrs = instrument(name);

  it.each(linkIds.map((linkId, index) => [linkId, codes[index] ?? '']))('%s is the score %s', (linkId, code) => {
    for (const answer of [0, 3, 10]) {
      const scores = nrs.scores({ [linkId]: answer });
      expect([...scores].flatMap(([known, { value }]) => (value === undefined ? [] : [[known, value]]))).toEqual([
        [code, answer],
      ]);
    }
  });

  it('takes whole numbers from 0 to 10', () => {
    const faults = (answer: number) => nrs.faults({ [linkIds[0] ?? '']: answer });
    expect([0, 10].flatMap(faults)).toEqual([]);
    expect([-1, 11, 4.5].map((answer) => faults(answer).length)).toEqual([1, 1, 1]);
  });
});
