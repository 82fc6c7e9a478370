import type { Consent, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, choice, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { signedInAs } from '../kit/sign-in.ts';
import { call, restAs } from '../rights/kit.ts';
import {
  consented,
  consentOf,
  consents,
  courseWith,
  eligible,
  everybody,
  impaired,
  newCourse,
  notSeen,
  orders,
  places,
  saveTo,
  type Who,
  words,
} from './course-kit.ts';

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
});

afterAll(() => server.close());

const national = ['national on-study'];
const withdrawn = ['local not-registered consent-withdrawn'];
const refusedWith = (TypeManglSamt: string): ToAnswers => ({ ...eligible, SkriftligSamtyk: '0', TypeManglSamt });

/** A further course of a patient, at Haukeland or elsewhere. */
async function further({ patient }: Course, answers: ToAnswers, hospital = 'haukeland') {
  const post = async (resource: Record<string, unknown> & { resourceType: string }): Promise<string> => {
    const { status, body } = await as.admin.post<{ id: string }>(resource.resourceType, resource);
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.id;
  };
  const about = { reference: `Patient/${patient}` };
  const referral = await post({ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: about });
  const episode = await post({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    patient: about,
    managingOrganization: { reference: `Organization/${hospital}` },
    referralRequest: [{ reference: `ServiceRequest/${referral}` }],
    period: { start: '2026-03-02' },
  });
  const course = { patient, referral, episode };
  const { status, body } = await saveTo(as.admin, course, answers);
  expect([status, body]).toEqual([201, expect.anything()]);
  return { ...course, to: body.id ?? '' };
}

const withdraw = async (course: Course, by: Rest = as.sc) => {
  const consent = await consentOf(as.admin, course);
  return by.put<Consent>(`Consent/${consent.id}`, { ...consent, status: 'inactive' });
};

describe('Consent', () => {
  test('pending: it may stay empty while it is awaited', async () => {
    const course = await courseWith(as.lu, eligible);
    expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([
      ['proposed'],
      ['local eligible consent-awaited'],
    ]);
  });

  test('yes with date', async () => {
    const undated = await saveTo(
      as.lu,
      await newCourse(as.ehr),
      { ...eligible, SkriftligSamtyk: '1' },
      { status: 'completed' },
    );
    expect([undated.status, words(undated)]).toEqual([422, expect.stringContaining('DatoSamtykke')]);
    const course = await courseWith(as.lu, consented);
    expect(await consentOf(as.lu, course)).toMatchObject({ status: 'active', dateTime: '2026-03-02' });
    expect(await places(as.lu, course)).toEqual(national);
  });

  test.each([
    ['active', '1'],
    ['passive', '2'],
    ['not asked', '3'],
  ])('no with %s', async (_, kind) => {
    const course = await courseWith(as.lu, refusedWith(kind));
    expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([
      [`rejected ${kind}`],
      ['local not-registered consent-refused'],
    ]);
  });

  test('"Not applicable" is set by the system alone, with a code of ours, stored even where the fields are hidden', async () => {
    for (const answers of [notSeen, impaired]) {
      const course = await courseWith(as.lu, answers);
      expect(await consents(as.lu, course)).toEqual(['rejected ikke-aktuelt']);
      const { extension } = await consentOf(as.lu, course);
      expect(extension).toEqual([
        expect.objectContaining({
          valueCoding: {
            system: 'https://svar.example.org/fhir/CodeSystem/consent-missing',
            code: 'ikke-aktuelt',
            display: 'Ikke aktuelt',
          },
        }),
      ]);
    }
  });

  test('"Not applicable" is no refusal: once all criteria are met, consent is pending', async () => {
    const course = await courseWith(as.lu, impaired);
    await saveTo(as.lu, course, eligible, { id: course.to });
    expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([
      ['proposed'],
      ['local eligible consent-awaited'],
    ]);
  });

  test('"Not applicable" that a client sends is refused, in TO and as a Consent', async () => {
    const course = await courseWith(as.lu, eligible);
    const sent = toItems({ ...eligible, SkriftligSamtyk: '0' }).concat(
      choice('TypeManglSamt', 'consent-missing', 'ikke-aktuelt'),
    );
    const to = response(course, 'smertereg-to', 'in-progress', sent, '2026-03-02T09:00:00+01:00');
    expect((await as.lu.put(`QuestionnaireResponse/${course.to}`, { ...to, id: course.to })).status).toBe(422);
    const { extension: kind } = await consentOf(as.admin, await courseWith(as.lu, impaired));
    const consent = await consentOf(as.admin, course);
    const forged = await as.ehr.put(`Consent/${consent.id}`, { ...consent, status: 'rejected', extension: kind });
    expect([forged.status, words(forged)]).toEqual([422, expect.stringContaining('Only the server')]);
  });

  test.each([
    ['yes', consented, 'active'],
    ['no', refusedWith('2'), 'rejected 2'],
  ])('"Not applicable" is set never over an earlier consent: %s', async (_, answers, stays) => {
    const course = await courseWith(as.lu, answers);
    await saveTo(as.lu, course, impaired, { id: course.to });
    expect(await consents(as.lu, course)).toEqual([stays]);
    await saveTo(as.lu, course, { ...notSeen, KognSvekket: '0' }, { id: course.to });
    expect(await consents(as.lu, course)).toEqual([stays]);
  });

  test('A refusal can become consent at a new course', async () => {
    const first = await courseWith(as.lu, refusedWith('1'));
    const second = await further(first, consented);
    expect([await places(as.lu, first), await places(as.lu, second)]).toEqual([
      ['local not-registered consent-refused'],
      national,
    ]);
  });
});

