import type { Binary, OperationOutcome, Parameters, ResearchStudy } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, moveClock, nationalCourse, syntheticNumber } from './kit.ts';

const registry = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
const TO = 'https://svar.example.org/fhir/Questionnaire/smertereg-to';

let server: TestServer;
let client: Rest;
let courses: Course[];
let project: string;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
  courses = [];
  for (let index = 0; index < 8; index += 1) {
    courses.push(await nationalCourse(client, { fnr: syntheticNumber(index), birthDate: '1969-11-13' }));
  }
  // seen, and asked for nothing: held locally
  const local = await refer(client, { fnr: syntheticNumber(50) });
  const answers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' } as const;
  const to = response(local, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
  expect((await client.post('QuestionnaireResponse', to)).status).toBe(201);
  project = await newProject();
});

afterAll(() => server.close());

async function newProject(): Promise<string> {
  const { body: practitioner } = await client.post('Practitioner', { resourceType: 'Practitioner' });
  const study: ResearchStudy = {
    resourceType: 'ResearchStudy',
    status: 'active',
    title: 'Smerte og søvn',
    principalInvestigator: { reference: `Practitioner/${practitioner.id}` },
  };
  const { status, body } = await client.post('ResearchStudy', study);
  expect(status).toBe(201);
  return body.id ?? '';
}

const approve = (more: Record<string, string> = {}, id = project) => {
  const given = { registry, form: TO, dates: 'month', until: '2026-12-31', ...more };
  return call<ResearchStudy>(client, `ResearchStudy/${id}/$approve-extract`, given);
};

interface Extract {
  readonly lines: string[][];
  readonly codeBook: string;
  readonly numbers: number[];
}

async function drawn(id = project): Promise<Extract> {
  const { status, body } = await client.get<Parameters>(`ResearchStudy/${id}/$draw-extract`);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  const text = (name: string): string => {
    const binary = body.parameter?.find((each) => each.name === name)?.resource as Binary;
    return Buffer.from(binary.data ?? '', 'base64').toString('utf8');
  };
  const number = (name: string) => body.parameter?.find((each) => each.name === name)?.valueInteger ?? -1;
  return {
    lines: text('data')
      .trim()
      .split('\r\n')
      .map((line) => line.split(',')),
    codeBook: text('code-book'),
    numbers: ['rows', 'generalised', 'suppressed'].map(number),
  };
}

describe('an approved extract', () => {
  test('holds the courses of the national registry under pseudonyms, and no number, name, id or day', async () => {
    expect((await approve()).status).toBe(200);
    const { lines, codeBook, numbers } = await drawn();
    expect(numbers).toEqual([8, 0, 0]);
    const [header, ...rows] = lines;
    expect(header?.slice(0, 6)).toEqual(['patient', 'course', 'hospital', 'sex', 'age_group', 'start']);
    expect(rows.every((row) => row[4] === '50-59' && row[5] === '2026-03')).toBe(true);
    expect(new Set(rows.map(([patient]) => patient)).size).toBe(8);
    const value = (name: string) => rows.map((row) => row[header?.indexOf(`smertereg-to.${name}`) ?? -1]);
    expect(value('Tilsett')).toEqual(Array(8).fill('1'));
    expect(value('DatoSamtykke')).toEqual(Array(8).fill('2026-03'));
    const whole = lines.flat().join();
    for (const { patient, episode, referral } of courses) {
      for (const id of [patient, episode, referral]) expect(whole).not.toContain(id);
    }
    for (const said of ['139169', 'Testpasient', '2026-03-02', '1969']) expect(whole).not.toContain(said);
    expect(codeBook).toContain('smertereg-to.Tilsett');
    expect(codeBook).toContain('1=Ja');
  });

  test('has other pseudonyms in another project, and the same when it is drawn again', async () => {
    await approve();
    const [, ...first] = (await drawn()).lines;
    expect((await drawn()).lines.slice(1)).toEqual(first);
    const other = await newProject();
    await approve({}, other);
    const [, ...second] = (await drawn(other)).lines;
    const pseudonyms = (rows: string[][]) => rows.flatMap((row) => row.slice(0, 2));
    expect(pseudonyms(first).filter((each) => pseudonyms(second).includes(each))).toEqual([]);
  });

  test('shifts dates of a patient all by the same days', async () => {
    await approve({ dates: 'shift', 'shift-days': '30' });
    const [header, ...rows] = (await drawn()).lines;
    const at = (name: string, row: string[]) => Date.parse(row[header?.indexOf(name) ?? -1] ?? '');
    for (const row of rows) {
      expect(at('smertereg-to.DatoSamtykke', row)).toBe(at('start', row));
      expect(Math.abs(at('start', row) - Date.parse('2026-03-02')) / 86_400_000).toBeLessThanOrEqual(30);
    }
    expect(new Set(rows.map((row) => at('start', row))).size).toBeGreaterThan(1);
  });

  test('leaves out what is too rare to be given, and tells how much', async () => {
    await approve({ 'least-cell': '9' });
    expect((await drawn()).numbers).toEqual([0, 0, 8]);
    await approve({ from: '2026-03-03' });
    expect((await drawn()).numbers).toEqual([0, 0, 0]);
    await approve({ from: '2026-03-02', to: '2026-03-02' });
    expect((await drawn()).numbers).toEqual([8, 0, 0]);
  });

  test('has no patient who has withdrawn, whose record is restricted, or who was erased', async () => {
    await approve();
    const [withdrawn, restricted, erased] = courses;
    const text = 'https://svar.example.org/fhir/consent-text/smertereg|1.0';
    await call(client, `Patient/${withdrawn?.patient}/$sign-consent`, { decision: 'withdraw', registry, text });
    expect((await drawn()).numbers).toEqual([7, 0, 0]);
    await call(client, `Patient/${restricted?.patient}/$restrict`, { reason: 'Bestrides.' });
    expect((await drawn()).numbers).toEqual([6, 0, 0]);
    const confirm = erased?.patient ?? '';
    expect((await call(client, `Patient/${confirm}/$erase`, { basis: 'objection', confirm })).status).toBe(200);
    expect((await drawn()).numbers).toEqual([5, 0, 0]);
    await call(client, `Patient/${restricted?.patient}/$lift-restriction`, { reason: 'Avklart.' });
    expect((await drawn()).numbers).toEqual([6, 0, 0]);
  });
});

