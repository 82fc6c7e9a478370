import type { Bundle, Consent } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { TestCourse, wholeAnswers } from './test-kit/course.ts';
import { FakeServer } from './test-kit/server.ts';

async function open(patient: Parameters<typeof TestCourse.open>[1] = {}, deliveries = 1): Promise<TestCourse> {
  return TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00', deliveries), patient);
}

const national = ['national on-study'];
const local = (rest: string) => [`local haukeland ${rest}`];

describe('where a course belongs', () => {
  it.each([
    ['all met and consented', {}, national],
    ['referred by telephone alone', { HenvistVia: ['TelefonCalling'] }, local('ineligible formelt-henvist')],
    ['referred by telephone and in writing', { HenvistVia: ['TelefonCalling', 'Tilsynsanmodnin'] }, national],
    ['an order in the record is a written referral', { HenvistVia: undefined }, national],
    ['not seen', { Tilsett: '2' }, local('ineligible tilsett')],
    ['advice only', { Tilsett: '4' }, local('ineligible tilsett')],
    ['not Norwegian-speaking', { Norsktalende: '0' }, local('ineligible norsktalende')],
    ['cognitively impaired', { KognSvekket: '1' }, local('ineligible ikke-kognitivt-svekket')],
    ['two fail: the first is the reason', { Tilsett: '3', KognSvekket: '1' }, local('ineligible tilsett')],
    ['not answered yet whether seen', { Tilsett: undefined }, local('candidate tilsett')],
    ['language unanswered', { Norsktalende: undefined }, local('candidate norsktalende')],
    ['cognition unanswered', { KognSvekket: undefined }, local('candidate ikke-kognitivt-svekket')],
    ['start date unanswered', { StartdatoTO: undefined }, local('candidate alder')],
    ['one fails, one unanswered', { KognSvekket: undefined, Norsktalende: '0' }, local('ineligible norsktalende')],
    [
      'consent not asked yet',
      { SkriftligSamtyk: undefined, DatoSamtykke: undefined },
      local('eligible consent-awaited'),
    ],
    [
      'consent refused',
      { SkriftligSamtyk: '0', DatoSamtykke: undefined, TypeManglSamt: '1' },
      local('not-registered consent-refused'),
    ],
    [
      'consent withdrawn',
      { SkriftligSamtyk: '0', DatoSamtykke: undefined, TypeManglSamt: '4' },
      local('not-registered consent-withdrawn'),
    ],
  ])('%s', async (_, change, expected) => {
    for (const status of ['in-progress', 'completed'] as const) {
      const course = await open();
      await course.to({ ...wholeAnswers, ...change }, { status });
      expect(course.memberships()).toEqual(expected);
      expect(course.ended()).toEqual([]);
    }
  });

  it.each([
    ['2008-03-02', national],
    ['2008-03-03', local('ineligible alder')],
    [undefined, local('candidate alder')],
  ])('age counts at the start date, 2026-03-02: born %s', async (birthDate, expected) => {
    const course = await open({ birthDate });
    await course.to(wholeAnswers);
    expect(course.memberships()).toEqual(expected);
  });

  it('carries the course id, the patient, the study and the consent', async () => {
    const course = await open();
    await course.to(wholeAnswers);
    const [subject] = course.subjects();
    const [consent] = course.server.all('Consent');
    expect(subject).toMatchObject({
      identifier: [{ value: '4711' }],
      individual: { reference: 'Patient/p' },
      study: { reference: 'ResearchStudy/smertereg' },
      consent: { reference: `Consent/${consent?.id}` },
      period: { start: '2026-03-02T07:00:00.000Z' },
    });
    expect(consent).toMatchObject({ status: 'active', dateTime: '2026-03-02', patient: { reference: 'Patient/p' } });
  });

  it('is nowhere before a form of the registry has been saved', async () => {
    const course = await open();
    expect(course.subjects()).toEqual([]);
  });
});

