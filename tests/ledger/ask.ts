import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import { basic } from '../kit/sign-in.ts';

/** An answer that tells what became of the request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Resource | undefined;
}

const PATIENCE_MS = 15_000;

/** Asks a server; undefined where it gave no answer or failed (5xx): then nobody knows whether the request was done. */
export async function ask(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | undefined> {
  try {
    const answer = await fetch(path === '' ? base : `${base}/${path}`, {
      method,
      headers: { 'content-type': 'application/fhir+json', ...basic('demo-admin'), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (answer.status >= 500) {
      return undefined;
    }
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : (JSON.parse(text) as Resource),
    };
  } catch {
    return undefined;
  }
}

/** The version that an answer's ETag tells. */
export function versionOf(answer: Answer): number {
  return Number(/^W\/"(\d+)"$/.exec(answer.headers.get('etag') ?? '')?.[1]);
}

/** An answer in a few words. */
export function told(answer: Answer): string {
  const outcome = answer.body as OperationOutcome | undefined;
  return `${answer.status} ${(outcome?.issue ?? []).map((issue) => `${issue.diagnostics} ${issue.expression ?? ''}`).join('; ')}`;
}
