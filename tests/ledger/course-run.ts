import type { Bundle, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { syntheticNationalNumber } from '../../src/registry/synthetic/national-number.ts';
import { between } from '../../src/registry/synthetic/random.ts';
import { type Course, hadsItems, referral, response, toItems } from '../kit/course.ts';
import { type Answer, ask, told } from './ask.ts';
import type { Ledger } from './ledger.ts';

/** A course that was driven as far as the server acknowledged. */
export interface CourseRun {
  readonly course: Course;
  /** Whether HADS was answered while its order was open. */
  readonly answered: boolean;
}

export interface CourseParts {
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly base: () => string;
  /** Whether the clients are to go on. */
  readonly goesOn: () => boolean;
}

const COURSE = 'urn:ledger:course';

/**
 * Drives one course: referral, TO form with consent, and for most patients HADS once it is ordered. What was not
 * acknowledged is sent again as it was: everything here can be repeated (If-None-Exist, PUT).
 */
export async function runCourse(parts: CourseParts, serial: number): Promise<CourseRun | undefined> {
  const { random } = parts;
  const course = await refer(parts, serial);
  if (course === undefined) {
    return undefined;
  }
  const consented = {
    ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0' },
    ...{ SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' },
  };
  const to = response(course, 'smertereg-to', 'in-progress', toItems(consented), '2026-03-02T09:00:00+01:00');
  if (!(await save(parts, to, `to-${serial}`))) {
    return undefined;
  }
  if (random() < 0.7 && (await ordered(parts, course))) {
    const items = hadsItems(String(between(random, 0, 3)));
    const hads = response(course, 'hads', 'completed', items, '2026-03-02T10:00:00+01:00');
    return { course, answered: await save(parts, hads, `hads-${serial}`) };
  }
  return { course, answered: false };
}

async function refer(parts: CourseParts, serial: number): Promise<Course | undefined> {
  const birth = { year: 1950 + (serial % 40), month: 1 + (serial % 12), day: 1 + (serial % 28) };
  const sent = referral({ fnr: syntheticNationalNumber(birth, 'female', 10 + Math.floor(serial / 840)) });
  const value = `course-${serial}`;
  for (const entry of sent.entry ?? []) {
    const { resource, request } = entry;
    if (request !== undefined && resource?.resourceType === 'Patient') {
      resource.birthDate = `${birth.year}-${two(birth.month)}-${two(birth.day)}`;
      request.ifNoneExist = `identifier=${resource.identifier?.[0]?.system}|${resource.identifier?.[0]?.value}`;
    } else if (
      request !== undefined &&
      (resource?.resourceType === 'ServiceRequest' || resource?.resourceType === 'EpisodeOfCare')
    ) {
      resource.identifier = [{ system: COURSE, value }];
      request.ifNoneExist = `identifier=${COURSE}|${value}`;
    }
  }
  const answer = await until(parts, 'referral', [200], 'POST', '', sent);
  const ids = ((answer?.body as Bundle | undefined)?.entry ?? []).map(
    (entry) => /[A-Za-z]+\/([^/]+)\/_history/.exec(entry.response?.location ?? '')?.[1] ?? '',
  );
  const [episode, request, patient] = ids;
  return episode && request && patient ? { episode, referral: request, patient } : undefined;
}

async function save(parts: CourseParts, resource: QuestionnaireResponse, id: string): Promise<boolean> {
  const path = `QuestionnaireResponse/${id}`;
  return (await until(parts, 'response', [200, 201], 'PUT', path, { ...resource, id })) !== undefined;
}

/** Waits until HADS has been ordered. */
async function ordered({ base, goesOn }: CourseParts, course: Course): Promise<boolean> {
  while (goesOn()) {
    const answer = await ask(base(), 'GET', `Task?patient=Patient/${course.patient}`);
    const tasks = ((answer?.body as Bundle<Task> | undefined)?.entry ?? []).map((entry) => entry.resource);
    if (tasks.some((task) => task?.input?.[0]?.valueCanonical?.includes('/hads|'))) {
      return true;
    }
    await pause(100);
  }
  return false;
}

/** Sends a request until it is answered, or the clients are to stop. */
async function until(
  { ledger, base, goesOn }: CourseParts,
  kind: string,
  expected: readonly number[],
  method: string,
  path: string,
  body: unknown,
): Promise<Answer | undefined> {
  while (goesOn()) {
    const answer = await ask(base(), method, path, body);
    if (answer !== undefined && expected.includes(answer.status)) {
      ledger.count(kind, 'acknowledged');
      return answer;
    }
    ledger.count(kind, answer === undefined ? 'unanswered' : 'refused');
    if (answer !== undefined && answer.status !== 409) {
      ledger.faults.push(`${method} ${path}: ${told(answer)}`);
      return undefined;
    }
    await pause(100);
  }
  return undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
