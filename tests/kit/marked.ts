import type { OperationOutcome, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type TestServer, testServer } from './fhir-server.ts';
import { type Rest, rest } from './rest.ts';

/** A server and a client for the tests of a file. Each test has a new mark, by which it finds what it made. */
export interface Marked {
  readonly client: Rest;
  readonly base: string;
  readonly mark: string;
  /** Another mark. */
  renew(): void;
  /** A patient with the mark, not stored. */
  patient(more?: Partial<Patient>): Patient;
  /** One that was stored. */
  created(more?: Partial<Patient>): Promise<Patient & { id: string }>;
  /** The criteria that find what has the mark. */
  where(): string;
  /** The patients that have the mark. */
  patients(): Promise<Patient[]>;
}

export function marked(name: string): Marked {
  let server: TestServer;
  let client: Rest;
  let marks = 0;

  beforeAll(async () => {
    server = await testServer({ packages: false, background: false });
    client = rest(server.base);
  });
  beforeEach(() => {
    marks += 1;
  });
  afterAll(() => server.close());

  const where = () => `identifier=urn:mark|${name}-${marks}`;
  const patient = (more: Partial<Patient> = {}): Patient => ({
    resourceType: 'Patient',
    identifier: [{ system: 'urn:mark', value: `${name}-${marks}` }],
    ...more,
  });
  return {
    get client() {
      return client;
    },
    get base() {
      return server.base;
    },
    get mark() {
      return `${name}-${marks}`;
    },
    renew() {
      marks += 1;
    },
    patient,
    async created(more) {
      const { status, body } = await client.post<Patient & { id: string }>('Patient', patient(more));
      expect(status).toBe(201);
      return body;
    },
    where,
    patients: () => client.search<Patient>(`Patient?${where()}&_count=1000`),
  };
}

/** That an answer is a refusal of this kind, which points there first. */
export function expectRefused(
  answer: { readonly status: number; readonly body: unknown },
  status: number,
  code: string,
  expression?: string,
): void {
  const outcome = answer.body as OperationOutcome | undefined;
  const [issue] = outcome?.issue ?? [];
  expect([answer.status, outcome?.resourceType, issue?.code]).toEqual([status, 'OperationOutcome', code]);
  if (expression !== undefined) {
    expect(issue?.expression?.[0]).toBe(expression);
  }
}
