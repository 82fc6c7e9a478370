import type { PlanDefinition, Questionnaire, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { validateResource } from '../src/conformance/validate-resource.ts';
import { compileForm } from '../src/forms/form.ts';
import { bare, readProtocol } from '../src/registry/protocol.ts';
import { evaluate } from './course/evaluate.ts';
import { TestCourse, wholeAnswers } from './test-kit/course.ts';
import { readFolder } from './test-kit/package-data.ts';
import { FakeServer } from './test-kit/server.ts';

const all = ['fhir', 'questionnaires', 'terminology'].flatMap(readFolder);

function faults(resource: Resource): string[] {
  return validateResource(resource)
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ diagnostics, expression }) => `${expression?.join()}: ${diagnostics}`);
}

describe('the package', () => {
  it.each(all.map((resource) => [`${resource.resourceType}/${resource.id}`, resource] as const))(
    '%s is valid R4',
    (_, resource) => {
      expect(faults(resource)).toEqual([]);
    },
  );

  it('has one resource an id', () => {
    const keys = all.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  const forms = all.filter((r): r is Questionnaire => r.resourceType === 'Questionnaire');
  it.each(forms.map((form) => [form.url ?? '', form] as const))('form %s compiles', (_, form) => {
    expect(compileForm(form).items.size).toBeGreaterThan(0);
  });

  const plans = all.filter((r): r is PlanDefinition => r.resourceType === 'PlanDefinition');
  it.each(plans.map((plan) => [plan.url ?? '', plan] as const))(
    'protocol %s asks only for forms that are there',
    (_, plan) => {
      const protocol = readProtocol(plan);
      const canonicals = new Set(forms.flatMap(({ url, version }) => [url, `${url}|${version}`]));
      for (const { questionnaire } of [...protocol.forms, ...protocol.schedule]) {
        expect(canonicals).toContain(questionnaire);
      }
    },
  );

  it.each(plans.map((plan) => [plan.url ?? '', plan] as const))(
    'every expression of protocol %s reads linkIds that its forms have',
    (_, plan) => {
      const protocol = readProtocol(plan);
      const text = JSON.stringify(plan.action);
      for (const { label, questionnaire } of protocol.forms) {
        const form = forms.find(({ url }) => url === bare(questionnaire));
        const asked = [...text.matchAll(new RegExp(`%${label}[^%]*?linkId='(\\w+)'`, 'g'))].map(
          ([, linkId]) => linkId ?? '',
        );
        const known = form === undefined ? [] : [...compileForm(form).items.keys()];
        expect(known).toEqual(expect.arrayContaining(asked));
      }
      const context = Object.fromEntries(
        ['course', 'patient', 'referral', 'consent', 'membership', ...protocol.forms.map(({ label }) => label)].map(
          (name) => [name, []],
        ),
      );
      for (const { expression } of protocol.criteria) {
        expect(evaluate(expression, context)).toEqual([]);
      }
    },
  );
});

it('everything that the bots make is valid R4', async () => {
  const server = await FakeServer.start('2026-03-02T08:00:00+01:00');
  const course = await TestCourse.open(server);
  await course.to({ ...wholeAnswers, KognSvekket: undefined });
  await course.to(wholeAnswers);
  await server.advance('2026-03-03T09:00:00+01:00');
  await course.respond('hads', { id: 'h' });
  await server.advance('2026-03-20T09:00:00+01:00');
  await course.respond('smertereg-b22', {
    item: [{ linkId: 'SluttDato', answer: [{ valueDate: '2026-03-20' }] }],
  });
  await course.to({ ...wholeAnswers, SkriftligSamtyk: '0', DatoSamtykke: undefined, TypeManglSamt: '4' });
  const made = [...server.resources.values()];
  for (const type of ['Consent', 'ResearchSubject', 'Task', 'Communication', 'Observation'] as const) {
    expect(server.all(type).length).toBeGreaterThan(0);
  }
  for (const resource of made) {
    expect([`${resource.resourceType}/${resource.id}`, faults(resource)]).toEqual([
      `${resource.resourceType}/${resource.id}`,
      [],
    ]);
  }
});
