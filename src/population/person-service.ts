import type { EgressAnswer, GuardedFetch } from '../egress/guarded-fetch.ts';

/** Something that happened to a person in the population register. */
export interface PersonEvent {
  readonly sequenceNumber: number;
  /** The register service's own id of the person: no national number. */
  readonly personId: string;
  readonly eventType: string;
}

/** What the register says of a person now, as far as it is asked here. */
export interface RegisteredPerson {
  readonly id: string;
  /** National numbers and D-numbers that the person has or had. */
  readonly numbers: readonly { readonly value: string; readonly valid: boolean }[];
  /** Undefined while the person lives, or where a death was annulled. `date` is YYYY-MM-DD. */
  readonly death: { readonly date: string | undefined } | undefined;
}

/** The population register as this server asks it. */
export interface PopulationRegister {
  /** Up to 1,000 events of these types, from a sequence number on (that one included), in their order. */
  events(from: number, types: readonly string[]): Promise<readonly PersonEvent[]>;
  /** The sequence number of the latest event. */
  latest(): Promise<number>;
  /** Persons by the service's ids; those that it doesn't know are left out. */
  persons(ids: readonly string[]): Promise<readonly RegisteredPerson[]>;
}

/** Headers that authorize one request (HelseID: a token, and proof of its possession). */
export type Authorize = (method: 'GET' | 'POST', address: string) => Promise<Readonly<Record<string, string>>>;

/** The service could not be asked, or answered something else than it documents. Holds nothing of a person. */
export class PopulationFault extends Error {}

const PERSONS_MAX = 100;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Persontjenesten of Norsk helsenett, api-version 2, with legal basis: `GET event?sequenceNumber`, `GET event/latest`, `POST
 * person/bulk-by-id` (its published OpenAPI). Numbers are in no address.
 * @param base the address before `/api`
 */
export function personService(base: string, authorize: Authorize, guarded: GuardedFetch): PopulationRegister {
  const at = `${base}/api/legal-basis`;
  const ask = async (method: 'GET' | 'POST', path: string, body?: URLSearchParams): Promise<unknown> => {
    const address = `${at}/${path}`;
    const answer = await guarded(address, {
      method,
      headers: {
        ...(await authorize(method, address)),
        'api-version': '2',
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body: body.toString() }),
      accept: ['application/json'],
      bytesMax: ANSWER_BYTES_MAX,
    });
    return read(answer);
  };
  return {
    async events(from, types) {
      const query = new URLSearchParams([
        ['sequenceNumber', String(from)],
        ...types.map((type): [string, string] => ['eventTypes', type]),
      ]);
      const found = await ask('GET', `event?${query}`);
      const results: unknown = Object(found).results;
      if (!Array.isArray(results)) throw new PopulationFault('the population register answered without events');
      return results.map(eventOf).sort((a, b) => a.sequenceNumber - b.sequenceNumber);
    },

    async latest() {
      return eventOf(await ask('GET', 'event/latest')).sequenceNumber;
    },

    async persons(ids) {
      const found: RegisteredPerson[] = [];
      for (let from = 0; from < ids.length; from += PERSONS_MAX) {
        const body = new URLSearchParams([
          ['informationParts', 'NorwegianIdentificationNumber'],
          ['informationParts', 'Death'],
          ['includeHistory', 'true'],
          ...ids.slice(from, from + PERSONS_MAX).map((id): [string, string] => ['personIds', id]),
        ]);
        const persons = await ask('POST', 'person/bulk-by-id', body);
        if (!Array.isArray(persons)) throw new PopulationFault('the population register answered without persons');
        found.push(...persons.map(personOf));
      }
      return found;
    },
  };
}

function read({ status, body }: EgressAnswer): unknown {
  if (status !== 200) throw new PopulationFault(`the population register answered ${status}`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PopulationFault('the population register answered no JSON');
  }
}

function eventOf(value: unknown): PersonEvent {
  const { sequenceNumber, personId, eventType } = Object(value);
  const number = Number(sequenceNumber);
  if (!Number.isSafeInteger(number) || typeof personId !== 'string' || typeof eventType !== 'string') {
    throw new PopulationFault('the population register told of an event that cannot be read');
  }
  return { sequenceNumber: number, personId, eventType };
}

function personOf(value: unknown): RegisteredPerson {
  const { id, norwegianIdentificationNumber, death } = Object(value);
  if (typeof id !== 'string') throw new PopulationFault('the population register told of a person without id');
  const numbers = Array.isArray(norwegianIdentificationNumber) ? norwegianIdentificationNumber : [];
  const { isValid, deceasedDate } = Object(death);
  const isDead = typeof death === 'object' && death !== null && isValid !== false;
  return {
    id,
    numbers: numbers.flatMap((one: unknown) => {
      const { identificationNumber, isValid: valid } = Object(one);
      return typeof identificationNumber === 'string' ? [{ value: identificationNumber, valid: valid !== false }] : [];
    }),
    // "Time and time zone are unknown and must be ignored."
    death: isDead ? { date: /^\d{4}-\d{2}-\d{2}/.exec(String(deceasedDate))?.[0] } : undefined,
  };
}
