import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { syntheticNumber } from '../rights/kit.ts';

const STUDY = 'ResearchStudy/smertereg';
const DAYS = 'start=2026-02-01&end=2026-03-31';
const SEEN: ToAnswers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };

let server: TestServer;
let admin: Rest;
let lu: Rest;
let lc: Rest;
let sc: Rest;
let asLc: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-04-02T08:00:00+02:00', background: false, identity: true });
  admin = rest(server.base, basic('demo-admin'));
  asLc = await signedIn(server, 'lc');
  lc = rest(server.base, asLc);
  [lu, sc] = (await Promise.all(['lu', 'sc'].map((who) => signedIn(server, who)))).map((credentials) =>
    rest(server.base, credentials),
  ) as [Rest, Rest];
  await course(1, { ...SEEN, SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' }, '2026-03-02');
  await course(2, { ...SEEN, SkriftligSamtyk: '0', TypeManglSamt: '2' }, '2026-03-03');
  await course(3, SEEN, '2026-02-03');
  await course(4, { Tilsett: '3' }, '2026-02-04');
  await course(5, { Tilsett: '3' }, '2026-02-04', 'st-olavs');
});

afterAll(() => server.close());

async function course(number: number, answers: ToAnswers, start: string, hospital = 'haukeland'): Promise<void> {
  const made = await refer(admin, { fnr: syntheticNumber(number), birthDate: '1969-11-13', hospital, start });
  const items = toItems(answers).map((item) =>
    ['HenvistDato', 'StartdatoTO'].includes(item.linkId) ? { ...item, answer: [{ valueDate: start }] } : item,
  );
  const to = response(made, 'smertereg-to', 'in-progress', items, `${start}T09:00:00+01:00`);
  const saved = await admin.post('QuestionnaireResponse', to);
  expect([saved.status, saved.status === 201 ? '' : JSON.stringify(saved.body)]).toEqual([201, '']);
}

/** What each chart counts, by the codes of the registry's Measure; without what is nought. */
async function charts(client: Rest, query: string): Promise<Record<string, Record<string, number>>[]> {
  const { status, body } = await client.get<Bundle<MeasureReport>>(`${STUDY}/$overview?${query}`);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  return (body.entry ?? []).map(({ resource }) =>
    Object.fromEntries(
      (resource?.group ?? []).map(({ code, population = [] }) => [
        code?.coding?.[0]?.code ?? '',
        Object.fromEntries(
          population.flatMap(({ code: of, count = 0 }) => (count === 0 ? [] : [[of?.coding?.[0]?.code, count]])),
        ),
      ]),
    ),
  );
}

const HAUKELAND = {
  'registered-by-month': { registered: 4 },
  'course-types': { 'type-1': 1, 'type-3': 3 },
  seen: { 'seen-1': 3, 'seen-3': 1 },
  consent: { 'consent-active': 1, 'consent-proposed': 1, 'consent-no-passive': 1 },
};

describe('"simple charts per hospital"', () => {
  test("count a hospital's courses by type, whether they were seen and why not, and by consent, for its staff", async () => {
    for (const client of [lu, lc]) {
      const [own, ...more] = await charts(client, DAYS);
      expect([own, more]).toMatchObject([HAUKELAND, []]);
    }
  });

  test('count registrations month by month', async () => {
    const { body } = await lc.get<Bundle<MeasureReport>>(`${STUDY}/$overview?${DAYS}`);
    const strata = body.entry?.[0]?.resource?.group?.[0]?.stratifier?.[0]?.stratum ?? [];
    expect(strata.map(({ value, population }) => [value?.text, population?.[0]?.count])).toEqual([
      ['2026-02', 2],
      ['2026-03', 2],
    ]);
  });

  test('are of each hospital for the system coordinator, and of no other for a hospital', async () => {
    const [haukeland, stOlavs, unn] = await charts(sc, DAYS);
    expect(haukeland).toMatchObject(HAUKELAND);
    expect(stOlavs).toMatchObject({ 'course-types': { 'type-1': 1 }, seen: { 'seen-3': 1 }, consent: {} });
    expect(unn).toMatchObject({ 'registered-by-month': {} });
    expect((await lc.get(`${STUDY}/$overview?${DAYS}&hospital=Organization/st-olavs`)).status).toBe(403);
  });

  test.each([
    ['nb', 'Lokal oversikt', 'Nei, ikke kapasitet'],
    ['sv', 'Lokal översikt', 'Nej, ingen kapacitet'],
    ['en', 'Local overview', 'No, no capacity'],
  ])(
    'as a page in %s: bars with their numbers as text, each a table too, without script or anything from elsewhere',
    async (language, title, words) => {
      const answer = await fetch(`${server.base}/${STUDY}/$overview?as=page&${DAYS}`, {
        headers: { ...asLc, 'accept-language': language, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
      });
      const page = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+'/);
      expect(page).toContain(`<html lang="${language}">`);
      expect(page).toContain(`<h1>${title}</h1>`);
      expect(page).toContain('<h2>Haukeland universitetssjukehus</h2>');
      expect(page).toContain(`<title>${words}: 1</title>`);
      expect(page).toContain(`<td>${words}</td><td>1</td>`);
      const pictures = page.match(/<svg role="img"/g) ?? [];
      const tables = page.match(/<table>/g) ?? [];
      expect([pictures.length > 3, tables.length >= pictures.length]).toEqual([true, true]);
      expect(page).not.toMatch(/<script|https?:|Testpasient/);
    },
  );

  test.each([
    ['start=2020-01-01&end=2026-12-31', 400],
    ['as=picture', 400],
    ['start=yesterday', 400],
  ])('with %s are refused with %i', async (query, status) => {
    expect((await lc.get(`${STUDY}/$overview?${query}`)).status).toBe(status);
  });
});
