import type {
  CodeSystem,
  OperationOutcome,
  Organization,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundResources } from '../../src/packages/found-resources.ts';
import { loadResources } from '../../src/packages/load-resources.ts';
import { loaderOf } from '../../src/server/loader.ts';
import { type Course, choice, date, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { restAs, syntheticNumber } from '../rights/kit.ts';

const CODES = 'https://svar.example.org/fhir/CodeSystem';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10-no';
const NCSP = 'urn:oid:2.16.578.1.12.4.1.1.7210';
const AUTHORED = '2026-03-10T09:00:00+01:00';

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-10T08:00:00+01:00', background: false });
  client = rest(server.base);
  course = await refer(client);
  const to = response(course, 'smertereg-to', 'in-progress', toItems({ Tilsett: '1' }), AUTHORED);
  await made({ ...to, item: [date('HenvistDato', '2026-03-02'), ...(to.item ?? []).slice(1)] });
});

afterAll(() => server.close());

async function made<R extends Resource>(resource: R): Promise<R> {
  const { status, body } = await client.post<R>(resource.resourceType, resource);
  expect([status, JSON.stringify(body)]).toEqual([201, expect.any(String)]);
  return body;
}

const place = (linkId: string, reference: string): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueReference: { reference } }],
});
const ticks = (linkId: string, system: string, ...codes: string[]): QuestionnaireResponseItem => ({
  linkId,
  answer: codes.map((code) => ({ valueCoding: { system: `${CODES}/${system}`, code } })),
});
const three = (linkId: string, code: string) => choice(linkId, 'smertereg-nei-ja-usikker', code);

interface Answers {
  readonly RegDato11?: string;
  readonly Lokasjon?: string;
  readonly InnlAvd?: string;
  readonly diagnoses?: readonly QuestionnaireResponseItem[][];
  readonly from4a?: readonly QuestionnaireResponseItem[];
  readonly abuse?: readonly [earlier: string, current: string];
  readonly LAR?: string;
  readonly last?: readonly QuestionnaireResponseItem[];
}

/** A whole B1.1, in the form's order. */
function b11(answers: Answers, status: QuestionnaireResponse['status'] = 'completed', of = course) {
  const { RegDato11 = '2026-03-10', Lokasjon = 'Location/haukeland-bygg' } = answers;
  const { InnlAvd = 'Organization/haukeland-kirurgi', abuse: [earlier, current] = ['0', '0'] } = answers;
  return response(
    of,
    'smertereg-b11',
    status,
    [
      date('RegDato11', RegDato11),
      { linkId: 'Innlagt', item: [place('Lokasjon', Lokasjon), place('InnlAvd', InnlAvd)] },
      ...(answers.diagnoses ?? []).map((item) => ({ linkId: 'Smertediagnoser', item })),
      ...(answers.from4a ?? []),
      three('TidligereRus', earlier),
      three('PaagaaRus', current),
      ...(answers.LAR === undefined ? [] : [three('LAR', answers.LAR)]),
      ...(answers.last ?? []),
    ],
    AUTHORED,
  );
}

type Sent = Reply<Omit<QuestionnaireResponse, 'resourceType'> & Partial<Pick<OperationOutcome, 'issue'>>>;

const send = (answers: Answers, status?: QuestionnaireResponse['status']): Promise<Sent> =>
  client.post('QuestionnaireResponse', b11(answers, status), { 'accept-language': 'nb' });

/** The faults of a refusal, as `rule text`. */
function told({ status, body }: Sent): string[] {
  expect(status).toBe(422);
  return (body.issue ?? []).map(({ details }) => `${details?.coding?.[0]?.code} ${details?.text}`);
}

function answersTo({ body }: Sent, linkId: string): unknown[] {
  const find = (items: readonly QuestionnaireResponseItem[]): QuestionnaireResponseItem[] =>
    items.flatMap((item) => [...(item.linkId === linkId ? [item] : []), ...find(item.item ?? [])]);
  return find(body.item ?? []).flatMap(({ answer }) => answer ?? []);
}

