import type { CapabilityStatement } from '@medplum/fhirtypes';
import { expect, test, vi } from 'vitest';
import { abilitiesOf, readAbilities } from './operations.ts';

const statement: CapabilityStatement = {
  resourceType: 'CapabilityStatement',
  ...{ status: 'active', kind: 'instance', fhirVersion: '4.0.1', date: '2026-03-02', format: ['json'] },
  rest: [
    {
      mode: 'server',
      operation: [{ name: 'parked-work', definition: 'd' }],
      resource: [
        { type: 'Task', operation: [{ name: 'order', definition: 'd' }], referencePolicy: ['literal', 'enforced'] },
        { type: 'Patient', operation: [{ name: '$everything', definition: 'd' }], referencePolicy: ['literal'] },
        { type: 'Observation' },
      ],
    },
  ],
};

test('a server does what its CapabilityStatement names, of the type that it names it for', () => {
  const { serves } = abilitiesOf(statement);
  expect([serves(['order', 'Task']), serves(['parked-work']), serves(['everything', 'Patient'])]).toEqual([
    ...[true, true, true],
  ]);
  expect([serves(['order', 'EpisodeOfCare']), serves(['order']), serves(['coverage', 'ResearchStudy'])]).toEqual([
    ...[false, false, false],
  ]);
});

test('a server keeps what others point to where it says that it enforces references', () => {
  const { keepsReferences } = abilitiesOf(statement);
  expect([keepsReferences('Task'), keepsReferences('Patient'), keepsReferences('Observation')]).toEqual([
    ...[true, false, false],
  ]);
});

test('another server is asked, and one that tells nothing does nothing of its own', async () => {
  const fhirUrl = (path: string) => new URL(path, 'https://fhir.example.org/fhir/R4/');
  const asked = { fhirUrl, get: vi.fn(async () => statement) };
  expect((await readAbilities(asked as never, 'tokens')).serves(['order', 'Task'])).toBe(true);
  const silent = { fhirUrl, get: vi.fn(() => Promise.reject(new Error('404'))) };
  const none = await readAbilities(silent as never, 'tokens');
  expect([none.serves(['order', 'Task']), none.keepsReferences('Task')]).toEqual([false, false]);
});

test("the page's own server is not asked: both are of one build", async () => {
  const get = vi.fn();
  const { serves, keepsReferences } = await readAbilities({ get } as never, 'session');
  expect([serves(['order', 'Task']), keepsReferences('Task'), get.mock.calls.length]).toEqual([true, true, 0]);
});
