import { expect, test } from 'vitest';
import { changeCondition as compile } from './change-condition.ts';

const changeCondition = (expression: string) => compile(expression, 'QuestionnaireResponse');
const change = (before: unknown, after: unknown) => ({ act: 'update' as const, before, after });
const response = (status: string, more: object = {}) => ({ resourceType: 'QuestionnaireResponse', status, ...more });

test('a condition is asked of what was there before', () => {
  const open = changeCondition("%before.status = 'in-progress'");
  expect(open(change(response('in-progress'), response('completed')), {})).toBe(true);
  expect(open(change(response('completed'), response('in-progress')), {})).toBe(false);
});

test('nothing is not true: a create has no version before', () => {
  const open = changeCondition("%before.status = 'in-progress'");
  expect(open({ act: 'create', before: undefined, after: response('in-progress') }, {})).toBe(false);
});

test('what must not change is compared, references too', () => {
  const same = changeCondition('%before.subject = %after.subject');
  const of = (reference: string) => response('in-progress', { subject: { reference } });
  expect(same(change(of('Patient/a'), of('Patient/a')), {})).toBe(true);
  expect(same(change(of('Patient/a'), of('Patient/b')), {})).toBe(false);
});

test('a condition may name the user', () => {
  const own = changeCondition('%after.author.reference = %user');
  const by = (reference: string) => response('in-progress', { author: { reference } });
  expect(own(change(undefined, by('Patient/a')), { user: 'Patient/a' })).toBe(true);
  expect(own(change(undefined, by('Practitioner/a')), { user: 'Patient/a' })).toBe(false);
  expect(own(change(undefined, by('Patient/a')), {})).toBe(false);
});

test('what is of another type than the policy speaks of is nothing', () => {
  const open = changeCondition("%before.status = 'in-progress'");
  const of = (resourceType: string) => change({ resourceType, status: 'in-progress' }, response('completed'));
  expect(open(of('QuestionnaireResponse'), {})).toBe(true);
  expect(open(of('Task'), {})).toBe(false);
  expect(open(change('in-progress', response('completed')), {})).toBe(false);
});

test('who belongs to no organization belongs to none that a resource names', () => {
  const ours = changeCondition('%after.author.reference in %organizations');
  const by = (reference: string) => change(undefined, response('in-progress', { author: { reference } }));
  expect(ours(by('Organization/a'), { organizations: ['Organization/b', 'Organization/a'] })).toBe(true);
  expect(ours(by('Organization/c'), { organizations: ['Organization/b', 'Organization/a'] })).toBe(false);
  expect(ours(by('Organization/a'), {})).toBe(false);
  expect(changeCondition('%organizations.exists()')(by('Organization/a'), {})).toBe(false);
});

test('several values, a value that is no boolean and an error all refuse', () => {
  const many = response('in-progress', { item: [{ linkId: 'a' }, { linkId: 'b' }] });
  expect(changeCondition('%after.item.linkId.exists() | false')(change(undefined, many), {})).toBe(false);
  expect(changeCondition('%after.status')(change(undefined, many), {})).toBe(false);
  expect(changeCondition("%after.item.linkId = 'a' and true")(change(undefined, many), {})).toBe(false);
  expect(changeCondition("%after.item.linkId.single() = 'a'")(change(undefined, many), {})).toBe(false);
});

test('what is no FHIRPath, or names what nobody knows, is refused when it is read', () => {
  expect(() => changeCondition('%before.status =')).toThrow();
  expect(() => changeCondition('%somebody.status')).toThrow();
});
