import { expect, test } from 'vitest';
import { addressOf, type Route, routeOf } from './route.ts';

const at = (address: string) => routeOf(new URL(address, 'https://svar.example.org'));

test.each<[string, Route]>([
  ['/patient/', { at: 'home' }],
  ['/patient/results', { at: 'results' }],
  ['/patient/?order=a-1', { at: 'order', order: 'a-1', view: 'fill' }],
  ['/patient/?order=a-1&view=review', { at: 'order', order: 'a-1', view: 'review' }],
])('%s is a place of the app, and its address', (address, route) => {
  expect(at(address)).toEqual(route);
  expect(addressOf(route)).toBe(address);
});

test('an address that names nothing known leads home', () => {
  expect(at('/patient/other')).toEqual({ at: 'home' });
  expect(at('/patient/?order=../x')).toEqual({ at: 'home' });
  expect(at('/patient/?order=a&view=other')).toEqual({ at: 'order', order: 'a', view: 'fill' });
});
