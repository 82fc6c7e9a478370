import type {
  Bundle,
  Consent,
  OperationOutcome,
  Parameters,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foundResources } from '../../src/packages/found-resources.ts';
import { loadResources } from '../../src/packages/load-resources.ts';
import { loaderOf } from '../../src/server/loader.ts';
import { b22Items, type Course, choice, date, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { signedIn } from '../kit/sign-in.ts';
import { restAs } from '../rights/kit.ts';
import { everybody, newCourse } from './course-kit.ts';

const AT = '2026-03-02T09:00:00+01:00';
const PO = 'https://svar.example.org/fhir/Questionnaire/smertereg-po';
const eligible: ToAnswers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
const consented: ToAnswers = { ...eligible, SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' };

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00Z', background: false });
  client = rest(server.base);
});
afterAll(() => server.close());
beforeEach(async () => {
  course = await refer(client);
});

type Status = QuestionnaireResponse['status'];

function save(form: string, item: QuestionnaireResponseItem[], status: Status = 'in-progress', at: Course = course) {
  return client.post<QuestionnaireResponse | OperationOutcome>(
    'QuestionnaireResponse',
    response(at, form, status, item, AT),
    {
      'accept-language': 'nb',
      prefer: 'return=OperationOutcome',
    },
  );
}

const saveTo = (answers: ToAnswers, status?: Status, more: QuestionnaireResponseItem[] = []) =>
  save('smertereg-to', inOrder([...toItems(answers), ...more]), status);

const ORDER = ['Norsktalende', 'alder', 'TilstrAntTils', 'KognSvekket', 'InklKritOppf', 'SkriftligSamtyk'];

/** Items of TO in the form's order. */
function inOrder(items: QuestionnaireResponseItem[]): QuestionnaireResponseItem[] {
  const turn = ({ linkId }: QuestionnaireResponseItem, index: number): number =>
    ORDER.includes(linkId) ? 100 + ORDER.indexOf(linkId) : index < 4 || linkId === 'Tilsett' ? index : 200 + index;
  const turns = new Map(items.map((item, index) => [item, turn(item, index)]));
  return items.toSorted((a, b) => (turns.get(a) ?? 0) - (turns.get(b) ?? 0));
}

/** What was told, as `severity rule: words`. */
function told({ body }: Reply<QuestionnaireResponse | OperationOutcome>): string[] {
  return body.resourceType === 'OperationOutcome'
    ? body.issue.flatMap(({ severity, details }) =>
        details?.coding?.[0]?.code === undefined ? [] : `${severity} ${details.coding[0].code}: ${details.text}`,
      )
    : [];
}

const integer = (linkId: string, valueInteger: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger }],
});

