import { describe, expect, it } from 'vitest';
import { instrument, numbered } from './test-kit/instrument.ts';

const mpi = instrument('mpi-s');

describe.each([
  ['mpi-severity', 'MpiSeverity', 3, 2],
  ['mpi-interference', 'MpiInterference', 9, 5],
  ['mpi-life-control', 'MpiLifeControl', 2, 1],
  ['mpi-support', 'MpiSupport', 3, 2],
  ['mpi-punishing', 'MpiPunishing', 4, 2],
  ['mpi-solicitous', 'MpiSolicitous', 6, 3],
  ['mpi-distracting', 'MpiDistracting', 4, 2],
])('%s', (code, prefix, size, least) => {
  it.each([0, 6])('all answers %i', (answer) => {
    expect(mpi.scores(numbered(prefix, size, String(answer))).get(code)?.value).toBe(answer);
  });

  it('is the mean of the answered, half of them at least', () => {
    const answers = { ...numbered(prefix, least, '5'), [`${prefix}1`]: '2' };
    expect(mpi.scores(answers).get(code)?.value).toBeCloseTo((2 + 5 * (least - 1)) / least, 10);
    expect(mpi.scores(numbered(prefix, least - 1, '5')).get(code)?.absent?.reason).toBe('too-few-answered');
  });
});

it('the mood item of affective distress is turned round', () => {
  const distress = (first: string, others: string) =>
    mpi
      .scores({ ...numbered('MpiAffectiveDistress', 3, others), MpiAffectiveDistress1: first })
      .get('mpi-affective-distress')?.value;
  expect(distress('6', '0')).toBe(0);
  expect(distress('0', '6')).toBe(6);
  expect(distress('6', '6')).toBe(4);
});

it('affective distress needs two of its three, whether or not the mood item is among them', () => {
  const score = (given: Record<string, string>) => mpi.scores(given).get('mpi-affective-distress');
  expect(score({ MpiAffectiveDistress1: '1', MpiAffectiveDistress3: '4' })?.value).toBe(4.5);
  expect(score({ MpiAffectiveDistress2: '1', MpiAffectiveDistress3: '4' })?.value).toBe(2.5);
  expect(score({ MpiAffectiveDistress1: '1' })?.absent?.reason).toBe('too-few-answered');
});
