import { createHash } from 'node:crypto';
import { chartLanguage, type Writing, writing } from '../../charts/said.ts';
import { textIn } from '../../forms/text/translation.ts';
import { type Html, html } from '../../model/html.ts';
import type { Language } from '../../model/language.ts';
import type { Days } from '../asked.ts';
import type { CountedNumbers } from '../count.ts';
import type { CountedGroup, CountRule } from '../measure.ts';
import { type Bar, barChart } from './bars.ts';
import { type PageWords, pageWords } from './words.ts';

const STYLE = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto; padding: 1.5rem; max-width: 48rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .25rem; border-top: 1px solid #8a8a8a; padding-top: 1.25rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .25rem 0; }
svg { max-width: 100%; height: auto; display: block; }
svg text { font: 13px system-ui, sans-serif; fill: #1a1a1a; }
svg rect { fill: #1f5a96; }
details { margin: .25rem 0 0; }
summary { cursor: pointer; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #c9c9c9; }
td + td, th + th { text-align: right; }
@media print { details { display: block; } }
`;

/** The page holds no script, loads nothing, and its one style is known by its hash. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
};

/** What a page tells, with the numbers of each hospital. */
export interface Overview {
  readonly rule: CountRule;
  readonly charts: readonly { readonly name: string; readonly numbers: readonly CountedNumbers[] }[];
  readonly days: Days;
  readonly language: Language;
}

/** The charts of one or more hospitals as one page: each chart is bars with their numbers, and the same as a table. */
export function overviewPage({ rule, charts, days, language }: Overview): string {
  const words = pageWords[language];
  const base = rule.measure.language ?? 'nb';
  // days and months alone: no instant is told, so no zone matters
  const how = writing(chartLanguage(language), 'UTC');
  const period = words.period.replace('{start}', how.day(days.start)).replace('{end}', how.day(days.end));
  const said = (owner: object, fallback: string): string =>
    textIn(owner, 'description', language, base) ?? textIn(owner, 'description', base, base) ?? fallback;
  const sections = charts.map(
    ({ name, numbers }) => html`<section><h2>${name}</h2>
${rule.groups.map((group, at) => chart(group, numbers[at], said, words, how))}</section>
`,
  );
  const page = html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title}</title><style>${{ html: STYLE }}</style></head>
<body>
<header><h1>${words.title}</h1><p>${period}</p><p>${words.more}</p></header>
<main>${sections}</main>
</body>
</html>
`;
  return page.html;
}

function chart(
  group: CountedGroup,
  numbers: CountedNumbers | undefined,
  said: (owner: object, fallback: string) => string,
  words: PageWords,
  how: Writing,
): Html {
  const title = said(group.source, group.code);
  const bars = barsOf(group, numbers, said, how);
  const picture = bars.some(({ count }) => count > 0) ? barChart(title, bars) : html`<p>${words.nothing}</p>`;
  const rows = bars.map(({ label, count }) => html`<tr><td>${label}</td><td>${count}</td></tr>`);
  return html`<h3>${title}</h3>
${picture}
<details><summary>${words.table}</summary><table><thead><tr><th scope="col">${words.what}</th><th scope="col">${words.count}</th></tr></thead><tbody>${rows}</tbody></table></details>
`;
}

function barsOf(
  { byMonth, populations }: CountedGroup,
  numbers: CountedNumbers | undefined,
  said: (owner: object, fallback: string) => string,
  { day }: Writing,
): readonly Bar[] {
  if (byMonth) {
    return (numbers?.months ?? []).map(({ month, counts }) => ({
      label: day(month),
      count: counts.reduce((sum, count) => sum + count, 0),
    }));
  }
  return populations.map(({ source, code }, at) => ({
    label: said(source, code),
    count: numbers?.totals[at] ?? 0,
  }));
}
