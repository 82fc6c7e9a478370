import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { awaiting, changeOfForm, changeOfOrder, reopenedOrder } from './locked-form.ts';
import { codeSystem } from './names.ts';
import { openTaskStatuses } from './order.ts';

const form = (more: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse => ({
  ...{ resourceType: 'QuestionnaireResponse', id: 'a', status: 'completed', item: [{ linkId: 'x' }] },
  ...more,
});

const order = (code: string, status: Task['status'], more: Partial<Task> = {}): Task => ({
  ...{ resourceType: 'Task', id: 't', intent: 'order', status, authoredOn: '2026-03-02T09:00:00Z' },
  businessStatus: { coding: [{ system: codeSystem.orderStatus, code }] },
  ...more,
});

describe('what a write does to a locked form', () => {
  test.each([
    ['another version of the same', { meta: { versionId: '2' } }, 'unchanged'],
    ['the same, said to be amended', { status: 'amended' as const }, 'corrected'],
    ['other answers, amended', { status: 'amended' as const, item: [] }, 'corrected'],
    ['other answers, still completed', { item: [] }, 'unmarked'],
    ['in progress again', { status: 'in-progress' as const }, 'opened'],
    ['entered in error', { status: 'entered-in-error' as const }, 'corrected'],
    ['stopped', { status: 'stopped' as const }, 'unmarked'],
  ])('%s', (_, change, expected) => {
    expect(changeOfForm(form({ meta: { versionId: '1' } }), form(change))).toBe(expected);
  });
});

describe('what a write does to an order whose form is locked', () => {
  test.each([
    ['a note', order('expired', 'failed', { note: [{ text: 'x' }], lastModified: '2026-03-09' }), 'unchanged'],
    ['opened for staff', order('paper', 'in-progress'), 'opened'],
    ['sent again', order('sent', 'requested'), 'unmarked'],
    ['paper that is not in progress', order('paper', 'requested'), 'unmarked'],
    ['another way of being locked', order('closed', 'cancelled'), 'corrected'],
  ])('%s', (_, after, expected) => {
    expect(changeOfOrder(order('expired', 'failed'), after)).toBe(expected);
  });
});

test('an order that is opened again has no deadline, no reason and no answer', () => {
  const answered = order('answered', 'completed', {
    restriction: { period: { start: '2026-03-02', end: '2026-03-05' } },
    output: [{ type: { text: 'x' }, valueReference: { reference: 'QuestionnaireResponse/a' } }],
  });
  const opened = reopenedOrder(answered, new Date('2026-03-09T12:00:00Z'));
  expect(opened.restriction).toEqual({ period: { start: '2026-03-02' } });
  expect([opened.status, opened.output, opened.statusReason]).toEqual(['in-progress', undefined, undefined]);
});

describe('orders that wait for an answer', () => {
  const locked = (lastUpdated: string) => form({ id: 'b', meta: { lastUpdated } });

  test('not the one that has been answered a moment ago, though its Task is still open', () => {
    const sent = order('sent', 'requested');
    expect(awaiting([sent], [locked('2026-03-03T09:00:00Z')], openTaskStatuses)).toEqual([]);
    expect(awaiting([sent], [locked('2026-03-01T09:00:00Z')], openTaskStatuses)).toEqual([sent]);
  });

  test('the second, though the answer to the first has been corrected since', () => {
    const output = [{ type: { text: 'x' }, valueReference: { reference: 'QuestionnaireResponse/b' } }];
    const [first, second] = [order('answered', 'completed', { output }), order('sent', 'requested', { id: 'u' })];
    expect(awaiting([first, second], [locked('2026-03-03T09:00:00Z')], openTaskStatuses)).toEqual([second]);
  });
});
