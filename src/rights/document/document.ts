import type { AuditEvent, Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { type Html, html } from '../../model/html.ts';
import type { Language } from '../../model/language.ts';
import { formLines, formTitle } from './answers.ts';
import type { Displays } from './displays.ts';
import { isMembers, valueText } from './value-text.ts';
import { type Words, words } from './words.ts';

/** All that the document is made of. */
export interface DocumentData {
  readonly language: Language;
  readonly made: string;
  readonly resources: readonly Resource[];
  /** By canonical with version, and without: the form that a response names. */
  readonly form: (canonical: string) => Questionnaire | undefined;
  readonly displays: Displays;
  /** Who has seen or changed it; undefined: not for the reader to know. */
  readonly seen: readonly AuditEvent[] | undefined;
}

/** What says nothing to a person, or is said elsewhere. */
const HIDDEN = new Set(['resourceType', 'meta', 'text', 'contained', 'implicitRules', 'language']);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111}
h1,h2,h3{line-height:1.2}article{border-top:1px solid #999;padding:.5rem 0;break-inside:avoid-page}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .5rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere}
th{width:40%;font-weight:600}@media print{body{margin:0;max-width:none}a{color:inherit}}`;

/**
 * Everything about a patient as one page to read and to print: no script, nothing that is fetched from elsewhere. Whatever
 * stands in a resource is shown, what this page has no words for under the names that FHIR gives it.
 */
export function documentHtml(data: DocumentData): string {
  const told = words[data.language];
  const known: readonly string[] = Object.keys(told.types);
  const byType = Map.groupBy(data.resources, ({ resourceType }): string =>
    known.includes(resourceType) ? resourceType : '',
  );
  const sections = [...known, ''].flatMap((type) => {
    const own = byType.get(type);
    return own === undefined ? [] : [section(told.types[type] ?? told.others, own, data, told)];
  });
  const page = html`<!doctype html>
<html lang="${data.language}"><head><meta charset="utf-8"><title>${told.title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><style>${{ html: STYLE }}</style></head>
<body><h1>${told.title}</h1><p>${told.made}: ${data.made}</p><p>${told.introduction}</p>
${sections}
${data.seen && html`<section><h2>${told.seenBy}</h2>${seenBy(data.seen, told, data.displays)}</section>`}
</body></html>
`;
  return page.html;
}

function section(title: string, resources: readonly Resource[], data: DocumentData, told: Words): Html {
  const articles = resources.map((resource) =>
    resource.resourceType === 'QuestionnaireResponse' ? answered(resource, data, told) : plain(resource, data, told),
  );
  return html`<section><h2>${title}</h2>${articles}</section>`;
}

function answered(response: QuestionnaireResponse, data: DocumentData, told: Words): Html {
  const form = data.form(response.questionnaire ?? '');
  const rows = formLines(response, form, data.language, told, data.displays).map(({ depth, text, answers }) => {
    const indent = '\u00a0\u00a0'.repeat(Math.min(depth, 8));
    if (answers === undefined) return html`<tr><th colspan="2">${indent}${text}</th></tr>`;
    return html`<tr><th scope="row">${indent}${text}</th><td>${answers.length > 0 ? answers.join('; ') : told.unanswered}</td></tr>`;
  });
  const when = valueText([response.authored, response.status].filter(Boolean), told, data.displays);
  return html`<article><h3>${formTitle(response, form, data.language)}</h3><p>${when}</p>
<table>${rows}</table>${more(response, ['item', 'questionnaire', 'authored', 'status'], data, told)}</article>`;
}

function plain(resource: Resource, data: DocumentData, told: Words): Html {
  return html`<article>${more(resource, [], data, told)}</article>`;
}

/** Every element of a resource, one a row. */
function more(resource: Resource, without: readonly string[], data: DocumentData, told: Words): Html {
  const rows = Object.entries(resource)
    .filter(([name]) => !HIDDEN.has(name) && !without.includes(name))
    .map(([name, value]) => {
      const label = labelOf(name.replace(/^_/, ''), told);
      return html`<tr><th scope="row">${label}</th><td>${valueText(withoutUrls(value), told, data.displays)}</td></tr>`;
    });
  return html`<table>${rows}</table>`;
}

/** `valueQuantity` and its like are values; other names are their words. */
function labelOf(name: string, told: Words): string {
  const element = /^(?:value|effective|onset|performed|deceased|multipleBirth)(?=[A-Z])/.exec(name)?.[0] ?? name;
  const spaced = element.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return told.elements[spaced] ?? spaced;
}

/** The addresses of extensions are no words for a person. */
function withoutUrls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUrls);
  if (!isMembers(value)) return value;
  const { url: _, ...rest } = value;
  return 'url' in value && Object.keys(rest).some((name) => name.startsWith('value') || name === 'extension')
    ? rest
    : value;
}

function seenBy(events: readonly AuditEvent[], told: Words, displays: Displays): Html {
  if (events.length === 0) return html`<p>${told.nobody}</p>`;
  const rows = events.map(({ recorded, agent, type, subtype }) => {
    const who = agent.map((each) => valueText(each.who ?? each.name, told, displays)).join('; ');
    const what = [...(subtype ?? []), ...(subtype === undefined ? [type] : [])]
      .map((coding) => displays.of(coding))
      .join(', ');
    return html`<tr><td>${valueText(recorded, told, displays)}</td><td>${who}</td><td>${what}</td></tr>`;
  });
  return html`<table><tr><th>${told.when}</th><th>${told.who}</th><th>${told.what}</th></tr>${rows}</table>`;
}
