import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { table, tableText } from '../../../tests/kit/instrument.ts';
import { decrementIndex } from './decrements.ts';

/** Of the CSV as transcribed: a changed cell is a changed check-sum. */
const checksums = {
  'eq-5d-3l-denmark-reverse-crosswalk-2021': '3e26c49344685a61',
  'eq-5d-3l-england-reverse-crosswalk-2021': 'c6a0109e0f48bbe9',
  'eq-5d-3l-norway-reverse-crosswalk-2021': '2fc371ca8b0dc942',
  'eq-5d-3l-sweden-experience-2020-reverse-crosswalk-2021': '479494b8dfba8fb6',
  'eq-5d-3l-sweden-social-2022-reverse-crosswalk-2021': '571c8be08e099f35',
  'eq-5d-3l-uk-reverse-crosswalk-2021': 'ca2220f23152e4c0',
  'eq-5d-5l-denmark-crosswalk-2012': '303dca01b4c59304',
  'eq-5d-5l-uk-crosswalk-2012': '600e601dbd622e94',
};

const indexOf = (id: string) => new Map(table(id).rows.map(([state = '', index]) => [state, Number(index)]));

describe('every crosswalk', () => {
  it.each(Object.entries(checksums))(
    '%s is as transcribed, with every state once, and worse is never better',
    (id, sum) => {
      expect(createHash('sha256').update(tableText(id)).digest('hex').slice(0, 16)).toBe(sum);
      const index = indexOf(id);
      const levels = id.startsWith('eq-5d-5l') ? 5 : 3;
      expect(index.size).toBe(levels ** 5);
      expect(table(id).rows).toHaveLength(levels ** 5);
      for (const [state, value] of index) {
        expect(state).toMatch(levels === 5 ? /^[1-5]{5}$/ : /^[1-3]{5}$/);
        for (let place = 0; place < 5; place += 1) {
          const worse = `${state.slice(0, place)}${Number(state[place]) + 1}${state.slice(place + 1)}`;
          const other = index.get(worse);
          if (other !== undefined) expect(other, worse).toBeLessThanOrEqual(value);
        }
      }
    },
  );
});

/**
 * van Hout 2012 maps each dimension alone: a 5L level becomes the 3L levels 1, 2, 3 with fixed probabilities, and the
 * index is the expected 3L value. So 20 states with one dimension above 1, in two countries, tell the probabilities,
 * and these tell the other 3,105 states of both tables.
 */
describe('the crosswalks from 5L to 3L follow from their single-dimension states', () => {
  const countries = [
    { map: indexOf('eq-5d-5l-uk-crosswalk-2012'), own: terms('eq-5d-3l-uk-tto-1997') },
    { map: indexOf('eq-5d-5l-denmark-crosswalk-2012'), own: terms('eq-5d-3l-denmark-tto-2009') },
  ] as const;

  it('in every cell, within what rounding to three decimals leaves open', () => {
    const chances = [0, 1, 2, 3, 4].map((place) => [1, 2, 3, 4, 5].map((level) => chancesOf(place, level)));
    for (const { map, own } of countries) {
      for (const [state, told] of map) {
        const chance = [...state].map((level, place) => chances[place]?.[Number(level) - 1] ?? [0, 0, 0]);
        let expected = own.full;
        let best = 1;
        let noWorst = 1;
        chance.forEach(([first = 0, second = 0, third = 0], place) => {
          expected += second * (own.steps[place]?.[0] ?? 0) + third * (own.steps[place]?.[1] ?? 0);
          best *= first;
          noWorst *= 1 - third;
        });
        expected += own.n2 * (1 - best) + own.n3 * (1 - noWorst);
        expect(Math.abs(expected - told), state).toBeLessThan(0.006);
      }
    }
  });

  /** Solves p1 + p2 v(2) + p3 v(3) = index for both countries, p1 + p2 + p3 = 1. */
  function chancesOf(place: number, level: number): [number, number, number] {
    const state = '1'.repeat(place) + level + '1'.repeat(4 - place);
    const [one, two] = countries.map(({ map, own }) => ({
      a: own.n2 + (own.steps[place]?.[0] ?? 0),
      b: own.n2 + own.n3 + (own.steps[place]?.[1] ?? 0),
      c: (map.get(state) ?? Number.NaN) - own.full,
    }));
    if (one === undefined || two === undefined) throw new Error('two countries are needed');
    const determinant = one.a * two.b - one.b * two.a;
    const second = (one.c * two.b - one.b * two.c) / determinant;
    const third = (one.a * two.c - one.c * two.a) / determinant;
    return [1 - second - third, second, third];
  }

  function terms(id: string) {
    const byTerm = new Map(table(id).rows.map(([term = '', value]) => [term, Number(value)]));
    const term = (name: string) => byTerm.get(name) ?? 0;
    return {
      full: term('full'),
      n2: term('N2'),
      n3: term('N3'),
      steps: ['MO', 'SC', 'UA', 'PD', 'AD'].map((name) => [term(`${name}2`), term(`${name}3`)]),
    };
  }
});

/** van Hout 2021 gives the expected 5L value: it lies inside the value set, and 33333 is close to its worst. */
it.each([
  ['denmark', 'denmark-2021'],
  ['england', 'england-2018'],
  ['norway', 'norway-2024'],
  ['sweden-experience-2020', 'sweden-experience-2020'],
  ['sweden-social-2022', 'sweden-social-2022'],
  ['uk', 'uk-2026'],
])('the crosswalk from 3L to 5L of %s stays inside its 5L value set', (from, to) => {
  const value = decrementIndex(table(`eq-5d-5l-${to}`), to);
  const best = value('11111') ?? Number.NaN;
  const worst = value('55555') ?? Number.NaN;
  const index = indexOf(`eq-5d-3l-${from}-reverse-crosswalk-2021`);
  for (const told of index.values()) {
    expect(told).toBeLessThanOrEqual(best);
    expect(told).toBeGreaterThanOrEqual(worst);
  }
  expect(index.get('33333')).toBeLessThan(worst + 0.35 * (best - worst));
  expect(index.get('11111')).toBeGreaterThan(best - 0.05 * (best - worst));
});
