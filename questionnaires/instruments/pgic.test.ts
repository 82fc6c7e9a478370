import { expect, it } from 'vitest';
import { instrument } from './test-kit/instrument.ts';

const pgic = instrument('pgic');

it.each([1, 2, 3, 4, 5, 6, 7])('answer %i is the score; a responder answered 1 or 2', (answer) => {
  const score = pgic.scores({ PgicChange: String(answer) }).get('pgic');
  expect(score?.value).toBe(answer);
  expect(score?.band?.code).toBe(answer <= 2 ? 'pgic-responder' : 'pgic-no-responder');
});

it('without answer there is no score', () => {
  expect(pgic.scores({}).get('pgic')?.absent?.reason).toBe('too-few-answered');
});
