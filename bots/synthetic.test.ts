import type { Patient, Questionnaire } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { validateResource } from '../src/conformance/validate-resource.ts';
import { compileForm } from '../src/forms/form.ts';
import { validateResponse } from '../src/forms/validate-response.ts';
import { orderStatus } from '../src/registry/order.ts';
import { bare } from '../src/registry/protocol.ts';
import { seededRandom } from '../src/registry/synthetic/random.ts';
import { smerteregCourses } from '../src/registry/synthetic/smertereg-courses.ts';
import { readFolder } from './test-kit/package-data.ts';
import { FakeServer } from './test-kit/server.ts';

const forms = readFolder('questionnaires').filter((r): r is Questionnaire => r.resourceType === 'Questionnaire');

/** In a TO form: cognitively impaired. */
const IMPAIRED =
  '"linkId":"KognSvekket","answer":[{"valueCoding":{"system":"https://svar.example.org/fhir/CodeSystem/smertereg-ja-nei","code":"1"';

function courses(count: number, seed = 1) {
  return smerteregCourses({
    count,
    from: { year: 2026, month: 1, day: 1 },
    days: 365,
    random: seededRandom(seed),
    hospitals: ['Organization/haukeland', 'Organization/st-olavs', 'Organization/unn'],
    forms: new Map(forms.map((form) => [form.url?.split('/').pop() ?? '', form])),
  });
}

it('the same seed gives the same courses, another seed others, in the order of time', () => {
  expect(courses(20)).toEqual(courses(20));
  expect(courses(20)).not.toEqual(courses(20, 2));
  const times = courses(50).map(({ at }) => at.getTime());
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

it('every resource is valid R4, every answer right by its form, every number unique', () => {
  const compiled = new Map(forms.map((form) => [form.url, compileForm(form)]));
  const numbers = new Set<string>();
  const events = courses(300);
  const patients = new Map<string, Patient>();
  for (const resource of events.flatMap(({ bundle }) => bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])) {
    expect(validateResource(resource).filter(({ severity }) => severity !== 'warning')).toEqual([]);
    if (resource.resourceType === 'Patient') {
      numbers.add(resource.identifier?.[0]?.value ?? '');
      patients.set(`Patient/${resource.id}`, resource);
    }
    if (resource.resourceType === 'QuestionnaireResponse') {
      const form = compiled.get(bare(resource.questionnaire ?? ''));
      expect(form).toBeDefined();
      const patient = patients.get(resource.subject?.reference ?? '');
      const faults =
        form && validateResponse(form, resource, { now: new Date('2026-03-02T08:00:00Z'), launch: { patient } });
      // Unusual values are warned of and stored.
      expect(faults?.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  }
  expect(numbers.size).toBe(300);
});

it('patients answer only what they are asked: not as minors, and no more once the course has left the registry', () => {
  const events = courses(600);
  const firstOf = (course: number, what: string) =>
    events.find((event) => event.course === course && event.what === what);
  const left = (course: number) =>
    firstOf(course, 'withdrawn')?.at ??
    events.find((event) => event.course === course && JSON.stringify(event.bundle).includes(IMPAIRED))?.at;
  const unasked = events.filter(({ what, course, at }) => {
    const patient = firstOf(course, 'referred')?.bundle.entry?.[0]?.resource as Patient;
    const assessed = firstOf(course, 'assessed')?.at.toISOString().slice(0, 10) ?? '';
    const majority = `${Number(patient.birthDate?.slice(0, 4)) + 18}${patient.birthDate?.slice(4)}`;
    const end = left(course);
    return what === 'answered' && (majority > assessed || (end !== undefined && at > end));
  });
  expect(unasked.map(({ course, what, at }) => `${course} ${what} ${at.toISOString()}`)).toEqual([]);
});

it('played, courses end up in both registries, and forms are answered, reminded of and locked', async () => {
  const events = courses(60);
  const server = await FakeServer.start('2025-12-31T12:00:00Z');
  for (const { at, bundle } of events) {
    await server.advance(at.toISOString());
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined) await server.write(resource);
    }
  }
  await server.advance('2027-06-01T12:00:00Z');
  const open = server.all('ResearchSubject').filter(({ period }) => period?.end === undefined);
  expect(open).toHaveLength(60);
  const national = open.filter(({ study }) => study.reference === 'ResearchStudy/smertereg');
  expect(national.length).toBeGreaterThan(20);
  expect(national.length).toBeLessThan(55);
  const states = server.all('Task').flatMap((task) => orderStatus(task) ?? []);
  expect(new Set(states)).toEqual(new Set(['withheld', 'answered', 'expired', 'stopped']));
  expect(server.all('Observation').length).toBeGreaterThan(20);
}, 60_000);
