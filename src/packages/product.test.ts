import type { Questionnaire } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import { loaderOf } from '../server/loader.ts';
import { loadProduct } from './product.ts';

const URL = 'https://svar.example.org/fhir/Questionnaire/pgic';

let server: TestServer;
let client: Rest;
let shipped: Questionnaire;
let warnings: string[];

beforeEach(async () => {
  server = await testServer({ background: false });
  client = rest(server.base);
  shipped = (await client.get<Questionnaire>('Questionnaire/pgic')).body;
  warnings = [];
});

afterEach(() => server.close());

const start = () => loadProduct(loaderOf(server.fhir), (text) => warnings.push(text));

/** Makes the stored form that of another release, with a response to it. */
async function answeredBefore(version: string): Promise<Questionnaire> {
  const other: Questionnaire = {
    resourceType: 'Questionnaire',
    id: 'pgic',
    url: URL,
    version,
    status: 'active',
    item: [{ linkId: 'old', text: 'An older question', type: 'integer' }],
  };
  expect((await client.put('Questionnaire/pgic', other)).status).toBe(200);
  const response = {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${URL}|${version}`,
    status: 'in-progress',
    authored: '2026-01-01T10:00:00Z',
  };
  expect((await client.post('QuestionnaireResponse', response)).status).toBe(201);
  return other;
}

const versions = async () => {
  const found = await client.search<Questionnaire>(`Questionnaire?url=${URL}`);
  return found.map(({ version, item, meta, id }) => ({ version, item, id, stored: meta?.versionId }));
};

describe('a start after an upgrade', () => {
  test('stores a new version of a form beside the one that was answered to', async () => {
    const { item } = await answeredBefore('0.9.0');
    await start();
    const after = await versions();
    expect(after).toMatchObject([
      { version: '0.9.0', item, id: 'pgic', stored: '2' },
      { version: shipped.version, item: shipped.item, stored: '1' },
    ]);
    await start();
    expect(await versions()).toEqual(after);
    expect(warnings).toEqual([]);
  });

  test('goes on where a form was changed without a new version, and says which and why', async () => {
    const { item } = await answeredBefore('1.0.0');
    await start();
    expect(await versions()).toMatchObject([{ version: '1.0.0', item, id: 'pgic' }]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^questionnaires\/.*pgic.*\.json: .*\/pgic\|1\.0\.0 was not loaded: responses to it are stored/,
    );
  });
});