describe('date rule (registration date not before referral or start date)', () => {
  it('is told in words, also to who saves a form under way', async () => {
    const early = ['minValue Registreringsdato: kan ikke være før 2026-03-02.'];
    expect(told(await send({ RegDato11: '2026-03-01' }))).toEqual(early);
    expect(told(await send({ RegDato11: '2026-03-01' }, 'in-progress'))).toEqual(early);
    expect((await send({ RegDato11: '2026-03-02' })).status).toBe(201);
  });

  it('goes by the later of the two, as TO has them then', async () => {
    const late = await refer(client, { fnr: '01917500025', birthDate: '1975-11-01' });
    const item = [date('HenvistDato', '2026-03-02'), date('StartdatoTO', '2026-03-05')];
    await made(response(late, 'smertereg-to', 'in-progress', item, AUTHORED));
    const early: Sent = await client.post(
      'QuestionnaireResponse',
      b11({ RegDato11: '2026-03-04' }, 'completed', late),
      { 'accept-language': 'en' },
    );
    expect(told(early)).toEqual(['minValue Date of registration: must not be before 2026-03-05.']);
    expect(
      (await client.post('QuestionnaireResponse', b11({ RegDato11: '2026-03-05' }, 'completed', late))).status,
    ).toBe(201);
  });
});

describe('Lokasjon and InnlAvd', () => {
  it('are the hospital’s own, and in use', async () => {
    expect(told(await send({ Lokasjon: 'Location/unn-bygg' }))).toEqual([
      'constraint Lokasjon: velg en aktiv lokasjon ved sykehuset.',
    ]);
    expect(told(await send({ InnlAvd: 'Organization/unn-kirurgi' }))).toEqual([
      'constraint Avdeling: velg en aktiv avdeling ved sykehuset.',
    ]);
    const closed = await made<Organization>({
      resourceType: 'Organization',
      active: false,
      name: 'Nedlagt avdeling',
      partOf: { reference: 'Organization/haukeland' },
    });
    expect(told(await send({ InnlAvd: `Organization/${closed.id}` }))).toEqual([
      'constraint Avdeling: velg en aktiv avdeling ved sykehuset.',
    ]);
  });

  it('stay as registered when the ward is closed later', async () => {
    const ward = await made<Organization>({
      resourceType: 'Organization',
      active: true,
      name: 'Avdeling i bruk',
      partOf: { reference: 'Organization/haukeland' },
    });
    const InnlAvd = `Organization/${ward.id}`;
    const { body } = await send({ InnlAvd });
    expect((await client.put(`Organization/${ward.id}`, { ...ward, active: false })).status).toBe(200);
    const amended = { ...b11({ InnlAvd, RegDato11: '2026-03-09' }, 'amended'), id: body.id };
    expect((await client.put(`QuestionnaireResponse/${body.id}`, amended)).status).toBe(200);
  });
});

describe('automatic answer (LAR "Nei" when 5 and 6 are "Nei")', () => {
  it('is stored where nobody has answered', async () => {
    const sent = await send({ abuse: ['0', '0'] });
    expect(sent.status).toBe(201);
    expect(answersTo(sent, 'LAR')).toEqual([
      { valueCoding: { system: `${CODES}/smertereg-nei-ja-usikker`, code: '0', display: 'Nei' } },
    ]);
    const same = { ...b11({ abuse: ['0', '0'] }), id: sent.body.id };
    const put = () => client.put<QuestionnaireResponse>(`QuestionnaireResponse/${sent.body.id}`, same);
    const [once, again] = [await put(), await put()];
    expect(again.body.meta?.versionId).toBe(once.body.meta?.versionId);
  });

  it('can be changed', async () => {
    const sent = await send({ abuse: ['0', '0'], LAR: '1' });
    expect(answersTo(sent, 'LAR')).toMatchObject([{ valueCoding: { code: '1' } }]);
  });

  it('is not given where 5 or 6 is answered otherwise', async () => {
    for (const abuse of [['1', '0'] as const, ['0', '2'] as const]) {
      expect(told(await send({ abuse }))).toEqual(['required LAR (legemiddelassistert rehabilitering): må besvares.']);
    }
  });
});

