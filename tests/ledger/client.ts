import type { Basic, Bundle, Observation, Patient, Resource } from '@medplum/fhirtypes';
import { between, oneOf } from '../../src/registry/synthetic/random.ts';
import { type Answer, ask, told, versionOf } from './ask.ts';
import { APPENDED, KEY, type Ledger, MARKER } from './ledger.ts';

/** Resources that all clients change at the same time. */
export interface Hot {
  readonly patients: readonly string[];
  readonly observations: readonly string[];
  readonly lists: readonly string[];
}

export interface ClientParts {
  readonly ledger: Ledger;
  readonly hot: Hot;
  readonly random: () => number;
  /** The FHIR base of a server, any of those there are. */
  readonly base: () => string;
}

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };

/** One client that writes as fast as it is answered, and notes every answer. */
export class Client {
  readonly #parts: ClientParts;
  /** What it has created, and may delete. */
  readonly #own: { id: string; marker: string }[] = [];
  #answered = true;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** @returns whether it was answered */
  async act(): Promise<boolean> {
    this.#answered = true;
    const actions = [
      ...[this.#create, this.#create, this.#update, this.#update, this.#updateIfMatch, this.#putNew],
      ...[this.#conditional, this.#delete, this.#transaction, this.#append, this.#find],
    ];
    await oneOf(this.#parts.random, actions).call(this);
    return this.#answered;
  }

  async #create(): Promise<void> {
    const marker = this.#parts.ledger.marker('create', 1);
    const answer = await this.#ask('create', [201], 'POST', 'Observation', this.#observation(marker));
    const id = this.#noted('Observation', answer, marker);
    if (id !== undefined) {
      this.#own.push({ id, marker });
    }
  }

  async #putNew(): Promise<void> {
    const marker = this.#parts.ledger.marker('put', 1);
    const id = `c.${marker}`;
    this.#noted('Observation', await this.#put('Observation', id, this.#observation(marker), [201]), marker);
  }

  async #update(): Promise<void> {
    const marker = this.#parts.ledger.marker('update', 1);
    const { type, id, resource } = this.#hotResource(marker);
    this.#noted(type, await this.#put(type, id, resource, [200]), marker);
  }