describe('TO', () => {
  test('"Annet" can be registered without a birth date, but TO cannot be locked without one', async () => {
    const { body } = await client.get<Resource>(`Patient/${course.patient}`);
    expect((await client.put(`Patient/${course.patient}`, { ...body, birthDate: undefined })).status).toBe(200);
    expect((await saveTo({ Tilsett: '2' })).status).toBe(201);
    const refused = await saveTo({ Tilsett: '2' }, 'completed');
    expect(refused.status).toBe(422);
    expect(told(refused)).toEqual([
      'error constraint: TO kan ikke ferdigstilles uten pasientens fødselsdato. Spør pasienten, og registrer fødselsdatoen på pasienten først.',
    ]);
    await client.put(`Patient/${course.patient}`, { ...body, birthDate: '1980-01-01' });
    expect((await saveTo({ Tilsett: '2' }, 'completed')).status).toBe(201);
  });

  test('cognition may wait until the last visit: TO of a seen patient is saved without, and not locked without', async () => {
    const open = { Tilsett: '1', Norsktalende: '1' };
    expect((await saveTo(open)).status).toBe(201);
    const refused = await saveTo(open, 'completed');
    expect([refused.status, told(refused)]).toEqual([422, ['error required: Kognitivt svekket: må besvares.']]);
    expect((await saveTo({ ...open, KognSvekket: '1' }, 'completed')).status).toBe(201);
  });

  test('a patient who was not seen is asked for neither: TO is locked without the criteria', async () => {
    expect((await saveTo({ Tilsett: '4' }, 'completed')).status).toBe(201);
  });

  test.each<[string, ToAnswers]>([
    ['the patient was not seen', { ...consented, Tilsett: '3' }],
    ['a criterion fails', { ...consented, KognSvekket: '1' }],
    ['a criterion is unanswered', { ...consented, Norsktalende: undefined }],
  ])('consent opens when all are met: an answer is refused where %s', async (_why, answers) => {
    const refused = await saveTo(answers);
    expect(refused.status).toBe(422);
    expect(told(refused)).toContain(
      'error disabledItem: Skriftlig samtykke: skal ikke besvares ut fra de andre svarene; utelat det.',
    );
  });

  test('consent opens when all are met: yes with date; no with active, passive, not asked', async () => {
    expect((await saveTo(consented)).status).toBe(201);
    expect(told(await saveTo({ ...eligible, SkriftligSamtyk: '1' }, 'completed'))).toEqual([
      'error required: Dato for innhentet samtykke: må besvares.',
    ]);
    for (const TypeManglSamt of ['1', '2', '3']) {
      const no = await saveTo({ ...eligible, SkriftligSamtyk: '0', TypeManglSamt }, 'completed');
      expect(no.status).toBe(201);
    }
  });

  test("withdrawal is SC's alone, on the consent: staff cannot choose it in TO", async () => {
    const refused = await saveTo({ ...eligible, SkriftligSamtyk: '0', TypeManglSamt: '4' });
    expect(refused.status).toBe(422);
    expect(told(refused).map((each) => each.split(':')[0])).toEqual(['error invalidAnswerOption']);
  });

  test('automatic answers: the age follows from birth date and start date, and no other is taken', async () => {
    expect((await saveTo(eligible, 'in-progress', [integer('alder', 56)])).status).toBe(201);
    const refused = await saveTo(eligible, 'in-progress', [integer('alder', 55)]);
    expect(told(refused).map((each) => each.split(':')[0])).toEqual(['error calculatedAnswer']);
    const forged = await saveTo({ ...eligible, KognSvekket: '1' }, 'in-progress', [integer('InklKritOppf', 1)]);
    expect(told(forged).map((each) => each.split(':')[0])).toEqual(['error calculatedAnswer']);
  });

  test('a form sees the patient who comes in the same transaction', async () => {
    const patient = 'urn:uuid:00000000-0000-4000-8000-000000000001';
    const items = toItems(consented);
    const about = response({ ...course, patient: '' }, 'smertereg-to', 'in-progress', items, AT);
    const bundle = (birthDate: string): Bundle => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { ...about, basedOn: undefined, subject: { reference: patient } },
          request: { method: 'POST', url: 'QuestionnaireResponse' },
        },
        {
          fullUrl: patient,
          resource: { resourceType: 'Patient', birthDate },
          request: { method: 'POST', url: 'Patient' },
        },
      ],
    });
    const refused = await client.post<OperationOutcome>('', bundle('2008-06-01'));
    expect(refused.status).toBe(422);
    expect(refused.body.issue.flatMap(({ details }) => details?.coding?.[0]?.code ?? [])).toContain('disabledItem');
    expect((await client.post('', bundle('1980-06-01'))).status).toBe(200);
  });
});

describe('variables that manual 1.8 no longer has are retired: import only', () => {
  test.each<[string, string, QuestionnaireResponseItem, number]>([
    ['TilstrAntTils', 'smertereg-to', choice('TilstrAntTils', 'smertereg-ja-nei', '1'), 5],
    ['OppfanneInst', 'smertereg-b22', choice('OppfanneInst', 'smertereg-kont-fastlege', '0'), 8],
  ])('%s is refused of staff, and taken from a historic load', async (linkId, form, old, place) => {
    const id = `old-${linkId.toLowerCase()}`;
    const items =
      form === 'smertereg-to' ? inOrder([...toItems(eligible), old]) : b22Items('2026-03-10').toSpliced(place, 0, old);
    const seen = await saveTo(eligible);
    expect(seen.status).toBe(201);
    const refused = await save(form, items);
    expect(refused.status).toBe(422);
    expect(told(refused).map((each) => each.split(':')[0])).toEqual(['error retiredItem']);
    const file = { ...response(course, form, 'completed', items, AT), id };
    const { resources } = foundResources([{ name: 'old.json', bytes: Buffer.from(JSON.stringify(file)) }]);
    const { refusals } = await loadResources(loaderOf(server.fhir), resources, { historic: true, partMax: 100 });
    expect(refusals).toEqual([]);
    const stored = await client.get<QuestionnaireResponse>(`QuestionnaireResponse/${id}`);
    expect(stored.body.item?.map((each) => each.linkId)).toContain(linkId);
  });
});

