import type { Questionnaire } from '@medplum/fhirtypes';
import { missingTexts } from '../../forms/text/missing-texts.ts';
import { recordsOf } from '../../forms/text/record.ts';
import { stateOf } from '../../forms/text/wording.ts';
import { wordingTemplate } from '../../forms/text/wording-template.ts';

const PLAIN: Readonly<Record<string, string>> = {
  own: 'own words',
  shipped: "shipped on its owner's terms",
  licensed: 'licensed',
  placeholder: 'MISSING: placeholders',
  expired: 'RUN OUT',
};

/**
 * Whose words forms have, a line for each language, and under which licence; what is to be done first in capitals.
 * @param today YYYY-MM-DD
 */
export function wordingText(forms: readonly Questionnaire[], today: string): string {
  const rows = sorted(forms).flatMap((form) =>
    recordsOf(form).map((record) => {
      const { language, until, holder, reference, loaded } = record;
      const licence = record.kind === 'licensed' ? `${reference} of ${holder}, loaded ${loaded?.slice(0, 10)}` : '';
      const end = record.kind === 'licensed' ? (until ?? 'no end') : '';
      return [nameOf(form), language, PLAIN[stateOf(record, today)] ?? '', end, licence];
    }),
  );
  return rows.length === 0
    ? 'No form tells whose words it has.\n'
    : table([['form', 'language', 'wording', 'until', 'licence'], ...rows]);
}

/** The texts that forms lack in some languages, a line each, by form and place. */
export function missingText(forms: readonly Questionnaire[], languages: readonly string[]): string {
  const rows = sorted(forms).flatMap((form) =>
    missingTexts(form, languages).map(({ language, where }) => [nameOf(form), language, where]),
  );
  return rows.length === 0
    ? `No form lacks a text in ${languages.join(', ')}.\n`
    : table([['form', 'language', 'missing'], ...rows]);
}

/**
 * A file for load-text with the texts of one form to be filled in.
 * @param named the form's url or name, with its version: `hads|1.0.0`
 * @throws Error in words where there is no such form
 */
export function templateText(forms: readonly Questionnaire[], named: string, language = ''): string {
  const form = forms.find((each) => named === nameOf(each) || named === `${each.url}|${each.version}`);
  if (form === undefined) throw new Error(`There is no form ${named} here; texts lists those that there are.`);
  return `${JSON.stringify(wordingTemplate(form, language), null, 2)}\n`;
}

function nameOf({ url, version }: Questionnaire): string {
  const name = url?.split('/').pop() ?? '';
  return version === undefined ? name : `${name}|${version}`;
}

function sorted(forms: readonly Questionnaire[]): readonly Questionnaire[] {
  return [...forms].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
