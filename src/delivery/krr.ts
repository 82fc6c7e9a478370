import type { Patient } from '@medplum/fhirtypes';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { bornOf } from '../registry/born.ts';
import { ChannelFault } from './channel.ts';
import { type Contact, type ContactPoint, type ContactRegister, E164, EMAIL, nationalNumber } from './contact.ts';
import { type AccessTokens, jsonObject } from './tokens/access-tokens.ts';

export interface KrrSettings {
  /** The address before `/rest/v1/personer`. */
  readonly base: string;
}

/** How many persons one request may ask for. */
const PERSONS_MAX = 1000;
/** Contact data that nobody has confirmed for longer are not used. */
const CURRENT_MONTHS = 18;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const GATHER_MS = 5;

/**
 * Kontakt- og reservasjonsregisteret (docs.digdir.no): `POST [base]/rest/v1/personer` with up to 1,000 numbers in its
 * body. Whoever asks at the same time asks together. A reservation there is one against digital communication with the
 * public sector, not against a registry. Without a national number nobody is asked for.
 */
export function krr({ base }: KrrSettings, tokens: AccessTokens, guarded: GuardedFetch): ContactRegister {
  const address = `${base}/rest/v1/personer`;
  const ask = async (numbers: readonly string[]): Promise<ReadonlyMap<string, KrrPerson>> => {
    const { status, body } = await guarded(address, {
      method: 'POST',
      headers: { ...(await tokens.headers('POST', address)), 'content-type': 'application/json' },
      body: JSON.stringify({ personidentifikatorer: numbers }),
      accept: ['application/json'],
      bytesMax: ANSWER_BYTES_MAX,
    });
    if (status !== 200) throw new ChannelFault(`the contact register answered ${status}`);
    const { personer } = jsonObject(body);
    if (!Array.isArray(personer)) throw new ChannelFault('the contact register answered without persons');
    const known = personer.filter(isPerson);
    return new Map(known.map((person) => [person.personidentifikator, person]));
  };
  const together = gathered(ask);
  return {
    async find(patient, at) {
      const number = nationalNumber(patient);
      return contactOf(patient, number, number === undefined ? undefined : await together(number), at);
    },
  };
}

interface KrrPerson {
  readonly personidentifikator: string;
  readonly reservasjon?: unknown;
  readonly status?: unknown;
  readonly varslingsstatus?: unknown;
  readonly kontaktinformasjon?: Readonly<Record<string, unknown>>;
  readonly digital_post?: Readonly<Record<string, unknown>>;
  readonly spraak?: unknown;
}

function isPerson(value: unknown): value is KrrPerson {
  return typeof value === 'object' && value !== null && typeof Object(value).personidentifikator === 'string';
}

function contactOf(patient: Patient, number: string | undefined, person: KrrPerson | undefined, at: Date): Contact {
  const { status, reservasjon, varslingsstatus, kontaktinformasjon = {}, digital_post = {}, spraak } = person ?? {};
  const oldest = new Date(at);
  oldest.setUTCMonth(oldest.getUTCMonth() - CURRENT_MONTHS);
  const point = (name: string, pattern: RegExp): ContactPoint | undefined => {
    const value = inE164(kontaktinformasjon[name]);
    if (typeof value !== 'string' || !pattern.test(value)) return undefined;
    const confirmed = [`${name}_oppdatert`, `${name}_sist_verifisert`].map((key) => instant(kontaktinformasjon[key]));
    return {
      value,
      current: varslingsstatus === 'KAN_VARSLES' && Math.max(...confirmed) > oldest.getTime(),
    };
  };
  return {
    patient: `Patient/${patient.id}`,
    nationalNumber: number,
    birthDate: patient.birthDate ?? bornOf(number),
    registered: status === 'AKTIV',
    // what the register does not say is no permission
    reserved: reservasjon !== 'NEI',
    email: point('epostadresse', EMAIL),
    mobile: point('mobiltelefonnummer', E164),
    mailbox: typeof digital_post.postkasseadresse === 'string' && digital_post.postkasseadresse !== '',
    language: typeof spraak === 'string' && /^[a-z]{2,3}$/.test(spraak) ? spraak : undefined,
  };
}

/** Norwegian numbers stand in the register without their country. */
function inE164(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const plain = value.replace(/\s/g, '').replace(/^00/, '+');
  return /^\d{8}$/.test(plain) ? `+47${plain}` : plain;
}

/** ms since 1970; the register writes offsets without minutes (`+02`), and nothing where there is no date. */
function instant(value: unknown): number {
  const text = typeof value === 'string' ? value.replace(/([+-]\d{2})$/, '$1:00') : '';
  const read = Date.parse(text);
  return Number.isNaN(read) ? Number.NEGATIVE_INFINITY : read;
}

interface Waiting {
  readonly number: string;
  readonly done: (person: KrrPerson | undefined) => void;
  readonly failed: (problem: unknown) => void;
}

/** Asks once for all that are asked for within a few milliseconds, so many at a time as the register takes. */
function gathered(ask: (numbers: readonly string[]) => Promise<ReadonlyMap<string, KrrPerson>>) {
  let waiting: Waiting[] = [];
  const send = (): void => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += PERSONS_MAX) {
      const part = all.slice(from, from + PERSONS_MAX);
      void ask([...new Set(part.map(({ number }) => number))]).then(
        (found) => part.forEach(({ number, done }) => void done(found.get(number))),
        (problem: unknown) => part.forEach(({ failed }) => void failed(problem)),
      );
    }
  };
  return (number: string): Promise<KrrPerson | undefined> =>
    new Promise((done, failed) => {
      if (waiting.length === 0) setTimeout(send, GATHER_MS);
      waiting.push({ number, done, failed });
    });
}
