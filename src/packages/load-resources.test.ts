import type { Communication, Observation, Questionnaire, ResearchSubject, Resource, Task } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { date, hadsItems, toItems } from '../../tests/kit/course.ts';
import { type TestServer, testServer } from '../../tests/kit/fhir-server.ts';
import { type Rest, rest } from '../../tests/kit/rest.ts';
import { loaderOf } from '../server/loader.ts';
import { foundResources } from './found-resources.ts';
import { loadResources } from './load-resources.ts';
import { refusalLine } from './package-fault.ts';
import { reportText } from './report.ts';

let server: TestServer;
let client: Rest;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
});

afterEach(() => server.close());

interface Options {
  readonly historic?: boolean;
  readonly partMax?: number;
}

/** Loads files, given by name and content (lines where it is a list and the name ends in .ndjson). */
async function load(files: Record<string, unknown>, { historic = false, partMax = 5000 }: Options = {}) {
  const found = foundResources(
    Object.entries(files).map(([name, content]) => {
      const lines = name.endsWith('.ndjson') ? (content as unknown[]).map((line) => JSON.stringify(line)) : undefined;
      return { name, bytes: Buffer.from(lines?.join('\n') ?? JSON.stringify(content)) };
    }),
  );
  const report = await loadResources(loaderOf(server.fhir), found.resources, { historic, partMax });
  return {
    outcomes: report.counted.map(({ type, outcome }) => `${type} ${outcome ?? 'not stored'}`),
    refusals: [...found.refusals, ...report.refusals].map(refusalLine),
    report,
  };
}

const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more });
const observation = (id: string, of: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: of },
});
const list = {
  resourceType: 'ValueSet',
  url: 'https://example.org/fhir/ValueSet/list',
  version: '1',
  status: 'draft',
};

