import type { Request, Response } from 'express';
import { languageOf, type PageLanguage, pageLanguage } from './language.ts';
import { type Page, pageText } from './layout.ts';

/**
 * No script, no other origin, no frame. `form-action` is left out: browsers hold redirects that follow a form to it, and a
 * sign-in for an app ends at the app's own address.
 */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Of every page of sign-in. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // not `no-referrer`: browsers would then send `Origin: null` with a form of ours
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

export function sendPage(response: Response, page: Page, language: PageLanguage): void {
  response
    .status(page.status ?? 200)
    .set(PAGE_HEADERS)
    .vary('Accept-Language')
    .set('content-language', language)
    .send(pageText(page, language));
}

/** To another page of ours, by GET. */
export function seeOther(response: Response, path: string): void {
  response.status(303).set({ location: path, 'cache-control': 'no-store' }).end();
}

/** The language chosen in the address (`?lang=nn`), to be kept in a cookie; undefined where none is. */
export function chosenLanguage(request: Request): PageLanguage | undefined {
  const { lang } = request.query;
  return typeof lang === 'string' ? pageLanguage(lang) : undefined;
}

export function readerLanguage(request: Request, kept: string | undefined): PageLanguage {
  return languageOf(kept, request.headers['accept-language']);
}

/** A text of a form; empty where it is missing or is no text. */
export function formText(request: Request, name: string): string {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}
