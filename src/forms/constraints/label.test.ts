import type { Extension, QuestionnaireItem } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { labelOf } from './label.ts';

const translated = (words: Record<string, string>): { extension: Extension[] } => ({
  extension: Object.entries(words).map(([lang, content]) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/translation',
    extension: [
      { url: 'lang', valueCode: lang },
      { url: 'content', valueString: content },
    ],
  })),
});
const form = { resourceType: 'Questionnaire' as const, status: 'active' as const, language: 'nb' };
const labels = (item: object) => {
  const label = labelOf(form, { linkId: 'q', type: 'string', ...item } as QuestionnaireItem);
  return [label('nb'), label('sv'), label('en')];
};

it('an item is called by its short text, else by its text, in the language of the person or else of the form', () => {
  const text = { text: 'Dato for utfylling', _text: translated({ 'sv-SE': 'Datum för ifyllnad' }) };
  expect(labels(text)).toEqual(['Dato for utfylling', 'Datum för ifyllnad', 'Dato for utfylling']);
  const shortText: Extension = Object.assign(
    { url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-shortText', valueString: 'Dato' },
    { _valueString: translated({ en: 'Date' }) },
  );
  expect(labels({ ...text, extension: [shortText] })).toEqual(['Dato', 'Dato', 'Date']);
});

it('an item without words, or with very many, has no label', () => {
  expect(labels({})).toEqual([undefined, undefined, undefined]);
  expect(labels({ text: 'Alt i alt, '.repeat(10) })).toEqual([undefined, undefined, undefined]);
});
