import { describe, expect, it } from 'vitest';
import { historicTag } from '../src/registry/historic.ts';
import { TestCourse, wholeAnswers } from './test-kit/course.ts';
import { FakeServer } from './test-kit/server.ts';

const base = 'https://svar.example.org/fhir';

async function consentedAt(instant: string, deliveries = 1): Promise<TestCourse> {
  const course = await TestCourse.open(await FakeServer.start(instant, deliveries));
  await course.to({ ...wholeAnswers, StartdatoTO: instant.slice(0, 10), DatoSamtykke: instant.slice(0, 10) });
  return course;
}

const sluttDato = (date: string) => [{ linkId: 'SluttDato', answer: [{ valueDate: date }] }];

describe('consent orders Pasreg and HADS for the next 16:30, two minutes apart', () => {
  it.each([
    ['2026-03-02T08:00:00+01:00', '2026-03-02T15:30:00.000Z', '2026-03-02T15:32:00.000Z'],
    ['2026-03-02T16:29:59+01:00', '2026-03-02T15:30:00.000Z', '2026-03-02T15:32:00.000Z'],
    ['2026-03-02T16:31:00+01:00', '2026-03-03T15:30:00.000Z', '2026-03-03T15:32:00.000Z'],
    // 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00: 16:30 stays 16:30.
    ['2026-03-28T17:00:00+01:00', '2026-03-29T14:30:00.000Z', '2026-03-29T14:32:00.000Z'],
    ['2026-10-24T17:00:00+02:00', '2026-10-25T15:30:00.000Z', '2026-10-25T15:32:00.000Z'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T15:30:00.000Z', '2026-10-25T15:32:00.000Z'],
  ])('consent at %s', async (consent, pasreg, hads) => {
    const course = await consentedAt(consent);
    expect(course.orders()).toEqual([`hads ordered ${hads}`, `pasreg ordered ${pasreg}`]);
    expect(course.notices()).toEqual([]);
    await course.server.advance(hads);
    expect(course.notices()).toEqual([`pasreg/notice ${pasreg}`, `hads/notice ${hads}`]);
    expect(course.order('hads')).toMatchObject({ status: 'requested', businessStatus: { coding: [{ code: 'sent' }] } });
  });

  it("the order is SDC's task: for the patient, with form and version, based on the referral", async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    expect(course.order('hads')).toMatchObject({
      intent: 'order',
      for: { reference: 'Patient/p' },
      owner: { reference: 'Patient/p' },
      basedOn: [{ reference: 'ServiceRequest/sr' }],
      focus: { reference: 'EpisodeOfCare/eoc' },
      input: [{ valueCanonical: `${base}/Questionnaire/hads|1.0.0` }],
    });
  });

  it('nothing is ordered for a local course', async () => {
    const course = await TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00'));
    await course.to({ ...wholeAnswers, KognSvekket: '1' });
    await course.respond('smertereg-b22', { item: sluttDato('2026-03-02') });
    expect(course.orders()).toEqual([]);
  });
});

describe('a form that was answered', () => {
  it.each([
    ['2026-03-05T15:30:00.000Z', 'sent'],
    ['2026-03-08T15:30:00.000Z', 'reminded'],
  ])('is not taken for unanswered while its order is not ended yet: %s', async (due, state) => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.server.advance(new Date(Date.parse(due) - 1000).toISOString());
    const notices = course.notices();
    // stored without bots, as when the one that ends the order has failed
    course.server.resources.set('QuestionnaireResponse/late', {
      resourceType: 'QuestionnaireResponse',
      ...{ id: 'late', meta: { lastUpdated: '2026-03-03T10:00:00Z' }, status: 'completed' },
      questionnaire: `${base}/Questionnaire/hads|1.0.0`,
      basedOn: [{ reference: 'ServiceRequest/sr' }],
      subject: { reference: 'Patient/p' },
    });
    await course.server.advance(due.replace(':30:', ':40:'));
    expect(course.notices().filter((one) => one.startsWith('hads'))).toEqual(
      notices.filter((one) => one.startsWith('hads')),
    );
    expect(course.order('hads')).toMatchObject({ status: 'requested', businessStatus: { coding: [{ code: state }] } });
    expect(course.order('pasreg').businessStatus?.coding?.[0]?.code).not.toBe(state);
  });
});

