import { expect, test, vi } from 'vitest';
import { operationsOf, readOperations } from './operations.ts';

const statement = {
  resourceType: 'CapabilityStatement' as const,
  ...{ status: 'active' as const, kind: 'instance' as const, fhirVersion: '4.0.1' as const, date: '2026-03-02' },
  format: ['json' as const],
  rest: [
    {
      mode: 'server' as const,
      operation: [{ name: 'parked-work', definition: 'd' }],
      resource: [
        { type: 'Task' as const, operation: [{ name: 'order', definition: 'd' }] },
        { type: 'Patient' as const, operation: [{ name: '$everything', definition: 'd' }] },
        { type: 'Observation' as const },
      ],
    },
  ],
};

test('a server does what its CapabilityStatement names, of the type that it names it for', () => {
  const serves = operationsOf(statement);
  expect([serves(['order', 'Task']), serves(['parked-work']), serves(['everything', 'Patient'])]).toEqual([
    ...[true, true, true],
  ]);
  expect([serves(['order', 'EpisodeOfCare']), serves(['order']), serves(['coverage', 'ResearchStudy'])]).toEqual([
    ...[false, false, false],
  ]);
});

test('another server is asked, and one that tells nothing does nothing of its own', async () => {
  const fhirUrl = (path: string) => new URL(path, 'https://fhir.example.org/fhir/R4/');
  const asked = { fhirUrl, get: vi.fn(async () => statement) };
  expect((await readOperations(asked as never, 'tokens'))(['order', 'Task'])).toBe(true);
  const silent = { fhirUrl, get: vi.fn(() => Promise.reject(new Error('404'))) };
  expect((await readOperations(silent as never, 'tokens'))(['order', 'Task'])).toBe(false);
});

test("the page's own server is not asked: both are of one build", async () => {
  const get = vi.fn();
  const serves = await readOperations({ get } as never, 'session');
  expect([serves(['order', 'Task']), get.mock.calls.length]).toEqual([true, 0]);
});
