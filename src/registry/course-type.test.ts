import { expect, it } from 'vitest';
import { alwaysOpen, type CourseTypeRule, courseTypeOf, readCourseType } from './course-type.ts';

const rule = (code: string | undefined, conditions: string[], ...opens: string[]): CourseTypeRule => ({
  type: code === undefined ? undefined : { code },
  conditions,
  opens: new Set(opens),
});
/** An expression is the name of a fact. */
const evaluate = (name: string, facts: Readonly<Record<string, unknown>>) => [facts[name]].flat();
const rules = [
  rule('1', ['unseen'], 'A'),
  rule('3', ['seen', 'inclusion'], 'A', 'B', 'C'),
  rule('2', ['seen'], 'A', 'B'),
];
const labels = ['A', 'B', 'C'];

it('is the first whose conditions are all true', () => {
  const type = (facts: Record<string, unknown>, inclusion: boolean | undefined) =>
    courseTypeOf(rules, labels, facts, inclusion, evaluate).type?.code;
  expect(type({ unseen: true, seen: true }, true)).toBe('1');
  expect(type({ seen: true }, true)).toBe('3');
  expect(type({ seen: true }, false)).toBe('2');
  expect(type({ seen: true }, undefined)).toBe('2');
  expect(type({ seen: [] }, true)).toBeUndefined();
});

it('opens what every type opens where no type holds, and all forms where there are no types', () => {
  expect(courseTypeOf(rules, labels, {}, undefined, evaluate).opens).toEqual(new Set(['A']));
  expect(courseTypeOf([], labels, {}, undefined, evaluate)).toEqual({ type: undefined, opens: new Set(labels) });
  expect(alwaysOpen(rules, labels)).toEqual(new Set(['A']));
});

it('of a form that the protocol does not have it is told', () => {
  const faults: string[] = [];
  const fault = (text: string): undefined => {
    faults.push(text);
    return undefined;
  };
  const action = {
    id: 't',
    action: [{ definitionCanonical: 'https://x/A|1.0' }, { definitionCanonical: 'https://x/Z' }],
  };
  const read = readCourseType(action, [{ label: 'A', questionnaire: 'https://x/A' }], fault);
  expect([read.opens, faults]).toEqual([new Set(['A']), [expect.stringContaining("'https://x/Z'")]]);
});
