import type { Bundle, OperationOutcome, Parameters, ParametersParameter, Questionnaire } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/hads';
let server: TestServer;
let client: Rest;
let hads: Questionnaire;

beforeAll(async () => {
  server = await testServer({});
  client = rest(server.base);
  [hads] = (await client.search<Questionnaire>(`Questionnaire?url=${url}`)) as [Questionnaire];
  for (const code of ['0', '3', '9']) {
    const { status } = await client.post('QuestionnaireResponse', {
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${url}|${hads.version}`,
      status: 'completed',
      authored: '2026-03-02T10:00:00+01:00',
      subject: { reference: `Patient/${(await client.post('Patient', { resourceType: 'Patient' })).body.id}` },
      item: asked(hads).map(({ linkId, answerOption = [] }) => ({
        linkId,
        answer: answerOption.flatMap(({ valueCoding }) =>
          valueCoding?.code === code ? [{ valueCoding: { system: valueCoding.system, code } }] : [],
        ),
      })),
    });
    expect(status).toBe(201);
  }
});

afterAll(() => server.close());

const asked = (form: Questionnaire) => (form.item ?? []).filter((item) => item.type === 'choice');

/** The form as the change makes it. */
function changed(change: (form: Questionnaire) => void): Questionnaire {
  const { id: _, meta: __, ...form } = structuredClone(hads);
  change(form);
  return { ...form, version: '9.0.0' };
}

async function diff(questionnaire: Questionnaire): Promise<readonly ParametersParameter[]> {
  const { status, body } = await client.post<Parameters>(`Questionnaire/${hads.id}/$diff`, questionnaire);
  expect(status).toBe(200);
  return body.parameter ?? [];
}

const value = (from: readonly ParametersParameter[], name: string) => {
  const found = from.find((each) => each.name === name);
  return found?.valueInteger ?? found?.valueBoolean;
};
const told = (from: readonly ParametersParameter[], name: string): string[] =>
  from
    .filter((each) => each.name === name)
    .map(({ part = [] }) => part.map((each) => each.valueString ?? each.valueCode ?? '').join(' '));

describe('Questionnaire/$diff', () => {
  test('says nothing of two equal forms but how many responses it measured', async () => {
    const found = await diff(changed(() => undefined));
    expect(told(found, 'difference')).toEqual(['version changed presentation']);
    expect([value(found, 'measured'), value(found, 'complete')]).toEqual([3, true]);
    expect([value(found, 'invalidCount'), value(found, 'unscorableCount')]).toEqual([0, 0]);
  });

  test('tells which responses would be invalid: an option that they chose is gone', async () => {
    const found = await diff(
      changed((form) => {
        const [first] = asked(form);
        if (first) first.answerOption = first.answerOption?.filter(({ valueCoding }) => valueCoding?.code !== '3');
      }),
    );
    expect(told(found, 'difference').some((each) => each.startsWith('HADSSpm1 answerOption'))).toBe(true);
    expect(value(found, 'invalidCount')).toBe(1);
    expect(told(found, 'invalid')).toEqual([expect.stringContaining('HADSSpm1')]);
  });

  test('tells which responses would lose a score: the weights are gone', async () => {
    const found = await diff(
      changed((form) => {
        for (const item of asked(form).slice(0, 14)) {
          for (const { valueCoding } of item.answerOption ?? []) delete valueCoding?.extension;
        }
      }),
    );
    // Whoever answered "don't know" throughout had no score to lose.
    expect(value(found, 'unscorableCount')).toBe(2);
    expect(told(found, 'unscorable')).toEqual([
      expect.stringContaining('hads-anxiety hads-depression'),
      expect.stringContaining('hads-anxiety hads-depression'),
    ]);
  });

  test('compares two stored versions by their canonicals, and says what is not known', async () => {
    const next = await client.post<Questionnaire>(
      'Questionnaire',
      changed((form) => {
        form.title = 'HADS 9';
      }),
    );
    expect(next.status).toBe(201);
    const query = `from=${url}|${hads.version}&to=${url}|9.0.0`;
    const { status, body } = await client.get<Parameters>(`Questionnaire/$diff?${query}`);
    expect([status, value(body.parameter ?? [], 'measured')]).toEqual([200, 3]);
    const missing = await client.get<OperationOutcome>(`Questionnaire/$diff?from=${url}&to=${url}|7`);
    expect(missing.status).toBe(404);
    expect((await client.get<Bundle>('Questionnaire/$diff')).status).toBe(400);
  });
});
