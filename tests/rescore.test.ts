import type { Bundle, Library, Observation, PlanDefinition, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProduct } from '../src/packages/product.ts';
import { hash64 } from '../src/search/hash64.ts';
import { keyOf, uriForm } from '../src/search/keys.ts';
import { loaderOf } from '../src/server/loader.ts';
import { rescore } from '../src/server/rescore.ts';
import { queueAgain } from '../src/store/queue-again.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { type Course, hadsItems, refer, response } from './kit/course.ts';
import { type TestServer, testServer } from './kit/fhir-server.ts';
import { type Rest, rest } from './kit/rest.ts';

const hadsUrl = 'https://svar.example.org/fhir/Questionnaire/hads';

let server: TestServer;
let client: Rest;
let course: Course;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
  course = await refer(client);
});

afterEach(() => server.close());

async function answer(form: string, items: QuestionnaireResponse['item']): Promise<string> {
  const body = response(course, form, 'completed', items ?? [], '2026-03-02T09:00:00+01:00');
  const answered = await client.post<QuestionnaireResponse>('QuestionnaireResponse', body);
  expect([answered.status, JSON.stringify(answered.body)]).toEqual([201, expect.any(String)]);
  await server.fhir.runner.drain();
  return answered.body.id ?? '';
}

async function score(code: string): Promise<Observation | undefined> {
  const found = await client.search<Observation>(`Observation?patient=Patient/${course.patient}&code=${code}`);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

/** Stores the rules of HADS with one text of them replaced by another. */
async function changeRules(from: string, to: string) {
  const { body } = await client.get<Library>('Library/hads-scores');
  const rules = rulesText(body);
  expect(rules).toContain(from);
  return client.put<Library>('Library/hads-scores', withRules(body, rules.replace(from, to)));
}

function rulesText({ content }: Library): string {
  return Buffer.from(content?.[0]?.data ?? '', 'base64').toString();
}

function withRules(library: Library, rules: string): Library {
  return { ...library, content: [{ ...library.content?.[0], data: Buffer.from(rules).toString('base64') }] };
}

describe('a changed rule', () => {
  beforeEach(async () => {
    await answer('hads', hadsItems('2').slice(0, 13));
    expect(await score('hads-depression')).toMatchObject({ valueQuantity: { value: 14 }, meta: { versionId: '1' } });
  });

  it('changes stored scores when they are scored again: a new version, the old in history, the same not written', async () => {
    const { body } = await client.get<Library>('Library/hads-scores');
    const rules = JSON.parse(rulesText(body));
    Object.assign(rules.scores[1], { version: '2.1.0', missing: { minimum: 4, prorate: false } });
    expect((await client.put('Library/hads-scores', withRules(body, JSON.stringify(rules)))).status).toBe(200);
    await server.fhir.runner.drain();
    expect((await score('hads-depression'))?.meta?.versionId).toBe('1');

    expect([...(await rescore(server.fhir.engine, { score: 'hads-depression' }))]).toEqual([[hadsUrl, 1]]);
    await server.fhir.runner.drain();
    const changed = await score('hads-depression');
    expect(changed).toMatchObject({
      meta: { versionId: '2' },
      valueQuantity: { value: 12 },
      method: { coding: [{ code: 'sum', version: '2.1.0' }] },
    });
    const before = await client.get<Observation>(`Observation/${changed?.id}/_history/1`);
    expect(before.body).toMatchObject({ valueQuantity: { value: 14 }, method: { coding: [{ version: '2.0.0' }] } });
    expect((await score('hads-anxiety'))?.meta?.versionId).toBe('1');

    await rescore(server.fhir.engine, {});
    await server.fhir.runner.drain();
    const history = await client.get<Bundle>(`Observation/${changed?.id}/_history`);
    expect(history.body.entry).toHaveLength(2);
  });

  it.each([
    ['of a later version stays', '2.0.1', 12],
    ['of the same version is the shipped one again', '2.0.0', 14],
  ])('%s when a server starts or a command runs, which load what is shipped', async (_, version, expected) => {
    const { body } = await client.get<Library>('Library/hads-scores');
    const rules = JSON.parse(rulesText(body));
    Object.assign(rules.scores[1], { version: '2.0.1', missing: { minimum: 4, prorate: false } });
    const own = { ...withRules(body, JSON.stringify(rules)), version };
    expect((await client.put('Library/hads-scores', own)).status).toBe(200);
    await loadProduct(loaderOf(server.fhir), () => undefined);
    await rescore(server.fhir.engine, { score: 'hads-depression' });
    await server.fhir.runner.drain();
    expect((await score('hads-depression'))?.valueQuantity?.value).toBe(expected);
  });

  it('with a fault is refused, told by its place in the file', async () => {
    const refused = await changeRules('"minimum": 4', '"minimum": 8');
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('/scores/0/missing/minimum');
    expect((await changeRules('"version": "2.0.0"', '"version": "2.0.1"')).status).toBe(200);
  });

  it('a response that waits to be scored waits once', async () => {
    await rescore(server.fhir.engine, {});
    const counts = await rescore(server.fhir.engine, {});
    expect(counts.get(hadsUrl)).toBe(0);
  });
});

it('what nobody scores by cannot be scored again', async () => {
  await expect(rescore(server.fhir.engine, { score: 'nothing' })).rejects.toThrow('No form is scored by nothing.');
  const questionnaire = 'https://svar.example.org/fhir/Questionnaire/smertereg-to';
  await expect(rescore(server.fhir.engine, { questionnaire })).rejects.toThrow(questionnaire);
  expect([...(await rescore(server.fhir.engine, { questionnaire: `${hadsUrl}|1.0.0` })).keys()]).toEqual([hadsUrl]);
});

it('responses are handed over page by page, each once', async () => {
  for (let count = 0; count < 3; count += 1) await answer('hads', hadsItems('1'));
  const { engine } = server.fhir;
  const h = hash64(keyOf('QuestionnaireResponse.questionnaire', uriForm(hadsUrl)), engine.hashSeed);
  const queued: number[] = [];
  let after: string | undefined = '0';
  while (after !== undefined) {
    const from: string = after;
    const page = await inTransaction(engine.pool, (db) => queueAgain(db, { bot: 'score', h, after: from, limit: 2 }));
    queued.push(page.queued);
    after = page.last;
  }
  expect(queued).toEqual([2, 1, 0]);
});

it("a hospital's own form is scored by the Library that depends on it", async () => {
  const url = 'https://hospital.example.org/Questionnaire/own';
  const wording = { nb: 'Egen', sv: 'Egen', en: 'Own' };
  const rules = {
    instrument: 'own',
    answers: { from: 'number' },
    sources: { own: { citation: 'The hospital' } },
    scores: [
      {
        ...{ code: 'own-mean', display: wording, version: '1.0.0', items: ['a', 'b'], aggregate: { kind: 'mean' } },
        ...{ missing: { minimum: 1 }, sources: ['own'] },
      },
    ],
  };
  await client.put('Questionnaire/own', {
    ...{ resourceType: 'Questionnaire', id: 'own', url, version: '1', status: 'active' },
    item: [
      { linkId: 'a', type: 'integer' },
      { linkId: 'b', type: 'integer', enableWhen: [{ question: 'a', operator: '>', answerInteger: 5 }] },
    ],
  });
  const library = {
    ...{ resourceType: 'Library', id: 'own', url: 'https://hospital.example.org/Library/own', status: 'active' },
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }] },
    relatedArtifact: [{ type: 'depends-on', resource: `${url}|1` }],
    content: [{ contentType: 'application/json', data: Buffer.from(JSON.stringify(rules)).toString('base64') }],
  };
  const stored = await client.put('Library/own', library);
  expect([stored.status, JSON.stringify(stored.body)]).toEqual([201, expect.any(String)]);
  const { body } = await client.post<QuestionnaireResponse>('QuestionnaireResponse', {
    ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: `${url}|1` },
    ...{ subject: { reference: `Patient/${course.patient}` }, authored: '2026-03-02T08:00:00+01:00' },
    item: [{ linkId: 'a', answer: [{ valueInteger: 4 }] }],
  });
  expect(JSON.stringify(body)).toContain('own|1');
  await server.fhir.runner.drain();
  expect(await score('own-mean')).toMatchObject({
    valueQuantity: { value: 4 },
    derivedFrom: [{ reference: `QuestionnaireResponse/${body.id}` }],
    extension: [{ valueRelatedArtifact: { resource: 'https://hospital.example.org/Library/own' } }],
  });
});

