import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

let server: TestServer;
let client: Rest;
let next: URL;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  for (const family of ['Anker', 'Bjerk', 'Corell', 'Dahle', 'Espe']) {
    await client.post('Patient', { resourceType: 'Patient', gender: 'female', name: [{ family }] });
  }
  next = new URL(link((await client.get<Bundle>('Patient?gender=female&_sort=family&_count=2')).body, 'next'));
});

afterAll(() => server.close());

function link(bundle: Bundle, relation: string): string {
  return bundle.link?.find((each) => each.relation === relation)?.url ?? '';
}

async function refused(url: string | URL): Promise<void> {
  const { status, body } = await client.get(String(url));
  expect([status, (body as unknown as OperationOutcome).issue?.[0]?.code], String(url)).toEqual([400, 'invalid']);
}

const changed = (change: (url: URL) => void): URL => {
  const url = new URL(next);
  change(url);
  return url;
};

const token = (): string => next.searchParams.get('_page') ?? '';

test('a page link works, as often as it is followed, and tells nothing of what it sorts by', async () => {
  const families = async (url: URL) =>
    (
      await client.search<Extract<NonNullable<Bundle['entry']>[number]['resource'], { resourceType: 'Patient' }>>(
        String(url),
      )
    ).map(({ name }) => name?.[0]?.family);
  expect(await families(next)).toEqual(['Corell', 'Dahle']);
  expect(await families(next)).toEqual(['Corell', 'Dahle']);
  for (const text of [token(), Buffer.from(token(), 'base64url').toString('latin1')]) {
    expect(text.toLowerCase()).not.toMatch(/bjerk|corell/);
  }
});

test('a token with any one sign changed is refused', async () => {
  for (let at = 0; at < token().length; at += 5) {
    const sign = token()[at] === 'A' ? 'B' : 'A';
    await refused(changed((url) => url.searchParams.set('_page', token().slice(0, at) + sign + token().slice(at + 1))));
  }
});

test.each(['', '2', 'x', '-1', 'null', '{}', 'AAAA', 'A'.repeat(100), 'A'.repeat(5000), "'", '%', '__proto__'])(
  'the made-up token %s is refused',
  async (made) => {
    if (made !== '') {
      await refused(changed((url) => url.searchParams.set('_page', made)));
    }
  },
);

test('a token is worth nothing to another query, type, sort order, or level', async () => {
  await refused(changed((url) => url.searchParams.set('gender', 'male')));
  await refused(changed((url) => url.searchParams.set('_sort', '-family')));
  await refused(changed((url) => url.searchParams.delete('gender')));
  await refused(changed((url) => url.searchParams.append('name', 'x')));
  await refused(String(next).replace('/Patient?', '/Practitioner?').replace('_sort=family&', '_sort=family&'));
  await refused(`${server.base}/Patient/_history?_page=${token()}`);
  await refused(`${server.base}/_history?_page=${token()}`);
});

test('a token of history or of $everything is worth nothing elsewhere either', async () => {
  const history = link((await client.get<Bundle>('Patient/_history?_count=2')).body, 'next');
  const foreign = new URL(history).searchParams.get('_page') ?? '';
  expect(foreign).not.toBe('');
  await refused(changed((url) => url.searchParams.set('_page', foreign)));
  await refused(`${server.base}/_history?_count=2&_page=${foreign}`);
  await refused(`${server.base}/Practitioner/_history?_count=2&_page=${foreign}`);
  expect((await client.get(history)).status).toBe(200);
});

test('a token of another caller is refused', async () => {
  const path = String(next).slice(server.base.length + 1);
  const other = await testServer({
    packages: false,
    background: false,
    database: server.database,
    caller: { name: 'somebody else' },
  });
  try {
    expect((await rest(other.base).get(path)).status).toBe(400);
  } finally {
    await other.close();
  }
});
