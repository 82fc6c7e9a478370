import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/kit/database.ts';
import { secretsOf } from '../../runtime/secrets.ts';
import { Accounts } from './accounts.ts';
import { Failures } from './failures.ts';
import type { Message } from './messenger.ts';
import { type Passwords, passwords } from './password.ts';
import { SignInRefused } from './refusal.ts';
import { Sessions } from './sessions.ts';
import { type Progress, SignIn } from './sign-in.ts';
import type { RoleChoice } from './sign-in-step.ts';
import { Tickets } from './tickets.ts';

const MINUTE = 60_000;
const PASSWORD = 'fire små duer på taket';
const asked = { kind: 'page' } as const;
const secrets = secretsOf(Buffer.alloc(32, 'secret of a test'));
const hashes = passwords({ memoryKiB: 64, passes: 2, lanes: 1 });

let database: TestDatabase;
let now: number;
let sent: Message[];
let roles: RoleChoice[];
let ended: string[];
let counted: string[];
let observed: string[];
let worked: (readonly (string | undefined)[])[];
let addresses = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  now = Date.parse('2026-03-02T08:00:00Z');
  sent = [];
  roles = [];
  ended = [];
  counted = [];
  observed = [];
  worked = [];
  addresses += 1;
});

interface Desk {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly failures: Failures;
}

function desk(options: { secondFactor?: boolean; passwords?: Passwords } = {}): Desk {
  const clock = { now: () => new Date(now) };
  const { pool } = database;
  const sessions = new Sessions(pool, clock, { idle_ms: 30 * MINUTE, longest_ms: 720 * MINUTE }, async (which, how) => {
    const but = 'except' in which ? ` but ${which.except}` : '';
    ended.push(`${how} ${'session' in which ? which.session : which.account}${but}`);
  });
  const watched: Passwords = {
    ...(options.passwords ?? hashes),
    matches(password, against) {
      worked.push(against);
      return (options.passwords ?? hashes).matches(password, against);
    },
  };
  const accounts = new Accounts({ pool, clock, secrets, passwords: watched, sessions });
  const failures = new Failures(pool, clock, secrets);
  const signIn = new SignIn({
    ...{ clock, secrets, accounts, sessions, failures, passwords: watched, tickets: new Tickets(pool, clock) },
    limits: {
      async exceeded({ name }, who) {
        counted.push(`${name}: ${who}`);
        return undefined;
      },
    },
    messenger: {
      async send(message) {
        sent.push(message);
      },
    },
    rolesOf: async () => roles,
    secondFactor: options.secondFactor === true,
    observe: (outcome, account) => observed.push(account === undefined ? outcome : `${outcome} ${account}`),
  });
  return { accounts, sessions, signIn, failures };
}

const from = () => ({ address: `192.0.2.${addresses}`, language: 'nb' as const });
let names = 0;

/** An account with a password of its own. */
async function person({ accounts }: Desk, more: { mobile?: string } = {}): Promise<{ login: string; id: string }> {
  names += 1;
  const login = `kari${names}`;
  const { account } = await accounts.add({ login, fhirUser: `Practitioner/${login}`, ...more });
  await accounts.setPassword(account.id, PASSWORD);
  return { login, id: account.id };
}

async function reasonOf(work: Promise<unknown>) {
  const failure: unknown = await work.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (!(failure instanceof SignInRefused)) throw new Error(`it was not refused: ${failure}`);
  return failure.reason;
}

const kindOf = ({ step }: Progress): string => step.kind;

/** The code that an authenticator app shows now. */
const shown = (secret: string, at = now): string => new TOTP({ secret }).generate({ timestamp: at });

/** Adds an authenticator app to an account. @returns its secret */
async function withApp({ signIn }: Desk, login: string): Promise<string> {
  const { ticket, step } = await signIn.begin(login, PASSWORD, asked, from());
  expect(step.kind).toBe('enrol');
  const { secret, uri } = await signIn.enrolment(ticket);
  expect(uri).toContain('otpauth://totp/');
  await signIn.enrol(ticket, shown(secret));
  now += MINUTE;
  return secret;
}

