import { readFile } from 'node:fs/promises';
import type { CodeSystem } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { en } from './en.ts';
import { faultIssue, responseRuleSystem } from './fault-issue.ts';
import { nb } from './nb.ts';
import { type ResponseRule, responseRules } from './response-rules.ts';
import { sv } from './sv.ts';

const rules = Object.keys(responseRules) as ResponseRule[];
const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

it('every rule has a text of its own in each language, which names the same', () => {
  for (const texts of [nb, sv, en]) {
    expect(Object.keys(texts.rules).toSorted()).toEqual(rules.toSorted());
    expect(Object.keys(texts.types).toSorted()).toEqual(Object.keys(en.types).toSorted());
    for (const rule of rules) {
      expect([rule, named(texts.rules[rule])]).toEqual([rule, named(en.rules[rule])]);
    }
  }
  for (const rule of rules.filter((each) => !each.startsWith('constraint'))) {
    expect(new Set([nb, sv, en].map((texts) => texts.rules[rule])).size).toBe(3);
  }
});

it('the rules are the codes of their code system', async () => {
  const file = 'terminology/code-systems/svar/response-rule.json';
  const system = JSON.parse(await readFile(file, 'utf8')) as CodeSystem;
  expect(system.url).toBe(responseRuleSystem);
  expect(system.concept?.map(({ code }) => code)).toEqual(rules);
});

it('an item is called by its words in the language of the person, and by its linkId in diagnostics', () => {
  const words = { linkId: 'NRS', limit: 2.5, label: (language: string) => (language === 'nb' ? 'Smerte' : undefined) };
  const issue = faultIssue('maxValue', words, 'QuestionnaireResponse.item[0]', 'nb');
  expect(issue).toEqual({
    severity: 'error',
    code: 'value',
    diagnostics: "'NRS': the greatest value is 2.5.",
    expression: ['QuestionnaireResponse.item[0]'],
    details: { system: responseRuleSystem, code: 'maxValue', text: 'Smerte: største verdi er 2,5.' },
  });
  expect(faultIssue('maxValue', words, '', 'sv').details?.text).toBe("'NRS': största värde är 2,5.");
});

it('a fault of the form as a whole names no item', () => {
  const { details, diagnostics } = faultIssue('constraint', { limit: () => 'Look again.' }, '', 'en');
  expect([details?.text, diagnostics]).toEqual(['Look again.', 'Look again.']);
});

it('says of what type an answer must be, in words', () => {
  const text = (language: 'nb' | 'en') =>
    faultIssue('invalidAnswerType', { linkId: 'q', type: 'integer' }, '', language).details?.text;
  expect([text('nb'), text('en')]).toEqual([
    "'q': svaret må være et heltall.",
    "'q': the answer must be a whole number.",
  ]);
});
