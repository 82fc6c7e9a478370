import { readFileSync } from 'node:fs';
import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { nonsenseWording, type WordingFile } from '../../../tests/kit/nonsense-wording.ts';
import { validateResource } from '../../conformance/validate-resource.ts';
import { changesOfMeaning } from '../diff/difference.ts';
import { wordingMisfits } from './fit.ts';
import { placeholderMarks } from './mark.ts';
import { readWording, WordingFaults } from './read-wording.ts';
import { recordsOf } from './record.ts';
import { withCarriedWording, withWording } from './with-wording.ts';
import { wordingTemplate } from './wording-template.ts';

const now = '2026-03-02T08:00:00.000Z';
const shipped = (name: string): Questionnaire =>
  JSON.parse(readFileSync(new URL(`../../../questionnaires/instruments/${name}.json`, import.meta.url), 'utf8'));
const hads = shipped('hads');
const read = (file: WordingFile) => readWording({ ...file });
const nonsense = (language: string, until: string | null = null) => nonsenseWording(hads, language, until);
const loaded = (form: Questionnaire, language: string, until: string | null = null, at = now) =>
  withWording(form, read(nonsense(language, until)), at);

function faultsOf(change: (file: WordingFile) => object): readonly string[] {
  try {
    readWording({ ...change(nonsense('nb')) });
    return [];
  } catch (refused) {
    if (refused instanceof WordingFaults) return refused.faults;
    throw refused;
  }
}

