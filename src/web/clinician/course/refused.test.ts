import { expect, test } from 'vitest';
import { refusedIn } from './refused.ts';
import { words } from './words-nb.ts';

test.each([
  ['A form of the patient has been begun: all are closed together only while none has been.', /påbegynt/],
  ['The patient may not be sent this form (Samtykke ikke innhentet ennå).', /kan ikke sendes.*Samtykke ikke innhentet/],
  ['This form may not be sent.', /kan ikke sendes\.$/],
  ['The days within which this form may be entered from paper are over.', /papir/],
  ['This ward is no longer used.', /Avdelingen/],
  ['Precondition Failed', /Prøv igjen/],
])('%s is told in the words of the page', (said, told) => {
  expect(refusedIn(said, words.refused)).toMatch(told);
});

test('what the page has no words for is told as the server says it', () => {
  expect(refusedIn('Startdato er før henvist dato.', words.refused)).toBe('Startdato er før henvist dato.');
});
