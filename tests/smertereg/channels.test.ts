import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Communication, Patient, Task } from '@medplum/fhirtypes';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHANNEL_INPUT, chosenChannel, openTaskStatuses } from '../../src/registry/order.ts';
import { syntheticNationalNumber } from '../../src/registry/synthetic/national-number.ts';
import { createLog } from '../../src/runtime/log.ts';
import { readSettings } from '../../src/runtime/settings.ts';
import { type RunningServer, startServer } from '../../src/server/server.ts';
import { tryParked } from '../../src/store/outbox.ts';
import { certificate } from '../kit/certificate.ts';
import { refer, response, toItems } from '../kit/course.ts';
import { type TestDatabase, testDatabase } from '../kit/database.ts';
import { type MailServer, mailServer } from '../kit/mail-server.ts';
import { type NationalServices, nationalServices } from '../kit/national-services.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { scratchFolder } from '../kit/scratch.ts';
import { basic } from '../kit/sign-in.ts';

const CODES = 'https://svar.example.org/fhir/CodeSystem';
const SDC_TASK = 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp';
const HADS = 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0';
const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const PROTOCOL_TEXT = 'Et skjema venter på deg.';
const START = new Date('2026-03-02T08:00:00+01:00');

let national: NationalServices;
let post: MailServer;
let database: TestDatabase;
let running: RunningServer;
let client: Rest;
let at: string;
let log = '';
let now = START;
let serial = 0;

beforeAll(async () => {
  const folder = await scratchFolder();
  const pair = await generateKeyPair('PS256', { extractable: true });
  const named = { alg: 'PS256', kid: 'svar-key' };
  const keyFile = path.join(folder, 'svar.jwk');
  await writeFile(keyFile, JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...named }), { mode: 0o600 });
  const caFile = path.join(folder, 'ca.pem');
  await writeFile(caFile, certificate);
  const tokenFile = path.join(folder, 'sms.token');
  await writeFile(tokenFile, 'sms-token\n', { mode: 0o600 });
  national = await nationalServices({ ...(await exportJWK(pair.publicKey)), ...named });
  post = await mailServer();
  database = await testDatabase();
  const port = await freePort();
  const token = (name: string, endpoint: string, scopes: string[]) => ({
    ...{ clientId: 'svar', keyFile, scopes },
    issuer: `${national.url}/${name}`,
    tokenEndpoint: `${national.url}/${endpoint}`,
  });
  const channels = {
    helsenorge: {
      base: `${national.url}/helsenorge`,
      organization: { number: '974557746', name: 'Helse Bergen HF' },
      formNumbers: { default: 'SVAR-0001-1' },
      serviceArea: '1',
      onBehalfOf: { parent: '983974724', child: '974557746' },
      token: token('helseid', 'helseid/connect/token', ['nhn:helsenorge.eksternapi/oppgave']),
    },
    digipost: {
      ...{ base: `${national.url}/eformidling`, user: 'svar', password: 'punkt' },
      ...{ organization: '983974724', securityLevel: 4 },
    },
    smtp: {
      ...{ host: 'localhost', port: post.port, tls: 'starttls', user: 'svar', password: 'post', caFile },
      from: 'ikke-svar@melding.example.org',
    },
    sms: { url: `${national.url}/sms/messages`, tokenFile, sender: 'Melding' },
  };
  const register = {
    base: `${national.url}/krr`,
    token: token('maskinporten/', 'maskinporten/token', [
      'krr:global/kontaktinformasjon.read',
      'krr:global/digitalpost.read',
    ]),
  };
  const settings = readSettings({
    environment: {
      PORT: String(port),
      DATABASE_URL: database.url,
      SVAR_DATA_DIR: folder,
      SVAR_BASE_URL: 'https://svar.example.org',
      SVAR_TEST_CLOCK: START.toISOString(),
      SVAR_CHANNELS: JSON.stringify(channels),
      SVAR_CONTACT_REGISTER: JSON.stringify(register),
    },
  });
  at = `http://127.0.0.1:${port}`;
  const kept = {
    write(line: string) {
      log += line;
    },
  };
  running = await startServer(settings, createLog('trace', kept));
  client = rest(`${at}/fhir/R4`, basic('demo-admin'));
});

