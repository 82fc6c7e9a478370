import { expect, test } from 'vitest';
import { formLanguage } from './form-language.ts';

test('a form is shown in the language that is asked for, where it is written in it', () => {
  expect(formLanguage(['nb', 'sv', 'en'], 'sv')).toBe('sv');
});

test('whoever reads Nynorsk or Northern Sami gets a form without them in Bokmål', () => {
  expect(formLanguage(['nb', 'sv'], 'nn')).toBe('nb');
  expect(formLanguage(['en', 'nb'], 'se')).toBe('nb');
});

test('a form without the language that is asked for is shown in its own', () => {
  expect(formLanguage(['sv'], 'en')).toBe('sv');
});
