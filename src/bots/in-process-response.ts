import type { RestResponse } from '../rest/exchange.ts';
import { mayBeAboutPatient } from '../search/extract/patient-of.ts';
import { withRelativeReferences } from './own-references.ts';

/**
 * What of a fetch Response a MedplumClient uses. A real one takes its body through streams, which costs more than most
 * requests that bots make.
 */
export class InProcessResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly statusText = '';
  readonly headers: { get(name: string): string | null };
  readonly #body: string | undefined;
  readonly #isDefinition: boolean;

  /** @param path that was asked for, below the FHIR base @param baseUrl references to it are relative in the body */
  constructor({ status, headers, body }: RestResponse, path: string, baseUrl: string) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = { get: (name) => headers[name.toLowerCase()] ?? null };
    this.#body =
      status === 204 || status === 304 || body === undefined ? undefined : withRelativeReferences(body, baseUrl);
    const [type = ''] = path.split('/').filter(Boolean);
    this.#isDefinition = type !== '' && !type.startsWith('$') && !mayBeAboutPatient(type);
  }

  /** Definitions that many bots read are parsed once, and shared: nobody can change them. */
  async json(): Promise<unknown> {
    const text = this.#body ?? '';
    return this.#isDefinition && text.length > SHARED_LEAST ? shared(text) : JSON.parse(text);
  }

  async text(): Promise<string> {
    return this.#body ?? '';
  }

  async blob(): Promise<Blob> {
    return new Blob([this.#body ?? ''], { type: this.headers.get('content-type') ?? '' });
  }
}

/** Shorter ones are parsed as fast as they are found. */
const SHARED_LEAST = 1000;
const SHARED_MAX = 100;
const parsed = new Map<string, unknown>();

function shared(text: string): unknown {
  let known = parsed.get(text);
  if (known === undefined) {
    const [oldest] = parsed.size >= SHARED_MAX ? parsed.keys() : [];
    if (oldest !== undefined) parsed.delete(oldest);
    known = frozen(JSON.parse(text));
    parsed.set(text, known);
  }
  return known;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
