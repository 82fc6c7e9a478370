import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FormSession } from '../../form/contract.ts';
import { openFormSession } from '../../form/model/form-session.ts';
import type { Device } from '../device/device.ts';
import { type Fhir, Offline, Refused, SignedOut } from '../network/fhir.ts';
import { Draft } from './draft.ts';
import type { DraftRecord } from './draft-state.ts';

/** One order's response on a server as ours is: versions, conditions, nothing after it was sent. */
class Server {
  stored: QuestionnaireResponse | undefined;
  /** What the next requests come to instead. `lost`: it is done, and the answer never arrives. */
  readonly fate: ('offline' | 'lost' | 'signed-out' | 'refused')[] = [];
  readonly asked: string[] = [];
  order: 'open' | 'answered' | 'ended' = 'open';

  readonly fhir: Pick<Fhir, 'create' | 'read' | 'search' | 'update'> = {
    read: (async () => this.#meet('read', () => this.#readable())) as unknown as Fhir['read'],
    search: (async () =>
      this.#meet('search', () => (this.stored ? [this.#readable()] : []))) as unknown as Fhir['search'],
    create: async (resource) => this.#meet('create', () => this.stored ?? this.#store(resource)) as never,
    update: async (resource, ifMatch) =>
      this.#meet('update', () => {
        if (ifMatch !== this.stored?.meta?.versionId) throw new Refused(412, undefined);
        if (this.stored?.status !== 'in-progress') throw new Refused(403, undefined);
        return this.#store(resource);
      }) as never,
  };

  /** Another device or person has the word. */
  change(more: Partial<QuestionnaireResponse>): void {
    this.#store({ ...this.stored!, ...more });
  }

  get sendings(): number {
    return this.completed;
  }

  completed = 0;

  #store(resource: unknown): QuestionnaireResponse {
    const response = resource as QuestionnaireResponse;
    const version = Number(this.stored?.meta?.versionId ?? 0) + 1;
    this.stored = { ...response, id: 'r', meta: { versionId: String(version) } };
    if (response.status === 'completed') this.completed++;
    return this.stored;
  }

  #readable(): QuestionnaireResponse {
    if (this.order !== 'open') throw new Refused(403, undefined);
    return this.stored!;
  }

  #meet<T>(what: string, act: () => T): T {
    this.asked.push(what);
    const fate = this.fate.shift();
    if (fate === 'offline') throw new Offline();
    if (fate === 'signed-out') throw new SignedOut();
    if (fate === 'refused') throw new Refused(422, { resourceType: 'OperationOutcome', issue: [] });
    const answer = structuredClone(act());
    if (fate === 'lost') throw new Offline();
    return answer;
  }
}

const questionnaire: Questionnaire = {
  resourceType: 'Questionnaire',
  url: 'http://example.org/form',
  version: '1',
  status: 'active',
  language: 'nb',
  item: ['a', 'b', 'c'].map((linkId) => ({ linkId, type: 'integer', text: linkId })),
};

let server: Server;
/** What is on the device; how it is sealed, device.test.ts tells. */
let kept: Map<string, DraftRecord>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  server = new Server();
  kept = new Map();
});

afterEach(() => vi.useRealTimers());

/** Time goes on, and what it sets off is done. */
async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    vi.advanceTimersByTime(Math.min(50, ms - passed));
    await settled();
  }
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const device: Device<DraftRecord> = {
  read: async (name) => kept.get(name),
  write: async (name, record) => void kept.set(name, record),
  delete: async (name) => void kept.delete(name),
};

interface Opened {
  readonly draft: Draft;
  readonly form: FormSession;
  readonly answer: (linkId: string, value: number) => void;
}