describe('an unanswered form', () => {
  it.each([
    ['2026-03-02T08:00:00+01:00', '2026-03-05T15:30:00.000Z', '2026-03-08T15:30:00.000Z'],
    ['2026-03-27T08:00:00+01:00', '2026-03-30T14:30:00.000Z', '2026-04-02T14:30:00.000Z'],
    ['2026-10-23T08:00:00+02:00', '2026-10-26T15:30:00.000Z', '2026-10-29T15:30:00.000Z'],
  ])('consent at %s: reminded after three days at 16:30, locked after three more', async (consent, reminder, lock) => {
    const course = await consentedAt(consent);
    await course.server.advance(new Date(Date.parse(reminder) - 1000).toISOString());
    expect(course.notices()).toHaveLength(2);
    await course.server.advance(reminder);
    expect(course.notices()).toContain(`pasreg/reminder ${reminder}`);
    expect(course.order('pasreg')).toMatchObject({ businessStatus: { coding: [{ code: 'reminded' }] } });
    await course.server.advance(new Date(Date.parse(lock) - 1000).toISOString());
    expect(course.order('pasreg').status).toBe('requested');
    await course.server.advance(lock);
    expect(course.order('pasreg')).toMatchObject({
      status: 'failed',
      businessStatus: { coding: [{ code: 'expired' }] },
      statusReason: { coding: [{ code: '7', display: 'Ikke besvart ePROMS' }] },
    });
    await course.server.advance(new Date(Date.parse(lock) + 40 * 86_400_000).toISOString());
    expect(course.notices()).toHaveLength(4);
  });

  it('sent some hours late keeps its deadline', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    course.server.now = new Date('2026-03-03T09:00:00+01:00');
    await course.server.advance('2026-03-03T09:00:00+01:00');
    expect(course.order('pasreg').restriction?.period?.end).toBe('2026-03-05T15:30:00.000Z');
  });

  it('sent more than a day late has its three days from then', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    course.server.now = new Date('2026-03-10T09:00:00+01:00');
    await course.server.advance('2026-03-10T09:00:00+01:00');
    expect(course.order('pasreg').restriction?.period?.end).toBe('2026-03-13T08:00:00.000Z');
  });
});

describe('an answered form', () => {
  const answers = Array.from({ length: 14 }, (_, index) => ({
    linkId: `HADSSpm${index + 1}`,
    answer: [{ valueCoding: { system: `${base}/CodeSystem/hads-svar`, code: index % 2 === 0 ? '2' : '1' } }],
  }));

  it('ends its order and is scored', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.server.advance('2026-03-03T09:00:00+01:00');
    await course.respond('hads', { id: 'h', item: answers });
    expect(course.order('hads')).toMatchObject({
      status: 'completed',
      businessStatus: { coding: [{ code: 'answered' }] },
      output: [{ valueReference: { reference: 'QuestionnaireResponse/h' } }],
    });
    const scores = course.server.all('Observation');
    expect(scores.map(({ code, valueQuantity }) => [code.coding?.[0]?.code, valueQuantity?.value])).toEqual([
      ['hads-anxiety', 14],
      ['hads-depression', 7],
    ]);
    expect(scores[0]).toMatchObject({
      status: 'final',
      subject: { reference: 'Patient/p' },
      derivedFrom: [{ reference: 'QuestionnaireResponse/h' }],
      effectiveDateTime: '2026-03-03T08:00:00.000Z',
      method: { coding: [{ code: 'sum-prorated', version: '2.0.0' }] },
    });
    await course.server.advance('2026-03-20T09:00:00+01:00');
    expect(course.notices().filter((one) => one.startsWith('hads'))).toHaveLength(1);
  });

  it('ends no order of another form', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.respond('hads', { id: 'h', item: answers });
    expect(course.order('pasreg').status).toBe('requested');
  });

  it('answered before consent was registered, it is not asked again', async () => {
    const course = await TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00'));
    await course.respond('hads', { id: 'h', item: answers });
    await course.to(wholeAnswers);
    expect(course.orders()).toEqual(['pasreg ordered 2026-03-02T15:30:00.000Z']);
  });

  it('an unfinished answer ends nothing', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.respond('hads', { id: 'h', status: 'in-progress', item: answers });
    expect(course.order('hads').status).toBe('requested');
    expect(course.server.all('Observation')).toEqual([]);
  });

  it('corrected, its scores are corrected; entered in error, they go with it', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.respond('hads', { id: 'h', item: answers });
    await course.respond('hads', { id: 'h', status: 'amended', item: answers.slice(0, 13) });
    const depression = () =>
      course.server.all('Observation').find(({ code }) => code.coding?.[0]?.code === 'hads-depression');
    expect(depression()).toMatchObject({ status: 'amended', valueQuantity: { value: 7 } });
    await course.respond('hads', { id: 'h', status: 'amended', item: answers.slice(0, 5) });
    expect(depression()?.valueQuantity).toBeUndefined();
    expect(depression()?.dataAbsentReason).toBeDefined();
    await course.respond('hads', { id: 'h', status: 'entered-in-error', item: answers });
    expect(course.server.all('Observation').map(({ status }) => status)).toEqual([
      'entered-in-error',
      'entered-in-error',
    ]);
  });

  it('answered on paper before dispatch, nothing is sent', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.respond('hads', { id: 'h', item: answers });
    await course.server.advance('2026-03-20T09:00:00+01:00');
    expect(course.notices().filter((one) => one.startsWith('hads'))).toEqual([]);
  });
});

