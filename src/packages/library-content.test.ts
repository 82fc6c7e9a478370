import { describe, expect, test } from 'vitest';
import { foundResources } from './found-resources.ts';

const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
const library = (url: string) =>
  JSON.stringify({ resourceType: 'Library', id: 'l', status: 'active', content: [{ contentType: 'text/csv', url }] });

describe('the content of a Library', () => {
  test('is a file of its own beside it, which is no resource', () => {
    const { resources, refusals } = foundResources([
      file('a/l.json', library('l.rules.json')),
      file('a/l.rules.json', '{"scores": []}'),
    ]);
    expect(refusals).toEqual([]);
    expect(resources).toHaveLength(1);
    const content = [{ contentType: 'text/csv', title: 'l.rules.json', data: btoa('{"scores": []}') }];
    expect(resources[0]?.resource).toMatchObject({ content });
    expect(JSON.parse(resources[0]?.text ?? '')).toEqual(resources[0]?.resource);
  });

  test('is refused where the file is not in the same folder', () => {
    const { refusals } = foundResources([file('a/l.json', library('t.csv')), file('b/t.csv', 'a,b')]);
    expect(refusals.map(({ origin, issue }) => [origin.file, issue.expression])).toEqual([
      ['a/l.json', ['Library.content[0].url']],
    ]);
  });

  test('stays where it is an address', () => {
    const text = library('https://example.org/t.csv');
    expect(foundResources([file('l.json', text)]).resources[0]?.text).toBe(text);
  });

  test('a JSON file that no Library names is still refused as no resource, a table is left', () => {
    const { resources, refusals } = foundResources([file('x.rules.json', '{}'), file('t.csv', 'a,b')]);
    expect(resources).toEqual([]);
    expect(refusals.map(({ origin }) => origin.file)).toEqual(['x.rules.json']);
  });
});
