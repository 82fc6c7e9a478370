import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { confirmationUrl } from '../../../forms/constraints/confirmation.ts';
import type { FormSession } from '../../form/contract.ts';
import { openFormSession } from '../../form/model/form-session.ts';
import type { Written } from './fhir-gateway.ts';
import { AUTOSAVE_MS, FormKeeper, type KeeperParts } from './keeping.ts';
import { refusalFaults } from './refusals.ts';

const questionnaire: Questionnaire = {
  resourceType: 'Questionnaire',
  url: 'https://example.org/form',
  status: 'active',
  language: 'nb',
  item: [
    { linkId: 'a', type: 'string', text: 'A' },
    { linkId: 'b', type: 'string', text: 'B' },
  ],
};
const softMaxUrl = 'https://svar.example.org/fhir/StructureDefinition/questionnaire-softMaxValue';
const empty: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'in-progress' };

/** A server that keeps one response, with If-Match; `down` while nothing answers. */
class Shelf {
  stored: QuestionnaireResponse | undefined;
  down = false;
  readonly writes: QuestionnaireResponse[] = [];

  readonly store = async (response: QuestionnaireResponse): Promise<Written<QuestionnaireResponse>> => {
    if (this.down) return { kind: 'unreachable' };
    if (response.id === undefined && this.stored !== undefined) return { kind: 'stored', resource: this.stored };
    if (response.meta?.versionId !== this.stored?.meta?.versionId) return { kind: 'newer', issues: [] };
    this.writes.push(response);
    return { kind: 'stored', resource: this.put(response) };
  };

  put(response: QuestionnaireResponse): QuestionnaireResponse {
    const versionId = String(Number(this.stored?.meta?.versionId ?? 0) + 1);
    this.stored = { ...response, id: 'r', meta: { versionId } };
    return this.stored;
  }

  readonly read = async (): Promise<QuestionnaireResponse> => this.stored ?? empty;
}

let shelf: Shelf;

beforeEach(() => {
  vi.useFakeTimers();
  shelf = new Shelf();
});

afterEach(() => {
  vi.useRealTimers();
});

function open(more: Partial<KeeperParts> = {}, form = questionnaire): { session: FormSession; keeper: FormKeeper } {
  const stored = shelf.stored ?? empty;
  const session = openFormSession({
    ...{ questionnaire: form, response: stored, language: 'nb', timeZone: 'Europe/Oslo', audience: 'staff' },
    now: () => new Date('2026-03-02T08:00:00Z'),
  });
  const now = () => new Date('2026-03-02T08:00:00Z');
  const keeper = new FormKeeper({
    ...{ session, stored, store: shelf.store, read: shelf.read, now, onStored: () => undefined, automatic: true },
    ...more,
  });
  return { session, keeper };
}

const answer = (text: string) => [{ valueString: text }];
const answersOf = (response: QuestionnaireResponse | undefined) =>
  Object.fromEntries((response?.item ?? []).map(({ linkId, answer: [first] = [] }) => [linkId, first?.valueString]));

test('what is answered is stored some seconds after the last change, once', async () => {
  const { session, keeper } = open();
  session.answer('a', answer('1'));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_MS - 1);
  session.answer('b', answer('2'));
  expect(keeper.current().state).toBe('changed');
  await vi.advanceTimersByTimeAsync(AUTOSAVE_MS - 1);
  expect(shelf.writes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(shelf.writes.map(answersOf)).toEqual([{ a: '1', b: '2' }]);
  expect(keeper.current().state).toBe('kept');
});

test('an answer that is changed back needs no saving', async () => {
  const { session, keeper } = open();
  session.answer('a', answer('1'));
  session.answer('a', []);
  expect(keeper.current().state).toBe('kept');
  await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
  expect(shelf.writes).toEqual([]);
});

test('that something unusual was confirmed is stored, too', async () => {
  const confirmed = { url: confirmationUrl, extension: [{ url: 'rule', valueCode: 'softMaxValue' }] };
  const usual = { url: softMaxUrl, valueInteger: 10 };
  const visits = { linkId: 'n', type: 'integer' as const, text: 'N', extension: [usual] };
  const { session, keeper } = open({}, { ...questionnaire, item: [visits] });
  session.answer('n', [{ valueInteger: 20 }]);
  await keeper.save('in-progress');
  expect(keeper.isChanged).toBe(false);
  for (const fault of session.check()) session.confirm(fault);
  expect(keeper.current().state).toBe('changed');
  await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
  expect(shelf.stored?.item).toMatchObject([{ answer: [{ valueInteger: 20, extension: [confirmed] }] }]);
  expect(keeper.current().state).toBe('kept');
});