describe('the repeating pain diagnoses with category-dependent value sets', () => {
  const akutt = (code: string) => choice('DiagKat', 'smertereg-diagkat-akutt', code);
  const langvarig = (code: string) => choice('DiagKat', 'smertereg-diagkat-langvarig', code);
  const kat = (code: string) => choice('SmerteKat', 'smertereg-smertekat', code);
  const sub = (code: string) => choice('DiagSubKat', 'smertereg-diagsubkat', code);
  const kode = (system: string, code: string) => ({ linkId: 'ICD10Kode', answer: [{ valueCoding: { system, code } }] });
  const own = `${CODES}/smertereg-smertediagnose`;
  const anatomy = `${CODES}/smertereg-anatomisk-inndeling`;
  const main = choice('HovedDiag', 'smertereg-ja-nei', '1');

  it('as many as there are, each with its own list', async () => {
    const sent = await send({
      diagnoses: [
        [kat('1'), akutt('1'), kode(NCSP, 'NFB20'), main],
        [kat('1'), akutt('2'), kode(anatomy, 'plassholder-rygg'), choice('HovedDiag', 'smertereg-ja-nei', '0')],
        [kat('1'), akutt('9')],
        [kat('2'), langvarig('1'), sub('a'), kode(ICD10, 'M79.7')],
        [kat('2'), langvarig('3'), kode(ICD10, 'T91.9')],
        [kat('2'), langvarig('4'), sub('f'), kode(own, 'M54.1x')],
        [kat('2'), langvarig('2'), kode(ICD10, 'C50.9')],
        [kat('2')],
        [kat('3'), langvarig('2'), kode(ICD10, 'C61')],
        [kat('3')],
        [kat('4')],
      ],
    });
    expect([sent.status, JSON.stringify(sent.body)]).toEqual([201, expect.any(String)]);
    expect(answersTo(sent, 'ICD10Kode')).toHaveLength(7);
  });

  const wrong: readonly [string, QuestionnaireResponseItem[], string][] = [
    ['acute pain has no chronic category', [kat('1'), langvarig('4')], 'invalidAnswerOption'],
    ['chronic pain has no acute category', [kat('2'), akutt('1')], 'invalidAnswerOption'],
    ['palliative pain is cancer pain', [kat('3'), langvarig('4')], 'invalidAnswerOption'],
    ['"Annet": nothing more', [kat('4'), akutt('9')], 'disabledItem'],
    ['a sub-category is of its category', [kat('2'), langvarig('4'), sub('a')], 'invalidAnswerOption'],
    ['acute pain after surgery takes NCSP codes', [kat('1'), akutt('1'), kode(ICD10, 'M79.7')], 'constraint'],
    ['an NCSP code has its form', [kat('1'), akutt('1'), kode(NCSP, 'NFB2')], 'constraint'],
    ['injury takes the anatomical list', [kat('1'), akutt('2'), kode(NCSP, 'NFB20')], 'invalidCoding'],
    ['disease takes the anatomical list', [kat('1'), akutt('3'), kode(ICD10, 'M54.5')], 'invalidCoding'],
    ['acute "Annet" takes no code', [kat('1'), akutt('9'), kode(ICD10, 'M54.5')], 'disabledItem'],
    ['a short list has its own codes', [kat('2'), langvarig('1'), sub('a'), kode(ICD10, 'M54.5')], 'invalidCoding'],
    ['no code before its sub-category', [kat('2'), langvarig('1'), kode(ICD10, 'M79.7')], 'disabledItem'],
    ['cancer pain takes C diagnoses', [kat('3'), langvarig('2'), kode(ICD10, 'D05.1')], 'constraint'],
  ];
  it.each(wrong)('%s', async (_, diagnosis, rule) => {
    // A right diagnosis beside it: each row is judged by itself.
    const sent = await send({ diagnoses: [[kat('2'), langvarig('1'), sub('b')], diagnosis] });
    expect(told(sent).map((text) => text.split(' ')[0])).toEqual([rule]);
  });

  it('The anatomical list’s contents are unpublished: a marked, loadable placeholder', async () => {
    const url = `${CODES}/smertereg-anatomisk-inndeling`;
    const { body: shipped } = await client.get<CodeSystem>('CodeSystem/smertereg-anatomisk-inndeling');
    expect(shipped.experimental).toBe(true);
    for (const { display } of shipped.concept ?? []) expect(display).toContain('[plassholdertekst]');
    const { id: _, meta: __, ...rest } = shipped;
    const later = { now: '2026-03-10T08:01:00+01:00' };
    await client.send('POST', `${server.url}/test-clock`, later, { 'content-type': 'application/json' });
    const concept = [{ code: 'A1', display: 'Skulder' }];
    const loaded = await made<CodeSystem>({ ...rest, version: '2.0.0', experimental: false, concept });
    const injury = (code: string) => send({ diagnoses: [[kat('1'), akutt('2'), kode(url, code)]] });
    // What a value set lists is kept for two seconds.
    await expect.poll(async () => (await injury('A1')).status, { timeout: 10_000 }).toBe(201);
    expect(told(await injury('plassholder-rygg'))).toHaveLength(1);
    // As it was, for the other tests.
    expect((await client.put(`CodeSystem/${loaded.id}`, { ...loaded, status: 'retired' })).status).toBe(200);
    await expect.poll(async () => (await injury('plassholder-rygg')).status, { timeout: 10_000 }).toBe(201);
  });
});