  async #updateIfMatch(): Promise<void> {
    const { ledger, base } = this.#parts;
    const marker = ledger.marker('if-match', 1);
    const { type, id, resource } = this.#hotResource(marker);
    const current = await ask(base(), 'GET', `${type}/${id}`);
    if (current?.status !== 200) {
      return;
    }
    const before = versionOf(current);
    const answer = await this.#put(type, id, resource, [200, 412], { 'if-match': `W/"${before}"` });
    if (answer?.status === 200) {
      this.#noted(type, answer, marker);
      if (versionOf(answer) !== before + 1) {
        ledger.faults.push(`If-Match on version ${before} of ${type}/${id} was answered by ${versionOf(answer)}`);
      }
    }
  }

  async #conditional(): Promise<void> {
    const { ledger, random } = this.#parts;
    const key = `key-${Math.floor(ledger.attempts.size / 40)}-${between(random, 0, 1)}`;
    const marker = ledger.marker('conditional', 1);
    const answer = await this.#ask(
      'conditional',
      [200, 201],
      'POST',
      'Observation',
      { ...this.#observation(marker), identifier: [identifier(MARKER, marker), identifier(KEY, key)] },
      { 'if-none-exist': `identifier=${KEY}|${key}` },
    );
    const id = answer?.status === 201 ? this.#noted('Observation', answer, marker) : idOf(answer);
    if (id !== undefined) {
      ledger.conditional.set(key, (ledger.conditional.get(key) ?? new Set()).add(id));
    }
  }

  async #delete(): Promise<void> {
    const one = this.#own.shift();
    if (one === undefined) {
      return;
    }
    const answer = await this.#ask('delete', [200, 204], 'DELETE', `Observation/${one.id}`);
    if (answer !== undefined) {
      this.#parts.ledger.deleted.push({ type: 'Observation', id: one.id });
    }
  }

  /** Two creates that refer to each other, one with the server's id and one by PUT, and an update: all or none. */
  async #transaction(): Promise<void> {
    const marker = this.#parts.ledger.marker('transaction', 4);
    const { type, id, resource } = this.#hotResource(marker);
    const patient: Patient = { resourceType: 'Patient', identifier: [identifier(MARKER, marker)] };
    const observation: Observation = { ...this.#observation(marker), subject: { reference: 'urn:uuid:patient' } };
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: observation, request: { method: 'POST', url: 'Observation' } },
        { fullUrl: 'urn:uuid:patient', resource: patient, request: { method: 'POST', url: 'Patient' } },
        { resource: { ...resource, id }, request: { method: 'PUT', url: `${type}/${id}` } },
        {
          resource: { ...observation, id: `t.${marker}` },
          request: { method: 'PUT', url: `Observation/t.${marker}` },
        },
      ],
    };
    const answer = await this.#ask('transaction', [200], 'POST', '', bundle);
    for (const { response } of (answer?.body as Bundle | undefined)?.entry ?? []) {
      const [, type = '', id = '', version] =
        /([A-Za-z]+)\/([^/]+)\/_history\/(\d+)$/.exec(response?.location ?? '') ?? [];
      this.#parts.ledger.acknowledged.push({ type, id, version: Number(version), marker });
    }
  }

  async #append(): Promise<void> {
    const { ledger, hot, random } = this.#parts;
    const id = oneOf(random, hot.lists);
    const value = ledger.marker('append', 0);
    const operations = [{ op: 'add', path: '/identifier/-', value: identifier(APPENDED, value) }];
    if (await this.#ask('append', [200], 'PATCH', `Basic/${id}`, operations, JSON_PATCH)) {
      ledger.appended.push({ type: 'Basic', id, value });
    }
  }

  /** What was acknowledged is found at once, by whichever server. */
  async #find(): Promise<void> {
    const one = this.#own.at(-1);
    const { base, ledger } = this.#parts;
    if (one !== undefined) {
      const answer = await ask(base(), 'GET', `Observation?identifier=${MARKER}|${one.marker}`);
      if (answer && ((answer.body as Bundle).entry ?? []).length !== 1) {
        ledger.faults.push(`Observation/${one.id} was acknowledged, but a search did not find it: ${told(answer)}`);
      }
    }
  }

  #put(
    type: string,
    id: string,
    resource: Resource,
    expected: readonly number[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer | undefined> {
    return this.#ask(
      headers['if-match'] ? 'if-match' : 'put',
      expected,
      'PUT',
      `${type}/${id}`,
      { ...resource, id },
      headers,
    );
  }

  async #ask(
    kind: string,
    expected: readonly number[],
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer | undefined> {
    const { ledger, base } = this.#parts;
    const answer = await ask(base(), method, path, body, headers);
    if (answer === undefined) {
      ledger.count(kind, 'unanswered');
      this.#answered = false;
      return undefined;
    }
    ledger.count(kind, answer.status < 300 ? 'acknowledged' : 'refused');
    if (!expected.includes(answer.status)) {
      // 409 is what the server says when others change the same resource all the time: nothing was stored
      if (answer.status !== 409) {
        ledger.faults.push(`${method} ${path}: ${told(answer)}`);
      }
      return undefined;
    }
    return answer;
  }

  #noted(type: string, answer: Answer | undefined, marker: string): string | undefined {
    const id = idOf(answer);
    if (answer !== undefined && id !== undefined) {
      this.#parts.ledger.acknowledged.push({ type, id, version: versionOf(answer), marker });
    }
    return id;
  }

  #observation(marker: string): Observation {
    const { hot, random } = this.#parts;
    return observation(marker, oneOf(random, hot.patients), between(random, 0, 100));
  }

  #hotResource(marker: string): { type: string; id: string; resource: Resource } {
    const { hot, random } = this.#parts;
    if (random() < 0.3) {
      const id = oneOf(random, hot.patients);
      return { type: 'Patient', id, resource: patient(marker, `Family${between(random, 0, 9)}`) };
    }
    return { type: 'Observation', id: oneOf(random, hot.observations), resource: this.#observation(marker) };
  }
}

function idOf(answer: Answer | undefined): string | undefined {
  return answer?.body?.id ?? /\/([^/]+)\/_history\//.exec(answer?.headers.get('location') ?? '')?.[1];
}

function identifier(system: string, value: string): { system: string; value: string } {
  return { system, value };
}

export function patient(marker: string, family: string): Patient {
  return {
    resourceType: 'Patient',
    identifier: [identifier(MARKER, marker)],
    name: [{ family, given: ['Syntetisk'] }],
  };
}

/** An Observation with rows in all three index tables. */
export function observation(marker: string, patientId: string, value: number): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    identifier: [identifier(MARKER, marker)],
    code: { coding: [{ system: 'urn:ledger:code', code: `code-${value % 7}` }], text: `Målt ${value % 5}` },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: `2026-02-${String(1 + (value % 28)).padStart(2, '0')}`,
    valueQuantity: { value, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
  };
}

export function list(id: string): Basic {
  return {
    resourceType: 'Basic',
    id,
    identifier: [identifier(APPENDED, 'first')],
    code: { text: 'what patches append to' },
  };
}
