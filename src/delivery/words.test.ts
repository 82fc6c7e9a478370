import { expect, test } from 'vitest';
import { neutralNotification, neutralText, neutralTitle } from './words.ts';

test('what others may read tells of a form, in the reader’s language, and no more', () => {
  expect(['nb', 'no', 'nb-NO', 'nn', 'sv-SE', 'en', 'fi', 'se'].map(neutralTitle)).toEqual([
    'Et skjema venter på deg',
    'Et skjema venter på deg',
    'Et skjema venter på deg',
    'Eit skjema ventar på deg',
    'Ett formulär väntar på dig',
    'A form is waiting for you',
    'Et skjema venter på deg',
    'Et skjema venter på deg',
  ]);
  for (const language of ['nb', 'nn', 'sv', 'en']) {
    const words = [neutralTitle(language), neutralText(language), neutralNotification(language)].join(' ');
    expect(words).not.toMatch(
      /smert|pain|smärt|helse|health|hälso|syke|hospital|sjuk|register|pasient|patient|klinik/i,
    );
    expect(neutralText(language)).toMatch(/:$/);
  }
});
