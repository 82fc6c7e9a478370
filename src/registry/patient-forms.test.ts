import type { EpisodeOfCare, Patient, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { orderStatus } from './order.ts';
import { closedOrder, expiredOrder, orderedByHand, paperOrder, sentOrder, unreachableOrder } from './order-steps.ts';
import { type Hindrance, type PatientForms, settledOrders } from './patient-forms.ts';
import type { Protocol, ProtocolForm } from './protocol.ts';

const REASON = { coding: [{ system: 'urn:reasons', code: 'gone' }] };
const hindrance: Hindrance = { withheld: { coding: [{ code: 'awaited' }] }, stopped: REASON };
const form = (id: string, more: Partial<ProtocolForm>): ProtocolForm => ({
  ...{ id, title: id, questionnaire: `https://example.org/${id}|1`, after: 'date', offset: { value: 0, unit: 'd' } },
  ...{ timeOfDay: { hour: 16, minute: 30, second: 0 }, conditions: [], notice: id, early: undefined },
  reminder: { after: { value: 3, unit: 'd' }, text: id },
  lock: { after: { value: 3, unit: 'd' }, reason: { text: 'late' } },
  paper: { after: 'date', days: 6, reason: { text: 'paper' } },
  ...more,
});
const first = form('first', {});
const second = form('second', { after: 'first', offset: { value: 2, unit: 'min' }, timeOfDay: undefined });
const protocol = {
  ...{ url: 'https://example.org/protocol', zone: 'Europe/Oslo', anchors: new Map([['date', '%date']]) },
  ...{ schedule: [first, second], stops: [{ conditions: [], reason: REASON }] },
} as unknown as Protocol;

/** What settling gives, as `form state start`, after the orders that are there. */
class Forms {
  orders: Task[] = [];
  date: string | undefined;
  now = '2026-03-02T08:00:00+01:00';

  settle(more: Partial<PatientForms> = {}): string[] {
    const changed = settledOrders({
      ...{ protocol, facts: {}, orders: this.orders, hindrance: undefined, over: undefined, historic: false },
      ...{ closed: { stopped: REASON } },
      ...{ refusals: new Map(), isOpen: () => true, isAnswered: () => false, now: new Date(this.now) },
      course: { episode: { id: 'e' } as EpisodeOfCare, patient: { id: 'p' } as Patient, referral: undefined },
      evaluate: (expression) => (expression === '%date' && this.date !== undefined ? [this.date] : []),
      ...more,
    });
    for (const [index, order] of changed.entries())
      this.put({ ...order, id: order.id ?? `${order.authoredOn}-${index}` });
    return changed.map(told);
  }

  put(order: Task): void {
    this.orders = [...this.orders.filter(({ id }) => id !== order.id), order];
  }

  latest(id: string): Task {
    return this.orders.filter(({ instantiatesUri }) => instantiatesUri?.endsWith(`#${id}`)).at(-1) as Task;
  }
}

function told(order: Task): string {
  const [, id, occurrence] = order.identifier?.[0]?.value?.split('/') ?? [];
  return [`${id}/${occurrence}`, orderStatus(order), order.restriction?.period?.start].filter(Boolean).join(' ');
}

const at = (time: string) => `2026-03-${time}:00.000Z`;

describe('the orders of a course', () => {
  it('are there from when the form opens, and say so once', () => {
    const forms = new Forms();
    expect(forms.settle({ isOpen: () => false })).toEqual([]);
    expect(forms.settle({ hindrance })).toEqual(['first/1 withheld', 'second/1 withheld']);
    expect(forms.settle({ hindrance })).toEqual([]);
    expect(forms.settle()).toEqual(['first/1 planned', 'second/1 planned']);
    forms.date = '2026-03-04';
    expect(forms.settle()).toEqual([`first/1 ordered ${at('04T15:30')}`, `second/1 ordered ${at('04T15:32')}`]);
    expect(forms.settle()).toEqual([]);
  });

  it('move with a date while they are not sent, those that follow too, and are planned again without it', () => {
    const forms = new Forms();
    forms.date = '2026-03-04';
    forms.settle();
    forms.date = '2026-03-05';
    expect(forms.settle()).toEqual([`first/1 ordered ${at('05T15:30')}`, `second/1 ordered ${at('05T15:32')}`]);
    forms.date = undefined;
    expect(forms.settle()).toEqual(['first/1 planned', 'second/1 planned']);
  });

  it('that are due stay on their way, between the first and the second too', () => {
    const forms = new Forms();
    forms.date = '2026-03-02';
    forms.settle();
    forms.now = '2026-03-02T16:31:00+01:00';
    expect(forms.settle()).toEqual([]);
    forms.put(sentOrder(forms.latest('first'), first, 'Europe/Oslo', new Date(forms.now)));
    expect(forms.settle()).toEqual([]);
    forms.now = '2026-03-02T16:33:00+01:00';
    expect(forms.settle()).toEqual([]);
  });

  it('that a person has ordered go at their word', () => {
    const forms = new Forms();
    forms.date = '2026-03-20';
    forms.settle();
    forms.put(orderedByHand(forms.latest('first'), first, 'Europe/Oslo', 'secure', undefined, new Date(forms.now)));
    forms.date = '2026-03-25';
    expect(forms.settle().filter((one) => one.startsWith('first'))).toEqual([]);
  });

  it('stop when the patient may not be asked, and come back: what had a time anew, what had none as it was', () => {
    const forms = new Forms();
    forms.date = '2026-03-04';
    forms.settle({ isOpen: (url) => url.endsWith('first') });
    forms.date = undefined;
    forms.settle();
    forms.date = '2026-03-04';
    forms.settle({ isOpen: (url) => url.endsWith('first') });
    expect(forms.orders.map(told).sort()).toEqual([`first/1 ordered ${at('04T15:30')}`, 'second/1 stopped']);
    forms.settle({ hindrance });
    expect(forms.settle({ hindrance })).toEqual([]);
    expect(forms.settle()).toEqual([`first/2 ordered ${at('04T15:30')}`, `second/1 ordered ${at('04T15:32')}`]);
  });

  it('stop for good reasons of the protocol alone: another reason is a person’s', () => {
    const forms = new Forms();
    forms.settle();
    forms.put({ ...forms.latest('first'), status: 'cancelled', statusReason: { coding: [{ code: 'other' }] } });
    forms.put({ ...forms.latest('first'), businessStatus: { coding: [{ ...status('stopped') }] } });
    forms.date = '2026-03-04';
    expect(forms.settle()).toEqual([`second/1 ordered ${at('04T15:32')}`]);
  });

  it.each([
    ['expired', (task: Task, now: Date) => expiredOrder(task, REASON, now)],
    ['closed', (task: Task, now: Date) => closedOrder(task, REASON, now)],
  ])('that are %s stay so, whatever happens', (_state, step) => {
    const forms = new Forms();
    forms.date = '2026-03-04';
    forms.settle();
    forms.put(step(forms.latest('first'), new Date(forms.now)));
    forms.put(step(forms.latest('second'), new Date(forms.now)));
    expect(forms.settle({ hindrance })).toEqual([]);
    expect(forms.settle({ over: { stopped: REASON } })).toEqual([]);
    forms.date = '2026-03-09';
    expect(forms.settle()).toEqual([]);
  });

  it('of who could not be reached wait for the next try, and are planned again without their date', () => {
    const forms = new Forms();
    forms.date = '2026-03-02';
    forms.settle();
    const failed = { reason: REASON, end: undefined, again: true };
    const now = new Date('2026-03-02T16:32:05+01:00');
    forms.put(unreachableOrder(forms.latest('second'), { form: second, protocol }, failed, now));
    expect(told(forms.latest('second'))).toBe(`second/1 unreachable ${at('03T15:32')}`);
    forms.now = '2026-03-02T17:00:00+01:00';
    expect(forms.settle().filter((one) => one.startsWith('second'))).toEqual([]);
    forms.date = undefined;
    expect(forms.settle()).toContain('second/1 planned');
  });

  it('on paper get their last day once it is known, and have the present one at least', () => {
    const forms = new Forms();
    forms.settle();
    forms.put(paperOrder(forms.latest('first'), undefined, new Date(forms.now)));
    expect(forms.settle()).toEqual([]);
    forms.date = '2026-02-01';
    expect(forms.settle()).toContain('first/1 paper');
    expect(forms.latest('first').restriction?.period).toEqual({ end: at('02T23:00') });
    expect(forms.settle()).toEqual([]);
  });

  it('of a historic course are made by what happens now alone', () => {
    const forms = new Forms();
    expect(forms.settle({ historic: true })).toEqual([]);
    expect(forms.settle({ historic: true, hindrance })).toEqual([]);
    forms.date = '2026-03-04';
    expect(forms.settle({ historic: true })).toHaveLength(2);
  });

  it('are not made of what is answered, and refused where the form may not be sent', () => {
    const forms = new Forms();
    forms.date = '2026-03-04';
    const refusals = new Map([[second.questionnaire, 'wording-missing' as const]]);
    const isAnswered = (url: string) => url.endsWith('first');
    expect(forms.settle({ isAnswered, refusals })).toEqual(['second/1 refused']);
    expect(forms.settle({ isAnswered, refusals })).toEqual([]);
    expect(forms.settle({ isAnswered })).toEqual([`second/2 ordered ${at('04T15:32')}`]);
  });
});

function status(code: string) {
  return { system: 'https://svar.example.org/fhir/CodeSystem/order-status', code };
}