afterAll(async () => {
  await running?.stop();
  await Promise.all([national?.close(), post?.close()]);
  await database?.close();
});

afterEach(() => {
  national.down.clear();
  national.mute.clear();
  post.busy = 0;
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Person {
  readonly patient: string;
  readonly number: string;
  readonly email: string;
  readonly mobile: string;
}

const REGISTERED = {
  reservasjon: 'NEI',
  status: 'AKTIV',
  varslingsstatus: 'KAN_VARSLES',
  spraak: 'nb',
};

/** A patient, and what the register says of them: all that can be said, unless changed. */
async function person(
  changes: {
    readonly born?: number;
    readonly registered?: object | 'not';
    readonly citizen?: boolean;
    readonly mailbox?: boolean;
    readonly patient?: Partial<Patient>;
  } = {},
): Promise<Person> {
  serial += 1;
  const { born = 1969, registered = {}, citizen = false, mailbox = false } = changes;
  const number =
    changes.patient?.identifier?.[0]?.value ??
    syntheticNationalNumber({ year: born, month: 11, day: 13 }, 'female', serial);
  const email = `person${serial}@post.example.net`;
  const mobile = `+4790${String(serial).padStart(6, '0')}`;
  const { status, body } = await client.post<Patient>('Patient', {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: number }],
    name: [{ family: 'Testpasient', given: ['Syntetisk'] }],
    birthDate: `${born}-11-13`,
    ...changes.patient,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  const confirmed = '2026-01-10T10:44:39+01';
  if (registered !== 'not') {
    national.people.set(number, {
      ...REGISTERED,
      kontaktinformasjon: {
        ...{ epostadresse: email, epostadresse_oppdatert: '2019-03-20T10:44:39+01' },
        epostadresse_sist_verifisert: confirmed,
        ...{ mobiltelefonnummer: mobile, mobiltelefonnummer_oppdatert: confirmed },
      },
      ...(mailbox && { digital_post: { postkasseadresse: 'x#1', postkasseleverandoeradresse: '984661185' } }),
      ...registered,
    });
  }
  if (citizen) national.citizens.add(number);
  return { patient: `Patient/${body.id}`, number, email, mobile };
}

/** An order; by a channel that a person chose, where one is given. */
async function order({ patient }: Person, chosen?: 'secure' | 'email' | 'sms'): Promise<Task> {
  const { status, body } = await client.post<Task>('Task', {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    description: 'Hospital Anxiety and Depression Scale',
    businessStatus: { coding: [{ system: `${CODES}/order-status`, code: 'sent' }] },
    for: { reference: patient },
    owner: { reference: patient },
    restriction: { period: { start: now.toISOString(), end: '2027-01-01T00:00:00Z' } },
    input: [
      { type: { coding: [{ system: SDC_TASK, code: 'questionnaire' }] }, valueCanonical: HADS },
      ...(chosen ? [{ type: { text: CHANNEL_INPUT }, valueCode: chosen }] : []),
    ],
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

/** A notice of an order, as the dispatch (without a medium) or a person (with one) makes it. @returns its id */
async function notice(task: Task, medium = chosenChannel(task)): Promise<string> {
  const { status, body } = await client.post<Communication>('Communication', {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [{ coding: [{ system: `${CODES}/notice-kind`, code: 'notice' }] }],
    ...(medium && { medium: [{ coding: [{ system: `${CODES}/notice-channel`, code: medium }] }] }),
    basedOn: [{ reference: `Task/${task.id}` }],
    subject: task.for,
    recipient: [task.for],
    sent: now.toISOString(),
    payload: [{ contentString: PROTOCOL_TEXT }],
  });
  expect(status, JSON.stringify(body)).toBe(201);
  await wait(0);
  return body.id ?? '';
}

/** Lets the test clock go on, with all that falls due. */
async function wait(minutes: number): Promise<void> {
  now = new Date(now.getTime() + minutes * 60_000);
  await running.fhir.advance(now);
}

/** What a notice came to: its status, what carried it, or why nothing did. */
async function cameTo(id: string): Promise<string> {
  const { body } = await client.get<Communication>(`Communication/${id}`);
  const { status, medium, statusReason } = body;
  const code = (status === 'completed' ? medium?.[0] : statusReason)?.coding?.[0]?.code;
  return code === undefined ? status : `${status}: ${code}`;
}

const carried = () => [national.tasks, national.letters, national.sms, post.mails].map(({ length }) => length);

describe('“Automatic dispatch uses the secure channels alone (Helsenorge, Digipost)”', () => {
  test('who uses Helsenorge gets a task there, with the link as its form filler', async () => {
    const someone = await person({ citizen: true, mailbox: true });
    const task = await order(someone);
    expect(await cameTo(await notice(task))).toBe('completed: helsenorge');
    expect(national.tasks.at(-1)).toMatchObject({
      meta: { security: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7618', code: '1' }] },
      status: 'ready',
      code: { text: 'Et skjema venter på deg' },
      description: PROTOCOL_TEXT,
      focus: {
        type: 'Questionnaire',
        identifier: { system: 'http://helsenorge.no/fhir/blankett-nummer', value: 'SVAR-0001-1' },
      },
      instantiatesUri: expect.stringMatching(/^https:\/\/svar\.example\.org\/l\/[\w-]{32}$/),
      owner: { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: someone.number } },
      restriction: { period: { end: '2027-01-01T00:00:00.000Z' } },
    });
  });

  test('who does not, and has a digital mailbox, gets a letter there', async () => {
    const someone = await person({ mailbox: true });
    expect(await cameTo(await notice(await order(someone)))).toBe('completed: digipost');
    const { sbd, text } = national.letters.at(-1) ?? {};
    expect(text).toMatch(/^Et skjema venter på deg\.\n\nhttps:\/\/svar\.example\.org\/l\/[\w-]{32}\n$/);
    expect(sbd?.standardBusinessDocumentHeader.receiver[0]?.identifier.value).toBe(someone.number);
    expect(sbd?.digital).toMatchObject({
      tittel: 'Et skjema venter på deg',
      sikkerhetsnivaa: 4,
      varsler: { epostTekst: 'Du har fått et skjema å svare på.' },
    });
  });

  test('what only tells of something, and is no form, goes to the mailbox', async () => {
    const { patient } = await person({ citizen: true, mailbox: true });
    const { body } = await client.post<Communication>('Communication', {
      resourceType: 'Communication',
      status: 'in-progress',
      category: [{ coding: [{ system: `${CODES}/notice-kind`, code: 'notice' }] }],
      recipient: [{ reference: patient }],
      payload: [{ contentString: 'Svaret på henvendelsen din ligger klart.' }],
    });
    await wait(0);
    expect(await cameTo(body.id ?? '')).toBe('completed: digipost');
    expect(national.letters.at(-1)?.text).toBe('Svaret på henvendelsen din ligger klart.');
  });

  test('who has neither gets nothing by e-mail or SMS, though the register knows both addresses', async () => {
    const before = carried();
    expect(await cameTo(await notice(await order(await person())))).toBe('not-done: no-secure-mailbox');
    expect(await cameTo(await notice(await order(await person(), 'secure')))).toBe('not-done: no-secure-mailbox');
    expect(carried()).toEqual(before);
  });

  test('a patient whose entry in the register changes between order and dispatch is reached as it says then', async () => {
    const someone = await person({ mailbox: true });
    const task = await order(someone);
    national.people.set(someone.number, { ...national.people.get(someone.number), reservasjon: 'JA' });
    expect(await cameTo(await notice(task))).toBe('not-done: reserved');
    national.people.set(someone.number, { ...national.people.get(someone.number), reservasjon: 'NEI' });
    expect(await cameTo(await notice(await order(someone)))).toBe('completed: digipost');
  });
});

describe('“unreachable keeps the order open, with a reason that staff see”', () => {
  const old = {
    epostadresse_oppdatert: '2024-08-01T10:00:00+02',
    mobiltelefonnummer_oppdatert: '2024-08-01T10:00:00+02',
  };
  const both = { epostadresse: 'gammel@post.example.net', mobiltelefonnummer: '90000000' };
  const reasons: [string, string, Parameters<typeof person>[0], ('email' | 'sms')?][] = [
    ['without a national number', 'no-national-number', { patient: { identifier: undefined } }],
    [
      'with a number of one hospital alone (FH)',
      'no-national-number',
      { patient: { identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.3', value: '88888888831' }] } },
    ],
    ['whom the register does not know', 'not-in-register', { registered: 'not', citizen: true }],
    ['who has left the register', 'not-in-register', { registered: { status: 'SLETTET' }, citizen: true }],
    ['who has opted out', 'reserved', { registered: { reservasjon: 'JA' }, citizen: true, mailbox: true }],
    ['without any mailbox', 'no-secure-mailbox', {}],
    ['of 15 years', 'too-young', { born: 2011, citizen: true, mailbox: true }],
    [
      'without a date of birth',
      'age-unknown',
      { patient: { birthDate: undefined, identifier: [{ system: FNR, value: '30108299939' }] }, citizen: true },
    ],
    [
      'whose contact data are older than 18 months',
      'contact-data-too-old',
      { registered: { kontaktinformasjon: { ...both, ...old } }, citizen: true },
    ],
    ['without e-mail', 'no-email', { registered: { kontaktinformasjon: {} } }, 'email'],
    ['without mobile', 'no-mobile', { registered: { kontaktinformasjon: {} } }, 'sms'],
    [
      'whose e-mail is older than 18 months',
      'contact-data-too-old',
      { registered: { kontaktinformasjon: { ...both, ...old } } },
      'email',
    ],
    ['who may not be notified', 'contact-data-too-old', { registered: { varslingsstatus: 'KAN_IKKE_VARSLES' } }, 'sms'],
  ];
  test.each(reasons)('somebody %s: %s', async (_who, reason, who, medium) => {
    const before = carried();
    const task = await order(await person(who), medium);
    expect(await cameTo(await notice(task))).toBe(`not-done: ${reason}`);
    expect(carried()).toEqual(before);
    const { body } = await client.get<Task>(`Task/${task.id}`);
    expect(openTaskStatuses).toContain(body.status);
  });

  test('somebody of 16 or 17 years is reached by Helsenorge, and not by a digital mailbox', async () => {
    const young = { born: 2009, mailbox: true };
    expect(await cameTo(await notice(await order(await person({ ...young, citizen: true }))))).toBe(
      'completed: helsenorge',
    );
    expect(await cameTo(await notice(await order(await person(young))))).toBe('not-done: too-young');
  });

  test('an address that takes no mail is a reason; it is not tried again', async () => {
    const someone = await person();
    post.unknown.add(someone.email);
    expect(await cameTo(await notice(await order(someone, 'email')))).toBe('not-done: address-refused');
  });
});

describe('“Unsecured e-mail or SMS only by a person’s choice, after the register was asked”', () => {
  test('e-mail, over TLS, to the address that the register has', async () => {
    const someone = await person({ citizen: true, patient: { telecom: [{ system: 'email', value: 'a@b.example' }] } });
    const asked = national.lookups.length;
    expect(await cameTo(await notice(await order(someone, 'email')))).toBe('completed: email');
    expect(national.lookups.slice(asked)).toEqual([[someone.number]]);
    expect(post.mails.at(-1)).toMatchObject({
      to: [someone.email],
      from: 'ikke-svar@melding.example.org',
      secure: true,
    });
  });

  test('SMS, to the number that the register has', async () => {
    const someone = await person({ citizen: true });
    expect(await cameTo(await notice(await order(someone, 'sms')))).toBe('completed: sms');
    expect(national.sms.at(-1)).toMatchObject({ to: someone.mobile, from: 'Melding' });
  });

  test('what a system writes into a notice is no person’s choice: the order has to say so', async () => {
    const before = carried();
    const task = await order(await person({ citizen: true }));
    for (const medium of ['email', 'sms'] as const) expect(await cameTo(await notice(task, medium))).toBe('not-done');
    const other = await order(await person({ citizen: true }), 'email');
    expect(await cameTo(await notice(other, 'sms'))).toBe('not-done');
    expect(carried()).toEqual(before);
  });

  test('a reservation in the register holds against a choice', async () => {
    const reserved = { registered: { reservasjon: 'JA' } };
    const before = carried();
    expect(await cameTo(await notice(await order(await person(reserved), 'email')))).toBe('not-done: reserved');
    expect(await cameTo(await notice(await order(await person(reserved), 'sms')))).toBe('not-done: reserved');
    expect(carried()).toEqual(before);
  });
});

describe('“Nothing that identifies the patient or the registry’s subject is in an unsecured message”', () => {
  test.each([
    ['nb', 'Du har fått et skjema å svare på. Åpne det her:'],
    ['nn', 'Du har fått eit skjema å svare på. Opne det her:'],
    ['sv', 'Du har fått ett formulär att besvara. Öppna det här:'],
    ['en', 'You have been sent a form to answer. Open it here:'],
  ])('in %s: words that tell nothing, and a link', async (language, words) => {
    const communication = [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: language }] } }];
    const someone = await person({ patient: { communication } });
    const task = await order(someone, 'email');
    const ids = [await notice(task), await notice(await order(someone, 'sms'))];
    const mail = decoded(post.mails.at(-1)?.source ?? '');
    const { text = '', source = '' } = national.sms.at(-1) ?? {};
    expect(mail).toContain(words);
    expect(text).toMatch(new RegExp(`^${words} https://svar\\.example\\.org/l/[\\w-]{32}$`));
    for (const message of [mail, post.mails.at(-1)?.source ?? '', source]) {
      expect(message).toMatch(/https:\/\/svar\.example\.org\/l\/[\w-]{32}/);
      // the link is a secret of its own: by chance it may hold anything
      const rest = message
        .replace(/\/l\/[\w-]{32}/g, '')
        .replaceAll(someone.email, '')
        .replaceAll(someone.mobile, '');
      const telling = [
        ...['testpasient', 'syntetisk', someone.number, someone.number.slice(0, 6), '1969', '13.11', '11-13'],
        ...['smerte', 'pain', 'hads', 'anxiety', 'angst', 'depres', 'haukeland', 'helse', 'bergen', 'sykehus'],
        ...['questionnaire', 'register', PROTOCOL_TEXT.toLowerCase(), os.hostname().toLowerCase()],
        ...[task.id, ...ids, someone.patient.split('/')[1]].map((id) => String(id).toLowerCase()),
      ];
      expect(telling.filter((word) => rest.toLowerCase().includes(word))).toEqual([]);
    }
  });

  test('the language is the register’s where the Patient tells none', async () => {
    const someone = await person({ registered: { spraak: 'nn' } });
    await notice(await order(someone, 'sms'));
    expect(national.sms.at(-1)?.text).toMatch(/^Du har fått eit skjema/);
  });

  test('national numbers are in no address that is asked, and neither numbers, addresses nor links are in the log', async () => {
    const someone = await person({ citizen: true });
    national.down.add('helsenorge');
    await notice(await order(someone));
    post.busy = 3;
    await notice(await order(someone, 'email'));
    await wait(30);
    expect(national.addresses.join('\n')).not.toMatch(/\d{11}/);
    expect(log).toContain('a bot failed');
    for (const secret of [someone.number, someone.email, someone.mobile, '/l/', 'sms-token', 'punkt']) {
      expect(log).not.toContain(secret);
    }
    const { rows } = await database.pool.query<{ problem: string }>(
      'select problem from outbox where problem is not null',
    );
    for (const { problem } of rows) expect(problem).not.toMatch(/\d{11}|@/);
  });
});

describe('“links are single-purpose, expire, and can’t be guessed”', () => {
  const linkOf = (text: string): string => /\/l\/[\w-]{32}/.exec(text)?.[0] ?? '';

  async function open(link: string): Promise<{ status: number; text: string }> {
    const taken = await fetch(at + link, { redirect: 'manual' });
    const cookie = taken.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const answer = await fetch(`${at}/l`, {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { cookie, origin: 'https://svar.example.org', 'content-type': 'application/x-www-form-urlencoded' },
    });
    return { status: answer.status, text: await answer.text() };
  }

  test('the link of an SMS opens the one order that it is for, and nothing once that has ended', async () => {
    const someone = await person();
    const task = await order(someone, 'sms');
    await notice(task);
    const link = linkOf(national.sms.at(-1)?.text ?? '');
    expect((await open(link)).status).toBe(303);
    expect((await open(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status).not.toBe(303);
    const { body } = await client.get<Task>(`Task/${task.id}`);
    await client.put(`Task/${task.id}`, { ...body, status: 'cancelled' });
    expect((await open(link)).status).not.toBe(303);
  });

  test('each notice has a link of its own', async () => {
    const someone = await person();
    const task = await order(someone, 'sms');
    await notice(task);
    await notice(task);
    const links = national.sms.slice(-2).map(({ text }) => linkOf(text));
    expect(new Set(links).size).toBe(2);
  });
});

describe('an outage is no reason: it is tried again, and the notice goes out once', () => {
  test.each(['helsenorge', 'helseid', 'krr', 'maskinporten'] as const)('of %s', async (service) => {
    const someone = await person({ citizen: true });
    national.down.add(service);
    const before = national.tasks.length;
    const id = await notice(await order(someone));
    expect(await cameTo(id)).toBe('in-progress');
    national.down.clear();
    await wait(10);
    expect(await cameTo(id)).toBe('completed: helsenorge');
    expect(national.tasks).toHaveLength(before + 1);
  });

  test.each([
    ['helsenorge', { citizen: true }, undefined, 'helsenorge'],
    ['digipost', { mailbox: true }, undefined, 'digipost'],
    ['sms', {}, 'sms', 'sms'],
  ] as const)('an answer of %s that is lost', async (service, who, medium, by) => {
    const task = await order(await person(who), medium);
    const before = carried();
    national.mute.add(service);
    const failures = log.split('a bot failed').length;
    const id = await notice(task);
    expect(log.split('a bot failed').length).toBeGreaterThan(failures);
    await wait(10);
    expect(await cameTo(id)).toBe(`completed: ${by}`);
    const more = carried().map((count, index) => count - (before[index] ?? 0));
    expect(more.reduce((sum, one) => sum + one)).toBe(1);
  });

  test('an outage that lasts longer than the attempts parks the notice, which is taken up again', async () => {
    national.down.add('helsenorge');
    const someone = await person({ citizen: true });
    const id = await notice(await order(someone));
    await wait(60);
    expect(await cameTo(id)).toBe('in-progress');
    national.down.clear();
    await wait(60);
    expect(await cameTo(id)).toBe('in-progress');
    expect(await tryParked(database.pool, 'deliver', 8, 100)).toBeGreaterThan(0);
    await wait(0);
    expect(await cameTo(id)).toBe('completed: helsenorge');
    const theirs = national.tasks.filter(({ owner }) => owner?.identifier?.value === someone.number);
    expect(theirs).toHaveLength(1);
  });

  test('a mail server that is busy takes the message later, once, under the same Message-ID', async () => {
    post.busy = 3;
    const before = post.mails.length;
    const id = await notice(await order(await person(), 'email'));
    expect(await cameTo(id)).toBe('in-progress');
    await wait(10);
    expect(await cameTo(id)).toBe('completed: email');
    expect(post.mails).toHaveLength(before + 1);
  });
});

describe('a registry’s own orders go these ways', () => {
  /** The local user of Haukeland, signed in on the page. */
  async function localUser(): Promise<Rest> {
    const answer = await fetch(`${at}/sign-in`, {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { origin: 'https://svar.example.org', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ action: 'password', login: 'lu', password: 'demo' }).toString(),
    });
    const cookies = answer.headers.getSetCookie().map((set) => set.split(';')[0]);
    return rest(`${at}/fhir/R4`, { cookie: cookies.join('; '), 'x-medplum': 'extended' });
  }

  const consented = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1' };

  /** A course of somebody who consents. @returns what tells of its patient's orders */
  async function courseOf(fnr: string) {
    const course = await refer(client, { fnr, birthDate: '1969-11-13' });
    const items = toItems({ ...consented, DatoSamtykke: '2026-03-02' });
    const to = response(course, 'smertereg-to', 'in-progress', items, '2026-03-02T09:00:00+01:00');
    expect((await client.post('QuestionnaireResponse', to)).status).toBe(201);
    return (): Promise<Task[]> =>
      client.search<Task>(`Task?patient=Patient/${course.patient}&code=complete-questionnaire&_sort=planned`);
  }

  const numberOf = (individual: number): string =>
    syntheticNationalNumber({ year: 1969, month: 11, day: 13 }, 'male', individual);

  test('on consent two tasks at Helsenorge; who is not there stays unreachable until staff choose an SMS', async () => {
    const [citizen, other] = [numberOf(1), numberOf(2)];
    national.citizens.add(citizen);
    for (const [index, number] of [citizen, other].entries()) {
      const kontaktinformasjon = {
        ...{ mobiltelefonnummer: `+479100000${index}`, mobiltelefonnummer_oppdatert: '2026-01-01T00:00:00+01' },
      };
      national.people.set(number, { ...REGISTERED, kontaktinformasjon });
    }
    const ordersOfCitizen = await courseOf(citizen);
    const ordersOfOther = await courseOf(other);
    const sms = national.sms.length;
    await wait(24 * 60);
    const theirs = national.tasks.filter(({ owner }) => owner?.identifier?.value === citizen);
    expect(theirs.map(({ code }) => code?.text)).toEqual(['Et skjema venter på deg', 'Et skjema venter på deg']);
    const state = ({ businessStatus, statusReason }: Task): string =>
      [businessStatus, statusReason].map((one) => one?.coding?.[0]?.code ?? '').join(' ');
    const sent = (await ordersOfCitizen()).filter(({ status }) => status === 'requested');
    expect(sent.map(state)).toEqual(['sent ', 'sent ']);
    const [unreachable] = (await ordersOfOther()).filter(({ status }) => status === 'on-hold');
    expect(unreachable && state(unreachable)).toBe('unreachable no-secure-mailbox');
    expect(national.sms).toHaveLength(sms);

    const lu = await localUser();
    const ordered = await lu.post<Task>(`Task/${unreachable?.id}/$order`, {
      resourceType: 'Parameters',
      parameter: [{ name: 'channel', valueCode: 'sms' }],
    });
    expect([ordered.status, ordered.status === 200 ? '' : JSON.stringify(ordered.body)]).toEqual([200, '']);
    await wait(1);
    expect(national.sms.slice(sms)).toMatchObject([{ to: '+4791000001' }]);
  });
});

/** A message with its quoted-printable and base64 parts readable. */
function decoded(source: string): string {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  const body = rest.join('\n\n');
  const text = /transfer-encoding: base64/i.test(head)
    ? Buffer.from(body, 'base64').toString('utf8')
    : quotedPrintable(body);
  const words = head.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, word: string) =>
    how.toLowerCase() === 'b'
      ? Buffer.from(word, 'base64').toString('utf8')
      : quotedPrintable(word.replaceAll('_', ' ')),
  );
  return `${words}\n\n${text}`;
}

function quotedPrintable(text: string): string {
  const joined = text.replace(/=\r?\n/g, '');
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /=[0-9A-F]{2}/.test(joined) ? Buffer.from(bytes, 'latin1').toString('utf8') : joined;
}
