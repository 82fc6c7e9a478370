import { expect, test } from 'vitest';
import type { FormView } from '../../form/contract.ts';
import { pageToGoOn } from './page-to-go-on.ts';

/** Pages of questions, each answered or not: `a` with 1 and 0 is a page of two questions, the first answered. */
function form(pages: Record<string, readonly (0 | 1)[]>): Pick<FormView, 'pages'> {
  const question = (answered: 0 | 1) => ({
    item: { type: 'choice' },
    answers: Array.from({ length: answered }, () => ({ valueInteger: 1 })),
    children: [],
  });
  const shown = Object.entries(pages).map(([key, answers]) => ({ key, title: key, items: answers.map(question) }));
  return { pages: shown as unknown as FormView['pages'] };
}

test('a form that nobody has begun begins on its first page', () => {
  expect(pageToGoOn(form({ a: [0, 0], b: [0] }), undefined)).toBe('a');
});

test('a device that remembers the page goes on there', () => {
  expect(pageToGoOn(form({ a: [1, 1], b: [0], c: [0] }), 'a')).toBe('a');
});

test('a page that is not asked any more is not gone on with', () => {
  expect(pageToGoOn(form({ a: [1, 1], b: [0] }), 'gone')).toBe('b');
});

test('another device goes on where the last answer is, and after a page that is done on the next', () => {
  expect(pageToGoOn(form({ a: [1], b: [1, 0], c: [0] }), undefined)).toBe('b');
  expect(pageToGoOn(form({ a: [1], b: [1, 1], c: [0] }), undefined)).toBe('c');
  expect(pageToGoOn(form({ a: [1], b: [1] }), undefined)).toBe('b');
});
