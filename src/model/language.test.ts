import { expect, it } from 'vitest';
import { acceptedLanguage, languageOfTag } from './language.ts';

it('reads a tag as the nearest language', () => {
  expect(['nb', 'nb-NO', 'no', 'NN', 'sv-SE', 'sv_FI', 'en-GB'].map(languageOfTag)).toEqual([
    ...['nb', 'nb', 'nb', 'nb', 'sv', 'sv', 'en'],
  ]);
  expect(['de', '', '*', 'constructor', undefined].map(languageOfTag)).toEqual(Array(5).fill(undefined));
});

it('takes the language that Accept-Language prefers, the first of equals', () => {
  expect(acceptedLanguage('nb')).toBe('nb');
  expect(acceptedLanguage('de, sv;q=0.5, en;q=0.7')).toBe('en');
  expect(acceptedLanguage('sv,nb')).toBe('sv');
  expect(acceptedLanguage('sv;q=0, nb ; q=0.1')).toBe('nb');
});

it('takes none where the header wants none of ours, or is nonsense', () => {
  for (const header of [undefined, '', '*', 'de', 'nb;q=0', 'nb;q=x']) {
    expect(acceptedLanguage(header)).toBeUndefined();
  }
});
