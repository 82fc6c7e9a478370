import { describe, expect, test } from 'vitest';
import { narrativeFault } from './narrative.ts';

const div = (content: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe('a narrative', () => {
  test.each([
    ['text', div('text')],
    ['paragraphs, tables and links', div('<p class="a">x<br/></p><table><tr><td colspan="2">y</td></tr></table>')],
    ['entities', div('a &lt; b &#160; &#xA0; &nbsp;')],
    ['a comment, before and inside', `<!-- x -->${div('<!-- <script> -->x')}`],
    ['an image alone', div('<img src="#a" alt="x"/>')],
    ['an image of its own', div('<img src="data:image/png;base64,AAAA"/>')],
    ['links', div('<a href="https://a.example/?b=1&amp;c=2">x</a><a href="Patient/a">y</a><a name="z">z</a>')],
    ['attributes in single quotes', "<div xmlns='http://www.w3.org/1999/xhtml' lang='nb'>x</div>"],
    ['white space around', `\n ${div('x')}\n`],
  ])('may have %s', (_, xhtml) => {
    expect(narrativeFault(xhtml)).toBeUndefined();
  });

  test.each([
    ['no div', '<p xmlns="http://www.w3.org/1999/xhtml">x</p>'],
    ['no namespace', '<div>x</div>'],
    ['two divs', div('x') + div('y')],
    ['text around', `x${div('y')}`],
    ['an element left open', '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</div>'],
    ['elements closed in the wrong order', div('<b><i>x</b></i>')],
    ['a bare less-than sign', div('a < b')],
    ['a bare ampersand', div('a & b')],
    ['an attribute without quotes', div('<p class=a>x</p>')],
    ['nothing to see', div(' <p> </p> ')],
    ['a script', div('<script>alert(1)</script>')],
    ['a script in upper case', div('<SCRIPT>alert(1)</SCRIPT>')],
    ['a form', div('<form><input/></form>')],
    ['an object', div('<object data="x">x</object>')],
    ['a frame', div('<iframe src="https://a.example">x</iframe>')],
    ['an event', div('<p onmouseover="x()">x</p>')],
    ['a link that runs', div('<a href="javascript:alert(1)">x</a>')],
    ['a link that runs, behind an entity', div('<a href="&#106;avascript:alert(1)">x</a>')],
    ['a link that runs, behind a colon as an entity', div('<a href="javascript&colon;alert(1)//">x</a>')],
    ['a link that runs, behind an unclosed entity', div('<a href="javascript&#58alert(1)//">x</a>')],
    ['a link that runs, behind a tab', div('<a href="java\tscript:alert(1)//">x</a>')],
    ['a page as data', div('<a href="data:text/html,x">x</a>')],
    ['an SVG as data', div('<img src="data:image/svg+xml,x"/>')],
    ['a style that fetches', div('<p style="background:url(https://a.example/x)">x</p>')],
    ['a style that runs', div('<p style="width:expr&#101;ssion(alert(1))">x</p>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY y "z">]>${div('&y;')}`],
    ['a comment that HTML ends sooner than XML', div('<!--> <b onclick="x()">x</b> -->x')],
    ['a comment that HTML ends in another way', div('<!-- --!> <b onclick="x()">x</b> -->x')],
    ['a comment that does not end', div('x<!-- ')],
    ['nothing', ''],
  ])('may not have %s', (_, xhtml) => {
    expect(narrativeFault(xhtml)).toMatch(/narrative/);
  });

  test('of two megabytes is read in time, whatever is in it', () => {
    for (const content of [
      '&lt;'.repeat(500_000),
      '<b>x</b>'.repeat(250_000),
      '<!--'.repeat(500_000),
      '<p '.repeat(500_000),
    ]) {
      const started = performance.now();
      narrativeFault(div(content));
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
