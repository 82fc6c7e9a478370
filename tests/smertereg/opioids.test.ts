import type {
  Library,
  Observation,
  OperationOutcome,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rescore } from '../../src/server/rescore.ts';
import { type Course, choice, date, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';

const LIBRARIES = 'https://svar.example.org/fhir/Library';
const AUTHORED = '2026-03-10T09:00:00+01:00';

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-10T08:00:00+01:00', background: false });
  client = rest(server.base);
  course = await refer(client);
  const seen = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' } as const;
  const to = response(course, 'smertereg-to', 'in-progress', toItems(seen), AUTHORED);
  expect((await client.post('QuestionnaireResponse', to)).status).toBe(201);
});

afterAll(() => server.close());

type Sent = Reply<Omit<QuestionnaireResponse, 'resourceType'> & Partial<Pick<OperationOutcome, 'issue'>>>;
type Doses = Readonly<Record<string, number>>;

const table = (linkId: string, doses: Doses): QuestionnaireResponseItem => ({
  linkId,
  item: Object.entries(doses).map(([name, valueDecimal]) => ({ linkId: name, answer: [{ valueDecimal }] })),
});

function b11(doses: Doses): QuestionnaireResponse {
  const at = (linkId: string, reference: string) => ({ linkId, answer: [{ valueReference: { reference } }] });
  const three = (linkId: string) => choice(linkId, 'smertereg-nei-ja-usikker', '0');
  const where = [at('Lokasjon', 'Location/haukeland-bygg'), at('InnlAvd', 'Organization/haukeland-kirurgi')];
  const items = [
    date('RegDato11', '2026-03-10'),
    { linkId: 'Innlagt', item: where },
    choice('Analgetika4b', 'smertereg-analgetika-4b', 'Opioid4b'),
    table('Opioider4b', doses),
    ...['UhenBrukMed', 'TidligereRus', 'PaagaaRus'].map(three),
  ];
  return response(course, 'smertereg-b11', 'completed', items, AUTHORED);
}

function b22(doses: Doses): QuestionnaireResponse {
  const no = (linkId: string) => choice(linkId, 'smertereg-ja-nei-vet-ikke', '0');
  const number = (linkId: string, valueInteger: number) => ({ linkId, answer: [{ valueInteger }] });
  const items = [
    date('SluttDato', '2026-03-10'),
    number('AntPasTils', 5),
    number('TotTid', 6),
    choice('MedBeh22', 'smertereg-ja-nei-vet-ikke', '1'),
    choice('MedBeh22Type', 'smertereg-medikamentell-b22', 'Op22'),
    table('Opioider22', doses),
    ...['AlvRespDepr', 'IkkeMedBeh', 'SentralBlokk', 'PeriferBlokk', 'VidereOppf'].map(no),
  ];
  return response(course, 'smertereg-b22', 'completed', items, AUTHORED);
}

/** A form with doses, named without suffix. */
const forms = [
  ['B1.1', '', b11],
  ['B2.2', '22', b22],
] as const;

const suffixed = (doses: Doses, suffix: string): Doses =>
  Object.fromEntries(Object.entries(doses).map(([name, dose]) => [name + suffix, dose]));

const send = (body: QuestionnaireResponse): Promise<Sent> =>
  client.post('QuestionnaireResponse', body, { 'accept-language': 'nb' });

/** The score of a response, as it is now. */
async function omeq(id: string | undefined): Promise<Observation | undefined> {
  await server.fhir.runner.drain();
  const found = await client.search<Observation>(`Observation?derived-from=QuestionnaireResponse/${id}&code=omeq`);
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0];
}

describe('the two opioid tables with OMEQ', () => {
  it.each(forms)('%s: what a client calculates is checked, field by field', async (_, suffix, form) => {
    const right = suffixed({ DDOxKps: 20, OMEQOxKps: 30, DDMetMikst: 16, OMEQMetMikst: 80, MoEkvivalens: 110 }, suffix);
    expect((await send(form(right))).status).toBe(201);
    const faults: readonly Doses[] = [{ OMEQOxKps: 31 }, { OMEQMetMikst: 96 }, { MoEkvivalens: 111 }];
    for (const wrong of faults) {
      const { status, body } = await send(form({ ...right, ...suffixed(wrong, suffix) }));
      expect([wrong, status, body.issue?.[0]?.details?.coding?.[0]?.code]).toEqual([wrong, 422, 'calculatedAnswer']);
    }
  });

  it.each(forms)('%s: doses have their limits', async (_, suffix, form) => {
    for (const [dose, rule] of [
      [-0.1, 'minValue'],
      [10_000, 'maxValue'],
      [0.25, 'maxDecimalPlaces'],
    ] as const) {
      const { status, body } = await send(form(suffixed({ DDMoTbl: dose }, suffix)));
      expect([dose, status, body.issue?.[0]?.details?.coding?.[0]?.code]).toEqual([dose, 422, rule]);
    }
  });

  it.each(forms)('%s: the server derives the total, with the tables that gave its factors', async (_, suffix, form) => {
    const { body } = await send(form(suffixed({ DDMoIv: 10, DDOxKps: 20 }, suffix)));
    const score = await omeq(body.id);
    expect(score).toMatchObject({ status: 'final', valueQuantity: { value: 60, code: 'mg/d' } });
    expect(score?.extension?.map(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource)).toEqual([
      `${LIBRARIES}/smertereg-${suffix === '' ? 'b11' : 'b22'}-scores`,
      `${LIBRARIES}/omeq-helfo|1.0.0`,
      `${LIBRARIES}/omeq-helsedirektoratet|1.0.0`,
    ]);
  });
});

