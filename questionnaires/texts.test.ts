import { readdirSync, readFileSync } from 'node:fs';
import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { isMarked, placeholderMarks } from '../src/forms/text/mark.ts';
import { missingTexts } from '../src/forms/text/missing-texts.ts';
import { baseLanguage, recordsOf } from '../src/forms/text/record.ts';
import { textIn } from '../src/forms/text/translation.ts';
import { languages } from '../src/model/language.ts';

const forms = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Questionnaire)
  .filter(({ resourceType }) => resourceType === 'Questionnaire');

it('the forms are found', () => {
  expect(forms.length).toBeGreaterThanOrEqual(25);
});

describe.each(forms.map((form) => [form.id ?? '', form] as const))('%s', (_id, form) => {
  it('has every text in every language', () => {
    expect(missingTexts(form, languages)).toEqual([]);
  });

  it('is marked, in its title and its first text, in the languages in which it has placeholders, and in no other', () => {
    const base = baseLanguage(form);
    for (const { language, kind } of recordsOf(form)) {
      const texts = [textIn(form, 'title', language, base), textIn(form.item?.[0] ?? {}, 'text', language, base)];
      const mark = kind === 'placeholder' ? placeholderMarks[language] : undefined;
      for (const text of texts) {
        if (mark === undefined) expect(isMarked(text ?? '')).toBe(false);
        else expect(text).toContain(mark);
      }
    }
  });
});

it('what is missing is told by its place', () => {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    language: 'nb',
    title: 'Skjema',
    item: [
      { linkId: 'g', type: 'group', item: [{ linkId: 'a', type: 'string', text: 'Spørsmål' }] },
      { linkId: 'b', type: 'choice', text: 'Spørsmål', answerOption: [{ valueCoding: { code: '1', display: 'Ja' } }] },
    ],
  };
  expect(missingTexts(form, ['nb'])).toEqual([]);
  expect(missingTexts(form, ['nb', 'nn']).map(({ language, where }) => `${language} ${where}`)).toEqual([
    ...['nn title', 'nn a', 'nn b', 'nn b, option 1'],
  ]);
});