describe('a password', () => {
  test('that is right opens, whatever the case of the login name', async () => {
    const at = desk();
    const { login, id } = await person(at);
    const progress = await at.signIn.begin(` ${login.toUpperCase()} `, PASSWORD, asked, from());
    expect(kindOf(progress)).toBe('done');
    const { session, cookie } = await at.signIn.finish(progress.ticket);
    expect(session).toMatchObject({ subject: id, fhirUser: `Practitioner/${login}`, strength: 'password' });
    expect((await at.sessions.ofCookie(cookie))?.id).toBe(session.id);
    expect(observed).toEqual([`signed-in ${id}`]);
  });

  test('that is wrong, and a name that nobody has, are refused alike, after the same work', async () => {
    const at = desk();
    const { login } = await person(at);
    worked = [];
    const wrong = await reasonOf(at.signIn.begin(login, 'wrong', asked, from()));
    const nobody = await reasonOf(at.signIn.begin('nobody-at-all', 'wrong', asked, from()));
    const noName = await reasonOf(at.signIn.begin("'; drop table account --\0", 'wrong', asked, from()));
    expect([wrong, nobody, noName]).toEqual(Array(3).fill({ kind: 'credentials' }));
    expect(observed).toEqual(Array(3).fill('credentials'));
    expect(worked.map((against) => against.length)).toEqual([2, 2, 2]);
  });

  test('opens once: a finished sign-in gives no second session, even asked for at the same time', async () => {
    const at = desk();
    const { login } = await person(at);
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    const both = await Promise.allSettled([at.signIn.finish(ticket), at.signIn.finish(ticket)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is hashed anew when the parameters have changed', async () => {
    const old = desk();
    const { login, id } = await person(old);
    const before = (await old.accounts.find(id))?.passwordHash;
    const at = desk({ passwords: passwords({ memoryKiB: 128, passes: 2, lanes: 1 }) });
    await at.signIn.begin(login, PASSWORD, asked, from());
    const after = (await at.accounts.find(id))?.passwordHash;
    expect(before).toContain('m=64,');
    expect(after).toContain('m=128,');
    expect(kindOf(await at.signIn.begin(login, PASSWORD, asked, from()))).toBe('done');
  });

  test('of a locked account opens nothing; that it is locked is told only to who knows it', async () => {
    const at = desk();
    const { login, id } = await person(at);
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    await at.accounts.setState(id, 'locked');
    expect(await reasonOf(at.signIn.finish(ticket))).toEqual({ kind: 'ended' });
    expect(await reasonOf(at.signIn.begin(login, PASSWORD, asked, from()))).toEqual({ kind: 'locked' });
    expect(await reasonOf(at.signIn.begin(login, 'wrong', asked, from()))).toEqual({ kind: 'credentials' });
    expect(ended).toContain(`revoke ${id}`);
  });

  test('that is changed ends every other session, and not this one', async () => {
    const at = desk();
    const { login, id } = await person(at);
    const begin = async () => at.signIn.finish((await at.signIn.begin(login, PASSWORD, asked, from())).ticket);
    const [here, there] = [await begin(), await begin()];
    expect(await reasonOf(at.signIn.changePassword(here.session, 'wrong', 'et helt nytt ord'))).toEqual({
      kind: 'credentials',
    });
    expect(await reasonOf(at.signIn.changePassword(here.session, PASSWORD, PASSWORD))).toEqual({
      kind: 'password',
      fault: 'same',
    });
    ended = [];
    await at.signIn.changePassword(here.session, PASSWORD, 'et helt nytt ord');
    expect(await at.sessions.ofCookie(here.cookie)).toBeDefined();
    expect(await at.sessions.ofCookie(there.cookie)).toBeUndefined();
    expect(ended).toEqual([`revoke ${id} but ${here.session.id}`]);
    expect(kindOf(await at.signIn.begin(login, 'et helt nytt ord', asked, from()))).toBe('done');
    expect(await reasonOf(at.signIn.begin(login, PASSWORD, asked, from()))).toEqual({ kind: 'credentials' });
  });
});

describe('a sign-in under way', () => {
  test('ends with a new password, though it has come past the old one', async () => {
    const at = desk();
    const { login } = await person(at);
    const stolen = await at.signIn.begin(login, PASSWORD, asked, from());
    const { session } = await at.signIn.finish((await at.signIn.begin(login, PASSWORD, asked, from())).ticket);
    await at.signIn.changePassword(session, PASSWORD, 'et helt nytt ord');
    expect(await reasonOf(at.signIn.finish(stolen.ticket))).toEqual({ kind: 'ended' });
  });

  test('ends when an operator takes the old password away, and when the account is locked', async () => {
    const at = desk();
    const { login, id } = await person(at);
    const first = await at.signIn.begin(login, PASSWORD, asked, from());
    await at.accounts.temporaryPassword(id, { anew: true });
    expect(await reasonOf(at.signIn.finish(first.ticket))).toEqual({ kind: 'ended' });
    await at.accounts.setPassword(id, PASSWORD);
    const second = await at.signIn.begin(login, PASSWORD, asked, from());
    await at.accounts.setState(id, 'locked');
    await at.accounts.setState(id, 'active');
    expect(await reasonOf(at.signIn.finish(second.ticket))).toEqual({ kind: 'ended' });
  });

  test('leaves no session where the account is locked at the same moment', async () => {
    const at = desk();
    const { login, id } = await person(at);
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    const begin = at.sessions.begin.bind(at.sessions);
    at.sessions.begin = async (owner) => {
      await at.accounts.setState(id, 'locked');
      return begin(owner);
    };
    expect(await reasonOf(at.signIn.finish(ticket))).toEqual({ kind: 'ended' });
    const { rows } = await database.pool.query('select from session where subject = $1 and revoked is null', [id]);
    expect(rows).toEqual([]);
  });
});

describe('wrong passwords in a row', () => {
  test.each(['an account', 'nobody'])('make %s wait, longer each time, and a right one too', async (whose) => {
    const at = desk();
    const login = whose === 'nobody' ? `nobody${names}-${whose}` : (await person(at)).login;
    const attempt = (password = 'wrong') => reasonOf(at.signIn.begin(login, password, asked, from()));
    for (let free = 0; free < 5; free += 1) expect(await attempt()).toEqual({ kind: 'credentials' });
    expect(await attempt(PASSWORD)).toEqual({ kind: 'wait', wait_ms: 30_000 });
    now += 30_000;
    expect(await attempt()).toEqual({ kind: 'credentials' });
    expect(await attempt(PASSWORD)).toEqual({ kind: 'wait', wait_ms: 60_000 });
    for (let more = 0; more < 12; more += 1) {
      now += 61 * MINUTE;
      expect(await attempt()).toEqual({ kind: 'credentials' });
    }
    expect(await attempt(PASSWORD)).toEqual({ kind: 'wait', wait_ms: 60 * MINUTE });
  });

  test('at the same time are worth no more than one after the other', async () => {
    const at = desk();
    const { login } = await person(at);
    const reasons = await Promise.all(
      Array.from({ length: 40 }, () => reasonOf(at.signIn.begin(login, 'wrong', asked, from()))),
    );
    expect(reasons.filter(({ kind }) => kind === 'credentials')).toHaveLength(5);
    expect(reasons.filter(({ kind }) => kind === 'wait')).toHaveLength(35);
  });

  test('a hundred of them lock until somebody unlocks', async () => {
    const at = desk();
    const { login } = await person(at);
    for (let each = 0; each < 100; each += 1) {
      await reasonOf(at.signIn.begin(login, 'wrong', asked, from()));
      now += 61 * MINUTE;
    }
    now += 400 * 24 * 60 * MINUTE;
    expect(await reasonOf(at.signIn.begin(login, PASSWORD, asked, from()))).toEqual({
      kind: 'wait',
      wait_ms: undefined,
    });
    await at.failures.forget(login, 'password');
    expect(kindOf(await at.signIn.begin(login, PASSWORD, asked, from()))).toBe('done');
  });

  test('are forgotten after a right one, and after a day', async () => {
    const at = desk();
    const { login } = await person(at);
    const wrong = async (times: number) => {
      for (let each = 0; each < times; each += 1) await reasonOf(at.signIn.begin(login, 'wrong', asked, from()));
    };
    await wrong(4);
    await at.signIn.begin(login, PASSWORD, asked, from());
    await wrong(4);
    now += 25 * 60 * MINUTE;
    await wrong(4);
    expect(kindOf(await at.signIn.begin(login, PASSWORD, asked, from()))).toBe('done');
  });

  test('of names that nobody has do not fill the database', async () => {
    const at = desk();
    const rows = async () => (await database.pool.query('select from sign_in_failure')).rowCount ?? 0;
    for (let each = 0; each < 20; each += 1) await reasonOf(at.signIn.begin(`made-up-${each}`, 'x', asked, from()));
    const before = await rows();
    now += 25 * 60 * MINUTE;
    await reasonOf(at.signIn.begin('made-up-20', 'x', asked, from()));
    expect(await rows()).toBeLessThanOrEqual(before - 19);
  });

  test('leave no name in the database', async () => {
    const at = desk();
    await reasonOf(at.signIn.begin('typed-a-password-here', 'x', asked, from()));
    const { rows } = await database.pool.query<{ row: string }>('select f::text as row from sign_in_failure f');
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toContain('typed');
  });
});

describe('an authenticator app', () => {
  test('is added at the first sign-in where a second factor is demanded and there is none', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at);
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    const { secret } = await at.signIn.enrolment(ticket);
    expect(await at.signIn.enrolment(ticket)).toMatchObject({ secret });
    expect(await reasonOf(at.signIn.finish(ticket))).toEqual({ kind: 'ended' });
    expect(await reasonOf(at.signIn.enrol(ticket, '000000'))).toEqual({ kind: 'code' });
    expect(kindOf(await at.signIn.enrol(ticket, shown(secret)))).toBe('done');
    expect((await at.signIn.finish(ticket)).session.strength).toBe('two-factor');
  });

  test('is kept sealed', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, {});
    const secret = await withApp(at, login);
    const { rows } = await database.pool.query<{ totp: Buffer }>('select totp from account where login = $1', [login]);
    expect(rows[0]?.totp.includes(Buffer.from(secret))).toBe(false);
  });

  test('is asked whether or not it is demanded; a code is good once, a minute around now', async () => {
    const strict = desk({ secondFactor: true });
    const { login } = await person(strict);
    const secret = await withApp(strict, login);
    const at = desk();
    const begin = () => at.signIn.begin(login, PASSWORD, asked, from());
    const first = await begin();
    expect(first.step).toEqual({ kind: 'code', by: 'totp' });
    const code = shown(secret);
    expect(kindOf(await at.signIn.showCode(first.ticket, `${code.slice(0, 3)} ${code.slice(3)}`))).toBe('done');
    expect(await reasonOf(at.signIn.showCode((await begin()).ticket, code))).toEqual({ kind: 'code' });
    expect(await reasonOf(at.signIn.showCode((await begin()).ticket, shown(secret, now - 30_000)))).toEqual({
      kind: 'code',
    });
    now += 10 * MINUTE;
    expect(await reasonOf(at.signIn.showCode((await begin()).ticket, shown(secret, now - 61_000)))).toEqual({
      kind: 'code',
    });
    expect(kindOf(await at.signIn.showCode((await begin()).ticket, shown(secret, now + 30_000)))).toBe('done');
  });

  test('the same code shown twice at once opens once', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at);
    const secret = await withApp(at, login);
    const tickets = await Promise.all([1, 2].map(() => at.signIn.begin(login, PASSWORD, asked, from())));
    const shownTwice = tickets.map(({ ticket }) => at.signIn.showCode(ticket, shown(secret)));
    const both = await Promise.allSettled(shownTwice);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('five wrong codes end the sign-in', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at);
    const secret = await withApp(at, login);
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    for (let each = 0; each < 5; each += 1)
      expect(await reasonOf(at.signIn.showCode(ticket, '000000'))).toEqual({ kind: 'code' });
    expect(await reasonOf(at.signIn.showCode(ticket, shown(secret)))).toEqual({ kind: 'ended' });
    expect(await reasonOf(at.signIn.progress(ticket))).toEqual({ kind: 'ended' });
  });

  test('wrong codes make wait like wrong passwords, over all sign-ins; a hundred lock, and a right password opens nothing', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at);
    const secret = await withApp(at, login);
    const attempt = async (code: string) => {
      const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
      return reasonOf(at.signIn.showCode(ticket, code));
    };
    for (let free = 0; free < 5; free += 1) expect(await attempt('000000')).toEqual({ kind: 'code' });
    expect(await attempt(shown(secret))).toEqual({ kind: 'wait', wait_ms: 30_000 });
    for (let more = 5; more < 100; more += 1) {
      now += 61 * MINUTE;
      expect(await attempt('000000')).toEqual({ kind: 'code' });
    }
    now += 400 * 24 * 60 * MINUTE;
    expect(await attempt(shown(secret))).toEqual({ kind: 'wait', wait_ms: undefined });
    await at.failures.forget(login, 'password', 'second factor');
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    expect(kindOf(await at.signIn.showCode(ticket, shown(secret)))).toBe('done');
  });
});