describe('a choice between value sets is made by the registry', () => {
  const items = ['EqMobility', 'EqSelfCare', 'EqUsualActivities', 'EqPain', 'EqAnxiety'].map((linkId, index) => ({
    linkId,
    answer: [{ valueCoding: { system: '', code: '21232'[index] ?? '' } }],
  }));
  const indices = async () =>
    (await client.search<Observation>(`Observation?patient=Patient/${course.patient}`))
      .filter(({ code }) => code.coding?.[0]?.code?.includes('index'))
      .map(({ code, valueQuantity }) => [code.coding?.[0]?.code, valueQuantity?.value]);

  beforeEach(async () => {
    const { body } = await client.get<{
      item: { linkId: string; answerOption?: { valueCoding: { system: string } }[] }[];
    }>('Questionnaire/eq-5d-5l');
    for (const item of items) {
      const asked = body.item.find(({ linkId }) => linkId === item.linkId);
      item.answer[0]!.valueCoding.system = asked?.answerOption?.[0]?.valueCoding.system ?? '';
    }
  });

  it('without a wish the default set alone', async () => {
    await answer('eq-5d-5l', items);
    expect(await indices()).toEqual([['eq-5d-5l-index-norway-2024', 0.7459]]);
  });

  it('else those that its protocol names', async () => {
    const { body } = await client.get<PlanDefinition>('PlanDefinition/smertereg');
    const library = ['eq-5d-5l-denmark-2021', 'eq-5d-5l-england-2018'].map(
      (id) => `https://svar.example.org/fhir/Library/${id}`,
    );
    expect((await client.put('PlanDefinition/smertereg', { ...body, library })).status).toBe(200);
    await answer('eq-5d-5l', items);
    expect((await indices()).sort()).toEqual([
      ['eq-5d-5l-index-denmark-2021', 0.76],
      ['eq-5d-5l-index-england-2018', 0.73],
    ]);
  });
});
