import { expect, test } from 'vitest';
import { typedDay, writtenDay } from './typed-day.ts';
import { LOCALES } from './words/language.ts';

test.each([
  ['5.3.2026', '2026-03-05'],
  ['05/03/2026', '2026-03-05'],
  ['2026-03-05', '2026-03-05'],
  ['05032026', '2026-03-05'],
  ['20260305', '2026-03-05'],
  // the day of a month, not of the year 2010
  ['20101969', '1969-10-20'],
  ['', ''],
  [' ', ''],
  ['31.4.2026', undefined],
  ['5.3.26', undefined],
  ['i dag', undefined],
])('%j is the day %j', (text, day) => {
  expect(typedDay(text)).toBe(day);
});

test.each(Object.entries(LOCALES))('a day that is written in %s is read as the same day', (language, locale) => {
  const written = { nb: '05.03.2026', nn: '05.03.2026', sv: '2026-03-05', en: '05/03/2026' }[language];
  expect(writtenDay('2026-03-05', locale)).toBe(written);
  expect(typedDay(writtenDay('2026-03-05', locale))).toBe('2026-03-05');
});
