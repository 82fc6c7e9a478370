import { describe, expect, test } from 'vitest';
import { checkDNummer, checkFodselsnummer, checkReshId } from './norwegian.ts';

describe('a fødselsnummer', () => {
  // Constructed or published as test numbers; none belongs to a person.
  test.each([
    ['by the old rule', '02013299997'],
    ['by the old rule, in December', '30108299920'],
    ['by the rule from 2032 only: the first remainder is 1', '30108299939'],
    ['of a synthetic series with 65 (or 60) added to the month', '26670271527'],
  ])('is right %s', (_, value) => {
    expect(checkFodselsnummer(value)).toBeUndefined();
  });

  test.each([
    ['a wrong second control digit', '02013299998'],
    ['two digits exchanged', '20013299997'],
    ['too few digits', '0201329999'],
    ['a space', '020132 99997'],
    ['digits of another script', '٠٢٠١٣٢٩٩٩٩٧'],
  ])('is wrong with %s', (_, value) => {
    expect(checkFodselsnummer(value)).toBeDefined();
  });

  test('accepts no number that differs from a right one in a single digit of the second control sum', () => {
    const right = '02013299997';
    for (let at = 0; at < 11; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const changed = right.slice(0, at) + digit + right.slice(at + 1);
        expect(checkFodselsnummer(changed) === undefined, changed).toBe(changed === right);
      }
    }
  });

  test.each([40, 60, 65, 80])(
    'is right as a synthetic number with %i added to the month, wrong with its control digits unchanged',
    (shift) => {
      const digits = `02${String(1 + shift)}32999`;
      const found = Array.from({ length: 100 }, (_, end) => digits + String(end).padStart(2, '0')).filter(
        (value) => checkFodselsnummer(value) === undefined,
      );
      // One first control digit by the old rule and up to three more by the new one, each with at most one second digit.
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(4);
    },
  );

  test('with month 13 or day 32 is wrong, whatever its control digits', () => {
    for (const start of ['021332999', '320132999', '300232999', '000132999']) {
      for (let end = 0; end < 100; end++) {
        expect(checkFodselsnummer(start + String(end).padStart(2, '0'))).toBeDefined();
      }
    }
  });
});

describe('a D-nummer', () => {
  test('has 40 added to the day', () => {
    expect(checkDNummer('70019950032')).toBeUndefined();
    expect(checkDNummer('02013299997')).toMatch(/40 added/);
    expect(checkFodselsnummer('70019950032')).toMatch(/day and a month/);
  });
});

test('a RESH-ID is a number of four to ten digits', () => {
  for (const right of ['100082', '4205289', '99000001']) expect(checkReshId(right), right).toBeUndefined();
  for (const wrong of ['', '123', '12345678901', 'RESH-100082', '10 0082'])
    expect(checkReshId(wrong), wrong).toBeDefined();
});