describe('a code by SMS', () => {
  const codeIn = (message: Message | undefined): string =>
    message?.content.kind === 'code' ? message.content.code : 'no code';

  test('is sent to the account’s telephone, and is good once', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000001' });
    const { ticket, step } = await at.signIn.begin(login, PASSWORD, asked, from());
    expect(step).toEqual({ kind: 'code', by: 'message' });
    expect(sent).toMatchObject([{ to: '+4790000001', language: 'nb' }]);
    expect(codeIn(sent[0])).toMatch(/^\d{6}$/);
    expect(kindOf(await at.signIn.showCode(ticket, codeIn(sent[0])))).toBe('done');
    expect((await at.signIn.finish(ticket)).session.strength).toBe('two-factor');
  });

  test('ends after five minutes, and when another is sent', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000002' });
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    now += 5 * MINUTE;
    expect(await reasonOf(at.signIn.showCode(ticket, codeIn(sent[0])))).toEqual({ kind: 'code' });
    await at.signIn.sendCode(ticket, 'sv');
    expect(sent[1]?.language).toBe('sv');
    if (codeIn(sent[0]) !== codeIn(sent[1])) {
      expect(await reasonOf(at.signIn.showCode(ticket, codeIn(sent[0])))).toEqual({ kind: 'code' });
    }
    expect(kindOf(await at.signIn.showCode(ticket, codeIn(sent[1])))).toBe('done');
  });

  test('is worth nothing in another sign-in, and five wrong ones end this one', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000003' });
    const mine = await at.signIn.begin(login, PASSWORD, asked, from());
    const other = await at.signIn.begin(login, PASSWORD, asked, from());
    const [first, second] = sent.map(codeIn);
    if (first !== second) {
      expect(await reasonOf(at.signIn.showCode(other.ticket, first ?? ''))).toEqual({ kind: 'code' });
    }
    for (let each = 0; each < 5; each += 1) await reasonOf(at.signIn.showCode(mine.ticket, '12345'));
    expect(await reasonOf(at.signIn.showCode(mine.ticket, first ?? ''))).toEqual({ kind: 'ended' });
  });

  test('neither it nor the telephone’s number is in the database as it is', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000004' });
    await at.signIn.begin(login, PASSWORD, asked, from());
    const { rows } = await database.pool.query<{ row: string }>(
      'select a::text as row from account a union all select s::text from sign_in s',
    );
    const whole = rows.map(({ row }) => Buffer.from(row).toString('latin1')).join('\n');
    expect(whole).not.toContain('90000004');
    expect(whole).not.toContain(Buffer.from('+4790000004').toString('hex'));
    expect(whole).not.toContain(Buffer.from(codeIn(sent[0])).toString('hex'));
  });
});