function open(record: Partial<DraftRecord> = {}): Opened {
  const base = server.stored;
  const fresh: QuestionnaireResponse = {
    ...{ resourceType: 'QuestionnaireResponse', status: 'in-progress', questionnaire: 'http://example.org/form|1' },
    ...{ identifier: { system: 's', value: 'order' }, subject: { reference: 'Patient/p' } },
  };
  const draft = new Draft(
    {
      ...{ order: 'order', response: base ?? fresh, base, changed: false, sending: false, page: undefined },
      ...record,
    },
    {
      fhir: server.fhir,
      device,
      orderState: async () => server.order,
      clock: {
        now: () => Date.now(),
        after(ms, act) {
          const timer = setTimeout(act, ms);
          return () => clearTimeout(timer);
        },
      },
    },
  );
  const form = openFormSession({
    ...{ questionnaire, response: draft.response, language: 'nb', now: () => new Date(), timeZone: 'Europe/Oslo' },
    audience: 'patient',
  });
  draft.keep(form);
  const keyOf = (linkId: string) => form.current().pages[0]!.items.find(({ item }) => item.linkId === linkId)!.key;
  return { draft, form, answer: (linkId, value) => form.answer(keyOf(linkId), [{ valueInteger: value }]) };
}

const answers = (response: QuestionnaireResponse | undefined): string =>
  (response?.item ?? []).map(({ linkId, answer }) => `${linkId}${answer?.[0]?.valueInteger}`).join(' ');
const onDevice = () => kept.get('order');

test('what is answered is on the device within 300 ms and on the server within 2 s', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(300);
  expect(answers(onDevice()?.response)).toBe('a1');
  expect(server.stored).toBeUndefined();
  await passes(1700);
  expect(answers(server.stored)).toBe('a1');
  expect(draft.current()).toEqual({ kept: 'server', sending: 'no' });
});

test('who types is saved every two seconds, not at every letter', async () => {
  const { answer } = open();
  for (let value = 0; value < 100; value++) {
    answer('a', value);
    await passes(100);
  }
  expect(server.asked.length).toBeGreaterThanOrEqual(4);
  expect(server.asked.length).toBeLessThanOrEqual(6);
  await passes(2000);
  expect(answers(server.stored)).toBe('a99');
});

test('who only looks leaves nothing on the device', async () => {
  const { draft } = open();
  draft.flush();
  await passes(2000);
  expect([onDevice(), server.asked]).toEqual([undefined, []]);
});

test('an answer right after a page was turned is saved too', async () => {
  const { draft, answer } = open();
  draft.at('page-2');
  answer('a', 1);
  await passes(2000);
  expect([answers(server.stored), onDevice()?.page]).toEqual(['a1', 'page-2']);
});

test('without a net it is kept, tried again, and told', async () => {
  server.fate.push('offline', 'offline', 'offline');
  const { draft, answer } = open();
  answer('a', 1);
  await passes(2000);
  expect(draft.current().kept).toBe('device');
  expect(answers(onDevice()?.response)).toBe('a1');
  await passes(20_000);
  expect(answers(server.stored)).toBe('a1');
  expect(draft.current().kept).toBe('server');
});

test('when the net is back it goes at once', async () => {
  server.fate.push('offline', 'offline', 'offline', 'offline', 'offline');
  const { draft, answer } = open();
  answer('a', 1);
  await passes(35_000);
  server.fate.length = 0;
  draft.flush();
  await settled();
  expect(answers(server.stored)).toBe('a1');
});

test('a creation whose answer was lost makes no second response', async () => {
  server.fate.push('lost');
  const { answer } = open();
  answer('a', 1);
  await passes(10_000);
  expect(server.asked.filter((what) => what === 'create')).toHaveLength(1);
  expect(answers(server.stored)).toBe('a1');
});

test("another device's answers are taken over, but for those that were given here", async () => {
  const { draft, form, answer } = open();
  answer('a', 1);
  await passes(3000);
  server.change({
    item: [
      { linkId: 'a', answer: [{ valueInteger: 1 }] },
      { linkId: 'b', answer: [{ valueInteger: 7 }] },
    ],
  });
  answer('c', 3);
  await passes(5000);
  expect(answers(server.stored)).toBe('a1 b7 c3');
  expect(answers(form.response('in-progress'))).toBe('a1 b7 c3');
  expect(draft.current()).toEqual({ kept: 'server', sending: 'no' });
});

test('Send pressed five times sends once', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  const states = await Promise.all([1, 2, 3, 4, 5].map(() => draft.send()));
  expect(states.every(({ sending }) => sending === 'sent')).toBe(true);
  expect((await draft.send()).sending).toBe('sent');
  expect(server.completed).toBe(1);
  await settled();
  expect([...kept]).toEqual([]);
});

