import { expect } from 'vitest';
import type { RunningRest } from './rest-in-memory.ts';

const FHIR = 'application/fhir+json';

export interface Asked {
  readonly headers?: Record<string, string | undefined>;
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Ways to ask a running server, whose answers come read. */
export function asking(rest: RunningRest) {
  async function ask(method: string, path: string, { headers = {}, body }: Asked = {}) {
    const response = await fetch(rest.base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': FHIR }), ...(headers as Record<string, string>) },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, text, json };
  }

  /** A new patient's id. */
  async function patient(extra: object = {}): Promise<string> {
    const { json } = await ask('POST', '/Patient', { body: { resourceType: 'Patient', active: true, ...extra } });
    return json.id;
  }

  return { ask, patient };
}

/** That an answer is a refusal, or a report, of this kind. */
export function expectOutcome(
  answer: { status: number; json: { resourceType: string; issue: { code: string }[] } },
  status: number,
  code: string,
): void {
  expect(answer.status).toBe(status);
  expect(answer.json.resourceType).toBe('OperationOutcome');
  expect(answer.json.issue[0]?.code).toBe(code);
}
