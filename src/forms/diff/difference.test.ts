import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { withRecord } from '../text/record.ts';
import { withText } from '../text/translation.ts';
import { changesOfMeaning, differences } from './difference.ts';

const system = 'https://svar.example.org/fhir/CodeSystem/level';
const weight = (value: number) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/itemWeight',
  valueDecimal: value,
});
const option = (code: string, display: string, value: number) => ({
  valueCoding: { extension: [weight(value)], system, code, display },
});
const choice: QuestionnaireItem = {
  linkId: 'sleep',
  text: 'How do you sleep?',
  type: 'choice',
  answerOption: [option('0', 'well', 0), option('1', 'badly', 1)],
};
const number: QuestionnaireItem = { linkId: 'pain', text: 'Pain now', type: 'integer', required: true };
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  url: 'https://svar.example.org/fhir/Questionnaire/x',
  version: '1.0.0',
  status: 'active',
  subjectType: ['Patient'],
  item: [{ linkId: 'g', type: 'group', item: [choice, number] }],
};
const withItems = (...item: QuestionnaireItem[]): Questionnaire => ({
  ...form,
  item: [{ linkId: 'g', type: 'group', item }],
});
const told = (after: Questionnaire, before = form) =>
  differences(before, after).map((each) => `${each.meaning}: ${each.linkId ?? 'form'} ${each.kind} ${each.element}`);

describe('the differences of two versions', () => {
  it('are none for the same form, whatever the order of members and options', () => {
    expect(told(structuredClone(form))).toEqual([]);
    const { type, linkId, ...rest } = choice;
    expect(told(withItems({ ...rest, type, linkId }, number))).toEqual([]);
    expect(told(withItems({ ...choice, answerOption: choice.answerOption?.toReversed() }, number))).toEqual([]);
  });

  it.each<[string, Questionnaire]>([
    ['substance: pain removed item', withItems(choice)],
    ['substance: more added item', withItems(choice, number, { linkId: 'more', type: 'string', text: 'More' })],
    ['substance: pain changed type', withItems(choice, { ...number, type: 'decimal' })],
    ['substance: pain removed required', withItems(choice, { linkId: 'pain', text: 'Pain now', type: 'integer' })],
    ['substance: pain added maxLength', withItems(choice, { ...number, maxLength: 3 })],
    ['substance: g changed order', withItems(number, choice)],
    ['substance: pain changed parent', { ...form, item: [{ linkId: 'g', type: 'group', item: [choice] }, number] }],
    [
      'substance: pain added enableWhen',
      withItems(choice, { ...number, enableWhen: [{ question: 'sleep', operator: 'exists', answerBoolean: true }] }),
    ],
    [
      'substance: pain added http://hl7.org/fhir/StructureDefinition/minValue',
      withItems(choice, {
        ...number,
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueInteger: 0 }],
      }),
    ],
    [
      'substance: pain added https://unknown.example.org/x',
      withItems(choice, {
        ...number,
        extension: [{ url: 'https://unknown.example.org/x', valueInteger: 0 }],
      }),
    ],
    ['substance: form changed subjectType', { ...form, subjectType: ['Person'] }],
    ['wording: pain changed text', withItems(choice, { ...number, text: 'Pain last week' })],
  ])('%s', (expected, after) => {
    expect(told(after)).toEqual([expected]);
    expect(changesOfMeaning(form, after)).toHaveLength(1);
  });

  it('tell an option from its words and its weight', () => {
    const changed = (second: ReturnType<typeof option>) =>
      told(withItems({ ...choice, answerOption: [option('0', 'well', 0), second] }, number));
    const name = `answerOption {"system":"${system}","code":"1"}`;
    expect(changed(option('1', 'poorly', 1))).toEqual([`wording: sleep changed ${name} display`]);
    expect(changed(option('1', 'badly', 2))).toEqual([
      `substance: sleep changed ${name} coding http://hl7.org/fhir/StructureDefinition/itemWeight`,
    ]);
    expect(changed(option('2', 'badly', 1)).filter((each) => each.startsWith('substance'))).toHaveLength(4);
  });

  it('hold the registry’s own words, looks and dates for presentation', () => {
    const translated: QuestionnaireItem = JSON.parse(
      JSON.stringify({
        ...number,
        _text: {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/translation',
              extension: [
                { url: 'lang', valueCode: 'sv' },
                { url: 'content', valueString: 'Smärta nu' },
              ],
            },
          ],
        },
      }),
    );
    const after: Questionnaire = {
      ...withItems(choice, translated),
      title: 'X',
      status: 'retired',
      date: '2026-01-02',
      version: '1.0.1',
    };
    expect(differences(form, after)).toHaveLength(5);
    expect(changesOfMeaning(form, after)).toEqual([]);
    const reworded = JSON.parse(JSON.stringify(after).replace('Smärta nu', 'Värk'));
    expect(told(reworded, after)).toEqual(['wording: pain changed text sv']);
  });

  describe('let licensed wording take the place of placeholders', () => {
    const recorded = (...records: [language: string, kind: 'placeholder' | 'licensed'][]): Questionnaire =>
      records.reduce<Questionnaire>((made, [language, kind]) => withRecord(made, { language, kind }), {
        ...form,
        language: 'nb',
      });
    const placeholders = recorded(['nb', 'placeholder']);
    const worded: Questionnaire = { ...placeholders, item: withItems({ ...choice, text: 'Other words' }, number).item };

    it('and nothing else', () => {
      expect(told(worded, placeholders)).toEqual(['presentation: sleep changed text']);
      const changed = { ...placeholders, item: withItems({ ...choice, type: 'string' }, number).item };
      expect(changesOfMeaning(placeholders, changed)).toHaveLength(1);
    });

    it('in the language that has placeholders only', () => {
      const others = recorded(['nb', 'licensed'], ['sv', 'placeholder']);
      expect(told({ ...others, item: worded.item }, others)).toEqual(['wording: sleep changed text']);
      const sv = (text: string): Questionnaire => ({
        ...others,
        item: withItems(withText(choice, 'text', 'sv', 'nb', text), number).item,
      });
      expect(changesOfMeaning(sv('Platshållare'), sv('Ord'))).toEqual([]);
    });

    it('once', () => {
      const licensed = recorded(['nb', 'licensed']);
      expect(told({ ...licensed, item: worded.item }, licensed)).toEqual(['wording: sleep changed text']);
    });
  });
});
