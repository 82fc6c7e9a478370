import { type Html, html } from './html.ts';
import { type PageLanguage, pageLanguages } from './language.ts';
import { wordsIn } from './words.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** What went wrong, told first and announced. */
  readonly error?: string | undefined;
  /** What went well. */
  readonly note?: string | undefined;
  /** What of the address's query a change of language keeps: safe in an address as it is. */
  readonly keep?: string;
  /** 200 where not given. */
  readonly status?: number;
}

export const STYLE_PATH = '/sign-in.css';

/** A whole page. Without script; works with the keyboard, at 400 % and on a telephone (WCAG 2.2, AA). */
export function pageText({ title, body, error, note, keep = '' }: Page, language: PageLanguage): string {
  const words = wordsIn(language);
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${error === undefined ? '' : `${words.error}: `}${title} – Svar</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header>
<p class="brand">Svar</p>
<nav aria-label="${words.language}"><ul>${Object.entries(pageLanguages).map(
    ([tag, name]) =>
      html`<li><a href="?${keep === '' ? '' : `${keep}&`}lang=${tag}" lang="${tag}" hreflang="${tag}"${
        tag === language ? html` aria-current="true"` : ''
      }>${name}</a></li>`,
  )}</ul></nav>
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${error !== undefined && html`<p class="error" id="error" role="alert"><strong>${words.error}:</strong> ${error}</p>`}
${note !== undefined && html`<p class="note" role="status">${note}</p>`}
${body}
</main>
</body>
</html>
`;
  return page.html;
}

/** Contrast 7:1 and more for text, 3:1 for borders; targets of 44 px (WCAG 1.4.3, 1.4.11, 2.5.8). */
export const STYLE = `:root { color-scheme: light; font: 1.0625rem/1.5 system-ui, sans-serif; color: #1b1b1f; background: #f4f5f7; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; }
header, main { max-width: 30rem; margin: 0 auto; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 1rem; }
.brand { font-weight: 700; font-size: 1.25rem; margin: 0; }
nav ul { display: flex; flex-wrap: wrap; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .6rem .5rem; color: #124a86; }
nav a[aria-current] { color: #1b1b1f; font-weight: 700; text-decoration: none; }
main { background: #fff; border: 1px solid #8a8f98; border-radius: .5rem; padding: 1.25rem; margin-top: .5rem; }
main:focus { outline: none; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
form { margin: 0 0 1rem; }
label, legend { display: block; font-weight: 600; margin: 1rem 0 .25rem; padding: 0; }
fieldset { border: 0; margin: 0; padding: 0; }
input:not([type=radio]), select { display: block; width: 100%; min-height: 2.75rem; padding: .4rem .6rem; font: inherit; border: 2px solid #5b616b; border-radius: .3rem; }
input[aria-invalid=true] { border-color: #a3121f; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 2.75rem; margin: 0; font-weight: 400; }
.choice input { width: 1.5rem; height: 1.5rem; flex: none; }
.hint { margin: .1rem 0 .4rem; color: #41464f; }
button, a.button { min-height: 2.75rem; padding: .5rem 1.25rem; margin: 1rem .5rem 0 0; font: inherit; font-weight: 600; color: #fff; background: #124a86; border: 2px solid #124a86; border-radius: .3rem; cursor: pointer; }
a.button { display: inline-block; text-decoration: none; }
button.quiet { color: #124a86; background: #fff; }
a { color: #124a86; }
:focus-visible { outline: 3px solid #b54800; outline-offset: 2px; }
.error { border-left: .35rem solid #a3121f; background: #fdf0f0; padding: .6rem .8rem; }
.note { border-left: .35rem solid #1c6b37; background: #eff8f1; padding: .6rem .8rem; }
.key { font-family: ui-monospace, monospace; font-size: 1.1rem; overflow-wrap: anywhere; }
.qr { width: 13rem; height: 13rem; max-width: 100%; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .5rem; }
`;