describe('a password that was sent', () => {
  test('is used once, to choose one’s own by the rules, and then opens nothing', async () => {
    const at = desk();
    names += 1;
    const login = `ny${names}`;
    const { temporary } = await at.accounts.add({ login, fhirUser: 'Practitioner/ny' });
    const { ticket, step } = await at.signIn.begin(login, temporary, asked, from());
    expect(step).toEqual({ kind: 'new-password' });
    expect(await reasonOf(at.signIn.finish(ticket))).toEqual({ kind: 'ended' });
    expect(await reasonOf(at.signIn.choosePassword(ticket, temporary))).toMatchObject({ kind: 'password' });
    expect(await reasonOf(at.signIn.choosePassword(ticket, 'kort'))).toEqual({ kind: 'password', fault: 'short' });
    expect(kindOf(await at.signIn.choosePassword(ticket, PASSWORD))).toBe('done');
    await at.signIn.finish(ticket);
    expect(await reasonOf(at.signIn.begin(login, temporary, asked, from()))).toEqual({ kind: 'credentials' });
    expect(kindOf(await at.signIn.begin(login, PASSWORD, asked, from()))).toBe('done');
  });

  test('runs out', async () => {
    const at = desk();
    names += 1;
    const { temporary } = await at.accounts.add({ login: `sen${names}`, fhirUser: 'Practitioner/sen' });
    now += 8 * 24 * 60 * MINUTE;
    expect(await reasonOf(at.signIn.begin(`sen${names}`, temporary, asked, from()))).toEqual({ kind: 'credentials' });
  });

  test('comes after the second factor: who has only the message changes nothing', async () => {
    const at = desk({ secondFactor: true });
    names += 1;
    const { temporary } = await at.accounts.add({
      login: `to${names}`,
      fhirUser: 'Practitioner/to',
      mobile: '+4790000005',
    });
    const { ticket, step } = await at.signIn.begin(`to${names}`, temporary, asked, from());
    expect(step.kind).toBe('code');
    expect(await reasonOf(at.signIn.choosePassword(ticket, PASSWORD))).toEqual({ kind: 'ended' });
  });
});

