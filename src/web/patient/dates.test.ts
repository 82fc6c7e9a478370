import { expect, test } from 'vitest';
import { dayText } from './dates.ts';

const of = { timeZone: 'Europe/Oslo', now: '2026-03-02T08:00:00+01:00' };

test('a day is told in words, with its year where that is another', () => {
  expect(dayText('2026-03-05T23:30:00Z', { ...of, language: 'nb' })).toBe('fredag 6. mars');
  expect(dayText('2027-03-05T08:00:00Z', { ...of, language: 'sv' })).toBe('fredag 5 mars 2027');
});

test('in Northern Sami a day is numbers, not Norwegian words in a page that is not Norwegian', () => {
  expect(dayText('2026-03-05T08:00:00Z', { ...of, language: 'se' })).toBe('05.03.2026');
});
