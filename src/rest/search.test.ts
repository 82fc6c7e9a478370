import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask } = asking(rest);

describe('search', () => {
  beforeAll(async () => {
    for (const language of ['a', 'b', 'c']) {
      await ask('POST', '/Patient', { body: { resourceType: 'Patient', gender: 'female', language } });
    }
  });

  it('answers a searchset with absolute addresses, self and next', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_count=2');
    expect(json).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(json.total).toBeUndefined();
    expect(json.entry).toHaveLength(2);
    expect(json.entry[0].search).toEqual({ mode: 'match' });
    expect(json.entry[0].fullUrl).toBe(`${rest.base}/Patient/${json.entry[0].resource.id}`);
    expect(json.link).toEqual([
      { relation: 'self', url: `${rest.base}/Patient?gender=female&_count=2` },
      { relation: 'next', url: `${rest.base}/Patient?gender=female&_count=2&_page=2` },
    ]);
    const next = (await ask('GET', json.link[1].url.slice(rest.base.length))).json;
    expect(next.entry).toHaveLength(1);
    expect(next.link.map(({ relation }: { relation: string }) => relation)).toEqual(['self', 'previous']);
  });

  it('has no entry where there is no match', async () => {
    const { json } = await ask('GET', '/Patient?gender=none');
    expect('entry' in json).toBe(false);
  });

  it('searches by POST with the parameters of url and body together', async () => {
    const body = 'gender=female&_count=1';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { json, status } = await ask('POST', '/Patient/_search?_total=accurate', { body, headers });
    expect([status, json.total, json.entry.length]).toEqual([200, 3, 1]);
    expect(json.link[0].url).toBe(`${rest.base}/Patient?_total=accurate&gender=female&_count=1`);
    expectOutcome(await ask('POST', '/Patient/_search', { body: {} }), 415, 'not-supported');
  });

  it('searches the system by _type', async () => {
    const { json } = await ask('GET', '?_type=Patient&_count=1');
    expect(json.entry).toHaveLength(1);
    expect(json.link[0].url).toBe(`${rest.base}?_type=Patient&_count=1`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask('POST', '/_search', { body: '_type=Patient&_count=1', headers })).json.entry).toHaveLength(1);
  });

  it('refuses an unknown parameter, or ignores it, names it and leaves it out of self under handling=lenient', async () => {
    expectOutcome(await ask('GET', '/Patient?nonsense=1'), 400, 'not-supported');
    const { json } = await ask('GET', '/Patient?nonsense=1&_count=1', { headers: { prefer: 'handling=lenient' } });
    expect(json.link[0].url).toBe(`${rest.base}/Patient?_count=1`);
    expect(json.entry.at(-1)).toMatchObject({
      search: { mode: 'outcome' },
      resource: { resourceType: 'OperationOutcome' },
    });
  });

  it('counts only under _summary=count', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_summary=count');
    expect(json).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 3,
      link: [{ relation: 'self', url: `${rest.base}/Patient?gender=female&_summary=count` }],
    });
  });

  it('keeps the view in the links of pages', async () => {
    const { json } = await ask('GET', '/Patient?gender=female&_count=1&_elements=gender');
    expect(json.link[1].url).toContain('_elements=gender');
    expect(json.entry[0].resource.language).toBeUndefined();
  });
});