describe("Withdrawal is SC's alone", () => {
  test('a yes is not turned into a no, nor cleared, by staff or their systems', async () => {
    const course = await courseWith(as.lu, consented);
    for (const answers of [refusedWith('1'), refusedWith('4'), eligible]) {
      for (const who of ['lu', 'lc', 'ehr'] as const) {
        const { status } = await saveTo(as[who], course, answers, { id: course.to });
        expect([who, status]).toEqual([who, 422]);
      }
    }
    const consent = await consentOf(as.admin, course);
    for (const who of ['lu', 'lc', 'ehr'] as const) {
      expect((await withdraw(course, as[who])).status).toBe(403);
      const { id: _, identifier: _own, ...another } = consent;
      const posted = await as[who].post('Consent', { ...another, status: 'inactive', dateTime: '2026-03-02' });
      expect([who, posted.status]).toEqual([who, who === 'ehr' ? 422 : 403]);
    }
    expect(await places(as.lu, course)).toEqual(national);
  });

  test('SC withdraws by the status inactive, and in no other way', async () => {
    const course = await courseWith(as.lu, consented);
    const consent = await consentOf(as.admin, course);
    const rejected = await as.sc.put(`Consent/${consent.id}`, { ...consent, status: 'rejected' });
    expect([rejected.status, words(rejected)]).toEqual([422, expect.stringContaining('inactive')]);
    expect((await withdraw(course)).status).toBe(200);
    expect(await places(as.lu, course)).toEqual(withdrawn);
  });

  test('works on a locked TO, is dated, and stops what the patient is asked, in that commit', async () => {
    const course = await courseWith(as.lu, consented);
    const locked = await saveTo(as.lu, course, consented, { id: course.to, status: 'completed' });
    expect(locked.status).toBe(200);
    expect((await withdraw(course)).status).toBe(200);
    expect(await places(as.lu, course)).toEqual(withdrawn);
    expect((await orders(as.lu, course)).filter((order) => !order.endsWith(' stopped'))).toEqual([]);
    const { status, dateTime } = await consentOf(as.admin, course);
    expect([status, dateTime]).toEqual(['inactive', '2026-03-02T07:00:00.000Z']);
    const { body: to } = await as.lu.get<QuestionnaireResponse>(`QuestionnaireResponse/${course.to}`);
    expect(to.meta?.versionId).toBe(locked.body.meta?.versionId);
  });

  test("ends all of the patient's national memberships in the registry", async () => {
    const first = await courseWith(as.lu, consented);
    const second = await further(first, consented);
    const elsewhere = await further(first, consented, 'unn');
    const local = await further(first, impaired);
    const asked = await further(first, eligible);
    const stranger = await courseWith(as.lu, consented);
    expect((await withdraw(second)).status).toBe(200);
    for (const course of [first, second, elsewhere]) {
      expect(await places(as.admin, course)).toEqual(withdrawn);
      expect((await orders(as.admin, course)).filter((order) => !order.endsWith(' stopped'))).toEqual([]);
    }
    expect(await places(as.admin, local)).toEqual(['local ineligible ikke-kognitivt-svekket']);
    expect(await places(as.admin, asked)).toEqual(['local eligible consent-awaited']);
    expect(await places(as.admin, stranger)).toEqual(national);
  });

  test('stands, whatever a form says or a system sends', async () => {
    const course = await courseWith(as.lu, consented);
    await withdraw(course);
    for (const answers of [consented, refusedWith('1'), consented]) {
      expect((await saveTo(as.lu, course, answers, { id: course.to })).status).toBe(200);
      expect(await places(as.lu, course)).toEqual(withdrawn);
    }
    const consent = await consentOf(as.admin, course);
    const back = await as.ehr.put(`Consent/${consent.id}`, { ...consent, status: 'active' });
    expect([back.status, words(back)]).toEqual([422, expect.stringContaining('later course')]);
  });

  test('asked again at a later course: consent there is no consent for the earlier one', async () => {
    const first = await courseWith(as.lu, consented);
    await withdraw(first);
    const later = await further(first, eligible);
    expect(await consents(as.admin, later)).toEqual(['proposed']);
    await saveTo(as.lu, later, consented, { id: later.to });
    expect([await places(as.lu, first), await places(as.lu, later)]).toEqual([withdrawn, national]);
    // and another withdrawal ends that too
    await withdraw(later);
    expect(await places(as.admin, later)).toEqual(withdrawn);
  });

  test("the patient's own withdrawal ends all of them too", async () => {
    const first = await courseWith(as.lu, consented);
    const second = await further(first, consented);
    const patient = restAs(server.base, await signedInAs(server, { fhirUser: `Patient/${first.patient}` }));
    const given = {
      decision: 'withdraw',
      registry: 'https://svar.example.org/fhir/PlanDefinition/smertereg',
      text: 'https://svar.example.org/fhir/consent-text/smertereg|1.0',
      course: `EpisodeOfCare/${second.episode}`,
    };
    const signed = await call(patient, `Patient/${first.patient}/$sign-consent`, given);
    expect([signed.status, signed.body]).toEqual([200, expect.anything()]);
    for (const course of [first, second]) expect(await places(as.admin, course)).toEqual(withdrawn);
  });
});