test('a version that a colleague stored meanwhile is merged question by question', async () => {
  shelf.put({ ...empty, item: [{ linkId: 'a', answer: answer('1') }] });
  const { session, keeper } = open();
  session.answer('a', answer('mine'));
  shelf.put({
    ...empty,
    item: [
      { linkId: 'a', answer: answer('theirs') },
      { linkId: 'b', answer: answer('new') },
    ],
  });
  expect(await keeper.save('in-progress')).toBe(true);
  expect(answersOf(shelf.stored)).toEqual({ a: 'mine', b: 'new' });
  expect(keeper.current().merged).toEqual({ taken: ['b'], contested: ['a'] });
});

test('two who begin the same form at once begin one, with the answers of both', async () => {
  const one = open();
  const other = open();
  one.session.answer('a', answer('1'));
  other.session.answer('b', answer('2'));
  await one.keeper.save('in-progress');
  await other.keeper.save('in-progress');
  expect(answersOf(shelf.stored)).toEqual({ a: '1', b: '2' });
});

test('where the server cannot be reached, it is tried again until it is', async () => {
  const { session, keeper } = open();
  shelf.down = true;
  session.answer('a', answer('1'));
  expect(await keeper.save('in-progress')).toBe(false);
  expect(keeper.current().state).toBe('waiting');
  shelf.down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answersOf(shelf.stored)).toEqual({ a: '1' });
  expect(keeper.current().state).toBe('kept');
});

test('a form that a colleague has locked meanwhile is not opened again by a save', async () => {
  shelf.put({ ...empty, item: [{ linkId: 'a', answer: answer('1') }] });
  const { session, keeper } = open();
  session.answer('a', answer('2'));
  shelf.put({ ...empty, status: 'completed', item: [{ linkId: 'a', answer: answer('1') }] });
  expect(await keeper.save('in-progress')).toBe(false);
  expect(keeper.current().state).toBe('locked');
  expect(shelf.stored?.status).toBe('completed');
});

test('a form that a colleague is heard to have locked is not opened again, by a save or by leaving it', async () => {
  shelf.put({ ...empty, item: [] });
  const { session, keeper } = open();
  session.answer('a', answer('mine'));
  shelf.put({ ...empty, status: 'completed' });
  await keeper.heard('r', shelf.stored?.meta?.versionId);
  expect(keeper.current().state).toBe('locked');
  session.answer('b', answer('more'));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
  expect(await keeper.flush()).toBe(false);
  expect(shelf.writes).toEqual([]);
});

test('after it is locked, nothing is saved any more', async () => {
  const { session, keeper } = open();
  session.answer('a', answer('1'));
  await keeper.save('completed');
  session.answer('a', answer('2'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shelf.writes.map(({ status }) => status)).toEqual(['completed']);
});

test('a correction is saved when it is asked for, and not before', async () => {
  shelf.put({ ...empty, status: 'completed', item: [{ linkId: 'a', answer: answer('1') }] });
  const { session, keeper } = open({ automatic: false });
  session.answer('a', answer('2'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shelf.writes).toEqual([]);
  await keeper.save('amended');
  expect(shelf.writes.map(({ status }) => status)).toEqual(['amended']);
});

test('what a colleague corrects at the same time comes in beside a correction that is under way', async () => {
  shelf.put({ ...empty, status: 'completed', item: [{ linkId: 'a', answer: answer('1') }] });
  const { session, keeper } = open({ automatic: false });
  session.answer('a', answer('mine'));
  shelf.put({
    ...{ ...empty, status: 'amended' },
    item: [
      { linkId: 'a', answer: answer('1') },
      { linkId: 'b', answer: answer('theirs') },
    ],
  });
  await keeper.heard('r', '2');
  expect(answersOf(session.response('in-progress'))).toEqual({ a: 'mine', b: 'theirs' });
  await keeper.save('amended');
  expect(answersOf(shelf.stored)).toEqual({ a: 'mine', b: 'theirs' });
});

test('what a colleague stores comes in while the form is open, and leaves what is not saved here', async () => {
  shelf.put({ ...empty, item: [] });
  const { session, keeper } = open();
  session.answer('a', answer('mine'));
  shelf.put({ ...empty, item: [{ linkId: 'b', answer: answer('theirs') }] });
  await keeper.heard('r', '2');
  expect(answersOf(session.response('in-progress'))).toEqual({ a: 'mine', b: 'theirs' });
  expect(keeper.current().state).toBe('changed');
});

test('what the server did not take is told at its question, until that is answered anew', async () => {
  const issue = { severity: 'error' as const, code: 'invalid' as const, details: { text: 'Not so.' } };
  const { session, keeper } = open({
    store: async () => ({ kind: 'refused', issues: [{ ...issue, expression: ['QuestionnaireResponse.item[0]'] }] }),
  });
  session.answer('a', answer('1'));
  expect(await keeper.save('in-progress')).toBe(false);
  session.refused(refusalFaults(keeper.current().refusals, session.current(), ''));
  const faults = () => session.current().pages[0]?.items.map((item) => item.faults.map(({ text }) => text));
  expect(faults()).toEqual([['Not so.'], []]);
  session.answer('a', answer('2'));
  expect(faults()).toEqual([[], []]);
});