test.each(['create', 'update'])('a sending whose answer was lost is not sent again (%s)', async (first) => {
  const { draft, answer } = open();
  answer('a', 1);
  if (first === 'update') await passes(3000);
  server.fate.push('lost');
  expect((await draft.send()).sending).toBe('waiting');
  await passes(5000);
  expect(draft.current().sending).toBe('sent');
  expect(server.completed).toBe(1);
});

test('a personal link that may read its response no more learns by the order that it was sent', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(3000);
  server.fate.push('lost');
  await draft.send();
  server.order = 'answered';
  await passes(5000);
  expect(draft.current().sending).toBe('sent');
});

test('Send without a net waits, also after the tab was closed, and goes once', async () => {
  server.fate.push('offline');
  const first = open();
  first.answer('a', 1);
  server.fate.push('offline', 'offline');
  expect((await first.draft.send()).sending).toBe('waiting');
  const left = onDevice();
  expect(left).toMatchObject({ sending: true, response: { status: 'completed' } });

  vi.clearAllTimers();
  server.fate.length = 0;
  const second = open(left);
  expect(second.draft.current().sending).toBe('waiting');
  expect((await second.draft.send()).sending).toBe('sent');
  expect(answers(server.stored)).toBe('a1');
  expect(server.completed).toBe(1);
});

test('what another device answered meanwhile goes with what was sent without a net', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(3000);
  server.fate.push('offline');
  answer('c', 3);
  await draft.send();
  server.change({
    item: [
      { linkId: 'a', answer: [{ valueInteger: 1 }] },
      { linkId: 'b', answer: [{ valueInteger: 7 }] },
    ],
  });
  await passes(10_000);
  expect(server.stored).toMatchObject({ status: 'completed' });
  expect(answers(server.stored)).toBe('a1 c3 b7');
});

test('what the server does not accept comes back to be mended, and is sent then', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  server.fate.push('refused');
  const state = await draft.send();
  expect(state).toMatchObject({ sending: 'refused', kept: 'device', refusal: { resourceType: 'OperationOutcome' } });
  answer('a', 2);
  await passes(3000);
  expect(answers(server.stored)).toBe('a2');
  expect((await draft.send()).sending).toBe('sent');
});

test('a session that has ended leaves what is not saved on the device, sealed', async () => {
  const { draft, answer } = open();
  server.fate.push('signed-out');
  answer('a', 1);
  await passes(2000);
  expect(draft.current()).toEqual({ kept: 'device', sending: 'no', ended: 'signed-out' });
  expect(onDevice()).toMatchObject({ changed: true });
});

test('a form that staff have taken over, from paper, is closed here', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(3000);
  server.change({ status: 'stopped' });
  answer('a', 2);
  await passes(3000);
  expect(draft.current().ended).toBe('closed');
  await settled();
  expect([...kept]).toEqual([]);
});

test('an order that is declined while its answers are on their way stays closed, and nothing of it on the device', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(200);
  draft.flush();
  await draft.forget();
  await settled();
  expect(server.asked).toEqual(['create']);
  expect(draft.current().ended).toBe('closed');
  expect([...kept]).toEqual([]);
});

test('a draft that was handed over leaves the device and the server to the next one', async () => {
  const first = open();
  server.fate.push('offline');
  first.answer('a', 1);
  await passes(1000);
  const record = await first.draft.handOver();
  expect(answers(record?.response)).toBe('a1');
  const { draft, answer } = open(record);
  answer('b', 2);
  expect(await draft.settle()).toBe(true);
  server.asked.splice(0);
  first.draft.flush();
  await passes(60_000);
  expect(server.asked).toEqual([]);
  expect(answers(server.stored)).toBe('a1 b2');
  expect(answers(onDevice()?.response)).toBe('a1 b2');
  expect(await first.draft.settle()).toBe(true);
});

test('what changes while it is being saved is saved next', async () => {
  const { draft, answer } = open();
  answer('a', 1);
  await passes(700);
  answer('a', 2);
  await passes(200);
  expect(await draft.settle()).toBe(true);
  expect(answers(server.stored)).toBe('a2');
});

test('the page is remembered on the device alone', async () => {
  const { draft } = open();
  draft.at('page-2');
  await passes(300);
  expect(onDevice()?.page).toBe('page-2');
  expect(server.asked).toEqual([]);
});