describe('exclusive option ("Ingen", "Vet ikke")', () => {
  const system = (x: string) => `smertereg-analgetika-${x}`;
  it.each(['4a', '4b'])('%s locks all the others', async (x) => {
    const both = (...codes: string[]) => send({ from4a: [ticks(`Analgetika${x}`, system(x), ...codes)] });
    for (const alone of [`Ingen${x}`, `Vetikke${x}`]) {
      expect((await both(alone)).status).toBe(201);
      expect(told(await both(alone, `NonOpioid${x}`))[0]).toMatch(/^exclusiveAnswerOption /);
    }
  });

  it('4c follows from opioids, benzodiazepines or co-analgesics in 4a or 4b', async () => {
    for (const x of ['4a', '4b']) {
      for (const [name, asked] of [
        ['NonOpioid', false],
        ['Opioid', true],
        ['Benzo', true],
        ['KoAnalg', true],
      ] as const) {
        const ticked = ticks(`Analgetika${x}`, system(x), `${name}${x}`);
        const without = await send({ from4a: [ticked] });
        const answered = await send({ from4a: [ticked, three('UhenBrukMed', '2')] });
        expect([x, name, without.status, answered.status]).toEqual([x, name, asked ? 422 : 201, asked ? 201 : 422]);
      }
    }
  });
});

