import { expect, test } from 'vitest';
import { faultAlone, faultBeside } from './fault-text.ts';

test('a fault stands after the question that it names', () => {
  expect(faultAlone('Har du vondt nå?: må besvares.')).toBe('Har du vondt nå? Må besvares.');
  expect(faultAlone('Vekt: største verdi er 300.')).toBe('Vekt: største verdi er 300.');
});

test('beside its question a fault does not name it again', () => {
  expect(faultBeside('Vekt: største verdi er 300.', 'Vekt')).toBe('Største verdi er 300.');
  expect(faultBeside('Oppgi dose eller sett kryss.', 'Vekt')).toBe('Oppgi dose eller sett kryss.');
});