describe('B2.2', () => {
  beforeEach(async () => {
    expect((await saveTo(eligible)).status).toBe(201);
  });

  const told22 = async (status: Status, change: (items: QuestionnaireResponseItem[]) => QuestionnaireResponseItem[]) =>
    told(await save('smertereg-b22', change(b22Items('2026-03-10')), status)).map((each) => each.split(':')[0]);

  test('sub-questions: of a block are asked its type and whether there were complications', async () => {
    const answer = (items: QuestionnaireResponseItem[], linkId: string, ...more: QuestionnaireResponseItem[]) =>
      items.flatMap((item) =>
        item.linkId === linkId ? [choice(linkId, 'smertereg-ja-nei-vet-ikke', '1'), ...more] : [item],
      );
    const type = choice('PeriferBlokkType', 'smertereg-perifer-blokk-type-b22', 'PlBrachBlok');
    const nested = choice('PlexusBrachialis', 'smertereg-plexus-brachialis-b22', 'Intersc');
    const none = choice('Kompl1e', 'smertereg-ja-nei-vet-ikke', '0');
    expect(await told22('completed', (items) => answer(items, 'PeriferBlokk'))).toEqual(['error required']);
    expect(await told22('completed', (items) => answer(items, 'PeriferBlokk', type, nested, none))).toEqual([]);
    expect(await told22('in-progress', (items) => answer(items, 'PeriferBlokk', nested))).toEqual([
      'error disabledItem',
    ]);
    const measures = { ...choice('Kompl1eTiltak', 'smertereg-perifer-blokk-tiltak-b22', 'Ingen1e') };
    const both = choice('Kompl1eTiltak', 'smertereg-perifer-blokk-tiltak-b22', 'Op1e');
    const yes = choice('Kompl1e', 'smertereg-ja-nei-vet-ikke', '1');
    const exclusive = { ...measures, answer: [...(measures.answer ?? []), ...(both.answer ?? [])] };
    expect(await told22('in-progress', (items) => answer(items, 'PeriferBlokk', yes, exclusive))).toEqual([
      'error exclusiveAnswerOption',
    ]);
  });

  test('soft and hard limit: an unusual number of visits is asked about and stored, an impossible one refused', async () => {
    const visits = (count: number) => (items: QuestionnaireResponseItem[]) =>
      items.map((item) => (item.linkId === 'AntPasTils' ? integer('AntPasTils', count) : item));
    expect(await told22('completed', visits(26))).toEqual(['warning softMaxValue']);
    expect(await told22('completed', visits(100))).toEqual(['error maxValue']);
  });

  test("total time is entered in whole hours; a suggestion by the manual's rules, never computed over what was entered", async () => {
    const told = async (hours: number, suggested: number) =>
      told22('completed', (items) => [
        items[0] ?? date('SluttDato', '2026-03-10'),
        choice('Behandler', 'smertereg-behandler-b22', 'SykPleier'),
        integer('AntTilsSykPleier', 6),
        integer('AntPasTils', 6),
        integer('TotTid', hours),
        integer('TotTidForslag', suggested),
        ...items.slice(3),
      ]);
    expect(await told(9, 6)).toEqual([]);
    expect(await told(6, 9)).toEqual(['error calculatedAnswer']);
  });
});