describe('a file of texts', () => {
  it('is read', () => {
    const wording = read(nonsense('nb-no', '2027-12-31'));
    expect(wording).toMatchObject({ url: hads.url, version: '1.0.0', language: 'nb-NO', title: undefined });
    expect(wording.licence).toEqual({
      holder: 'Blorf Hospital',
      reference: 'B-17',
      terms: 'For nobody',
      until: '2027-12-31',
    });
    expect(wording.items.get('HADSSpm1')?.options.get('3')).toBe('Zib 3 nb-no');
  });

  it.each<[string, (file: WordingFile) => object, string[]]>([
    [
      'has a version',
      (file) => ({ ...file, questionnaire: hads.url }),
      ['questionnaire: names no version; expected <url>|<version>'],
    ],
    [
      'is in a known language',
      (file) => ({ ...file, language: 'norsk' }),
      ['language: is no BCP 47 tag of a known language, such as nb, sv or en'],
    ],
    [
      'is not in a tag that is none',
      (file) => ({ ...file, language: 'n_b!' }),
      ['language: is no BCP 47 tag of a known language, such as nb, sv or en'],
    ],
    [
      'tells all of its licence',
      (file) => ({ ...file, licence: { holder: ' ' } }),
      [
        'licence.holder: is empty',
        'licence.reference: is missing',
        'licence.terms: is missing',
        'licence.until: is no date such as 2027-12-31; null is a licence without end',
      ],
    ],
    [
      'has an end that is a day',
      (file) => ({ ...file, licence: { ...file.licence, until: '2027-02-30' } }),
      ['licence.until: is no date such as 2027-12-31; null is a licence without end'],
    ],
    [
      'has texts that are texts',
      (file) => ({ ...file, items: { a: { text: '' }, b: { options: { 1: 2 } }, c: 'x' } }),
      ['a: is empty', 'b, option 1: is not a text', 'c: is not an object'],
    ],
    [
      'holds nothing else',
      (file) => ({ ...file, item: [], items: { a: { txt: 'x' } } }),
      ['item: is not known here', 'a: txt: is not known here'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(faultsOf(change)).toEqual(expected);
  });
});

describe('the fit of a wording', () => {
  const misfits = (change: (file: WordingFile) => void): string[] => {
    const file = nonsense('nb');
    change(file);
    return wordingMisfits(hads, read(file));
  };

  it('is whole with a text for each item and option', () => {
    expect(misfits(() => undefined)).toEqual([]);
  });

  it('lists at once what is missing and what is too much', () => {
    const found = misfits(({ items }) => {
      delete items.HADSIntro;
      delete items.HADSSpm2?.text;
      delete items.HADSSpm3?.options?.['2'];
      items.HADSSpm4 = { text: 'x', options: { ...items.HADSSpm4?.options, 7: 'y' } };
      items.HADSSpm15 = { text: 'x' };
      items['hads-anxiety'] = { text: 'x' };
    });
    expect(found).toEqual([
      'HADSIntro: text is missing',
      'HADSSpm2: text is missing',
      'HADSSpm3: option 2 is missing',
      'HADSSpm4: option 7 is not in the form',
      'hads-anxiety: is shown to nobody and has no licensed words',
      'HADSSpm15: is not in the form',
    ]);
  });

  it('is what a template has once it is filled in, and not before', () => {
    for (const form of [hads, shipped('bpi-sf'), shipped('promis-29-v2.1')]) {
      const template = wordingTemplate(form, 'nb');
      expect(() => readWording(template)).toThrow(WordingFaults);
      const filled: Record<string, unknown> = JSON.parse(
        JSON.stringify({ ...template, licence: nonsense('nb').licence }).replaceAll('""', '"Blorf"'),
      );
      expect(wordingMisfits(form, readWording(filled))).toEqual([]);
    }
  });

  it('is for one version of one form', () => {
    const other = { ...hads, version: '2.0.0' };
    expect(wordingMisfits(other, read(nonsense('nb')))).toEqual([
      `questionnaire: is ${hads.url}|1.0.0, the form is ${hads.url}|2.0.0`,
    ]);
  });

  it('takes no placeholders', () => {
    const found = misfits((file) => {
      file.title = `HADS ${placeholderMarks.nb}`;
      file.items.HADSIntro = { text: `${placeholderMarks.sv} Instruktion` };
    });
    expect(found).toEqual(['title: is a placeholder', 'HADSIntro: text is a placeholder']);
  });

  it('takes nothing in a language in which the form has words', () => {
    const rand = shipped('rand-36');
    expect(wordingMisfits(rand, read(nonsenseWording(rand, 'en')))).toEqual([
      'language: the form has its words in en already (shipped); none are to be loaded',
    ]);
    expect(wordingMisfits(rand, read(nonsenseWording(rand, 'nb')))).toEqual([]);
  });
});

describe('loaded words', () => {
  it('take the place of the placeholders of their language, and of nothing else', () => {
    const nb = loaded(hads, 'nb', '2027-12-31');
    expect(validateResource(nb)).toEqual([]);
    expect(changesOfMeaning(hads, nb)).toEqual([]);
    expect(nb.title).toBe('HADS');
    expect(nb.item?.[1]?.text).toBe('Blorf HADSSpm1 nb');
    expect(nb.item?.[1]?.answerOption?.[0]?.valueCoding?.display).toBe('Zib 3 nb');
    expect(JSON.stringify(nb)).not.toContain(placeholderMarks.nb);
    expect(JSON.stringify(nb)).toContain(`${placeholderMarks.sv} Instruktion`);
    expect(recordsOf(nb)).toEqual([
      {
        ...{ language: 'nb', kind: 'licensed', holder: 'Blorf Hospital', reference: 'B-17', terms: 'For nobody' },
        ...{ until: '2027-12-31', loaded: now },
      },
      expect.objectContaining({ language: 'sv', kind: 'placeholder' }),
      expect.objectContaining({ language: 'en', kind: 'placeholder' }),
    ]);
  });

  it('stand as translations in other languages, those that the form did not have too', () => {
    const more = loaded(loaded(hads, 'sv'), 'nn');
    expect(validateResource(more)).toEqual([]);
    expect(changesOfMeaning(hads, more)).toEqual([]);
    expect(more.item?.[1]?.text).toBe('Utsagn 1');
    const text = JSON.stringify(more.item?.[1]);
    for (const words of ['Blorf HADSSpm1 sv', 'Blorf HADSSpm1 nn', 'Zib 3 nn', 'Statement 1'])
      expect(text).toContain(words);
    expect(text).not.toContain('Påstående 1');
    expect(recordsOf(more).map(({ language, kind }) => `${language} ${kind}`)).toEqual([
      ...['nb placeholder', 'sv licensed', 'en placeholder', 'nn licensed'],
    ]);
  });

  it('are the same when loaded again, and only renewed by a new licence', () => {
    const once = loaded(hads, 'nb', '2026-12-31');
    expect(loaded(once, 'nb', '2026-12-31', '2026-05-05T05:05:05.000Z')).toEqual(once);
    const renewed = loaded(once, 'nb', '2027-12-31', '2026-05-05T05:05:05.000Z');
    expect(recordsOf(renewed)[0]).toMatchObject({ until: '2027-12-31', loaded: '2026-05-05T05:05:05.000Z' });
    expect(renewed.item).toEqual(once.item);
  });

  it('are carried over to the form as it is shipped anew', () => {
    const stored = loaded(loaded(hads, 'nn', '2027-01-01'), 'nb');
    expect(withCarriedWording(hads, stored)).toEqual(stored);
    expect(JSON.stringify(withCarriedWording(hads, stored))).toBe(JSON.stringify(stored));
    const described = { ...hads, description: 'Told otherwise' };
    expect(withCarriedWording(described, stored)).toEqual({ ...stored, description: 'Told otherwise' });
  });

  it('are not carried over to another version, nor to a form that they do not fit', () => {
    const stored = loaded(hads, 'nb');
    const next = { ...hads, version: '1.1.0' };
    expect(withCarriedWording(next, stored)).toBe(next);
    const longer = {
      ...hads,
      item: [...(hads.item ?? []), { linkId: 'more', type: 'display' as const, text: 'More' }],
    };
    expect(withCarriedWording(longer, stored)).toBe(longer);
  });
});
