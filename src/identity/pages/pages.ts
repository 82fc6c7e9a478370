import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isSameOrigin } from '../accounts/same-origin.ts';
import { type AccountPageParts, accountPage } from './account-page.ts';
import { html } from './html.ts';
import { STYLE, STYLE_PATH } from './layout.ts';
import { type NewUserParts, newUserPage } from './new-user-page.ts';
import { readerLanguage, sendPage } from './page-answer.ts';
import { type SignInPageParts, signInPage } from './sign-in-page.ts';
import { wordsIn } from './words.ts';

/** A form has a few short texts. */
const FORM_BYTES_MAX = 16 * 1024;
const FIELDS_MAX = 20;

/** All pages of sign-in: without script, for people. @param origin of this server, as browsers send it */
export function signInPages(parts: SignInPageParts & AccountPageParts & NewUserParts, origin: string): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(STYLE_PATH, (_request, response) => {
    response
      .set({ 'cache-control': 'public, max-age=3600', 'x-content-type-options': 'nosniff' })
      .type('css')
      .send(STYLE);
  });
  const ours = ['/sign-in', '/sign-in/:uid', '/account', '/account/:page', '/signed-out'];
  router.post(ours, (request: Request, response: Response, next: NextFunction) => {
    if (isSameOrigin(request, origin)) return next();
    // another site's form, sent by the person's browser: nothing of it is read
    const language = readerLanguage(request, parts.cookies.language(request));
    const { lost, lostText } = wordsIn(language);
    sendPage(response, { title: lost, body: html`<p>${lostText}</p>`, status: 403 }, language);
  });
  router.post(ours, express.urlencoded({ extended: false, limit: FORM_BYTES_MAX, parameterLimit: FIELDS_MAX }));
  signInPage(router, parts);
  newUserPage(router, parts);
  accountPage(router, parts);
  return router;
}
