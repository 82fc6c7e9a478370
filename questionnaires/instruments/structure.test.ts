import { readdirSync, readFileSync } from 'node:fs';
import type { CodeSystem, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../../src/forms/form.ts';
import { loincCheckDigit } from '../../src/forms/loinc.ts';
import { instrumentNames, libraryOf, questionnaireOf, rulesOf } from './test-kit/instrument.ts';
import { isCalculated, placeholder, textsOf, wordingOf } from './test-kit/texts.ts';

const base = 'https://svar.example.org/fhir';
const library = 'http://hl7.org/fhir/StructureDefinition/cqf-library';
const itemWeight = 'http://hl7.org/fhir/StructureDefinition/itemWeight';

const registryForms = readdirSync(new URL('../forms/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && !name.includes('.scores'))
  .map((name) => JSON.parse(readFileSync(new URL(`../forms/${name}`, import.meta.url), 'utf8')) as Questionnaire);
const instruments = instrumentNames.map(questionnaireOf);
const forms = [...instruments, ...registryForms];

const codeSystems = new Map(
  readdirSync(new URL('../../terminology/code-systems/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const url = new URL(`../../terminology/code-systems/${name}`, import.meta.url);
      const system = JSON.parse(readFileSync(url, 'utf8')) as CodeSystem;
      return [system.url ?? '', new Set(system.concept?.map(({ code }) => code))] as const;
    }),
);

function allItems(items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] {
  return (items ?? []).flatMap((item) => [item, ...allItems(item.item)]);
}

it('the library is whole', () => {
  expect([...instrumentNames].sort()).toEqual([
    ...['body-map', 'bpi-sf', 'cfq-11', 'cpaq-8', 'eq-5d-3l', 'eq-5d-5l', 'gse', 'hads', 'hscl-25', 'isi', 'mpi-s'],
    ...['nrs', 'nrs-rest-movement', 'odi', 'pcs', 'pgic', 'promis-29-v2.0', 'promis-29-v2.1', 'rand-36', 'tsk-17'],
  ]);
});

describe.each(forms.map((form) => [form.id ?? '', form] as const))('%s', (id, form) => {
  it('is a published form about a patient, with a canonical of its own', () => {
    expect(form).toMatchObject({
      url: `${base}/Questionnaire/${id}`,
      version: '1.0.0',
      status: 'active',
      subjectType: ['Patient'],
      publisher: 'Svar',
      language: 'nb',
    });
  });

  it('compiles, and every linkId is a word that can name a column', () => {
    expect(() => compileForm(form)).not.toThrow();
    for (const item of allItems(form.item).filter((one) => !isCalculated(one) && one.type !== 'display')) {
      expect(item.linkId).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
    }
  });

  it('has title, texts and answers in nb, sv and en', () => {
    for (const { where, byLanguage } of textsOf(form)) {
      expect([where, Object.keys(byLanguage).sort()]).toEqual([where, ['en', 'nb', 'sv']]);
      expect([where, Object.values(byLanguage).filter((text) => text.trim() === '')]).toEqual([where, []]);
    }
  });

  it('tells whose words it has, once for each language', () => {
    expect(wordingOf(form).map(({ language }) => language)).toEqual(['nb', 'sv', 'en']);
  });

  it('has placeholders, and nothing but those, where its wording is not shipped', () => {
    const licensed = wordingOf(form).filter(({ kind }) => kind === 'placeholder');
    for (const { language } of licensed) {
      const others = textsOf(form)
        .filter(({ isTitle, calculated }) => !isTitle && !calculated)
        .map(({ byLanguage }) => byLanguage[language] ?? '')
        .filter((text) => !placeholder.test(text));
      expect([language, others]).toEqual([language, []]);
    }
    if (licensed.length > 0) expect(form.copyright).toMatch(/not included|supplied|identified/);
  });

  it('has answers that its code systems know, each once', () => {
    for (const item of allItems(form.item)) {
      const codings = (item.answerOption ?? []).map(({ valueCoding }) => valueCoding);
      for (const coding of codings) {
        expect([coding?.system, coding?.code, codeSystems.get(coding?.system ?? '')?.has(coding?.code ?? '')]).toEqual([
          coding?.system,
          coding?.code,
          true,
        ]);
      }
      expect(new Set(codings.map((coding) => `${coding?.system}|${coding?.code}`)).size).toBe(codings.length);
    }
  });

  it('gives answers their own number as weight, and "don\'t know" none', () => {
    for (const item of allItems(form.item)) {
      for (const { valueCoding } of item.answerOption ?? []) {
        const weight = valueCoding?.extension?.find(({ url }) => url === itemWeight)?.valueDecimal;
        if (weight === undefined || valueCoding?.system?.endsWith('/pain-region')) continue;
        expect([item.linkId, String(weight)]).toEqual([item.linkId, valueCoding?.code]);
        expect(valueCoding?.display).not.toBe('Vet ikke');
      }
    }
  });

  it('names LOINC codes with a right check digit only', () => {
    const codes = [...JSON.stringify(form).matchAll(/"http:\/\/loinc\.org","code":"(\d+)-(\d)"/g)];
    for (const [, number = '', digit = ''] of codes) expect([number, loincCheckDigit(number)]).toEqual([number, digit]);
  });
});

describe.each(instruments.map((form) => [form.id ?? '', form] as const))('scores of %s', (id, form) => {
  it('stand in the Library that the form names, and that depends on the form', () => {
    const named = form.extension?.filter(({ url }) => url === library).map(({ valueCanonical }) => valueCanonical);
    const { url, relatedArtifact, content } = libraryOf(id);
    expect(named).toEqual([url]);
    expect(relatedArtifact?.filter(({ type }) => type === 'depends-on').map(({ resource }) => resource)).toContain(
      form.url,
    );
    expect(content?.map((attachment) => attachment.url)).toEqual([`${id}.scores.rules.json`]);
  });

  it('cite the sources of every rule, as the Library does', () => {
    const rules = rulesOf(id);
    const citations = libraryOf(id).relatedArtifact?.filter(({ type }) => type === 'citation');
    expect(citations?.map(({ citation }) => citation).sort()).toEqual(
      Object.values(rules.sources)
        .map(({ citation }) => citation)
        .sort(),
    );
    for (const { sources } of rules.scores) expect(sources.length).toBeGreaterThan(0);
  });

  it('have codes that the code system of scores knows, and right LOINC codes', () => {
    for (const { code, codings } of rulesOf(id).scores) {
      expect([code, codeSystems.get(`${base}/CodeSystem/score`)?.has(code)]).toEqual([code, true]);
      for (const { system, code: other } of codings.filter((coding) => coding.system === 'http://loinc.org')) {
        const [number = '', digit = ''] = other.split('-');
        expect([system, number, digit]).toEqual([system, number, loincCheckDigit(number)]);
      }
    }
  });
});

describe('LOINC check digits', () => {
  it.each(['62337-1', '71967-4', '71965-8', '71963-3', '71961-7', '91721-1'])('%s is right', (code) => {
    const [number = '', digit] = code.split('-');
    expect(loincCheckDigit(number)).toBe(digit);
  });

  it.each(['71951-1', '71949-5', '71950-3', '71948-7', '71968-5'])('%s is wrong', (code) => {
    const [number = '', digit] = code.split('-');
    expect(loincCheckDigit(number)).not.toBe(digit);
  });
});

it('HADS keeps the order in which its answers are printed', () => {
  const order = allItems(questionnaireOf('hads').item)
    .filter(({ type }) => type === 'choice')
    .map(({ answerOption }) => answerOption?.map(({ valueCoding }) => valueCoding?.code).join(''));
  const down = new Set([1, 3, 5, 6, 8, 10, 11, 13]);
  expect(order).toEqual(Array.from({ length: 14 }, (_, index) => (down.has(index + 1) ? '32109' : '01239')));
});
