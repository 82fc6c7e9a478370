import type { Issue } from '../../model/issue.ts';
import type { Language } from '../../model/language.ts';
import { en } from './en.ts';
import { nb } from './nb.ts';
import { type ResponseRule, type ResponseTexts, responseRules } from './response-rules.ts';
import { sv } from './sv.ts';

/** The code system whose codes are the rules' names; defined in terminology/code-systems/svar. */
export const responseRuleSystem = 'https://svar.example.org/fhir/CodeSystem/response-rule';

/** What a fault's text names; never an answer. */
export interface FaultWords {
  /** The item in words, by language; where there are none, and in diagnostics, it is named by its linkId. */
  readonly label?: (language: Language) => string | undefined;
  readonly linkId?: string;
  /** What the form says: a limit, a list of types, a constraint's text by language. */
  readonly limit?: string | number | ((language: Language) => string);
  /** The type of the question. */
  readonly type?: string;
}

const texts: Readonly<Record<Language, ResponseTexts>> = { nb, sv, en };

/** The issue for a broken rule: diagnostics in English with the linkId, details in the person's language and words. */
export function faultIssue(rule: ResponseRule, words: FaultWords, expression: string, language: Language): Issue {
  const { severity, code } = responseRules[rule];
  return {
    severity,
    code,
    diagnostics: filled(rule, words, 'en', quoted(words.linkId)),
    expression: [expression],
    details: {
      system: responseRuleSystem,
      code: rule,
      text: filled(rule, words, language, words.label?.(language) ?? quoted(words.linkId)),
    },
  };
}

function filled(rule: ResponseRule, { limit, type }: FaultWords, language: Language, item: string): string {
  const { rules, dates, types } = texts[language];
  const values: Readonly<Record<string, string>> = {
    item,
    limit: typeof limit === 'function' ? limit(language) : inWords(limit, language),
    type: types[type ?? ''] ?? '',
  };
  const ofDate = (type === 'date' || type === 'dateTime') && (rule === 'minValue' || rule === 'maxValue');
  const text = (ofDate ? dates[rule] : rules[rule]).replace(
    /\{(item|limit|type)\}/g,
    (_, name: string) => values[name] ?? '',
  );
  // A fault of the form as a whole names no item.
  return item === '' ? text.replace(/^: /, '') : text;
}

function quoted(linkId: string | undefined): string {
  return linkId === undefined ? '' : `'${linkId}'`;
}

function inWords(limit: string | number | undefined, language: Language): string {
  return typeof limit === 'number' && language !== 'en' ? String(limit).replace('.', ',') : String(limit ?? '');
}
