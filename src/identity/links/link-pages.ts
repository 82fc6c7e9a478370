import type { Response } from 'express';
import { html } from '../pages/html.ts';
import type { PageLanguage } from '../pages/language.ts';
import { sendPage } from '../pages/page-answer.ts';
import { linkWords } from './words.ts';

/** A page of a personal link without a form of its own. */
export function sendTold(
  response: Response,
  language: PageLanguage,
  told: { readonly title: string; readonly text: string; readonly status: number },
): void {
  sendPage(response, { title: told.title, body: html`<p>${told.text}</p>`, status: told.status }, language);
}

/** @param back a path of this server, where the order is opened after the sign-in */
export function sendSignIn(
  response: Response,
  language: PageLanguage,
  text: string,
  choices: readonly { readonly label: string; readonly path: string }[],
  back: string,
): void {
  const words = linkWords(language);
  const buttons = choices.map(
    ({ label, path }) => html`<p><a class="button" href="${path}?back=${back}">${label}</a></p>`,
  );
  const body = html`<p>${text}</p>${choices.length > 0 ? buttons : html`<p>${words.noWay}</p>`}`;
  sendPage(response, { title: words.signInTitle, body, status: 401 }, language);
}
