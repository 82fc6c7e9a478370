import type { Bundle, Consent, Parameters, Provenance, ResearchSubject } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { call, moveClock, nationalCourse } from './kit.ts';

const registry = 'https://svar.example.org/fhir/PlanDefinition/smertereg';
const text = 'https://svar.example.org/fhir/consent-text/smertereg|1.0';

let server: TestServer;
let client: Rest;
let course: Course;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false });
  client = rest(server.base);
});

beforeEach(async () => {
  course = await nationalCourse(client);
});

afterAll(() => server.close());

async function sign(decision: string, more: Record<string, string> = {}) {
  const given = { decision, registry, text, ...more };
  return call<Bundle>(client, `Patient/${course.patient}/$sign-consent`, given);
}

async function signed(decision: string, more: Record<string, string> = {}) {
  const { status, body } = await sign(decision, more);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  const [consent, provenance] = (body.entry ?? []).map(({ resource }) => resource);
  return { consent: consent as Consent, provenance: provenance as Provenance, entries: body.entry ?? [] };
}

/** What verification says of each signature, the newest first. */
async function verdicts(id: string | undefined): Promise<Record<string, unknown>[]> {
  const { body } = await client.get<Parameters>(`Consent/${id}/$verify-signature`);
  return (body.parameter ?? [])
    .map(({ part }) =>
      Object.fromEntries(
        (part ?? []).map((each) => [each.name, each.valueBoolean ?? each.valueCode ?? each.valueString]),
      ),
    )
    .sort((a, b) => Number(b.version) - Number(a.version));
}

const places = async (of = course): Promise<string[]> =>
  (await client.search<ResearchSubject>(`ResearchSubject?patient=Patient/${of.patient}`))
    .filter(({ period }) => period?.end === undefined)
    .map(({ study, status }) => `${study.reference} ${status}`);

describe('a withdrawal in the patient’s own hand', () => {
  test('ends the place in the national registry in its own commit, and its signature can be verified', async () => {
    expect(await places()).toEqual(['ResearchStudy/smertereg on-study']);
    const { consent, provenance } = await signed('withdraw');
    expect(await places()).toEqual(['ResearchStudy/smertereg-haukeland not-registered']);
    expect(consent).toMatchObject({ status: 'inactive', provision: { provision: [{ type: 'deny' }] } });
    expect(provenance).toMatchObject({
      target: [{ reference: `Consent/${consent.id}/_history/${consent.meta?.versionId}` }, {}],
      policy: [text],
      signature: [{ sigFormat: 'application/jose' }],
    });
    expect(await verdicts(consent.id)).toEqual([
      expect.objectContaining({ valid: true, current: true, version: consent.meta?.versionId, text }),
    ]);
  });

  test('a consent that was changed since is not what was signed, and says so', async () => {
    const { consent } = await signed('withdraw');
    await client.put(`Consent/${consent.id}`, { ...consent, status: 'active' });
    expect(await verdicts(consent.id)).toEqual([expect.objectContaining({ valid: true, current: false })]);
    // by somebody who can write to the database
    await server.database.pool.query(
      `update history set content = replace(content, '"deny"', '"permit"') where content like $1 and version = $2`,
      [`%"id":"${consent.id}"%`, Number(consent.meta?.versionId)],
    );
    expect(await verdicts(consent.id)).toEqual([expect.objectContaining({ valid: false, why: 'altered' })]);
  });

  test('a form that repeats its yes does not undo it', async () => {
    await signed('withdraw');
    const answers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1' } as const;
    const dated = { ...answers, DatoSamtykke: '2026-03-02' };
    const again = response(course, 'smertereg-to', 'completed', toItems(dated), '2026-03-02T10:00:00+01:00');
    expect((await client.post('QuestionnaireResponse', again)).status).toBe(201);
    expect(await places()).toEqual(['ResearchStudy/smertereg-haukeland not-registered']);
  });

  test('is taken back by giving consent anew: both signatures hold, each for its version', async () => {
    const { consent } = await signed('withdraw');
    await moveClock(server, client, new Date(Date.parse(consent.dateTime ?? '') + 60_000).toISOString());
    const { consent: anew } = await signed('give', { course: `EpisodeOfCare/${course.episode}` });
    expect(anew.id).toBe(consent.id);
    expect(await places()).toEqual(['ResearchStudy/smertereg on-study']);
    expect((await verdicts(anew.id)).map(({ valid, current }) => [valid, current])).toEqual([
      [true, true],
      [true, false],
    ]);
  });
});

describe('a patient who has not been asked', () => {
  test('gives consent for all courses: what meets the criteria is taken in', async () => {
    course = await refer(client);
    const answers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' } as const;
    await client.post(
      'QuestionnaireResponse',
      response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00'),
    );
    expect(await places()).toEqual(['ResearchStudy/smertereg-haukeland eligible']);
    const { consent } = await signed('give');
    expect(consent.patient?.reference).toBe(`Patient/${course.patient}`);
    expect(await places()).toEqual(['ResearchStudy/smertereg on-study']);
    await signed('refuse');
    expect(await places()).toEqual(['ResearchStudy/smertereg-haukeland not-registered']);
  });
});

test('what is not understood is refused, and nothing is stored', async () => {
  const before = await client.search(`Consent?patient=Patient/${course.patient}`);
  expect((await sign('perhaps')).status).toBe(400);
  expect((await sign('constructor')).status).toBe(400);
  expect((await sign('withdraw', { text: 'no version' })).status).toBe(400);
  expect((await sign('withdraw', { registry: 'https://example.org/none' })).status).toBe(422);
  const other = await refer(client);
  expect((await sign('give', { course: `EpisodeOfCare/${other.episode}` })).status).toBe(422);
  expect(await client.search(`Consent?patient=Patient/${course.patient}`)).toEqual(before);
});
