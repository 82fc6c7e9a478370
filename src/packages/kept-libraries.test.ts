import { expect, it } from 'vitest';
import { isLater } from './kept-libraries.ts';

it.each([
  ['2.1.0', '2.0.0', true],
  ['2.0.0', '2.0.0', false],
  ['2.0.0', '2.1.0', false],
  ['2.10.0', '2.9.0', true],
  ['2.0.0.1', '2.0.0', true],
  ['2.0.0-1', '2.0.0', true],
  ['2026-03-01', '2025-12-31', true],
  ['1.0.0', '', true],
])('%s is later than %s: %s', (version, than, later) => {
  expect(isLater(version, than)).toBe(later);
});