describe('a load', () => {
  test('stores files, lines and what bundles carry, in whatever order, and changes nothing when repeated', async () => {
    const files = {
      'a.ndjson': [observation('o', 'Patient/p'), observation('o2', 'Patient/q')],
      'b.json': patient('p'),
      'c.json': {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ fullUrl: 'urn:uuid:7d4f6a9e-0000-4000-8000-000000000001', resource: patient('q') }],
      },
      'd.json': list,
    };
    const first = await load(files);
    expect(first.refusals).toEqual([]);
    expect(first.outcomes.sort()).toEqual([
      'Observation created',
      'Observation created',
      'Patient created',
      'Patient created',
      'ValueSet created',
    ]);
    expect(new Set((await load(files)).report.counted.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    const changed = await load({ ...files, 'd.json': { ...list, title: 'changed' } });
    expect(changed.outcomes.filter((outcome) => !outcome.endsWith('unchanged'))).toEqual(['ValueSet updated']);
    const versions = await load({ 'd.json': { ...list, version: '2' } });
    expect(versions.outcomes).toEqual(['ValueSet created']);
    expect(await client.search(`ValueSet?url=${list.url}`)).toHaveLength(2);
  });

  test('resolves the full URLs of a bundle within that bundle', async () => {
    const fullUrl = 'urn:uuid:7d4f6a9e-0000-4000-8000-000000000002';
    const bundle = (id: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: observation(`o-${id}`, fullUrl), request: { method: 'POST', url: 'Observation' } },
        { fullUrl, resource: patient(id), request: { method: 'PUT', url: `Patient/${id}` } },
      ],
    });
    expect((await load({ 'a.json': bundle('p'), 'b.json': bundle('q') })).refusals).toEqual([]);
    const { body } = await client.get<Observation>('Observation/o-q');
    expect(body.subject).toEqual({ reference: 'Patient/q' });
  });

  test('stores nothing when a resource is refused, and tells file and expression', async () => {
    const { refusals, outcomes, report } = await load({
      'good.json': patient('p'),
      'lines.ndjson': [patient('q'), patient('r', { gender: 'unknowable' }), observation('o', 'Patient/nobody')],
    });
    expect(refusals).toHaveLength(2);
    expect(refusals.join('\n')).toMatch(/^lines\.ndjson line 2 Patient\.gender: /m);
    expect(refusals.join('\n')).toMatch(/^lines\.ndjson line 3 Observation\.subject: There is no such Patient/m);
    expect(outcomes).toEqual(Array(4).fill(expect.stringContaining('not stored')));
    expect((await client.get('Patient/p')).status).toBe(404);
    expect(reportText(report)).toContain('Nothing was stored.');
  });

  test('refuses what it could not find again, what stands twice and what is no resource', async () => {
    const { refusals } = await load({
      'a.json': { resourceType: 'Patient' },
      'b.json': patient('p'),
      'c.json': patient('p'),
      'd.json': { resourceType: 'Patientt' },
      'e.json': { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'DELETE', url: 'Patient/p' } }] },
    });
    expect(refusals).toEqual([
      expect.stringContaining('d.json resourceType: This is no FHIR R4 resource'),
      expect.stringContaining('e.json Bundle.entry[0]: Only entries that hold a resource'),
      expect.stringContaining('a.json Patient.id: This Patient has neither an id nor a canonical url'),
      expect.stringContaining('c.json Patient.id: The same resource stands in b.json'),
    ]);
    expect((await client.get('Patient/p')).status).toBe(404);
  });

  test('in parts puts what is referred to first, keeps the parts before a refused one, and says so', async () => {
    const people = Array.from({ length: 5 }, (_, n) => patient(`p${n}`));
    const about = people.map(({ id }) => observation(`o-${id}`, `Patient/${id}`));
    const whole = await load({ 'all.ndjson': [...about, ...people] }, { partMax: 4 });
    expect([whole.report.parts, whole.report.partsStored, whole.refusals]).toEqual([3, 3, []]);
    const more = [
      observation('o-x', 'Patient/p0'),
      observation('o-y', 'Patient/p1'),
      observation('o-z', 'Patient/none'),
    ];
    const { report } = await load({ 'more.ndjson': more }, { partMax: 2 });
    expect([report.parts, report.partsStored]).toEqual([2, 1]);
    expect(reportText(report)).toContain('Parts 1 to 1 of 2 are stored.');
    expect((await client.get('Observation/o-x')).status).toBe(200);
  });
});

