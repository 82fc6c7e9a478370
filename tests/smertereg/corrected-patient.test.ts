import type { Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Course } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import {
  consented,
  consents,
  courseWith,
  eligible,
  everybody,
  newCourse,
  orders,
  places,
  saveTo,
  type Who,
} from './course-kit.ts';

/* What follows for a course when its patient or referral is corrected, and none of its forms is written. */

let server: TestServer;
let as: Readonly<Record<Who, Rest>>;

beforeAll(async () => {
  server = await testServer({ identity: true, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  as = await everybody(server);
});

afterAll(() => server.close());

async function born({ patient }: Course, birthDate: string | undefined): Promise<void> {
  const { body } = await as.ehr.get<Patient>(`Patient/${patient}`);
  expect((await as.ehr.put(`Patient/${patient}`, { ...body, birthDate })).status).toBe(200);
}

test('A criterion that later fails ends membership and stops open orders in that commit; met again, each form is ordered once', async () => {
  const course = await courseWith(as.lu, consented);
  await born(course, '2012-01-01');
  expect(await places(as.lu, course)).toEqual(['local ineligible alder']);
  expect(await orders(as.lu, course)).toEqual(['eval stopped', 'hads stopped', 'opioid stopped', 'pasreg stopped']);
  await born(course, undefined);
  expect(await places(as.lu, course)).toEqual(['local candidate alder']);
  await born(course, '1969-11-13');
  expect(await places(as.lu, course)).toEqual(['national on-study']);
  expect(await orders(as.lu, course)).toEqual([
    ...['eval planned', 'hads ordered', 'hads stopped', 'opioid planned', 'pasreg ordered', 'pasreg stopped'],
  ]);
});

test('Patient forms appear as soon as the patient is seen and eligible, once: also where the birth date is told later', async () => {
  const course = await newCourse(as.ehr, { birthDate: '2012-01-01' });
  expect((await saveTo(as.lu, course, eligible)).status).toBe(201);
  expect([await consents(as.lu, course), await orders(as.lu, course)]).toEqual([['rejected ikke-aktuelt'], []]);
  await born(course, '1969-11-13');
  expect([await consents(as.lu, course), await places(as.lu, course)]).toEqual([
    ['proposed'],
    ['local eligible consent-awaited'],
  ]);
  expect(await orders(as.lu, course)).toEqual(['eval withheld', 'hads withheld', 'opioid withheld', 'pasreg withheld']);
});