describe('an approval', () => {
  const draw = async (id: string) => (await client.get<OperationOutcome>(`ResearchStudy/${id}/$draw-extract`)).status;

  test('that is not there, was written by hand, or was changed since, holds for nothing', async () => {
    const own = await newProject();
    expect(await draw(own)).toBe(403);
    const { body: study } = await approve({}, own);
    expect(await draw(own)).toBe(200);
    const parts = study.extension?.[0]?.extension ?? [];
    const changed = parts.map((part) => (part.url === 'until' ? { ...part, valueDate: '2099-12-31' } : part));
    const forged = { ...study, extension: [{ ...study.extension?.[0], extension: changed }] };
    expect((await client.put(`ResearchStudy/${own}`, forged)).status).toBe(200);
    expect(await draw(own)).toBe(403);
    // of another project
    const other = await newProject();
    const { body: bare } = await client.get<ResearchStudy>(`ResearchStudy/${other}`);
    expect((await client.put(`ResearchStudy/${other}`, { ...bare, extension: study.extension })).status).toBe(200);
    expect(await draw(other)).toBe(403);
  });

  test('runs out, and ends with its project', async () => {
    const own = await newProject();
    const { body: study } = await approve({ until: '2026-03-03' }, own);
    expect(await draw(own)).toBe(200);
    await client.put(`ResearchStudy/${own}`, { ...study, status: 'completed' });
    expect(await draw(own)).toBe(403);
    await client.put(`ResearchStudy/${own}`, study);
    await moveClock(server, client, '2026-03-04T00:00:00+01:00');
    expect(await draw(own)).toBe(403);
  });

  test('is refused with terms that protect nobody, of a registry that there is not, for a project without researcher', async () => {
    const terms: Record<string, string>[] = [
      { 'least-cell': '4' },
      { 'least-cell': '101' },
      { 'shift-days': '6' },
      { dates: 'none' },
      { until: 'soon' },
      { form: `${TO}|1.0.0` },
    ];
    for (const wrong of terms) {
      expect((await approve(wrong)).status, JSON.stringify(wrong)).toBe(400);
    }
    expect((await approve({ registry: 'https://example.org/none' })).status).toBe(422);
    const { body } = await client.post('ResearchStudy', { resourceType: 'ResearchStudy', status: 'active' });
    expect((await approve({}, body.id ?? '')).status).toBe(422);
    expect((await approve({}, 'nothing')).status).toBe(404);
  });
});