describe('a form in a package', () => {
  const url = 'https://example.org/fhir/Questionnaire/pain';
  const form = (more: object = {}) => ({
    resourceType: 'Questionnaire',
    id: 'pain',
    url,
    version: '1',
    status: 'active',
    item: [{ linkId: 'pain', text: 'Pain', type: 'integer' }],
    ...more,
  });
  const decimal = { item: [{ linkId: 'pain', text: 'Pain', type: 'decimal' }] };

  async function answered(): Promise<void> {
    expect((await load({ 'form.json': form() })).outcomes).toEqual(['Questionnaire created']);
    const { status } = await client.post('QuestionnaireResponse', {
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${url}|1`,
      status: 'in-progress',
      authored: '2026-01-01T10:00:00Z',
      item: [{ linkId: 'pain', answer: [{ valueInteger: 3 }] }],
    });
    expect(status).toBe(201);
  }

  const byCanonical = async (version: string) => {
    const found = await client.search<Questionnaire>(`Questionnaire?url=${url}&version=${version}`);
    expect(found).toHaveLength(1);
    return found[0];
  };

  test('of a new version is stored beside the one that was answered to, though the package gives both the same id', async () => {
    await answered();
    const next = { 'form.json': form({ version: '2', ...decimal }) };
    expect(await load(next)).toMatchObject({ outcomes: ['Questionnaire created'], refusals: [] });
    expect((await byCanonical('1'))?.id).toBe('pain');
    const beside = await byCanonical('2');
    expect(beside?.item?.[0]?.type).toBe('decimal');
    expect(beside?.id).toMatch(/^[0-9a-f]{16}$/);
    expect((await load(next)).outcomes).toEqual(['Questionnaire unchanged']);
    expect((await load({ 'form.json': form({ version: '2', ...decimal, title: 'Pain' }) })).outcomes).toEqual([
      'Questionnaire updated',
    ]);
    expect((await byCanonical('2'))?.id).toBe(beside?.id);
    expect((await load({ 'form.json': form() })).outcomes).toEqual(['Questionnaire unchanged']);
  });

  test('stands beside its other versions in one package, under the same id too', async () => {
    const files = { 'a.json': form(), 'b.json': form({ version: '2' }), 'c.json': form({ version: undefined }) };
    expect(await load(files)).toMatchObject({ outcomes: Array(3).fill('Questionnaire created'), refusals: [] });
    expect((await load(files)).outcomes).toEqual(Array(3).fill('Questionnaire unchanged'));
    expect(await client.search(`Questionnaire?url=${url}`)).toHaveLength(3);
    const twice = await load({ 'a.json': form({ id: 'x' }), 'b.json': form({ id: 'y' }) });
    expect(twice.refusals).toEqual(['b.json Questionnaire.id: The same resource stands in a.json.']);
  });

  test('that would change what answers mean is passed over with a warning, the rest is loaded', async () => {
    await answered();
    const { outcomes, refusals, report } = await load({ 'form.json': form(decimal), 'patient.json': patient('p') });
    expect([outcomes.sort(), refusals]).toEqual([['Patient created', 'Questionnaire unchanged'], []]);
    expect(report.warnings.map(refusalLine)).toEqual([
      `form.json: ${url}|1 was not loaded: responses to it are stored, and the form of the package would change what they mean (item 'pain': type changed). The stored form stays. Give the changed form a new version.`,
    ]);
    expect(reportText(report)).toContain('Warnings:\n  form.json:');
    expect((await byCanonical('1'))?.item?.[0]?.type).toBe('integer');
    expect((await load({ 'form.json': form({ title: 'Pain' }) })).outcomes).toEqual(['Questionnaire updated']);
  });

  test('is replaced while there are no responses to it', async () => {
    await load({ 'form.json': form() });
    expect((await load({ 'form.json': form(decimal) })).outcomes).toEqual(['Questionnaire updated']);
  });
});

describe('a historic load', () => {
  const course = 'https://svar.example.org/fhir';
  const at = '2019-05-06T10:00:00+02:00';
  const answered = '2019-05-08T09:00:00+02:00';

  async function oldCourse(): Promise<Record<string, unknown>> {
    const [form] = await client.search<Questionnaire>(
      'Questionnaire?url=https://svar.example.org/fhir/Questionnaire/hads',
    );
    const retired = { ...form, id: 'hads-0-9', meta: undefined, version: '0.9.0', status: 'retired' };
    const based = { subject: { reference: 'Patient/old' }, basedOn: [{ reference: 'ServiceRequest/old' }] };
    const dates: Readonly<Record<string, string>> = { HenvistDato: '2019-05-05', StartdatoTO: '2019-05-06' };
    const items = toItems({ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1' })
      .map((item) => {
        const day = dates[item.linkId];
        return day === undefined ? item : date(item.linkId, day);
      })
      .concat(date('DatoSamtykke', '2019-05-06'));
    return {
      '1-episode.json': {
        resourceType: 'EpisodeOfCare',
        id: 'old',
        status: 'finished',
        patient: { reference: 'Patient/old' },
        managingOrganization: { reference: 'Organization/haukeland' },
        referralRequest: [{ reference: 'ServiceRequest/old' }],
        period: { start: '2019-05-06', end: '2019-06-01' },
      },
      '2-answers.ndjson': [
        {
          resourceType: 'QuestionnaireResponse',
          id: 'old-hads',
          questionnaire: `${course}/Questionnaire/hads|0.9.0`,
          status: 'completed',
          authored: answered,
          ...based,
          item: hadsItems('1'),
        },
        {
          resourceType: 'QuestionnaireResponse',
          id: 'old-b22',
          questionnaire: `${course}/Questionnaire/smertereg-b22|1.0.0`,
          status: 'completed',
          authored: '2019-05-20T09:00:00+02:00',
          ...based,
          item: [date('SluttDato', '2019-05-20')],
        },
        {
          resourceType: 'QuestionnaireResponse',
          id: 'old-to',
          questionnaire: `${course}/Questionnaire/smertereg-to|1.0.0`,
          status: 'completed',
          authored: at,
          ...based,
          item: items.filter(({ linkId }) => linkId !== 'TypeManglSamt'),
        },
      ],
      '3-notice.json': {
        resourceType: 'Communication',
        id: 'old',
        status: 'in-progress',
        category: [{ coding: [{ system: `${course}/CodeSystem/notice-kind`, code: 'notice' }] }],
        subject: { reference: 'Patient/old' },
        payload: [{ contentString: 'Et skjema venter.' }],
      },
      '4-patient.json': patient('old', { birthDate: '1960-01-01' }),
      '5-referral.json': {
        resourceType: 'ServiceRequest',
        id: 'old',
        status: 'completed',
        intent: 'order',
        subject: { reference: 'Patient/old' },
        authoredOn: '2019-05-05',
      },
      '6-form.json': retired,
    };
  }

  async function expectDerived(): Promise<void> {
    const subjects = await client.search<ResearchSubject>('ResearchSubject?patient=Patient/old');
    expect(subjects.map(({ study, status, period }) => [study.reference, status, period])).toEqual([
      ['ResearchStudy/smertereg', 'on-study', { start: at }],
    ]);
    expect(subjects[0]?.meta?.tag).toEqual([{ system: `${course}/CodeSystem/load`, code: 'historic' }]);
  }

  test('derives membership with its dates, scores a retired form, and orders and sends nothing', async () => {
    const { refusals } = await load(await oldCourse(), { historic: true });
    expect(refusals).toEqual([]);
    await expectDerived();
    for (const now of ['2026-03-02T09:00:00+01:00', '2026-06-02T09:00:00+02:00']) {
      await client.send('POST', `${server.url}/test-clock`, { now }, { 'content-type': 'application/json' });
    }
    expect(await client.search<Task>('Task?code=complete-questionnaire')).toEqual([]);
    const communications = await client.search<Communication>('Communication');
    expect(communications.map(({ id, status }) => [id, status])).toEqual([['old', 'in-progress']]);
    expect(server.sent).toEqual([]);
    const scores = await client.search<Observation>('Observation?derived-from=QuestionnaireResponse/old-hads');
    expect(scores.map(({ valueQuantity, effectiveDateTime }) => [valueQuantity?.value, effectiveDateTime])).toEqual([
      [7, answered],
      [7, answered],
    ]);
  });

  test('comes to the same whatever the order of the input, and changes nothing when repeated', async () => {
    const files = await oldCourse();
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect((await load(reversed, { historic: true })).refusals).toEqual([]);
    await expectDerived();
    const again = await load(files, { historic: true });
    expect(new Set(again.report.counted.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    await expectDerived();
  });

  test('comes to the same in parts, courses before the answers about them', async () => {
    const files = await oldCourse();
    const last = { '7-episode.json': files['1-episode.json'] };
    const { refusals, report } = await load(
      { ...files, '1-episode.json': patient('other'), ...last },
      { historic: true, partMax: 3 },
    );
    expect([refusals, report.parts]).toEqual([[], 4]);
    await expectDerived();
  });

  test('without the flag the retired form is refused', async () => {
    const { refusals } = await load(await oldCourse());
    expect(refusals.join('\n')).toMatch(/2-answers\.ndjson line 1 QuestionnaireResponse/);
    expect(await client.search<Resource>('QuestionnaireResponse')).toEqual([]);
  });
});