describe('Buvidal doses that the manual does not give: OMEQ absent, with its reason, until a table is loaded', () => {
  it('64, 96 and 128 mg a month are given', async () => {
    for (const [dose, value] of [
      [64, 432],
      [96, 672],
      [128, 960],
    ] as const) {
      const { body } = await send(b11({ DDBuvMDepIn: dose, OMEQBuvMDepIn: value, MoEkvivalens: value }));
      expect((await omeq(body.id))?.valueQuantity?.value).toBe(value);
    }
  });

  it.each([
    ['DDBuvWDepIn', 24, 'Buvidal ukentlig depotinjeksjon (mg)'],
    ['DDBuvMDepIn', 160, 'Buvidal månedlig depotinjeksjon (mg)'],
    ['DDMetIv', 10, 'Metadon intravenøst (mg/døgn)'],
  ])('%s of %d mg is absent, by the name of its field; nobody may send an equivalent', async (field, dose, words) => {
    const { body } = await send(b11({ DDOxKps: 20, [field]: dose }));
    const score = await omeq(body.id);
    expect(score?.valueQuantity).toBeUndefined();
    expect(score?.dataAbsentReason).toMatchObject({
      coding: [{ code: 'unsupported' }],
      text: `Ingen tabell har en ekvivalent for dosen i «${words}» (${field})`,
    });
    const invented = { DDOxKps: 20, [field]: dose, [field.replace('DD', 'OMEQ')]: 100 };
    const refused = await send(b11(invented));
    expect([refused.status, refused.body.issue?.map(({ details }) => details?.coding?.[0]?.code)]).toEqual([
      422,
      ['calculatedAnswer'],
    ]);
  });

  it('once a table is loaded, and the scores computed again, they have a value', async () => {
    const { body } = await send(b11({ DDBuvWDepIn: 16 }));
    const { body: later } = await send(b11({ DDBuvMDepIn: 160 }));
    const { body: known } = await send(b11({ DDBuvMDepIn: 64 }));
    expect((await omeq(body.id))?.dataAbsentReason).toBeDefined();
    const csv = [
      'drug,route,unit,factor,low,high,morphine_from,morphine_below',
      'buprenorphine,depot-weekly,mg,25,,,,',
      'buprenorphine,depot-monthly,mg,7,,,,',
    ].join('\n');
    const { body: shipped } = await client.get<Library>('Library/omeq-helfo');
    const { id: _, meta: __, ...rest } = shipped;
    const own: Library = {
      ...rest,
      url: `${LIBRARIES}/omeq-own`,
      name: 'OmeqOwn',
      content: [{ contentType: 'text/csv', data: Buffer.from(csv).toString('base64') }],
    };
    expect((await client.post('Library', own)).status).toBe(201);
    const { body: rules } = await client.get<Library>('Library/smertereg-b11-scores');
    const text = Buffer.from(rules.content?.[0]?.data ?? '', 'base64').toString();
    const helfo = `"${LIBRARIES}/omeq-helfo|1.0.0"`;
    expect(text).toContain(helfo);
    const named = text.replace(helfo, `${helfo}, "${LIBRARIES}/omeq-own|1.0.0"`);
    const content = [{ ...rules.content?.[0], data: Buffer.from(named).toString('base64') }];
    expect((await client.put('Library/smertereg-b11-scores', { ...rules, version: '1.1.0', content })).status).toBe(
      200,
    );
    await rescore(server.fhir.engine, { score: 'omeq' });
    expect((await omeq(body.id))?.valueQuantity?.value).toBe(400);
    expect((await omeq(later.id))?.valueQuantity?.value).toBe(1120);
    // What the manual gives stands.
    expect((await omeq(known.id))?.valueQuantity?.value).toBe(432);
    // As it was, for the other tests.
    expect((await client.put('Library/smertereg-b11-scores', { ...rules, version: '1.2.0' })).status).toBe(200);
  });
});