describe('a change moves the membership in the same write', () => {
  it('from local to national and back, one open at a time', async () => {
    const course = await open();
    await course.to({ ...wholeAnswers, KognSvekket: undefined });
    await course.to(wholeAnswers);
    expect(course.memberships()).toEqual(national);
    expect(course.ended()).toEqual(local('off-study moved'));
    await course.to({ ...wholeAnswers, KognSvekket: '1' });
    expect(course.memberships()).toEqual(local('ineligible ikke-kognitivt-svekket'));
    expect(course.ended()).toEqual([...local('off-study moved'), 'national off-study ikke-kognitivt-svekket']);
  });

  it('a written referral added later takes a telephone referral in', async () => {
    const course = await open();
    await course.to({ ...wholeAnswers, HenvistVia: ['TelefonCalling'] });
    await course.to({ ...wholeAnswers, HenvistVia: ['TelefonCalling', 'Tilsynsanmodnin'] });
    expect(course.memberships()).toEqual(national);
  });

  it('a corrected birth date moves it', async () => {
    const course = await open({ birthDate: '2010-01-01' });
    await course.to(wholeAnswers);
    expect(course.memberships()).toEqual(local('ineligible alder'));
    await course.server.write({ resourceType: 'Patient', id: 'p', birthDate: '2000-01-01' });
    expect(course.memberships()).toEqual(national);
  });

  it('changes the status within the local registry without a new membership', async () => {
    const course = await open();
    await course.to({ Tilsett: '1' });
    await course.to({ ...wholeAnswers, SkriftligSamtyk: undefined, DatoSamtykke: undefined });
    expect(course.memberships()).toEqual(local('eligible consent-awaited'));
    expect(course.ended()).toEqual([]);
  });

  it('a course that moves to another hospital stands there, and no more where it was', async () => {
    const course = await open();
    const move = async (hospital: string) => {
      const [episode] = course.server.all('EpisodeOfCare');
      await course.server.write({ ...episode!, managingOrganization: { reference: `Organization/${hospital}` } });
    };
    await course.to({ ...wholeAnswers, KognSvekket: '1' });
    await move('st-olavs');
    expect(course.memberships()).toEqual(['local st-olavs ineligible ikke-kognitivt-svekket']);
    expect(course.ended()).toEqual(local('off-study moved'));
    await course.to(wholeAnswers);
    await move('unn');
    expect(course.memberships()).toEqual(national);
    expect(course.orders()).toHaveLength(2);
    await course.server.write({ resourceType: 'Organization', id: 'elsewhere', name: 'Elsewhere' });
    await move('elsewhere');
    expect(course.memberships()).toEqual([]);
    expect(course.order('hads')).toMatchObject({ status: 'cancelled' });
  });

  it('a course entered in error, and a form that is removed, belong nowhere', async () => {
    const course = await open();
    await course.to(wholeAnswers);
    const [episode] = course.server.all('EpisodeOfCare');
    await course.server.write({ ...episode!, status: 'entered-in-error' });
    expect(course.memberships()).toEqual([]);
    expect(course.ended()).toEqual(['national off-study course-cancelled']);

    const other = await open();
    await other.to(wholeAnswers);
    await other.server.remove('QuestionnaireResponse/to');
    expect(other.memberships()).toEqual([]);
    expect(other.ended()).toEqual(['national off-study form-removed']);
  });
});

it('an answer about consent that is taken back leaves it pending', async () => {
  const course = await open();
  await course.to(wholeAnswers);
  await course.to({ ...wholeAnswers, SkriftligSamtyk: undefined, DatoSamtykke: undefined });
  expect(course.server.all('Consent')[0]).toMatchObject({ status: 'proposed' });
  expect(course.memberships()).toEqual(local('eligible consent-awaited'));
  await course.to(wholeAnswers);
  expect(course.server.all('Consent')).toHaveLength(1);
  expect(course.memberships()).toEqual(national);
});

describe('consent withdrawn', () => {
  async function consented(): Promise<TestCourse> {
    const course = await open();
    await course.to(wholeAnswers);
    expect(course.orders()).toHaveLength(2);
    return course;
  }

  function expectEnded(course: TestCourse): void {
    expect(course.ended()).toEqual(['national withdrawn consent-withdrawn']);
    expect(course.memberships()).toEqual(local('not-registered consent-withdrawn'));
    for (const form of ['pasreg', 'hads']) {
      expect(course.order(form)).toMatchObject({
        status: 'cancelled',
        businessStatus: { coding: [{ code: 'stopped' }] },
        statusReason: { coding: [{ code: '5' }] },
      });
    }
  }

  it('in the form: membership ends and orders stop in the same write', async () => {
    const course = await consented();
    await course.to({ ...wholeAnswers, SkriftligSamtyk: '0', DatoSamtykke: undefined, TypeManglSamt: '4' });
    expectEnded(course);
    expect(course.server.all('Consent')).toHaveLength(1);
    expect(course.server.all('Consent')[0]).toMatchObject({ status: 'inactive' });
    await course.server.advance('2026-03-20T12:00:00+01:00');
    expect(course.notices()).toEqual([]);
  });

  it('on the Consent itself; the form that repeats its yes does not undo it', async () => {
    const course = await consented();
    const [consent] = course.server.all('Consent');
    await course.server.write({ ...consent!, status: 'inactive' });
    expectEnded(course);
    await course.to({ ...wholeAnswers, StartdatoTO: '2026-03-01' }, { status: 'completed' });
    expectEnded(course);
  });

  it('on the Consent replaced as a whole, without our extensions', async () => {
    const course = await consented();
    const [consent] = course.server.all('Consent');
    await course.server.write({ ...consent!, extension: undefined, status: 'inactive' });
    await course.to(wholeAnswers);
    expectEnded(course);
  });

  it('by a new, later Consent about the course', async () => {
    const course = await consented();
    const [consent] = course.server.all('Consent');
    const later: Consent = {
      ...consent!,
      id: undefined,
      identifier: undefined,
      extension: undefined,
      status: 'inactive',
      dateTime: '2026-03-02T09:00:00+01:00',
    };
    await course.server.write(later);
    expectEnded(course);
  });

  it('of another registry changes nothing here', async () => {
    const course = await consented();
    const [consent] = course.server.all('Consent');
    await course.server.write({
      ...consent!,
      id: undefined,
      identifier: undefined,
      status: 'inactive',
      dateTime: '2026-03-03',
      policy: [{ uri: 'https://svar.example.org/fhir/policy/other' }],
    });
    expect(course.memberships()).toEqual(national);
  });
});

it('handles every event twice without writing more', async () => {
  const once = await open();
  const twice = await open({}, 2);
  for (const course of [once, twice]) {
    await course.to({ ...wholeAnswers, KognSvekket: undefined });
    await course.to(wholeAnswers);
    await course.server.write(course.server.all('QuestionnaireResponse')[0]!);
  }
  expect(twice.server.writes).toBe(once.server.writes);
  const shape = (course: TestCourse): Bundle['entry'] =>
    [...course.server.resources.values()].map((resource) => ({ resource }));
  expect(shape(twice)).toEqual(shape(once));
});
