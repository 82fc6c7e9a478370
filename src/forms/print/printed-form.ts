import type { Coding, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { type Html, html } from '../../model/html.ts';
import { answerSpace, isWrittenBeside } from './answer-space.ts';
import { type BlankForm, blankForm, hasControl, printedItems } from './blank-form.ts';
import { onlyIf } from './only-if.ts';
import { printStyle } from './style.ts';

export interface PrintOptions {
  /** As BCP 47; texts that the form lacks in it are in the form's own. */
  readonly language: string;
  /** The codings of value sets that the form names and does not contain; undefined where they are not to be had. */
  readonly valueSets?: (canonical: string) => readonly Coding[] | undefined;
}

/**
 * A form as a page to be printed and filled in by hand, A4: numbered questions, boxes and lines, what depends on other
 * answers with "only if", and room for the patient's label. A whole HTML page without script, complete in itself; every
 * text of the form is escaped.
 */
export function printedForm(
  questionnaire: Questionnaire,
  { language, valueSets = () => undefined }: PrintOptions,
): string {
  const form = blankForm(questionnaire, language, valueSets);
  const title = form.text(questionnaire, 'title') || (questionnaire.name ?? '');
  const canonical = [questionnaire.url, questionnaire.version].filter((part) => part !== undefined).join(' | ');
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${printStyle}</style>
</head>
<body>
<header><h1>${title}</h1><div class="label">${form.words.label}</div></header>
<main>${level(form, printedItems(questionnaire.item), 2)}</main>
<footer>${form.words.from}: ${canonical}</footer>
</body>
</html>
`;
  return page.html;
}

/** Items that stand beside each other; what depends on the same is told once for all that follow each other. */
function level(form: BlankForm, items: readonly QuestionnaireItem[], depth: number): Html {
  const runs: { readonly when: string | undefined; readonly items: QuestionnaireItem[] }[] = [];
  for (const item of items) {
    const when = onlyIf(form, item);
    const last = runs.at(-1);
    if (last !== undefined && last.when === when) last.items.push(item);
    else runs.push({ when, items: [item] });
  }
  const made = runs.map(({ when, items: run }) => {
    const all = run.map((item) => printed(form, item, depth));
    return when === undefined ? html`${all}` : html`<div class="only-if"><p class="when">${when}</p>${all}</div>`;
  });
  return html`${made}`;
}

function printed(form: BlankForm, item: QuestionnaireItem, depth: number): Html {
  const text = form.text(item, 'text');
  const number = form.numberOf(item.linkId);
  const inside = printedItems(item.item);
  const helps = inside.filter(isHelp).map((help) => html`<p class="help">${form.text(help, 'text')}</p>`);
  const rest = inside.filter((child) => !isHelp(child));
  if (item.type === 'display') return html`<p class="text">${text}</p>`;
  const called = number === undefined ? html`` : html`<span class="number">${number}</span> `;
  const words = html`${called}${text}`;
  if (item.type === 'group') {
    const repeats = item.repeats === true ? html`<p class="hint">${form.words.repeats}</p>` : html``;
    return html`<section><h2 class="depth${depth}">${words}</h2>${helps}${repeats}${level(form, rest, depth + 1)}</section>`;
  }
  const tick = item.type === 'boolean' && hasControl(item, 'check-box') ? html`<span class="box"></span> ` : html``;
  const beside = isWrittenBeside(item) ? ' beside' : '';
  return html`<div class="question"><div class="head${beside}"><p class="asked">${called}${tick}${text}</p>${helps}${answerSpace(form, item)}</div>${level(form, rest, depth)}</div>`;
}

function isHelp(item: QuestionnaireItem): boolean {
  return item.type === 'display' && hasControl(item, 'help', 'flyover', 'prompt');
}
