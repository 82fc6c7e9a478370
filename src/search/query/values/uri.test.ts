import { describe, expect, test } from 'vitest';
import { uriAncestors } from './uri.ts';

describe('uriAncestors', () => {
  test.each([
    ['http://a/b/c', ['http://a/b/c', 'http://a/b/', 'http://a/b', 'http://a/', 'http://a']],
    ['http://a/', ['http://a/', 'http://a']],
    ['urn:oid:1.2', ['urn:oid:1.2']],
    ['/*', ['/*', '/', '']],
    ['/', ['/', '']],
    ['//', ['//', '/', '', ''].slice(0, 3)],
    ['', ['']],
  ])('of %s end', (uri, expected) => {
    expect([...new Set(uriAncestors('url', uri))]).toEqual(expected);
  });

  test.each(['a/'.repeat(40), 'a'.repeat(3000)])('are refused for what is too deep or too long', (uri) => {
    expect(() => uriAncestors('url', uri)).toThrow('url');
  });
});
