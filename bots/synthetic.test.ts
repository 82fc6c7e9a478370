import type { Questionnaire } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { validateResource } from '../src/conformance/validate-resource.ts';
import { compileForm } from '../src/forms/form.ts';
import { validateResponse } from '../src/forms/validate-response.ts';
import { bare } from '../src/registry/protocol.ts';
import { seededRandom } from '../src/registry/synthetic/random.ts';
import { smerteregCourses } from '../src/registry/synthetic/smertereg-courses.ts';
import { readFolder } from './test-kit/package-data.ts';
import { FakeServer } from './test-kit/server.ts';

const forms = readFolder('questionnaires').filter((r): r is Questionnaire => r.resourceType === 'Questionnaire');

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
  for (const resource of events.flatMap(({ bundle }) => bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])) {
    expect(validateResource(resource).filter(({ severity }) => severity !== 'warning')).toEqual([]);
    if (resource.resourceType === 'Patient') numbers.add(resource.identifier?.[0]?.value ?? '');
    if (resource.resourceType === 'QuestionnaireResponse') {
      const form = compiled.get(bare(resource.questionnaire ?? ''));
      expect(form).toBeDefined();
      expect(form && validateResponse(form, resource, { now: new Date('2026-03-02T08:00:00Z') })).toEqual([]);
    }
  }
  expect(numbers.size).toBe(300);
});

it('played, courses end up in both registries, and forms are answered, reminded of and locked', async () => {
  const events = courses(400);
  const server = await FakeServer.start('2025-12-31T12:00:00Z');
  for (const { at, bundle } of events) {
    await server.advance(at.toISOString());
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined) await server.write(resource);
    }
  }
  await server.advance('2027-06-01T12:00:00Z');
  const orders = server.all('Task');
  // patients answer what they were asked, and nothing else
  const asked = orders.flatMap(({ status, output }) =>
    status === 'completed' ? (output ?? []).flatMap(({ valueReference }) => valueReference?.reference ?? []) : [],
  );
  const answered = events.flatMap(({ what, bundle }) =>
    what === 'answered' ? (bundle.entry ?? []).map(({ resource }) => `QuestionnaireResponse/${resource?.id}`) : [],
  );
  expect(answered.sort()).toEqual(asked.sort());
  const open = server.all('ResearchSubject').filter(({ period }) => period?.end === undefined);
  expect(open).toHaveLength(400);
  const national = open.filter(({ study }) => study.reference === 'ResearchStudy/smertereg');
  expect(national.length).toBeGreaterThan(40);
  expect(national.length).toBeLessThan(130);
  expect(new Set(orders.map(({ status }) => status))).toEqual(new Set(['completed', 'failed', 'cancelled']));
  expect(server.all('Observation').length).toBeGreaterThan(20);
}, 60_000);
