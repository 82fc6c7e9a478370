import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A person as the stand-in knows one. */
export interface StandInPerson {
  readonly numbers: readonly { readonly value: string; readonly valid: boolean }[];
  readonly death?: { readonly isValid: boolean; readonly deceasedDate?: string };
}

export interface PersonServiceStandIn {
  readonly base: string;
  readonly token: string;
  readonly persons: Map<string, StandInPerson>;
  /** Addresses that were asked. */
  readonly asked: string[];
  /** What every request is answered with, where it is set. */
  failing: number | undefined;
  /** Something happens to a person. */
  happened(personId: string, eventType: string): void;
  close(): Promise<void>;
}

/** Persontjenesten, api-version 2, as far as its published contract is asked here; it refuses what the contract doesn't allow. */
export async function personServiceStandIn(): Promise<PersonServiceStandIn> {
  const events: { sequenceNumber: string; personId: string; eventType: string }[] = [
    { sequenceNumber: '41', personId: 'somebody', eventType: 'PersonIsCreated' },
  ];
  const persons = new Map<string, StandInPerson>();
  const asked: string[] = [];
  const token = 'token of a test';
  const standIn = { failing: undefined as number | undefined };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status, body] = answer(request.method ?? '', url, request.headers, Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  function answer(method: string, url: URL, headers: NodeJS.Dict<string | string[]>, body: string): [number, unknown] {
    if (standIn.failing !== undefined) return [standIn.failing, {}];
    if (headers.authorization !== `Bearer ${token}`) return [401, {}];
    if (headers['api-version'] !== '2') return [400, {}];
    switch (`${method} ${url.pathname}`) {
      case 'GET /api/legal-basis/event/latest':
        return [200, events.at(-1)];
      case 'GET /api/legal-basis/event': {
        const from = Number(url.searchParams.get('sequenceNumber'));
        const types = url.searchParams.getAll('eventTypes');
        const results = events.filter(
          ({ sequenceNumber, eventType }) => Number(sequenceNumber) >= from && types.includes(eventType),
        );
        return [200, { results: results.slice(0, 1000), startIndex: 0, endIndex: results.length }];
      }
      case 'POST /api/legal-basis/person/bulk-by-id': {
        const form = new URLSearchParams(body);
        const ids = form.getAll('personIds');
        if (form.getAll('informationParts').length === 0 || ids.length > 100) return [400, {}];
        return [200, ids.flatMap((id) => documentOf(id, persons.get(id)))];
      }
      default:
        return [404, {}];
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    persons,
    asked,
    get failing() {
      return standIn.failing;
    },
    set failing(status) {
      standIn.failing = status;
    },
    happened(personId, eventType) {
      events.push({ sequenceNumber: String(Number(events.at(-1)?.sequenceNumber) + 1), personId, eventType });
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function documentOf(id: string, person: StandInPerson | undefined): object[] {
  if (person === undefined) return [];
  const { numbers, death } = person;
  return [
    {
      id,
      norwegianIdentificationNumber: numbers.map(({ value, valid }) => ({
        identificationNumber: value,
        isValid: valid,
      })),
      ...(death === undefined ? {} : { death }),
    },
  ];
}
