import type { Bundle, Patient, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Course, date, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { everybody, type Who } from './course-kit.ts';

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, testClock: '2026-03-02T08:00:00+01:00', background: false });
  as = await everybody(server);
});

afterAll(() => server.close());

/** A patient without a Norwegian number, of whom nobody has asked the birth date, whom LU registers by hand. */
async function registered(): Promise<Course> {
  const uuid = (last: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${last}`;
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: uuid(1),
        resource: { resourceType: 'Patient', name: [{ family: 'Testpasient', given: ['Uten nummer'] }] },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        fullUrl: uuid(2),
        resource: {
          ...{ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: { reference: uuid(1) } },
        },
        request: { method: 'POST', url: 'ServiceRequest' },
      },
      {
        fullUrl: uuid(3),
        resource: {
          ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: { reference: uuid(1) } },
          managingOrganization: { reference: 'Organization/haukeland' },
          referralRequest: [{ reference: uuid(2) }],
          period: { start: '2026-03-02' },
        },
        request: { method: 'POST', url: 'EpisodeOfCare' },
      },
    ],
  };
  const { status, body } = await as.lu.post<Bundle>('', bundle);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  const ids = (body.entry ?? []).map(({ response: told }) => told?.location?.split('/')[1] ?? '');
  return { patient: ids[0] ?? '', referral: ids[1] ?? '', episode: ids[2] ?? '' };
}

const consentAsked = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' } as const;

test("'Annet' can be registered without a birth date, but TO cannot be locked without one", async () => {
  const course = await registered();
  const to = response(course, 'smertereg-to', 'in-progress', toItems(consentAsked), '2026-03-02T09:00:00+01:00');
  const saved = await as.lu.post<QuestionnaireResponse>('QuestionnaireResponse', to);
  expect(saved.status).toBe(201);
  const b11 = response(course, 'smertereg-b11', 'in-progress', [date('RegDato11', '2026-03-02')], '2026-03-02');
  expect((await as.lu.post('QuestionnaireResponse', b11)).status).toBe(201);

  // the age is undetermined, not too low: a candidate, held locally
  const [membership] = await as.lu.search(`ResearchSubject?patient=${course.patient}`);
  expect(membership).toMatchObject({ status: 'candidate', study: { reference: 'ResearchStudy/smertereg-haukeland' } });
  expect(JSON.stringify(membership)).toContain('"alder"');

  const path = `QuestionnaireResponse/${saved.body.id}`;
  const locked = { ...saved.body, status: 'completed' as const };
  const refused = await as.lu.put(path, locked, { 'accept-language': 'nb' });
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining('fødselsdato')]);
  expect((await as.lu.get<QuestionnaireResponse>(path)).body.status).toBe('in-progress');

  const { body: patient } = await as.lu.get<Patient>(`Patient/${course.patient}`);
  expect((await as.lu.put(`Patient/${course.patient}`, { ...patient, birthDate: '1969-11-13' })).status).toBe(200);
  const [eligible] = await as.lu.search(`ResearchSubject?patient=${course.patient}`);
  expect(eligible).toMatchObject({ status: 'eligible' });
  const { body: current } = await as.lu.get<QuestionnaireResponse>(path);
  const consented = { ...consentAsked, SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' };
  const done = await as.lu.put(path, { ...current, status: 'completed', item: toItems(consented) });
  expect([done.status, done.status === 200 ? '' : JSON.stringify(done.body)]).toEqual([200, '']);
});
