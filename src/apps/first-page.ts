import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Questionnaire, QuestionnaireResponse, Reference, Task } from '@medplum/fhirtypes';
import type { Ask } from '../identity/create-identity.ts';
import { identifierSystem } from '../registry/names.ts';
import type { PatientSession, ReadSession } from './patient-session.ts';
import { readForm, search } from './waiting-orders.ts';

/** What is put into the page for its script: PageData in src/web/patient/network/page-data.ts. */
interface PageData {
  readonly session: PatientSession;
  readonly order?: {
    readonly id: string;
    readonly questionnaire: Questionnaire;
    readonly response?: QuestionnaireResponse;
    readonly basedOn?: readonly Reference[];
  };
}

/** src/web/patient/prerender.tsx, built. */
interface Prerenderer {
  prerender(data: PageData): Promise<string | undefined>;
}

export interface FirstPageParts {
  /** The folder of the built apps. */
  readonly folder: string;
  readonly ask: Ask;
  /** For the operator: what could not be rendered is asked for by the app itself. */
  readonly failed: (problem: unknown) => void;
}

/** Puts into the patient app's page what somebody needs first. @param order the id of the order that the address names */
export type FillPage = (page: string, found: ReadSession, order: string | undefined) => Promise<FilledPage>;

export interface FilledPage {
  readonly html: string;
  /** The style that the page holds itself, if any: its policy has to let that in. */
  readonly style: string | undefined;
}

/**
 * The patient's first question comes with the page itself: as HTML, and as data from which the script renders the same. On
 * a slow telephone the script alone takes longer than the whole of that.
 */
export function firstPage({ folder, ask, failed }: FirstPageParts): FillPage {
  const late: { made?: Promise<readonly [Prerenderer, Preloads]> } = {};
  const made = () => {
    late.made ??= Promise.all([prerendererIn(folder), preloadsIn(folder)]);
    return late.made;
  };
  return async (page, found, order) => {
    const data = await dataOf(ask, found, order);
    let html = '';
    let preloads = '';
    try {
      const [{ prerender }, preloadsOf] = await made();
      html = (data.order && (await prerender(data))) ?? '';
      preloads = preloadsOf(data.session.language);
    } catch (problem) {
      delete late.made;
      failed(problem);
    }
    const link = html === '' ? undefined : /<link rel="stylesheet"[^>]* href="([^"]+)">/.exec(page);
    const style = link?.[1] && (await readFile(path.join(folder, link[1]), 'utf8'));
    // functions, as a text could hold what replace takes for a pattern
    const filled = page
      .replace('<html lang="nb">', () => `<html lang="${data.session.language}">`)
      // what can be seen comes first, its style with it: a file of its own would come one way to the server later
      .replace('<script type="module"', () => '<script type="module" fetchpriority="low"')
      .replace(link?.[0] ?? '', () => (style === undefined ? '' : `<style>${style}</style>`))
      .replace('</head>', () => `${preloads}</head>`)
      .replace('<div id="app"></div>', () => `<div id="app">${html}</div>${asScript(data)}`);
    return { html: filled, style };
  };
}

async function dataOf(ask: Ask, { session, caller }: ReadSession, id: string | undefined): Promise<PageData> {
  const order = session.orders.find((each) => each.id === id);
  if (order === undefined) return { session };
  const identifier = encodeURIComponent(`${identifierSystem.response}|${order.id}`);
  const [questionnaire, [response], task] = await Promise.all([
    readForm(ask, caller, order.questionnaire),
    search<QuestionnaireResponse>(ask, caller, `QuestionnaireResponse?identifier=${identifier}`),
    ask(caller, `Task/${order.id}`) as Promise<Task | undefined>,
  ]);
  if (questionnaire === undefined) return { session };
  const basedOn = task?.basedOn?.filter(({ reference }) => reference?.startsWith('ServiceRequest/'));
  return {
    session,
    order: { id: order.id, questionnaire, ...(response && { response }), ...(basedOn && { basedOn }) },
  };
}

/** Data in a page: never executed, and no text in it ends the element. */
function asScript(data: PageData): string {
  return `<script type="application/json" id="page-data">${JSON.stringify(data).replace(/</g, '\\u003c')}</script>`;
}

async function prerendererIn(folder: string): Promise<Prerenderer> {
  const module: unknown = await import(pathToFileURL(path.join(folder, 'patient-server/prerender.js')).href);
  return module as Prerenderer;
}

/** The elements that fetch a language's words at once, not when the script comes to ask for them. */
type Preloads = (language: string) => string;

async function preloadsIn(folder: string): Promise<Preloads> {
  const text = await readFile(path.join(folder, 'patient-server/words.json'), 'utf8');
  const files = JSON.parse(text) as Readonly<Record<string, readonly string[]>>;
  return (language) =>
    (Object.hasOwn(files, language) ? (files[language] ?? []) : [])
      .map((file) => `<link rel="modulepreload" fetchpriority="low" href="${file}">`)
      .join('');
}
