/** The languages of these pages; English where the browser asks for none of them. */
export type PageLanguage = 'nb' | 'sv' | 'en';

/** The first of the languages that are asked for (Accept-Language, or OpenID's ui_locales) that we have. */
export function pageLanguage(asked: string): PageLanguage {
  for (const tag of asked.toLowerCase().split(/[\s,]+/)) {
    const primary = tag.split(/[-;]/)[0] ?? '';
    if (primary === 'nb' || primary === 'no' || primary === 'nn') return 'nb';
    if (primary === 'sv' || primary === 'en') return primary;
  }
  return 'en';
}

/** Text within HTML, and within attributes in double quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page without scripts, and with the one style that pageHeaders() allows. */
export function page(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

export const STYLE =
  'body{font:1.125rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0}main{max-width:36rem;margin:0 auto;padding:1.5rem}h1{font-size:1.5rem}button,input{font:inherit;min-height:3rem;padding:.25rem 1rem}button{cursor:pointer}fieldset{border:1px solid #767676;margin:1rem 0}label{display:block;padding:.5rem 0}';
