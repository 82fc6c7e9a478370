import { expect, test } from 'vitest';
import { norwegianNumber, readNumber } from './patient-number.ts';

const system = (last: number) => `urn:oid:2.16.578.1.12.4.1.4.${last}`;

test.each([
  ['13916900281', 1],
  ['27908802255', 1],
  // by the rule from 2032 only
  ['30108299939', 1],
  ['70019950032', 2],
  ['88888888831', 3],
])('%s is a number of its own system', (value, last) => {
  expect(norwegianNumber(value)).toEqual({ system: system(last), value });
});

test.each(['13916900282', '13916900218', '1391690028', '139169002811', '', 'abcdefghijk', '00000000000'])(
  '%j is none',
  (text) => {
    expect(norwegianNumber(text)).toBeUndefined();
  },
);

test('a Norwegian number is needed where it is chosen, and no auxiliary number is one', () => {
  expect(readNumber('norwegian', ' 139169 00281 ')).toEqual({
    identifier: { system: system(1), value: '13916900281' },
  });
  expect(readNumber('norwegian', ' ')).toEqual({ fault: 'needed' });
  expect(readNumber('norwegian', '12345678901')).toEqual({ fault: 'wrong' });
  expect(readNumber('norwegian', '88888888831')).toEqual({ fault: 'auxiliary' });
});

test('another number may be any, or none, but no Norwegian one', () => {
  expect(readNumber('other', '')).toEqual({});
  expect(readNumber('other', ' AB 12345 ')).toEqual({ identifier: { value: 'AB 12345' } });
  expect(readNumber('other', '888888 88831')).toEqual({ identifier: { system: system(3), value: '88888888831' } });
  expect(readNumber('other', '13916900281')).toEqual({ fault: 'norwegian' });
  expect(readNumber('other', '70019950032')).toEqual({ fault: 'norwegian' });
});
