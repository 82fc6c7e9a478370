import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type WordingRecord, withRecord } from './record.ts';
import { isOrderable, wordingFor } from './wording.ts';

const form = (...records: WordingRecord[]): Questionnaire =>
  records.reduce<Questionnaire>(withRecord, { resourceType: 'Questionnaire', status: 'active', language: 'nb' });

describe('whose words a form asks in', () => {
  const two = form({ language: 'nb', kind: 'licensed', until: '2026-06-30' }, { language: 'sv', kind: 'placeholder' });

  it.each([
    ['nb', '2026-06-30', 'licensed'],
    ['nb', '2026-07-01', 'expired'],
    ['sv', '2026-06-30', 'placeholder'],
    ['sv-FI', '2026-06-30', 'placeholder'],
    ['NB-no', '2026-06-30', 'licensed'],
    ['nn', '2026-06-30', 'licensed'],
    ['no', '2026-06-30', 'licensed'],
    ['pl', '2026-06-30', 'licensed'],
    [undefined, '2026-06-30', 'licensed'],
  ])('asked in %s on %s: %s', (language, today, expected) => {
    expect(wordingFor(two, language, today)).toBe(expected);
  });

  it('nynorsk has its own words where they are loaded', () => {
    const three = withRecord(two, { language: 'nn', kind: 'placeholder' });
    expect(wordingFor(three, 'nn-NO', '2026-06-30')).toBe('placeholder');
  });

  it('a licence without end does not run out', () => {
    expect(wordingFor(form({ language: 'nb', kind: 'licensed' }), 'nb', '2999-01-01')).toBe('licensed');
  });

  it('a form that tells nothing is its maker’s own; what cannot be read is a placeholder', () => {
    expect(wordingFor(form(), 'nb', '2026-01-01')).toBe('own');
    const odd = JSON.parse(JSON.stringify(two).replaceAll('"licensed"', '"cracked"')) as Questionnaire;
    expect(wordingFor(odd, 'nb', '2026-01-01')).toBe('placeholder');
  });
});

it('placeholders, and words whose licence has run out, are for no patient', () => {
  const states = ['own', 'shipped', 'licensed', 'placeholder', 'expired'] as const;
  expect(states.filter(isOrderable)).toEqual(['own', 'shipped', 'licensed']);
});