describe('who forgot the password', () => {
  test('gets one by SMS beside the old one; nobody is told whether there is such an account', async () => {
    const at = desk();
    const { login } = await person(at, { mobile: '+4790000006' });
    await (await at.signIn.forgotten('nobody-at-all', from())).sent;
    const none = await person(at);
    await (await at.signIn.forgotten(none.login, from())).sent;
    expect(sent).toEqual([]);
    await (await at.signIn.forgotten(login, from())).sent;
    expect(kindOf(await at.signIn.begin(login, PASSWORD, asked, from()))).toBe('done');
    const [message] = sent;
    const temporary = message?.content.kind === 'password' ? message.content.password : '';
    expect(kindOf(await at.signIn.begin(login, temporary, asked, from()))).toBe('new-password');
    now += 31 * MINUTE;
    expect(await reasonOf(at.signIn.begin(login, temporary, asked, from()))).toEqual({ kind: 'credentials' });
  });

  test('is answered before anything is done for an account, so that the time it takes tells nothing', async () => {
    const slow = { ...hashes, hash: () => new Promise<string>(() => undefined) };
    const { login } = await person(desk(), { mobile: '+4790000008' });
    await desk({ passwords: slow }).signIn.forgotten(login, from());
    expect(sent).toEqual([]);
  });

  test('is one person, however the name is typed', async () => {
    const at = desk();
    for (const typed of ['kari-glemsk', ' KARI-Glemsk ', '\u{ff4b}ari-glemsk'])
      await at.signIn.forgotten(typed, from());
    const byAccount = counted.filter((each) => each.startsWith('forgotten passwords of account'));
    expect(byAccount).toEqual(Array(3).fill('forgotten passwords of account: kari-glemsk'));
  });

  test('is sent to the coordinator where the telephone would be both factors', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000007' });
    await (await at.signIn.forgotten(login, from())).sent;
    expect(sent.map(({ content }) => content.kind)).toEqual(['ask-coordinator']);
  });
});

