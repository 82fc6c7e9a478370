import { expect, it } from 'vitest';
import { each, instrument, values } from './test-kit/instrument.ts';

const bpi = instrument('bpi-sf');
const severity = ['BpiWorst', 'BpiLeast', 'BpiAverage', 'BpiNow'];
const interference = ['BpiActivity', 'BpiMood', 'BpiWalking', 'BpiWork', 'BpiRelations', 'BpiSleep', 'BpiEnjoyment'];

it.each([0, 10])('all answers %i give that mean', (answer) => {
  expect(values(bpi.scores(each([...severity, ...interference], answer)))).toEqual({
    'bpi-severity': answer,
    'bpi-interference': answer,
  });
});

it('severity is the mean of four and needs all four', () => {
  const four = { BpiWorst: 9, BpiLeast: 2, BpiAverage: 6, BpiNow: 4 };
  expect(bpi.scores(four).get('bpi-severity')?.value).toBe(5.25);
  for (const missing of severity) {
    expect(bpi.scores({ ...four, [missing]: undefined }).get('bpi-severity')?.absent).toEqual({
      reason: 'too-few-answered',
      answered: 3,
      of: 4,
      minimum: 4,
    });
  }
});

it('interference is the mean of the answered, four at least', () => {
  const four = { BpiActivity: 7, BpiMood: 2, BpiSleep: 10, BpiEnjoyment: 3 };
  expect(bpi.scores(four).get('bpi-interference')?.value).toBe(5.5);
  expect(bpi.scores({ ...four, BpiSleep: undefined }).get('bpi-interference')?.absent?.reason).toBe('too-few-answered');
});

it.each([
  [4, 5, 'bpi-mild'],
  [4, 4, 'bpi-mild'],
  [5, 5, 'bpi-moderate'],
  [7, 6, 'bpi-moderate'],
  [7, 7, 'bpi-severe'],
])('worst %i and the others %i are %s', (worst, others, band) => {
  expect(bpi.scores({ ...each(severity, others), BpiWorst: worst }).get('bpi-severity')?.band?.code).toBe(band);
});

it('pain today, places, treatment and relief count in no score', () => {
  expect(values(bpi.scores({ BpiRelief: 50 }))).toEqual({
    'bpi-severity': 'too-few-answered',
    'bpi-interference': 'too-few-answered',
  });
});