it('an order that outlived its membership is stopped when it falls due, not sent', async () => {
  const course = await consentedAt('2026-03-02T08:00:00+01:00');
  const [subject] = course.subjects();
  course.server.resources.set(`ResearchSubject/${subject?.id}`, { ...subject!, status: 'withdrawn' });
  await course.server.advance('2026-03-03T09:00:00+01:00');
  expect(course.notices()).toEqual([]);
  expect(course.order('pasreg')).toMatchObject({ status: 'cancelled', statusReason: { coding: [{ code: '9' }] } });
});

describe('a course that left the registry and comes back', () => {
  const impaired = { ...wholeAnswers, KognSvekket: '1' };

  it.each([1, 2])('is asked again what was stopped when it left (events delivered %s times)', async (deliveries) => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00', deliveries);
    await course.to(impaired);
    await course.to(wholeAnswers);
    expect(course.orders()).toEqual([
      'hads ordered 2026-03-02T15:32:00.000Z',
      'hads stopped 2026-03-02T15:32:00.000Z',
      'pasreg ordered 2026-03-02T15:30:00.000Z',
      'pasreg stopped 2026-03-02T15:30:00.000Z',
    ]);
    await course.server.advance('2026-03-03T09:00:00+01:00');
    expect(course.notices()).toEqual([
      'pasreg/2/notice 2026-03-02T15:30:00.000Z',
      'hads/2/notice 2026-03-02T15:32:00.000Z',
    ]);
    await course.to(impaired);
    await course.to(wholeAnswers);
    expect(course.orders().filter((order) => order.startsWith('hads ordered'))).toEqual([
      'hads ordered 2026-03-03T15:32:00.000Z',
    ]);
  });

  it('is not asked again what was answered, had expired, or was stopped by a clinician', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.server.write({
      ...course.order('pasreg'),
      status: 'cancelled',
      businessStatus: { coding: [{ system: `${base}/CodeSystem/order-status`, code: 'stopped' }] },
      statusReason: { coding: [{ system: `${base}/CodeSystem/smertereg-grunn-mangl-utfyl`, code: '4' }] },
    });
    await course.server.advance('2026-03-20T09:00:00+01:00');
    expect(course.order('hads')).toMatchObject({ status: 'failed' });
    await course.to(impaired);
    await course.to(wholeAnswers);
    expect(course.orders()).toEqual([
      'hads expired 2026-03-02T15:32:00.000Z',
      'pasreg stopped 2026-03-02T15:30:00.000Z',
    ]);
  });
});

it('an order that outlived its membership is not reminded of', async () => {
  const course = await consentedAt('2026-03-02T08:00:00+01:00');
  await course.server.advance('2026-03-03T09:00:00+01:00');
  const [subject] = course.subjects();
  course.server.resources.set(`ResearchSubject/${subject?.id}`, { ...subject!, status: 'withdrawn' });
  await course.server.advance('2026-03-20T09:00:00+01:00');
  expect(course.notices()).toHaveLength(2);
  expect(course.order('pasreg')).toMatchObject({ status: 'cancelled', statusReason: { coding: [{ code: '9' }] } });
});