describe('roles', () => {
  test('one is taken, of several one is chosen, and no other than these', async () => {
    const at = desk();
    const { login } = await person(at);
    const begin = () => at.signIn.begin(login, PASSWORD, asked, from());
    roles = [{ id: 'lu', title: 'LU' }];
    expect((await at.signIn.finish((await begin()).ticket)).session.role).toBe('lu');
    roles = [...roles, { id: 'lc', title: 'LC' }];
    const { ticket, step } = await begin();
    expect(step).toEqual({ kind: 'role', roles });
    expect(kindOf(await at.signIn.chooseRole(ticket, 'sc'))).toBe('role');
    expect(kindOf(await at.signIn.chooseRole(ticket, 'lc'))).toBe('done');
    expect((await at.signIn.finish(ticket)).session.role).toBe('lc');
  });

  test('are not told before the second factor', async () => {
    const at = desk({ secondFactor: true });
    const { login } = await person(at, { mobile: '+4790000008' });
    roles = [
      { id: 'lu', title: 'LU' },
      { id: 'lc', title: 'LC' },
    ];
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    expect(await reasonOf(at.signIn.chooseRole(ticket, 'lc'))).toEqual({ kind: 'ended' });
  });

  test('one that has ended since it was chosen is not the session’s', async () => {
    const at = desk();
    const { login } = await person(at);
    roles = [
      { id: 'lu', title: 'LU' },
      { id: 'lc', title: 'LC' },
    ];
    const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
    await at.signIn.chooseRole(ticket, 'lc');
    roles = [{ id: 'lu', title: 'LU' }];
    expect((await at.signIn.finish(ticket)).session.role).toBe('lu');
  });
});

