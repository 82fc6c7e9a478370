import { describe, expect, test } from 'vitest';
import { numberTest } from './number.ts';

describe('a searched number', () => {
  test.each(['100', '5.4', '0', '-0.5', '1e3', '66.89999999999999', '1000000000000000000', '1e-245', '0.1', '12.70'])(
    '%s equals itself, in any unit',
    (text) => {
      for (const convert of [(value: number) => value, (value: number) => Number((value * 0.0254).toPrecision(12))]) {
        const { lo, hi } = numberTest('value', text, convert);
        const number = convert(Number(text));
        expect([lo <= number, number <= hi]).toEqual([true, true]);
      }
    },
  );

  test('stands for all that rounds to it', () => {
    const { lo, hi } = numberTest('value', '5.4');
    expect([lo, hi < 5.45, hi > 5.4499999]).toEqual([5.35, true, true]);
  });
});
