import { expect, test } from 'vitest';
import { escaped, html } from './html.ts';

test('what is put into a template is text, unless it is HTML of another template', () => {
  const inner = html`<b>${'<i>'}</b>`;
  expect(html`<p title="${'"x" onload=y'}">${inner}${[inner]}${undefined}${1}</p>`.html).toBe(
    '<p title="&#34;x&#34; onload=y"><b>&#60;i&#62;</b><b>&#60;i&#62;</b>1</p>',
  );
});

test('characters that end a text, a quoted value or a document are escaped', () => {
  expect(escaped(`&<>"'\``)).toBe('&#38;&#60;&#62;&#34;&#39;&#96;');
  expect(escaped('a\u0000b\u001bc\uD800d\ne')).toBe('a\uFFFDb\uFFFDc\uFFFDd\ne');
});
