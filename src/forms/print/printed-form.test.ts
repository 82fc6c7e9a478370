import { readdirSync, readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireItem, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { textIn } from '../text/translation.ts';
import { printedForm } from './printed-form.ts';

const FOLDER = new URL('../../../questionnaires/', import.meta.url);
const shipped = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Resource)
  .filter((resource): resource is Questionnaire => resource.resourceType === 'Questionnaire');

const CONTROL = 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl';
const control = (code: string) => [{ url: CONTROL, valueCodeableConcept: { coding: [{ code }] } }];

function form(item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire {
  return { resourceType: 'Questionnaire', status: 'active', language: 'nb', title: 'Skjema', item, ...more };
}

/** What one reads on the page, a line each. */
function read(questionnaire: Questionnaire, language = 'nb'): string[] {
  const body = printedForm(questionnaire, { language })
    .replace(/^[\s\S]*<main>/, '')
    .replace(/<\/main>[\s\S]*$/, '');
  return body
    .replace(/<span class="box"><\/span>/g, '☐ ')
    .split(/<\/?(?:p|li|ul|div|h2|section)[^>]*>/)
    .map((part) => part.replace(/<[^>]*>/g, '').trim())
    .filter((part) => part !== '');
}

const yesNo: QuestionnaireItem = {
  linkId: 'a',
  type: 'choice',
  text: 'Har du vondt?',
  answerOption: [{ valueCoding: { code: '0', display: 'Nei' } }, { valueCoding: { code: '1', display: 'Ja' } }],
};

it('questions are numbered, options are boxes, help stands below its question', () => {
  const help = { linkId: 'h', type: 'display' as const, text: 'I dag.', extension: control('help') };
  const item = { ...yesNo, item: [help] };
  expect(read(form([item, { linkId: 'b', type: 'string', text: 'Hvor?' }]))).toEqual([
    ...['1. Har du vondt?', 'I dag.', 'Sett ett kryss.', '☐ Nei', '☐ Ja', '2. Hvor?'],
  ]);
});

it('a form that numbers its questions itself keeps its numbers', () => {
  const inner: QuestionnaireItem = { linkId: 'b', type: 'date', text: 'Når?', prefix: '4b' };
  const group: QuestionnaireItem = { linkId: 'g', type: 'group', text: 'Smerte', prefix: '4.', item: [inner] };
  expect(read(form([yesNo, group]))).toEqual([
    ...['Har du vondt?', 'Sett ett kryss.', '☐ Nei', '☐ Ja', '4. Smerte', '4b Når?', 'dagmånedår'],
  ]);
});

it('what depends on an answer says on which, once for all that follow each other', () => {
  const enableWhen = [{ question: 'a', operator: '=' as const, answerCoding: { code: '1' } }];
  const b: QuestionnaireItem = { linkId: 'b', type: 'string', text: 'Hvor?', enableWhen };
  const c: QuestionnaireItem = { linkId: 'c', type: 'string', text: 'Siden når?', enableWhen };
  expect(read(form([yesNo, b, c])).slice(4)).toEqual([
    ...['Bare hvis svaret på spørsmål 1 er «Ja».', '2. Hvor?', '3. Siden når?'],
  ]);
  expect(read(form([yesNo, b]), 'en').slice(4, 5)).toEqual(['Only if the answer to question 1 is «Ja».']);
});

it('conditions of every kind are in words', () => {
  const tick: QuestionnaireItem = { linkId: 't', type: 'boolean', text: 'Vet ikke', extension: control('check-box') };
  const number: QuestionnaireItem = { linkId: 'n', type: 'integer', text: 'Hvor mye?' };
  const last: QuestionnaireItem = {
    linkId: 'x',
    type: 'string',
    text: 'Hvorfor?',
    enableBehavior: 'any',
    enableWhen: [
      { question: 't', operator: '!=', answerBoolean: true },
      { question: 'n', operator: '>=', answerInteger: 4 },
      { question: 'a', operator: '!=', answerCoding: { code: '0' } },
      { question: 'a', operator: 'exists', answerBoolean: true },
      { question: 'n', operator: 'exists', answerBoolean: false },
    ],
  };
  expect(read(form([yesNo, tick, number, last])).at(-2)).toBe(
    'Bare hvis spørsmål 2 ikke er krysset av eller svaret på spørsmål 3 er ≥ 4 eller svaret på spørsmål 1 ikke er «Nei» eller spørsmål 1 er besvart eller spørsmål 3 ikke er besvart.',
  );
});

it('what nobody fills in by hand is left out: hidden, calculated, retired and internal items', () => {
  const core = 'http://hl7.org/fhir/StructureDefinition/';
  const own = 'https://svar.example.org/fhir/StructureDefinition/';
  const left = [
    { url: `${core}questionnaire-hidden`, valueBoolean: true },
    { url: `${own}questionnaire-retired`, valueBoolean: true },
    { url: `${own}questionnaire-internal`, valueBoolean: true },
  ].map((extension, n) => ({ linkId: `${n}`, type: 'string' as const, text: `Borte ${n}`, extension: [extension] }));
  const sum: QuestionnaireItem = {
    linkId: 'sum',
    type: 'decimal',
    text: 'Sum',
    readOnly: true,
    extension: [
      {
        url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
        valueExpression: { language: 'text/fhirpath', expression: '1' },
      },
    ],
  };
  expect(read(form([...left, sum, { linkId: 'b', type: 'string', text: 'Igjen' }]))).toEqual(['1. Igjen']);
});

it('codings of a stored value set are boxes; a list that is too long, or not to be had, is a line', () => {
  const item: QuestionnaireItem = { linkId: 'a', type: 'choice', text: 'Hvor?', answerValueSet: 'http://x.example/v' };
  const print = (count: number) => {
    const codings = Array.from({ length: count }, (_, n) => ({ system: 's', code: `${n}`, display: `Sted ${n}` }));
    return printedForm(form([item]), { language: 'nb', valueSets: () => codings });
  };
  expect(print(2)).toContain('Sted 1');
  expect(print(200)).not.toContain('Sted 1');
  expect(read(form([item]))).toEqual(['1. Hvor?']);
});

it('no text of a form becomes markup', () => {
  const evil = "\"><script>alert(1)</script><img src=x onerror='a'>";
  const page = printedForm(
    form([{ ...yesNo, prefix: evil, text: evil, answerOption: [{ valueCoding: { code: evil, display: evil } }] }], {
      title: evil,
      url: evil,
      version: evil,
    }),
    { language: 'nb' },
  );
  expect(page).not.toMatch(/<script|<img|onerror='|javascript:/);
  expect(page.match(/<(?!\/|!)[a-z0-9]+[^>]*>/g)?.filter((tag) => /\son\w+=|\ssrc=|\shref=/.test(tag))).toEqual([]);
});

describe.each(shipped.map((questionnaire) => [questionnaire.id ?? '', questionnaire] as const))('%s', (_, each) => {
  it.each(['nb', 'nn', 'sv', 'en'])('is printed in %s, with every question once', (language) => {
    const page = printedForm(each, { language });
    expect(page).toMatch(/^<!doctype html>\n<html lang="[a-z]{2}">[\s\S]*<\/html>\n$/);
    expect(page).not.toMatch(/<script|\{\w+\}(?! )|undefined|NaN/);
    const base = each.language ?? '';
    const title = textIn(each, 'title', language, base) ?? each.title ?? '';
    expect(page).toContain(title.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`));
  });
});
