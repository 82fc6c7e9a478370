import type { Communication, Consent, PlanDefinition, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LinkStrength, REQUIRED_STRENGTH, requiredStrength } from '../../src/identity/links/required-strength.ts';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, type Credentials, signedInAs } from '../kit/sign-in.ts';

const HADS = 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0';
const PROTOCOL = 'https://svar.example.org/fhir/PlanDefinition/links-of-a-test';
const ORDER_STATUS = 'https://svar.example.org/fhir/CodeSystem/order-status';
const SDC_TASK = 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp';
const NOTICE_KIND = 'https://svar.example.org/fhir/CodeSystem/notice-kind';

let server: TestServer;
let withApp: TestServer;
let admin: Rest;
let log = '';

/** National identity numbers that nobody has: their months are raised by 80 (synthetic, by Skatteetaten's rule). */
const numbers = (function* () {
  const sum = (digits: number[], weights: number[]) =>
    weights.reduce((of, weight, at) => of + weight * (digits[at] ?? 0), 0);
  for (let individual = 0; individual < 500; individual += 1) {
    const digits = [...`139169${String(individual).padStart(3, '0')}`].map(Number);
    digits.push((11 - (sum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11);
    digits.push((11 - (sum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11);
    if (!digits.includes(10)) yield digits.join('');
  }
})();
const nextNumber = (): string => numbers.next().value ?? '';

beforeAll(async () => {
  server = await testServer({
    identity: true,
    background: false,
    testClock: '2026-03-02T08:00:00+01:00',
    log: {
      write(line) {
        log += line;
      },
    },
  });
  withApp = await testServer({
    identity: true,
    background: false,
    packages: false,
    database: server.database,
    patientApp: 'https://app.example/answer',
  });
  admin = rest(server.base, basic('demo-admin'));
  for (const strength of ['link', 'password', 'two-factor', 'federated', 'nonsense']) {
    const { status, body } = await admin.put(`PlanDefinition/links-${strength}`, {
      resourceType: 'PlanDefinition',
      id: `links-${strength}`,
      url: `${PROTOCOL}-${strength}`,
      status: 'active',
      extension: [{ url: REQUIRED_STRENGTH, valueCode: strength }],
    } satisfies PlanDefinition);
    expect([status, JSON.stringify(body)]).toEqual([201, expect.any(String)]);
  }
});

// tests of this file come from one address, and open more links than one may in a minute
beforeEach(() => server.database.pool.query('delete from rate_limit'));

afterAll(async () => {
  await withApp.close();
  await server.close();
});

interface Ordered {
  readonly course: Course;
  readonly task: Task;
}

/** Orders are made by hand here: the schedule of a registry is tested elsewhere. */
async function order(strength: string | undefined, changes: Partial<Task> = {}, of?: Course): Promise<Ordered> {
  const course = of ?? (await refer(admin, { fnr: nextNumber() }));
  const patient = { reference: `Patient/${course.patient}` };
  const { status, body } = await admin.post<Task>('Task', {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    description: 'Hvordan du har det',
    businessStatus: { coding: [{ system: ORDER_STATUS, code: 'sent' }] },
    ...(strength !== undefined && { instantiatesUri: `${PROTOCOL}-${strength}#hads` }),
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    for: patient,
    owner: patient,
    input: [{ type: { coding: [{ system: SDC_TASK, code: 'questionnaire' }] }, valueCanonical: HADS }],
    ...changes,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { course, task: body };
}

/** Sends a notice of an order, as the dispatch does. @returns the link that it carried */
async function noticeOf({ task }: Ordered, kind = 'notice'): Promise<string> {
  const before = server.sent.length;
  const { status, body } = await admin.post<Communication>('Communication', {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [{ coding: [{ system: NOTICE_KIND, code: kind }] }],
    basedOn: [{ reference: `Task/${task.id}` }],
    subject: task.for,
    recipient: [task.for],
    payload: [{ contentString: 'Et skjema venter på deg.' }],
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  await server.fhir.runner.drain();
  const { link } = server.sent.slice(before).at(-1) ?? {};
  if (link === undefined) throw new Error('the notice carried no link');
  return link;
}

/** A browser at one server: keeps cookies, sends what browsers send, follows no redirect. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly #url: string;

  constructor(url = server.url) {
    this.#url = url;
  }

  async go(method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(path.startsWith('http') ? path : this.#url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        'sec-fetch-site': 'same-origin',
        ...(method === 'POST' && { origin: this.#url, 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      to: answer.headers.get('location'),
      text: await answer.text(),
    };
  }

  /** Opens a link and presses the button. */
  async open(link: string) {
    await this.go('GET', link.replace(server.url, this.#url), { 'sec-fetch-site': 'none' });
    return this.go('POST', '/l');
  }

  /** What the app in this browser sends. */
  credentials(): Credentials {
    return { cookie: `svar-session=${this.cookies.get('svar-session')}`, 'x-medplum': 'extended' };
  }

  signIn({ cookie = '' }: Credentials): void {
    this.cookies.set('svar-session', cookie.slice('svar-session='.length));
  }
}

const patientOf = ({ course }: Ordered, strength: LinkStrength) =>
  signedInAs(server, { fhirUser: `Patient/${course.patient}`, strength });

/** Where an order is answered: our own app, as no setting names another. */
const inApp = ({ task }: Ordered) => `/patient/?order=${task.id}`;

describe('a link that is enough by itself', () => {
  test('opens the order in a session for this order, after a page that names nobody', async () => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    const browser = new Browser();
    const first = await browser.go('GET', link, { 'sec-fetch-site': 'cross-site' });
    expect([first.status, first.to]).toEqual([303, '/l']);
    const page = await browser.go('GET', '/l');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Åpne skjemaet');
    expect(page.text).not.toMatch(/Testpasient|Syntetisk|Hvordan du har det|<script/);
    const opened = await browser.go('POST', '/l');
    expect([opened.status, opened.to]).toEqual([303, inApp(ordered)]);
    expect(browser.cookies.has('svar-link')).toBe(false);
    const again = await browser.go('GET', '/order');
    expect([again.status, again.to]).toEqual([303, inApp(ordered)]);
  });

  test('the session reaches the order and its form, and nothing else of the patient', async () => {
    const ordered = await order('link');
    const another = await order('password', {}, ordered.course);
    const browser = new Browser();
    await browser.open(await noticeOf(ordered));
    const patient = rest(server.base, browser.credentials());
    const statuses = async (...paths: string[]) =>
      Promise.all(paths.map(async (path) => (await patient.get(path)).status));
    const { course, task } = ordered;
    expect(await statuses(`Task/${task.id}`)).toEqual([200]);
    expect(
      (
        await statuses(`Patient/${course.patient}`, `Task/${another.task.id}`, `ServiceRequest/${course.referral}`)
      ).filter((status) => status !== 403 && status !== 404),
    ).toEqual([]);
    expect((await patient.search<Task>('Task')).map(({ id }) => id)).toEqual([task.id]);
  });

  test('is worth nothing once the answer is submitted: of the order its state is left, of the answer nothing', async () => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    const browser = new Browser();
    await browser.open(link);
    const patient = rest(server.base, browser.credentials());
    const answer = response(ordered.course, 'hads', 'completed', hadsItems('1'), '2026-03-02T09:00:00+01:00');
    const sent = await patient.post<QuestionnaireResponse>('QuestionnaireResponse', answer);
    expect([sent.status, JSON.stringify(sent.body)]).toEqual([201, expect.any(String)]);
    await server.fhir.runner.drain();
    const again = await new Browser().open(link);
    expect([again.status, again.text]).toEqual([410, expect.stringContaining('Takk for svaret')]);
    expect((await browser.go('GET', '/order')).status).toBe(404);
    expect((await patient.get<Task>(`Task/${ordered.task.id}`)).body.status).toBe('completed');
    const late = await Promise.all([
      patient.get(`QuestionnaireResponse/${sent.body.id}`),
      patient.post('QuestionnaireResponse', answer),
      patient.put(`QuestionnaireResponse/${sent.body.id}`, { ...answer, id: sent.body.id, status: 'amended' }),
    ]);
    expect(late.map(({ status }) => status).filter((status) => ![401, 403, 404].includes(status))).toEqual([]);
  });

  test('answers no other form and no other course (cross-form replay)', async () => {
    const [ordered, other] = [await order('link'), await order('link')];
    const browser = new Browser();
    await browser.open(await noticeOf(ordered));
    const patient = rest(server.base, browser.credentials());
    const at = '2026-03-02T09:00:00+01:00';
    const tries = [
      response(other.course, 'hads', 'completed', hadsItems('1'), at),
      response({ ...ordered.course, referral: other.course.referral }, 'hads', 'completed', hadsItems('1'), at),
      response(ordered.course, 'smertereg-to', 'in-progress', toItems({ Tilsett: '1' }), at),
      { ...response(ordered.course, 'smertereg-pasreg', 'in-progress', [], at), item: undefined },
    ];
    for (const one of tries) {
      const { status } = await patient.post('QuestionnaireResponse', one);
      expect([403, 404, 422]).toContain(status);
    }
    await browser.go('POST', '/l');
    const found = await admin.search<QuestionnaireResponse>(
      `QuestionnaireResponse?patient=Patient/${other.course.patient}`,
    );
    expect(found).toEqual([]);
  });

  test('opened by somebody else who is signed in, it is a session for the order, not theirs', async () => {
    const [ordered, other] = [await order('link'), await order('link')];
    const browser = new Browser();
    browser.signIn(await patientOf(other, 'federated'));
    const theirs = browser.cookies.get('svar-session');
    expect((await browser.open(await noticeOf(ordered))).to).toBe(inApp(ordered));
    expect(browser.cookies.get('svar-session')).not.toBe(theirs);
    expect((await rest(server.base, browser.credentials()).get(`Patient/${other.course.patient}`)).status).not.toBe(
      200,
    );
  });

  test('leads to another app in which patients answer, where a setting names one', async () => {
    const ordered = await order('link');
    const { status, to } = await new Browser(withApp.url).open(await noticeOf(ordered));
    expect([status, to]).toEqual([303, `https://app.example/answer?order=${ordered.task.id}`]);
  });
});

describe('one sitting', () => {
  const PASREG = 'https://svar.example.org/fhir/Questionnaire/smertereg-pasreg|1.0.0';
  const asking = (questionnaire: string): Partial<Task> => ({
    input: [{ type: { coding: [{ system: SDC_TASK, code: 'questionnaire' }] }, valueCanonical: questionnaire }],
  });
  const inState = (state: string): Partial<Task> => ({
    businessStatus: { coding: [{ system: ORDER_STATUS, code: state }] },
  });
  const found = async (patient: Rest) => (await patient.search<Task>('Task')).map(({ id }) => id).sort();

  test('the link of an order opens what else has reached the patient for the same referral, also once it is answered', async () => {
    const first = await order('link');
    const second = await order('link', { ...asking(PASREG), ...inState('reminded') }, first.course);
    const browser = new Browser();
    await browser.open(await noticeOf(first));
    const patient = rest(server.base, browser.credentials());
    expect(await found(patient)).toEqual([first.task.id, second.task.id].sort());
    const answer = response(first.course, 'hads', 'completed', hadsItems('1'), '2026-03-02T09:00:00+01:00');
    expect((await patient.post('QuestionnaireResponse', answer)).status).toBe(201);
    await server.fhir.runner.drain();
    expect(await found(patient)).toEqual([first.task.id, second.task.id].sort());
    const draft = { ...response(first.course, 'smertereg-pasreg', 'in-progress', [], ''), item: undefined };
    const begun = await patient.post<QuestionnaireResponse>('QuestionnaireResponse', { ...draft, authored: undefined });
    expect([begun.status, JSON.stringify(begun.body)]).toEqual([201, expect.any(String)]);
    expect((await patient.get(`QuestionnaireResponse/${begun.body.id}`)).status).toBe(200);
    // what was answered is out of reach: neither read nor written again
    expect((await patient.search('QuestionnaireResponse')).map(({ id }) => id)).toEqual([begun.body.id]);
    expect((await patient.post('QuestionnaireResponse', answer)).status).toBe(403);
  });

  test.each<[string, () => Promise<[Ordered, Ordered]>]>([
    [
      'of another referral of the same patient',
      async () => {
        const fnr = nextNumber();
        const [one, other] = [await refer(admin, { fnr }), await refer(admin, { fnr })];
        return [await order('link', {}, one), await order('link', asking(PASREG), { ...other, patient: one.patient })];
      },
    ],
    ['of another patient', async () => [await order('link'), await order('link', asking(PASREG))]],
    ...(['password', 'federated', 'nonsense'] as const).map((strength): [string, () => Promise<[Ordered, Ordered]>] => [
      `that asks for ${strength}`,
      async () => {
        const first = await order('link');
        return [first, await order(strength, asking(PASREG), first.course)];
      },
    ]),
    ...(['withheld', 'planned', 'ordered', 'unreachable', 'paper', 'stopped'] as const).map(
      (state): [string, () => Promise<[Ordered, Ordered]>] => [
        `that is ${state}`,
        async () => {
          const first = await order('link');
          return [first, await order('link', { ...asking(PASREG), ...inState(state) }, first.course)];
        },
      ],
    ),
    [
      'of two referrals at once',
      async () => {
        const [first, other] = [await order('link'), await refer(admin, { fnr: nextNumber() })];
        const basedOn = [first.course, other].map(({ referral }) => ({ reference: `ServiceRequest/${referral}` }));
        return [first, await order('link', { ...asking(PASREG), basedOn }, first.course)];
      },
    ],
  ])('reaches no order %s', async (_, make) => {
    const [own, other] = await make();
    const browser = new Browser();
    await browser.open(await noticeOf(own));
    const patient = rest(server.base, browser.credentials());
    expect(await found(patient)).toEqual([own.task.id]);
    expect((await patient.get(`Task/${other.task.id}`)).status).toBe(404);
    const draft = { ...response(other.course, 'smertereg-pasreg', 'in-progress', [], ''), item: undefined };
    const { status } = await patient.post('QuestionnaireResponse', { ...draft, authored: undefined });
    expect([403, 404, 422]).toContain(status);
  });

  test('shows nothing of what was answered before to the same form in the same course', async () => {
    const course = await refer(admin, { fnr: nextNumber() });
    const before = response(course, 'hads', 'completed', hadsItems('2'), '2026-02-02T09:00:00+01:00');
    const { body: old } = await admin.post<QuestionnaireResponse>('QuestionnaireResponse', before);
    await server.fhir.runner.drain();
    const ordered = await order('link', {}, course);
    const browser = new Browser();
    await browser.open(await noticeOf(ordered));
    const patient = rest(server.base, browser.credentials());
    expect(await found(patient)).toEqual([ordered.task.id]);
    const begun = await patient.post<QuestionnaireResponse>('QuestionnaireResponse', {
      ...response(course, 'hads', 'in-progress', hadsItems('1'), ''),
      authored: undefined,
    });
    expect(begun.status).toBe(201);
    expect((await patient.search('QuestionnaireResponse')).map(({ id }) => id)).toEqual([begun.body.id]);
    for (const path of ['', '/_history', '/_history/1']) {
      expect((await patient.get(`QuestionnaireResponse/${old.id}${path}`)).status).toBe(404);
    }
    const sent = { ...begun.body, status: 'completed', authored: '2026-03-02T09:00:00+01:00' };
    expect((await patient.put(`QuestionnaireResponse/${begun.body.id}`, sent)).status).toBe(200);
  });

  test('ends with the order that it began with, when staff stop that one', async () => {
    const first = await order('link');
    const second = await order('link', asking(PASREG), first.course);
    const browser = new Browser();
    await browser.open(await noticeOf(first));
    const patient = rest(server.base, browser.credentials());
    await admin.put(`Task/${first.task.id}`, { ...first.task, status: 'cancelled' });
    expect((await patient.get(`Task/${second.task.id}`)).status).toBe(403);
  });
});

describe('what a link is', () => {
  test('mail clients that look at it use up nothing, and see the same for every link', async () => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    const guessed = `${server.url}/l/${'A'.repeat(32)}`;
    const seen: unknown[] = [];
    for (const address of [link, link, guessed]) {
      const preview = new Browser();
      const { status, to } = await preview.go('GET', address);
      const page = await preview.go('GET', '/l');
      seen.push([status, to, page.status, page.text]);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect((await new Browser().open(link)).to).toBe(inApp(ordered));
  });

  test('has 192 random bits, another secret each time, none of the id of the order', async () => {
    const ordered = await order('link');
    const links = [await noticeOf(ordered), await noticeOf(ordered, 'reminder')];
    const secrets = links.map((link) => /\/l\/([\w-]{32})$/.exec(link)?.[1] ?? '');
    expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(24);
    expect(secrets[0]).not.toBe(secrets[1]);
    expect(links.join()).not.toContain(ordered.task.id);
  });

  test('the link of a reminder joins that of the notice; both end with the order', async () => {
    const ordered = await order('link');
    const links = [await noticeOf(ordered), await noticeOf(ordered, 'reminder')];
    for (const link of links) expect((await new Browser().open(link)).to).toBe(inApp(ordered));
    await admin.put(`Task/${ordered.task.id}`, { ...ordered.task, status: 'cancelled' });
    for (const link of links) expect((await new Browser().open(link)).status).toBe(410);
  });

  test('of more than ten the oldest end, so that none lies about for ever', async () => {
    const ordered = await order('link');
    const links: string[] = [];
    for (let index = 0; index < 11; index += 1) links.push(await noticeOf(ordered));
    expect((await new Browser().open(links[0] ?? '')).status).toBe(404);
    expect((await new Browser().open(links[1] ?? '')).to).toBe(inApp(ordered));
  });

  test('its secret is nowhere: not in the database, not in what is stored of the notice, not in the log', async () => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    await new Browser().open(link);
    const secret = link.slice(-32);
    const { rows } = await server.database.pool.query<{ found: string }>(
      `select relname as found from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    for (const { found } of rows) {
      const { rowCount } = await server.database.pool.query(
        `select 1 from ${found} as t where t::text like $1 or t::text like $2`,
        [`%${secret}%`, `%${Buffer.from(secret).toString('hex')}%`],
      );
      expect([found, rowCount]).toEqual([found, 0]);
    }
    expect(log).toContain('a personal link');
    expect(log).not.toContain(secret);
  });

  test('is kept out of history, referrers and caches', async () => {
    const { headers, text } = await new Browser().go('GET', await noticeOf(await order('link')));
    expect([headers.get('referrer-policy'), headers.get('cache-control'), text]).toEqual([
      'no-referrer',
      'no-store',
      '',
    ]);
    expect(headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax; Max-Age=1800$/);
  });

  test.each(['A'.repeat(32), 'x', "' or 1=1", '%00', '../healthz', 'A'.repeat(5000)])(
    'a secret that is guessed opens nothing: %.40s',
    async (secret) => {
      const browser = new Browser();
      await browser.go('GET', `/l/${encodeURIComponent(secret)}`);
      expect((await browser.go('POST', '/l')).status).toBe(404);
      expect(browser.cookies.has('svar-session')).toBe(false);
    },
  );

  test('the id of an order opens nothing', async () => {
    const { task } = await order('link');
    expect((await new Browser().open(`${server.url}/l/${task.id}`)).status).toBe(404);
    expect((await new Browser().go('GET', '/order')).status).toBe(404);
  });

  test('another site cannot press the button', async () => {
    const browser = new Browser();
    await browser.go('GET', await noticeOf(await order('link')));
    const others: Record<string, string>[] = [{ origin: 'https://evil.example' }, { origin: 'null' }];
    for (const headers of others) {
      const { status } = await browser.go('POST', '/l', headers);
      expect([status, browser.cookies.has('svar-session')]).toEqual([404, false]);
    }
  });
});

describe('an order that has ended', () => {
  const end = async (changes: Partial<Task>) => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    const { status } = await admin.put(`Task/${ordered.task.id}`, { ...ordered.task, ...changes });
    expect(status).toBe(200);
    return new Browser().open(link);
  };

  test.each<[string, Task['status']]>([
    ['stopped', 'cancelled'],
    ['expired', 'failed'],
    ['refused or declined', 'rejected'],
    ['entered in error', 'entered-in-error'],
  ])('is opened by no link: %s', async (_, status) => {
    const { status: answer, text, headers } = await end({ status });
    expect([answer, headers.getSetCookie().some((set) => set.startsWith('svar-session='))]).toEqual([410, false]);
    expect(text).toContain('Fristen er ute');
    expect(text).not.toContain('Hvordan du har det');
  });

  test('ends at its deadline by the time of orders, not of sessions', async () => {
    const businessStatus = { coding: [{ system: ORDER_STATUS, code: 'reminded' }] };
    const { clock } = server.fhir;
    await clock?.refresh();
    const now = clock?.now().getTime() ?? 0;
    const at = (ms: number) => new Date(now + ms).toISOString();
    const ordered = await order('link', { businessStatus, restriction: { period: { end: at(60_000) } } });
    const link = await noticeOf(ordered);
    const reminder = await order('link', { restriction: { period: { end: at(60_000) } } });
    const first = await noticeOf(reminder);
    expect((await new Browser().open(link)).status).toBe(303);
    await clock?.moveTo(now + 60_000);
    expect((await new Browser().open(link)).status).toBe(410);
    // this deadline is the day of the reminder, which moves it
    expect((await new Browser().open(first)).status).toBe(303);
  });

  test('a Patient or an order that is gone is a link of nobody', async () => {
    const ordered = await order('link');
    const link = await noticeOf(ordered);
    const notices = await admin.search<Communication>(`Communication?based-on=Task/${ordered.task.id}`);
    for (const { id } of notices) await admin.send('DELETE', `Communication/${id}`);
    expect((await admin.send('DELETE', `Task/${ordered.task.id}`)).status).toBeLessThan(300);
    expect((await new Browser().open(link)).status).toBe(404);
  });

  test('ends with the consent: who has withdrawn is asked nothing more', async () => {
    const course = await refer(admin, { fnr: nextNumber() });
    const consented = {
      Tilsett: '1',
      Norsktalende: '1',
      KognSvekket: '0',
      SkriftligSamtyk: '1',
      DatoSamtykke: '2026-03-02',
    };
    const at = '2026-03-02T09:00:00+01:00';
    const form = response(course, 'smertereg-to', 'in-progress', toItems(consented), at);
    await admin.post('QuestionnaireResponse', form);
    const ordered = `Task?patient=Patient/${course.patient}&code=complete-questionnaire&status=requested`;
    const start = (await admin.search<Task>(ordered))[0]?.restriction?.period?.start ?? '';
    await server.fhir.advance(new Date(Date.parse(start) + 5 * 60_000));
    const [task] = await admin.search<Task>(ordered);
    if (task === undefined) throw new Error('nothing was ordered');
    const link = await noticeOf({ course, task });
    expect((await new Browser().open(link)).status).toBe(303);
    const [consent] = await admin.search<Consent>(`Consent?patient=Patient/${course.patient}`);
    expect((await admin.put(`Consent/${consent?.id}`, { ...consent, status: 'inactive' })).status).toBe(200);
    expect((await new Browser().open(link)).status).toBe(410);
  });
});

describe('where the registry asks for a sign-in', () => {
  test.each<[LinkStrength, LinkStrength, boolean]>([
    ['password', 'link', false],
    ['password', 'password', true],
    ['password', 'federated', true],
    ['two-factor', 'password', false],
    ['two-factor', 'two-factor', true],
    ['federated', 'two-factor', false],
    ['federated', 'federated', true],
  ])('%s: who has signed in by %s gets in: %s', async (asked, shown, expected) => {
    const ordered = await order(asked);
    const link = await noticeOf(ordered);
    const browser = new Browser();
    const before = await browser.open(link);
    expect([303, 401]).toContain(before.status);
    expect(browser.cookies.has('svar-session')).toBe(false);
    browser.signIn(await patientOf(ordered, shown));
    const { status, to } = await browser.go('GET', '/order');
    expect([status, to]).toEqual(expected ? [303, inApp(ordered)] : [401, null]);
  });

  test('by password or two factors, the sign-in page leads back to the order', async () => {
    expect((await new Browser().open(await noticeOf(await order('password')))).to).toBe('/sign-in?back=/order');
  });

  test('a word that is not understood asks for the strictest', async () => {
    const { status, text } = await new Browser().open(await noticeOf(await order('nonsense')));
    expect([status, text.includes('sikkert nok her ennå')]).toEqual([401, true]);
  });

  test('another patient is refused, and learns nothing: the same words as for a link of nobody', async () => {
    const [ordered, other] = [await order('federated'), await order('federated')];
    const browser = new Browser();
    await browser.open(await noticeOf(ordered));
    browser.signIn(await patientOf(other, 'federated'));
    const refused = await browser.go('GET', '/order');
    const nobody = new Browser();
    await nobody.go('GET', `/l/${'A'.repeat(32)}`);
    nobody.signIn(await patientOf(other, 'federated'));
    const unknown = await nobody.go('GET', '/order');
    expect([refused.status, refused.text]).toEqual([404, unknown.text]);
    expect(browser.cookies.has('svar-link')).toBe(false);
    expect((await browser.go('GET', '/order')).status).toBe(404);
  });

  test('a clinician who opens a patient’s link is refused alike', async () => {
    const ordered = await order('federated');
    const browser = new Browser();
    await browser.open(await noticeOf(ordered));
    browser.signIn(
      await signedInAs(server, { fhirUser: 'Practitioner/demo-lu', role: 'demo-lu', strength: 'federated' }),
    );
    expect((await browser.go('GET', '/order')).status).toBe(404);
  });

  test('a session of another order’s link does not do', async () => {
    const other = await order('link');
    const ordered = await order('link', {}, other.course);
    const browser = new Browser();
    await browser.open(await noticeOf(other));
    await browser.go('GET', await noticeOf(ordered));
    expect((await browser.go('GET', '/order')).status).toBe(401);
  });
});

test('what a registry that says nothing asks for: the strictest where real patients are asked', () => {
  const protocol = (...codes: string[]): PlanDefinition => ({
    resourceType: 'PlanDefinition',
    status: 'active',
    extension: codes.map((valueCode) => ({ url: REQUIRED_STRENGTH, valueCode })),
  });
  expect(requiredStrength(undefined, true)).toBe('federated');
  expect(requiredStrength(protocol(), true)).toBe('federated');
  expect(requiredStrength(protocol(), false)).toBe('link');
  expect(requiredStrength(protocol('link'), true)).toBe('link');
  expect(requiredStrength(protocol('password'), false)).toBe('password');
  expect(requiredStrength(protocol('toString'), false)).toBe('federated');
  expect(requiredStrength(protocol('link', 'link'), false)).toBe('federated');
});

test('the pages are in four languages', async () => {
  const texts = { nb: 'Et skjema venter', nn: 'Eit skjema ventar', sv: 'Ett formulär väntar', en: 'A form is waiting' };
  for (const [language, text] of Object.entries(texts)) {
    expect((await new Browser().go('GET', '/l', { 'accept-language': language })).text).toContain(text);
    const browser = new Browser();
    expect((await browser.go('GET', `/l?lang=${language}`)).to).toBe('/l');
    expect((await browser.go('GET', '/l')).text).toContain(text);
  }
});

test('an address that tries many wrong links has to wait, and keeps nobody else out', async () => {
  const browser = new Browser();
  await browser.go('GET', `/l/${'B'.repeat(32)}`);
  const statuses = new Set<number>();
  for (let index = 0; index < 120; index += 1) {
    await browser.go('GET', `/l/${'B'.repeat(32)}`);
    statuses.add((await browser.go('POST', '/l')).status);
  }
  expect(statuses).toContain(429);
  // a ward shares an address: whose link is right is let in
  const ordered = await order('link');
  expect((await new Browser().open(await noticeOf(ordered))).to).toBe(inApp(ordered));
});
