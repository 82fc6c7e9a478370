import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { beforeAll, expect, test } from 'vitest';
import { answersOf, formDataOf } from './form-data.ts';

let opioid: Questionnaire;

beforeAll(async () => {
  const file = path.join(import.meta.dirname, '../../questionnaires/forms/smertereg/smertereg-opioid.json');
  opioid = JSON.parse(await readFile(file, 'utf8')) as Questionnaire;
});

const response = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  ...(item === undefined ? {} : { item }),
});

test('a flat object of fields becomes the items of a form, in its order, and the same object again', () => {
  const data = {
    Utskrevetsykehus: '1',
    DatoUtfylOpioid: '2026-03-30',
    Smstilletterutskrivelse: '1',
    Palexia: true,
    Morfin: true,
    Fortsattbruk: '2',
  };
  const { item, warnings } = answersOf(opioid, data);
  expect(warnings).toEqual([]);
  expect(item.map(({ linkId }) => linkId)).toEqual([
    'DatoUtfylOpioid',
    'Utskrevetsykehus',
    'Smstilletterutskrivelse',
    'Medikamenter',
    'Fortsattbruk',
  ]);
  expect(formDataOf(opioid, response(item))).toEqual(data);
});

test('numbers and ticks are understood in the ways in which they are written', () => {
  const { item } = answersOf(opioid, { Utskrevetsykehus: 1, Morfin: '1', Metadon: 0, Palexia: 'false' });
  expect(item).toMatchObject([
    { linkId: 'Utskrevetsykehus', answer: [{ valueCoding: { code: '1' } }] },
    { linkId: 'Medikamenter', answer: [{ valueCoding: { code: 'Morfin' } }] },
  ]);
  expect(item[1]?.answer).toHaveLength(1);
});

test('no answer is none; a field that the form has not, and a value that no option has, are told by name alone', () => {
  const { item, warnings } = answersOf(opioid, {
    Utskrevetsykehus: 'x-9',
    DatoUtfylOpioid: '',
    Fodselsnummer: '13916900281',
  });
  expect(item).toEqual([]);
  expect(warnings).toEqual([
    'Utskrevetsykehus: is no answer to this question',
    'Fodselsnummer: the form has no such field',
  ]);
});
