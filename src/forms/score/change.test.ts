import { describe, expect, it } from 'vitest';
import { instrument } from '../../../tests/kit/instrument.ts';
import { change } from './change.ts';
import type { ChangeRule, ScoreRule } from './rule.ts';

const wording = { nb: 'x', sv: 'x', en: 'x' };
const thirty = { code: 'thirty', display: wording, kind: 'percent', amount: 30 } as const;
const fifty = { code: 'fifty', display: wording, kind: 'percent', amount: 50 } as const;
const two = { code: 'two', display: wording, kind: 'absolute', amount: 2 } as const;

/** A pain score from 0 to 10, unless told otherwise. */
function rule(changeRule: ChangeRule, higherIs: ScoreRule['higherIs'] = 'worse'): ScoreRule {
  return {
    ...{ code: 'nrs', display: wording, version: '1.0.0', codings: [], items: ['nrs'], aggregate: { kind: 'value' } },
    ...{ missing: { minimum: 1, prorate: false }, unit: '{score}', bands: [], sources: [] },
    ...(higherIs === undefined ? {} : { higherIs }),
    change: changeRule,
  };
}

const pain = rule({ thresholds: [two, thirty, fifty], responder: 'thirty' });

describe('a change in percent of the baseline', () => {
  it.each([
    [10, 7, ['two', 'thirty'], true],
    [10, 7.01, ['two'], false],
    [9, 6.3, ['two', 'thirty'], true],
    [0.3, 0.21, ['thirty'], true],
    [10, 5, ['two', 'thirty', 'fifty'], true],
    [3, 2, ['thirty'], true],
    [5, 5, [], false],
    [5, 9, [], false],
  ])('from %d to %d reaches %j, responder %s', (from, to, improved, responder) => {
    expect(change(pain, { value: from }, { value: to })).toMatchObject({ improved, responder });
  });

  it('3.0 of 10 is 30 %, not rounded', () => {
    expect(change(pain, { value: 10 }, { value: 7 })).toMatchObject({ difference: -3, improvement: 3, percent: 30 });
    expect(change(pain, { value: 3 }, { value: 2 }).percent).toBeCloseTo(33.333333, 6);
  });

  it('is undefined at baseline 0, and so is whether the person responded', () => {
    const worse = change(pain, { value: 0 }, { value: 2 });
    expect(worse).toMatchObject({ difference: 2, improvement: -2, improved: [], worsened: ['two'] });
    expect(worse).not.toHaveProperty('percent');
    expect(worse).not.toHaveProperty('responder');
  });

  it('is undefined below 0: an index of -0.2 has no percent', () => {
    const index = rule({ thresholds: [thirty], responder: 'thirty' }, 'better');
    const better = change(index, { value: -0.2 }, { value: 0.5 });
    expect(better).toMatchObject({ improvement: 0.7, improved: [] });
    expect(better).not.toHaveProperty('percent');
  });
});

it('higher is better where the rule says so; where it says nothing, only the difference is told', () => {
  const better = rule({ thresholds: [two], responder: 'two' }, 'better');
  expect(change(better, { value: 1 }, { value: 3 })).toMatchObject({ improvement: 2, responder: true });
  expect(change(better, { value: 3 }, { value: 1 })).toMatchObject({
    improved: [],
    worsened: ['two'],
    responder: false,
  });
  const neither = { ...pain, higherIs: undefined, change: undefined };
  expect(change(neither, { value: 1 }, { value: 3 })).toEqual({ difference: 2, improved: [], worsened: [] });
});

it('an absolute threshold is reached exactly, whatever binary subtraction makes of it', () => {
  const hads = instrument('hads').rules.scores[0]!;
  expect(change(hads, { value: 12.13 }, { value: 10 })).toMatchObject({ responder: true });
  expect(change(hads, { value: 12.12 }, { value: 10 })).toMatchObject({ improved: ['mcid-low'], responder: false });
});

describe('what counts as change in the instruments is what was published', () => {
  const immpact = 'minimal 10%, moderate 30%, substantial 50%; moderate';
  const promis = 'mcid-low 3, mcid-high';
  const published: Record<string, Record<string, string>> = {
    'bpi-sf': { 'bpi-severity': immpact, 'bpi-interference': 'minimal 1; minimal' },
    hads: {
      'hads-anxiety': 'mcid-low 1.17, mcid-high 2.13; mcid-high',
      'hads-depression': 'mcid-low 1.48, mcid-high 2.54; mcid-high',
    },
    isi: { 'isi-total': 'minimal 6, moderate 8.4; moderate' },
    'mpi-s': { 'mpi-interference': 'minimal 0.6; minimal' },
    nrs: {
      ...{ 'nrs-worst': immpact, 'nrs-least': immpact, 'nrs-now': immpact },
      'nrs-average': immpact.replace(';', ', sqrp-low 0.895, sqrp-high 1.48;'),
    },
    'nrs-rest-movement': Object.fromEntries(
      ['worst-rest', 'least-rest', 'worst-movement', 'least-movement'].map((which) => [`nrs-${which}`, immpact]),
    ),
    odi: { 'odi-index': 'minimal 10, after-surgery 18, better-function 30%; better-function' },
    pcs: { 'pcs-total': 'low-back-pain 6.48, rehabilitation 38%; undefined' },
    'promis-29-v2.1': {
      'promis-anxiety-t': `${promis} 5; mcid-high`,
      'promis-depression-t': `${promis} 5.5; mcid-high`,
    },
  };

  it.each(Object.entries(published))('%s', (name, expected) => {
    const told = instrument(name).rules.scores.flatMap(({ code, change: by }) => {
      const thresholds = by?.thresholds.map((one) => `${one.code} ${one.amount}${one.kind === 'percent' ? '%' : ''}`);
      return thresholds === undefined || thresholds.length === 0
        ? []
        : [[code, `${thresholds.join(', ')}; ${by?.responder}`]];
    });
    expect(Object.fromEntries(told)).toEqual(expected);
  });
});

describe('reliable change', () => {
  it('is the difference by sqrt(2) SEM, beyond 1.96', () => {
    const pcs = rule({ thresholds: [], error: { sem: 4.6 } });
    // 1.96 × sqrt(2) × 4.6 = 12.75
    expect(change(pcs, { value: 30 }, { value: 17.2 }).reliable?.verdict).toBe('improved');
    expect(change(pcs, { value: 30 }, { value: 17.3 }).reliable?.verdict).toBe('none');
    expect(change(pcs, { value: 17.2 }, { value: 30 }).reliable?.verdict).toBe('worsened');
    expect(change(pcs, { value: 30 }, { value: 20 }).reliable?.index).toBeCloseTo(10 / (Math.SQRT2 * 4.6), 9);
  });

  it('of PROMIS takes the errors of both T scores', () => {
    const anxiety = instrument('promis-29-v2.1').rules.scores.find(({ code }) => code === 'promis-anxiety-t')!;
    const result = change(anxiety, { value: 63.4, error: 2.5 }, { value: 55, error: 3 });
    expect(result.reliable?.index).toBeCloseTo(8.4 / Math.sqrt(2.5 ** 2 + 3 ** 2), 9);
    expect(result).toMatchObject({ reliable: { verdict: 'improved' }, responder: true });
    expect(change(anxiety, { value: 63.4 }, { value: 55 })).not.toHaveProperty('reliable');
  });
});
