import { describe, expect, it } from 'vitest';
import { readMask, readPattern } from './pattern.ts';

describe('an entryFormat', () => {
  it.each([
    ['nnn-nnn-nnn', '123-456-789', '123-456-78'],
    ['DD.MM.ÅÅÅÅ', '01.02.2026', '1.2.2026'],
    ['yyyy-MM-dd', '2026-02-01', '26-02-01'],
    ['hh:mm', '08:30', '8:30'],
    ['(99) 999', '(12) 345', '12 345'],
    ['######', '123456', '12345x'],
  ])('%s is a mask of digits', (format, right, wrong) => {
    const mask = readMask(format);
    expect([mask?.matches(right), mask?.matches(` ${right} `), mask?.matches(wrong)]).toEqual([true, true, false]);
  });

  it.each(['Tast inn vekten i kg', 'e.g. 12-34', '', '--', 'AAA-999', 'dag'])("'%s' is for people only", (format) => {
    expect(readMask(format)).toBeUndefined();
  });
});

describe('a regex', () => {
  it('is matched against the whole text', () => {
    const pattern = readPattern('[0-9]+');
    expect([pattern?.matches('12'), pattern?.matches('12 '), pattern?.matches('')]).toEqual([true, false, false]);
    expect(readPattern('^ab$')?.matches('ab')).toBe(true);
    expect(readPattern('a.b')?.matches('a\nb')).toBe(true);
  });

  it('takes time that grows with the text only', () => {
    const start = performance.now();
    expect(readPattern('(a+)+b')?.matches('a'.repeat(20_000))).toBe(false);
    // Backtracking would take longer than the universe lasts; this takes some milliseconds.
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
