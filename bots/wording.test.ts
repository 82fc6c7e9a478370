import { readFileSync } from 'node:fs';
import type { Patient, Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { readWording } from '../src/forms/text/read-wording.ts';
import { withWording } from '../src/forms/text/with-wording.ts';
import { nonsenseWording } from '../tests/kit/nonsense-wording.ts';
import { TestCourse, wholeAnswers } from './test-kit/course.ts';
import { FakeServer } from './test-kit/server.ts';

const hads = JSON.parse(
  readFileSync(new URL('../questionnaires/instruments/hads.json', import.meta.url), 'utf8'),
) as Questionnaire;
const loaded = (language: string, until: string | null): Questionnaire =>
  withWording(hads, readWording({ ...nonsenseWording(hads, language, until) }), '2026-01-01T00:00:00Z');

async function consented(form: Questionnaire, patient: Partial<Patient> = {}, production = true): Promise<TestCourse> {
  const server = await FakeServer.start('2026-03-02T08:00:00+01:00', 2);
  server.secrets = { production: { name: 'production', valueBoolean: production } };
  await server.write(form);
  const course = await TestCourse.open(server, patient);
  await course.to(wholeAnswers);
  return course;
}

/** Orders of HADS as state and reason. */
const ofHads = (course: TestCourse): string[] =>
  course.server
    .all('Task')
    .filter(({ input }) => input?.[0]?.valueCanonical?.includes('/hads|') === true)
    .map(({ status, businessStatus, statusReason }) =>
      [status, businessStatus?.coding?.[0]?.code, statusReason?.coding?.[0]?.code].join(' '),
    );
const missing = 'rejected refused wording-missing';
const ordered = 'requested ordered ';

describe('in production', () => {
  it('a form with placeholders is refused, with the reason, and nothing is sent; others are ordered', async () => {
    const course = await consented(hads);
    expect(ofHads(course)).toEqual([missing]);
    expect(course.order('pasreg').status).toBe('requested');
    await course.server.advance('2026-03-20T09:00:00+01:00');
    expect(ofHads(course)).toEqual([missing]);
    expect(course.notices().filter((notice) => notice.startsWith('hads'))).toEqual([]);
  });

  it.each([
    ['2026-03-02', 'the day of the order', ordered],
    ['2026-03-01', 'the day before', 'rejected refused licence-expired'],
  ])('a licence that ends on %s, %s: %s', async (until, _when, expected) => {
    expect(ofHads(await consented(loaded('nb', until)))).toEqual([expected]);
  });

  it('what counts is the language of the patient', async () => {
    const swedish = { communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'sv' }] } }] };
    expect(ofHads(await consented(loaded('nb', null), swedish))).toEqual([missing]);
    expect(ofHads(await consented(loaded('sv', null), swedish))).toEqual([ordered]);
    expect(ofHads(await consented(loaded('sv', null)))).toEqual([missing]);
  });

  it('what was refused is ordered once the wording is there', async () => {
    const course = await consented(hads);
    await course.server.advance('2026-03-10T12:00:00+01:00');
    await course.server.write(loaded('nb', null));
    const [refused] = course.server.all('Task').filter(({ status }) => status === 'rejected');
    await course.server.write(refused!);
    expect(ofHads(course)).toEqual([missing, ordered]);
    await course.server.write(refused!);
    expect(ofHads(course)).toEqual([missing, ordered]);
    await course.server.advance('2026-03-10T17:00:00+01:00');
    expect(course.notices()).toContain('hads/2/notice 2026-03-10T15:32:00.000Z');
  });

  it('an order whose licence runs out before it is sent is refused then', async () => {
    const course = await consented(loaded('nb', '2026-03-02'));
    course.server.now = new Date('2026-03-03T09:00:00+01:00');
    await course.server.advance('2026-03-03T09:00:00+01:00');
    expect(ofHads(course)).toEqual(['rejected refused licence-expired']);
    expect(course.notices().filter((notice) => notice.startsWith('hads'))).toEqual([]);
  });
});

it('a server to try things out on orders forms with placeholders', async () => {
  expect(ofHads(await consented(hads, {}, false))).toEqual([ordered]);
});
