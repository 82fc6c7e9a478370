import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from './parse.ts';
import { withReferences } from './references.ts';

const urn = 'urn:uuid:0b1f0f3e-0001-4000-8000-000000000001';
const replacements = new Map([
  [urn, 'Patient/17'],
  ['Patient?identifier=a|b', 'Patient/18'],
  ['http://x.example/Patient/1', 'Patient/19'],
]);

it('replaces references that are full urls or conditional references', () => {
  expect(withReferences(`{"subject":{"reference":"${urn}"},"n":1.00}`, replacements)).toBe(
    '{"subject":{"reference":"Patient/17"},"n":1.00}',
  );
  expect(withReferences('{"a":[{"reference":"Patient?identifier=a|b"}]}', replacements)).toBe(
    '{"a":[{"reference":"Patient/18"}]}',
  );
  expect(withReferences('{"a":{"reference":"http:\\/\\/x.example\\/Patient\\/1"}}', replacements)).toBe(
    '{"a":{"reference":"Patient/19"}}',
  );
});

it('replaces urn full urls in elements of type uri, also repeating ones, and http ones only in references', () => {
  expect(withReferences(`{"valueUri":"${urn}","instantiatesUri":["x","${urn}"]}`, replacements)).toBe(
    '{"valueUri":"Patient/17","instantiatesUri":["x","Patient/17"]}',
  );
  const http = '{"system":"http://x.example/Patient/1"}';
  expect(withReferences(http, replacements)).toBe(http);
});

it('leaves strings alone that are no links: identifier values, displays, longer texts', () => {
  const text = `{"identifier":[{"system":"urn:ietf:rfc:3986","value":"${urn}"}],"display":"${urn}","reference":"${urn}x"}`;
  expect(withReferences(text, replacements)).toBe(text);
});

it('replaces href and src in narrative', () => {
  const div = (url: string) => `{"text":{"div":"<div><a href=\\"${url}\\">x</a><img src='${url}'/> ${urn}</div>"}}`;
  expect(withReferences(div(urn), replacements)).toBe(div('Patient/17'));
});

it('is not misled by keys and quotes inside strings', () => {
  const text = `{"display":"\\"reference\\":\\"${urn}\\"","a":{"reference":"Patient/1"}}`;
  expect(withReferences(text, replacements)).toBe(text);
});

it('equals the same change made to the parsed value, for any content and layout', () => {
  const resolved = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      return key === 'reference' || (key === 'uri' && value.startsWith('urn:'))
        ? (replacements.get(value) ?? value)
        : value;
    }
    if (Array.isArray(value)) {
      return value.map((element) => resolved(element, key));
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner, name)]))
      : value;
  };
  const leaf = fc.oneof(
    fc.constantFrom(...replacements.keys(), `${urn}#x`),
    fc.string({ unit: 'grapheme' }),
    fc.double(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(
      fc.constantFrom('reference', 'uri', 'display', 'a"b', 'x\\'),
      fc.oneof(leaf, fc.array(leaf), tie('tree'), fc.array(tie('tree'))),
      {
        maxKeys: 4,
      },
    ),
  }));
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 2 }), (value, indent) => {
      const { text } = parseJson(JSON.stringify(value, null, indent));
      expect(JSON.parse(withReferences(text, replacements))).toEqual(resolved(JSON.parse(text), ''));
    }),
  );
});