describe('the nested peripheral blocks', () => {
  const yes = choice('PeriferBlokkB11', 'smertereg-ja-nei-vet-ikke', '1');
  const type = (...codes: string[]) => ticks('PeriferBlokkTypeB11', 'smertereg-perifer-blokk-type-b11', ...codes);
  const inner = [
    ['PlBrachBlokB11', ticks('PlexusBrachialisB11', 'smertereg-plexus-brachialis-b11', 'InterscB11', 'AxilB11')],
    ['PECSB11', ticks('PECSUnderkatB11', 'smertereg-pecs-b11', 'PECSUnderkat2B11')],
    ['FemblokB11', ticks('FemoralB11', 'smertereg-femoral-b11', 'AdKanalblokB11')],
    ['IschiasblokB11', ticks('IschiadicusB11', 'smertereg-ischiadicus-b11', 'SubglutB11', 'PopliteaB11')],
  ] as const;

  it('where exactly is asked of the blocks that were given', async () => {
    const all = await send({ from4a: [yes, type(...inner.map(([code]) => code)), ...inner.map(([, item]) => item)] });
    expect([all.status, JSON.stringify(all.body)]).toEqual([201, expect.any(String)]);
    for (const [, item] of inner) {
      expect(told(await send({ from4a: [yes, type('TAPB11'), item] }))[0]).toMatch(/^disabledItem /);
    }
    const none = choice('PeriferBlokkB11', 'smertereg-ja-nei-vet-ikke', '0');
    expect(told(await send({ from4a: [none, type('TAPB11')] }))[0]).toMatch(/^disabledItem /);
  });
});

describe('Variables that manual 1.8 no longer has (`InnlDiag`, `AvdRegSmIntensSD`) are retired: import only', () => {
  const retired: readonly [string, Answers][] = [
    ['InnlDiag', { from4a: [{ linkId: 'InnlDiag', answer: [{ valueString: 'S82.1' }] }] }],
    ['AvdRegSmIntensSD', { LAR: '0', last: [{ linkId: 'AvdRegSmIntensSD', answer: [{ valueInteger: 3 }] }] }],
    [
      'AvdRegSmIntensSDMangler',
      { LAR: '0', last: [{ linkId: 'AvdRegSmIntensSDMangler', answer: [{ valueBoolean: true }] }] },
    ],
  ];

  it.each(retired)('%s', async (linkId, answers) => {
    const [fault, ...more] = told(await send(answers));
    expect([fault?.split(' ')[0], more]).toEqual(['retiredItem', []]);
    expect(answersTo(await imported(answers), linkId)).toHaveLength(1);
  });

  it('what an old system left unanswered is not answered for it', async () => {
    expect(answersTo(await imported({}), 'LAR')).toEqual([]);
  });

  /** As `svar load --historic` stores it. */
  async function imported(answers: Answers): Promise<Sent> {
    const id = `old-${crypto.randomUUID()}`;
    const bytes = Buffer.from(JSON.stringify({ ...b11(answers), id }));
    const { resources } = foundResources([{ name: 'old.json', bytes }]);
    const { refusals } = await loadResources(loaderOf(server.fhir), resources, { historic: true, partMax: 100 });
    expect(refusals).toEqual([]);
    return client.get(`QuestionnaireResponse/${id}`);
  }
});

describe('enforced by the server for staff of a hospital', () => {
  let own: TestServer;
  beforeAll(async () => {
    own = await testServer({ testClock: '2026-03-10T08:00:00+01:00', background: false, identity: true });
  });
  afterAll(() => own.close());

  it('the date rule, the hospital’s places and the automatic answer', async () => {
    const staff = restAs(own.base, await signedIn(own, 'lu'));
    const theirs = await refer(restAs(own.base, basic('demo-ehr')), { fnr: syntheticNumber(2) });
    const to = response(theirs, 'smertereg-to', 'in-progress', toItems({ Tilsett: '1' }), AUTHORED);
    expect((await staff.post('QuestionnaireResponse', to)).status).toBe(201);
    const post = (answers: Answers): Promise<Sent> =>
      staff.post('QuestionnaireResponse', b11(answers, 'completed', theirs), { 'accept-language': 'nb' });
    expect(told(await post({ RegDato11: '2026-03-01' }))).toEqual([
      'minValue Registreringsdato: kan ikke være før 2026-03-02.',
    ]);
    expect(told(await post({ Lokasjon: 'Location/unn-bygg' }))).toEqual([
      'constraint Lokasjon: velg en aktiv lokasjon ved sykehuset.',
    ]);
    const stored = await post({});
    expect([stored.status, answersTo(stored, 'LAR').length]).toEqual([201, 1]);
  });
});