test('a sign-in that is not finished within a quarter of an hour is gone', async () => {
  const at = desk();
  const { login } = await person(at);
  const { ticket } = await at.signIn.begin(login, PASSWORD, asked, from());
  now += 15 * MINUTE;
  expect(await reasonOf(at.signIn.finish(ticket))).toEqual({ kind: 'ended' });
});

describe('a session', () => {
  const owner = { subject: 'somebody', fhirUser: 'Practitioner/p', strength: 'password' } as const;

  test('ends after half an hour without a request, and after twelve hours in any case', async () => {
    const { sessions } = desk();
    const { cookie } = await sessions.begin(owner);
    const began = now;
    while (now - began < 720 * MINUTE) {
      expect(await sessions.ofCookie(cookie), String(now - began)).toBeDefined();
      now += 29 * MINUTE;
    }
    expect(await sessions.ofCookie(cookie)).toBeUndefined();
    const { cookie: idle } = await sessions.begin(owner);
    now += 30 * MINUTE;
    expect(await sessions.ofCookie(idle)).toBeUndefined();
  });

  test('is not kept by what an open page asks by itself, nor is what it listens to, and by nothing beyond twelve hours', async () => {
    const { sessions } = desk();
    const { cookie, session } = await sessions.begin(owner);
    const began = now;
    const listens = async () => (await sessions.attended([session.id, 'another'])).has(session.id);
    for (const _ of [1, 2]) {
      now += 14 * MINUTE;
      expect(await sessions.ofCookie(cookie, true)).toBeDefined();
      expect(await listens()).toBe(true);
    }
    now += 2 * MINUTE;
    expect(await sessions.ofCookie(cookie, true)).toBeUndefined();
    expect(await listens()).toBe(false);
    now = began + 29 * MINUTE;
    while (now - began < 720 * MINUTE) {
      expect(await sessions.ofCookie(cookie)).toBeDefined();
      expect(await listens()).toBe(true);
      now += 29 * MINUTE;
    }
    expect(await listens()).toBe(false);
  });

  test('that was revoked is nobody’s to listen by', async () => {
    const { sessions } = desk();
    const { session } = await sessions.begin(owner);
    await sessions.revoke(session.id);
    expect([...(await sessions.attended([session.id]))]).toEqual([]);
  });

  test('is known by its cookie, which the database does not hold', async () => {
    const { sessions } = desk();
    const { cookie, session } = await sessions.begin(owner);
    expect(await sessions.ofCookie(cookie)).toEqual(session);
    expect(await sessions.ofCookie(session.id)).toBeUndefined();
    const { rows } = await database.pool.query<{ row: string }>('select s::text as row from session s where id = $1', [
      session.id,
    ]);
    expect(rows[0]?.row).not.toContain(cookie);
    expect(rows[0]?.row).not.toContain(Buffer.from(cookie).toString('hex'));
  });

  test('of another role is another one, with another cookie; the old one is over, and its tokens', async () => {
    const { sessions } = desk();
    const old = await sessions.begin({ ...owner, role: 'lu' });
    const { cookie, session } = await sessions.withRole(old.session, 'lc');
    expect(cookie).not.toBe(old.cookie);
    expect(session).toMatchObject({ ...owner, role: 'lc' });
    expect(await sessions.ofCookie(old.cookie)).toBeUndefined();
    expect(await sessions.stands(old.session.id)).toBe(false);
    expect(await sessions.stands(session.id)).toBe(true);
    expect(ended).toEqual([`sign-out ${old.session.id}`]);
  });

  test('lasts no longer by a change of role: nobody has signed in anew', async () => {
    const { sessions } = desk();
    let { cookie, session } = await sessions.begin({ ...owner, role: 'lu' });
    const { created } = session;
    for (let hour = 0; hour < 11; hour += 1) {
      for (let part = 0; part < 3; part += 1) {
        now += 20 * MINUTE;
        await sessions.ofCookie(cookie);
      }
      ({ cookie, session } = await sessions.withRole(session, hour % 2 === 0 ? 'lc' : 'lu'));
    }
    expect(session.created).toBe(created);
    now += 29 * MINUTE;
    expect(await sessions.ofCookie(cookie)).toBeDefined();
    now += 29 * MINUTE;
    expect(await sessions.ofCookie(cookie)).toBeDefined();
    now += 3 * MINUTE;
    expect(await sessions.ofCookie(cookie)).toBeUndefined();
    expect(await sessions.stands(session.id)).toBe(false);
  });
});