describe('PO', () => {
  const po = (items: QuestionnaireResponseItem[], more: Partial<QuestionnaireResponse> = {}) =>
    client.post<QuestionnaireResponse | OperationOutcome>(
      'QuestionnaireResponse',
      {
        ...{ resourceType: 'QuestionnaireResponse', questionnaire: `${PO}|1.0.0`, status: 'in-progress', authored: AT },
        ...{ subject: { reference: `Patient/${course.patient}` }, item: [date('DatoinhOppl', '2026-03-02'), ...items] },
        ...more,
      },
      { 'accept-language': 'nb', prefer: 'return=OperationOutcome' },
    );

  async function populated(): Promise<Record<string, unknown>> {
    const answer = await client.post<Parameters | QuestionnaireResponse>('Questionnaire/smertereg-po/$populate', {
      resourceType: 'Parameters',
      parameter: [{ name: 'subject', valueReference: { reference: `Patient/${course.patient}` } }],
    });
    expect(answer.status).toBe(200);
    const found =
      answer.body.resourceType === 'Parameters'
        ? answer.body.parameter?.find(({ name }) => name === 'response')?.resource
        : answer.body;
    const items = (found as QuestionnaireResponse).item ?? [];
    return Object.fromEntries(
      items.flatMap(({ linkId, answer: [first] = [] }) =>
        first === undefined ? [] : [[linkId, first.valueCoding?.code ?? first.valueDate ?? first.valueString]],
      ),
    );
  }

  test('PO shows consent read-only: from the consent, as yes with its date', async () => {
    await saveTo(consented);
    expect(await populated()).toMatchObject({ SkrSamtykke: '1', DatoinhSamt: '2026-03-02', Avdod: '0' });
    const forged = await po([choice('SkrSamtykke', 'smertereg-ja-nei', '0')]);
    expect(forged.status).toBe(422);
    expect(
      told(forged)
        .filter((each) => each.startsWith('error'))
        .map((each) => each.split(':')[0]),
    ).toEqual(['error calculatedAnswer']);
    expect((await po([choice('SkrSamtykke', 'smertereg-ja-nei', '1')])).status).toBe(201);
  });

  test('a withdrawal shows in PO as the manual shows it', async () => {
    await saveTo(consented);
    const [consent] = await client.search<Consent>(`Consent?patient=Patient/${course.patient}`);
    await client.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive', dateTime: '2026-03-05' });
    const shown = await populated();
    expect(shown).toMatchObject({ SkrSamtykke: '0', ManglSamt: '4', DatoTrektSamt: '2026-03-05' });
    expect(shown).not.toHaveProperty('DatoinhSamt');
  });

  test('while consent is pending or not applicable PO shows none', async () => {
    await saveTo(eligible);
    expect(await populated()).not.toHaveProperty('SkrSamtykke');
    await saveTo({ ...eligible, KognSvekket: '1' });
    expect(await populated()).not.toHaveProperty('ManglSamt');
  });

  test('PO shows the death that the population register told of', async () => {
    const { body } = await client.get<Resource>(`Patient/${course.patient}`);
    await client.put(`Patient/${course.patient}`, { ...body, gender: 'female', deceasedDateTime: '2026-03-04' });
    expect(await populated()).toMatchObject({ Avdod: '1', Ddato: '2026-03-04', Kjonn: '2', Fdato: '1969-11-13' });
  });

  test('PO warns, never refuses, when phone and e-mail are missing', async () => {
    const missing = await po([]);
    expect(missing.status).toBe(201);
    expect(told(missing)).toEqual([
      'warning constraintWarning: Det er ikke registrert telefonnummer eller e-postadresse. Skjemaet kan lagres uten.',
    ]);
    const confirmed = await po([], {
      extension: [
        {
          url: 'https://svar.example.org/fhir/StructureDefinition/confirmed-warning',
          extension: [
            { url: 'rule', valueCode: 'constraintWarning' },
            { url: 'key', valueString: 'kontaktopplysninger' },
          ],
        },
      ],
    });
    expect([confirmed.status, told(confirmed)]).toEqual([201, []]);
    const given = await po([{ linkId: 'Mobil', answer: [{ valueString: '+47 00 00 00 00' }] }]);
    expect([given.status, told(given)]).toEqual([201, []]);
  });
});

test('PO is for staff of the hospital that the patient is referred to, and for nobody else', async () => {
  const signed = await testServer({ testClock: '2026-03-02T08:00:00Z', background: false, identity: true });
  try {
    const as = await everybody(signed);
    const { patient } = await newCourse(as.ehr);
    const po = {
      ...{ resourceType: 'QuestionnaireResponse', questionnaire: `${PO}|1.0.0`, status: 'in-progress', authored: AT },
      ...{ subject: { reference: `Patient/${patient}` }, item: [date('DatoinhOppl', '2026-03-02')] },
    };
    const elsewhere = restAs(signed.base, await signedIn(signed, 'lu2'));
    expect((await elsewhere.post('QuestionnaireResponse', po)).status).toBeGreaterThanOrEqual(400);
    const saved = await as.lu.post<QuestionnaireResponse>('QuestionnaireResponse', po);
    expect(saved.status).toBe(201);
    const changed = { ...saved.body, item: [date('DatoinhOppl', '2026-03-03')] };
    expect((await as.lu.put(`QuestionnaireResponse/${saved.body.id}`, changed)).status).toBe(200);
  } finally {
    await signed.close();
  }
}, 60_000);
