import { expect, test } from 'vitest';
import { FhirError } from '../model/issue.ts';
import { PageTokens } from './page-token.ts';

const tokens = new PageTokens('00'.repeat(32));
const place = ['12345', 0, 'Testname'];

test('a token opens to the place that it was made for', () => {
  expect(tokens.open(tokens.seal(place, 'me, Patient?name=a'), 'me, Patient?name=a')).toEqual(place);
});

test('every process with the same secret opens it', () => {
  expect(new PageTokens('00'.repeat(32)).open(tokens.seal(place, 'q'), 'q')).toEqual(place);
});

test('a sort value cannot be read in it, and no two tokens are alike', () => {
  const token = tokens.seal(place, 'q');
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('Testname');
  expect(tokens.seal(place, 'q')).not.toBe(token);
});

test.each([
  ['for another query or caller', () => tokens.open(tokens.seal(place, 'q'), 'other')],
  ['of another database', () => tokens.open(new PageTokens('01'.repeat(32)).seal(place, 'q'), 'q')],
  ['that is too short', () => tokens.open('AAAA', 'q')],
  ['that is no base64', () => tokens.open(`${tokens.seal(place, 'q')}!`, 'q')],
  ['that is empty', () => tokens.open('', 'q')],
])('a token %s is refused with 400', (_, open) => {
  expect(open).toThrow(FhirError);
  expect(open).toThrow(/page link is not valid/);
});

test('a token is good for a day', () => {
  let now = Date.UTC(2026, 2, 2);
  const dated = new PageTokens('00'.repeat(32), () => now);
  const token = dated.seal(place, 'q');
  now += 86_400_000;
  expect(dated.open(token, 'q')).toEqual(place);
  now += 1;
  expect(() => dated.open(token, 'q')).toThrow(/page link is not valid/);
});

test('a token is refused whichever of its characters is changed', () => {
  const token = tokens.seal(place, 'q');
  for (let i = 0; i < token.length - 1; i++) {
    const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
    expect(() => tokens.open(changed, 'q')).toThrow(FhirError);
  }
});