describe('B2.2 locked', () => {
  it('orders Eval for the next 16:30 and Opioid four weeks after the end date, across the clock change', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.server.advance('2026-03-10T12:00:00+01:00');
    await course.respond('smertereg-b22', { id: 'b22', status: 'in-progress', item: sluttDato('2026-03-09') });
    expect(course.orders()).toHaveLength(2);
    await course.respond('smertereg-b22', { id: 'b22', item: sluttDato('2026-03-09') });
    expect(course.orders().slice(0, 1)).toEqual(['eval ordered 2026-03-10T15:30:00.000Z']);
    expect(course.order('opioid').restriction?.period?.start).toBe('2026-04-06T14:30:00.000Z');
    await course.server.advance('2026-04-06T16:30:00+02:00');
    expect(course.notices()).toContain('eval/notice 2026-03-10T15:30:00.000Z');
    expect(course.notices()).toContain('opioid/notice 2026-04-06T14:30:00.000Z');
  });

  it('locked late, Opioid is not dated back', async () => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00');
    await course.server.advance('2026-05-04T12:00:00+02:00');
    await course.respond('smertereg-b22', { id: 'b22', item: sluttDato('2026-03-09') });
    expect(course.order('opioid').restriction?.period?.start).toBe('2026-05-04T14:30:00.000Z');
  });

  it('locked before consent was registered, the forms follow once it is', async () => {
    const course = await TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00'));
    await course.to({ ...wholeAnswers, SkriftligSamtyk: undefined, DatoSamtykke: undefined });
    await course.respond('smertereg-b22', { id: 'b22', item: sluttDato('2026-03-02') });
    expect(course.orders()).toEqual([]);
    await course.server.advance('2026-03-04T12:00:00+01:00');
    await course.to(wholeAnswers);
    expect(course.orders()).toEqual([
      'eval ordered 2026-03-04T15:30:00.000Z',
      'hads ordered 2026-03-04T15:32:00.000Z',
      'opioid ordered 2026-03-30T14:30:00.000Z',
      'pasreg ordered 2026-03-04T15:30:00.000Z',
    ]);
  });
});

it('a whole course with every event delivered twice sends and scores everything once', async () => {
  const outcome = async (deliveries: number) => {
    const course = await consentedAt('2026-03-02T08:00:00+01:00', deliveries);
    await course.server.advance('2026-03-03T09:00:00+01:00');
    await course.respond('hads', { id: 'h', item: [] });
    await course.respond('smertereg-b22', { id: 'b22', item: sluttDato('2026-03-03') });
    await course.server.advance('2026-06-01T09:00:00+02:00');
    return [course.orders(), course.notices(), course.server.all('Observation').length, course.server.writes];
  };
  expect(await outcome(2)).toEqual(await outcome(1));
});

describe('a historic load', () => {
  const meta = { tag: [historicTag] };
  it('derives membership and scores with their own dates, and orders and sends nothing', async () => {
    const course = await TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00'));
    await course.to(
      { ...wholeAnswers, StartdatoTO: '2018-05-01', DatoSamtykke: '2018-05-02' },
      { meta, status: 'completed', authored: '2018-05-02T10:00:00+02:00' },
    );
    await course.respond('smertereg-b22', { meta, item: sluttDato('2018-05-09') });
    await course.respond('hads', { id: 'h', meta, item: [], authored: '2018-05-02T10:00:00+02:00' });
    await course.server.advance('2026-06-01T12:00:00+02:00');
    expect(course.memberships()).toEqual(['national on-study']);
    expect(course.subjects()[0]).toMatchObject({ meta, period: { start: '2018-05-02T10:00:00+02:00' } });
    expect(course.orders()).toEqual([]);
    expect(course.notices()).toEqual([]);
    const [score] = course.server
      .all('Observation')
      .filter(({ derivedFrom }) => derivedFrom?.[0]?.reference?.endsWith('/h'));
    expect(score).toMatchObject({ meta, effectiveDateTime: '2018-05-02T10:00:00+02:00' });
  });

  it('a form locked today on a historic course is live again', async () => {
    const course = await TestCourse.open(await FakeServer.start('2026-03-02T08:00:00+01:00'));
    await course.to(wholeAnswers, { meta });
    await course.respond('smertereg-b22', { item: sluttDato('2026-03-02') });
    expect(course.orders()).toEqual([
      'eval ordered 2026-03-02T15:30:00.000Z',
      'opioid ordered 2026-03-30T14:30:00.000Z',
    ]);
  });
});
