import { expect, test } from 'vitest';
import { SignedOut } from '../network/fhir.ts';
import { stateTold } from './state-told.ts';

test("a session of another person, begun in another tab, says nothing of this person's order: it has not ended", () => {
  expect(() => stateTold({ person: 'Patient/b' }, 'Patient/a')).toThrow(SignedOut);
  expect(() => stateTold(undefined, 'Patient/a')).toThrow(SignedOut);
  expect(stateTold({ person: 'Patient/a' }, 'Patient/a')).toBe('ended');
  expect(stateTold({ person: 'Patient/a', asked: { order: 'o', state: 'open' } }, 'Patient/a')).toBe('open');
});
