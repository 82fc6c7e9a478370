import { Router } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningRest, restInMemory } from '../../tests/kit/rest-in-memory.ts';

const page = Router();
page.get('/a-page', (_, response) => void response.type('html').send('<p>here'));
page.get('/a-strict-page', (_, response) => {
  response.setHeader('content-security-policy', "default-src 'none'");
  response.type('html').send('<p>here');
});

describe.each([
  ['http', undefined],
  ['https', 'https://svar.example.org'],
])('a server that is reached by %s', (scheme, baseUrl) => {
  let rest: RunningRest;

  beforeAll(async () => {
    rest = await restInMemory({ more: page, settings: baseUrl === undefined ? {} : { baseUrl } });
  });

  afterAll(() => rest.close());

  const headersOf = async (path: string) => (await fetch(new URL(path, rest.base))).headers;

  test('lets its pages load from it alone, be framed by nobody and tell nobody where one came from', async () => {
    const headers = await headersOf('/a-page');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http:/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('leaves the policy of a page that has its own', async () => {
    expect((await headersOf('/a-strict-page')).get('content-security-policy')).toBe("default-src 'none'");
  });

  test(`${scheme === 'https' ? 'tells' : 'does not tell'} browsers to come by https only, FHIR or page`, async () => {
    const expected = scheme === 'https' ? expect.stringMatching(/^max-age=\d{8}/) : null;
    for (const path of ['/a-page', '/fhir/R4/metadata', '/healthz', '/nothing-here']) {
      expect((await headersOf(path)).get('strict-transport-security'), path).toEqual(expected);
    }
  });

  test('lets nothing that FHIR answers be run, framed or kept', async () => {
    const headers = await headersOf('/fhir/R4/metadata');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('private, no-store');
  });
});
