import { describe, expect, it } from 'vitest';
import { instrument, table } from '../../../tests/kit/instrument.ts';
import { decrementIndex } from './decrements.ts';

const dimensions = ['EqMobility', 'EqSelfCare', 'EqUsualActivities', 'EqPain', 'EqAnxiety'];
const forms = { '3l': instrument('eq-5d-3l'), '5l': instrument('eq-5d-5l') };

function score(version: '3l' | '5l', state: string, set: string) {
  const answers = Object.fromEntries(dimensions.map((linkId, index) => [linkId, state[index] ?? '']));
  return forms[version].score(answers).get(`eq-5d-${version}-index-${set}`);
}

/**
 * The value sets as their publications print them, apart from the tables: value of 11111; once for any dimension at
 * level 2 or worse, 3 or worse, at 5; the levels from 2 of mobility, self-care, usual activities, pain, anxiety.
 */
const printed: Record<string, { full: number; n2?: number; n3?: number; n5?: number; levels: string }> = {
  '3l denmark-tto-2009': { full: 1, n2: 0.114, levels: '.053 .411/.063 .192/.048 .144/.062 .396/.068 .367' },
  '3l denmark-vas': { full: 1, n2: 0.225, levels: '.126 .252/.112 .224/.064 .128/.078 .156/.091 .182' },
  '3l europe-vas': {
    ...{ full: 1, n2: 0.1279, n3: 0.2288 },
    levels: '.0659 .1829/.1173 .1559/.0264 .0860/.0930 .1637/.0891 .1290',
  },
  '3l finland-vas': { full: 1, n2: 0.158, levels: '.058 .230/.098 .143/.047 .131/.111 .153/.160 .196' },
  '3l sweden-experience-2014': {
    ...{ full: 0.9694, n3: 0.0433 },
    levels: '.0666 .1247/.0276 .0276/.1012 .1355/.0345 .0904/.0552 .2077',
  },
  '3l uk-tto-1997': {
    ...{ full: 1, n2: 0.081, n3: 0.269 },
    levels: '.069 .314/.104 .214/.036 .094/.123 .386/.071 .236',
  },
  '3l uk-vas': { full: 1, n2: 0.155, n3: 0.215, levels: '.071 .182/.093 .145/.031 .081/.084 .171/.063 .124' },
  '5l denmark-2021': {
    full: 1,
    levels: '.041 .054 .157 .220/.035 .050 .144 .209/.033 .040 .139 .174/.048 .094 .381 .537/.072 .191 .430 .618',
  },
  '5l england-2018': {
    full: 1,
    levels: '.058 .076 .207 .274/.050 .080 .164 .203/.050 .063 .162 .184/.063 .084 .276 .335/.078 .104 .285 .289',
  },
  '5l norway-2024': {
    full: 1,
    levels:
      '.03116 .064985 .158875 .205/.031312 .065302 .15965 .206/.027208 .056743 .138725 .179/' +
      '.059432 .123947 .303025 .391/.071744 .149624 .3658 .472',
  },
  '5l sweden-experience-2020': {
    ...{ full: 0.9755, n5: 0.0023 },
    levels:
      '.0287 .0346 .0523 .0523/.0254 .0817 .0824 .0824/.0549 .1143 .1639 .1639/' +
      '.0108 .0428 .1024 .1974/.0325 .0868 .2002 .2339',
  },
  '5l sweden-social-2022': {
    full: 1,
    levels: '.022 .026 .087 .132/.019 .056 .113 .159/.022 .048 .131 .187/.010 .047 .319 .442/.031 .122 .277 .394',
  },
  '5l uk-2026': {
    full: 1,
    levels: '.032 .058 .179 .279/.038 .060 .162 .206/.049 .086 .184 .212/.056 .066 .371 .479/.041 .126 .313 .391',
  },
};

function states(levels: number): string[] {
  return Array.from({ length: levels ** 5 }, (_, index) =>
    [...index.toString(levels).padStart(5, '0')].map((digit) => Number(digit) + 1).join(''),
  );
}

describe('every state of every value set is what the printed terms add up to', () => {
  it.each(Object.entries(printed))('%s', (name, { full, n2 = 0, n3 = 0, n5 = 0, levels }) => {
    const [version = '', ...rest] = name.split(' ');
    const index = decrementIndex(table(`eq-5d-${version}-${rest.join(' ')}`), name);
    const terms = levels.split('/').map((dimension) => [0, ...dimension.split(' ').map(Number)]);
    for (const state of states(version === '3l' ? 3 : 5)) {
      const digits = [...state].map(Number);
      let expected = full;
      digits.forEach((level, place) => {
        expected -= terms[place]?.[level - 1] ?? Number.NaN;
      });
      if (digits.some((level) => level > 1)) expected -= n2;
      if (digits.some((level) => level > 2)) expected -= n3;
      if (digits.includes(5)) expected -= n5;
      expect(index(state)).toBeCloseTo(expected, 9);
    }
  });

  it('and every set that the rules offer is printed here or is a crosswalk', () => {
    const offered = Object.entries(forms).flatMap(([version, { rules }]) =>
      rules.scores.flatMap(({ table: use }) =>
        use?.kind === 'decrements' ? [use.table.replace(/^.*eq-5d-.l-(.*)\|.*$/, `${version} $1`)] : [],
      ),
    );
    expect(offered.sort()).toEqual(Object.keys(printed).sort());
  });
});

describe('published examples', () => {
  it.each([
    ['5l', '21232', 'norway-2024', 0.7459],
    ['5l', '21232', 'denmark-2021', 0.76],
    ['5l', '21232', 'sweden-experience-2020', 0.8166],
    ['5l', '21232', 'england-2018', 0.73],
    ['3l', '11223', 'uk-tto-1997', 0.255],
    ['3l', '11223', 'sweden-experience-2014', 0.5827],
    ['3l', '11111', 'sweden-experience-2014', 0.9694],
    ['3l', '33333', 'sweden-experience-2014', 0.3402],
    ['3l', '33333', 'uk-tto-1997', -0.594],
    ['3l', '33333', 'denmark-tto-2009', -0.624],
    ['5l', '55555', 'norway-2024', -0.453],
    ['5l', '55555', 'denmark-2021', -0.758],
    ['5l', '11111', 'sweden-experience-2020', 0.9755],
    ['5l', '55555', 'sweden-experience-2020', 0.2433],
    ['5l', '55555', 'sweden-social-2022', -0.314],
    ['5l', '55555', 'england-2018', -0.285],
    ['5l', '55555', 'uk-2026', -0.567],
    ['5l', '55555', 'uk-crosswalk-2012', -0.594],
    ['5l', '11111', 'uk-crosswalk-2012', 1],
    ['5l', '11112', 'uk-crosswalk-2012', 0.879],
    ['5l', '55555', 'denmark-crosswalk-2012', -0.624],
    ['3l', '11111', 'norway-reverse-crosswalk-2021', 0.984094],
    ['3l', '11112', 'norway-reverse-crosswalk-2021', 0.878338],
    ['3l', '11113', 'norway-reverse-crosswalk-2021', 0.618431],
  ] as const)('EQ-5D-%s %s, %s: %d', (version, state, set, expected) => {
    expect(score(version, state, set)).toMatchObject({ value: expected, raw: state, answered: 1 });
  });
});

describe('the range of an index is the best and the worst of all states', () => {
  const rules = Object.entries(forms).flatMap(([version, { rules }]) =>
    rules.scores.flatMap(({ code, range, table: use }) => (use === undefined ? [] : [{ version, code, range, use }])),
  );

  it.each(rules)('$code', ({ version, code, range, use }) => {
    const set = table(use.table.replace(/^.*\/(.*)\|.*$/, '$1'));
    const rows = new Map(set.rows.map(([state = '', index]) => [state, Number(index)]));
    const index = use.kind === 'decrements' ? decrementIndex(set, code) : (state: string) => rows.get(state);
    const all = states(version === '3l' ? 3 : 5).map((state) => index(state) ?? Number.NaN);
    expect(range?.min).toBeCloseTo(Math.min(...all), 9);
    expect(range?.max).toBeCloseTo(Math.max(...all), 9);
    const best = forms[version as '3l' | '5l'].score(Object.fromEntries(dimensions.map((linkId) => [linkId, '1'])));
    expect(best.get(code)?.value).toBe(range?.max);
  });
});

describe('an EQ-5D without one of the five answers', () => {
  it.each(dimensions)('(%s) has no index by any set, in 3L and in 5L', (missing) => {
    const given = Object.fromEntries(dimensions.flatMap((linkId) => (linkId === missing ? [] : [[linkId, '1']])));
    for (const [version, { score: of }] of Object.entries(forms)) {
      const scores = of({ ...given, EqVas: 100 });
      expect(scores.get(`eq-5d-${version}-vas`)?.value).toBe(100);
      for (const [code, { value, absent }] of scores) {
        if (code.endsWith('-vas')) continue;
        expect([code, value, absent]).toEqual([
          code,
          undefined,
          { reason: 'too-few-answered', answered: 4, of: 5, minimum: 5 },
        ]);
      }
    }
  });

  it('has no state and no index, with the reason, but its own VAS', () => {
    const scores = forms['5l'].score({ EqMobility: '1', EqSelfCare: '1', EqPain: '2', EqAnxiety: '3', EqVas: 0 });
    expect(scores.get('eq-5d-5l-state')).toMatchObject({
      absent: { reason: 'too-few-answered', answered: 4, of: 5, minimum: 5 },
    });
    const indices = [...scores.values()].filter(({ rule }) => rule.code.includes('index'));
    expect(indices).toHaveLength(8);
    for (const index of indices) {
      expect(index.value).toBeUndefined();
      expect(index.absent?.reason).toBe('too-few-answered');
    }
    expect(scores.get('eq-5d-5l-vas')?.value).toBe(0);
  });

  it('a VAS outside 0 to 100 is no score', () => {
    const vas = (value: number) => forms['5l'].score({ EqVas: value }).get('eq-5d-5l-vas');
    expect(vas(100)?.value).toBe(100);
    expect(vas(101)).toMatchObject({ absent: { reason: 'unreadable-answer', parts: ['EqVas'] } });
  });
});

it('without a wish the national sets alone are computed: Norway for 5L, United Kingdom for 3L', () => {
  const codes = (name: string) => {
    const chosen = instrument(name, (rule) => rule.choice !== 'onRequest');
    return chosen.scorer.rules.map(({ code }) => code);
  };
  expect(codes('eq-5d-5l')).toEqual(['eq-5d-5l-state', 'eq-5d-5l-index-norway-2024', 'eq-5d-5l-vas']);
  expect(codes('eq-5d-3l')).toEqual(['eq-5d-3l-state', 'eq-5d-3l-index-uk-tto-1997', 'eq-5d-3l-vas']);
});

describe('a value set with a fault is refused', () => {
  const rows = () => table('eq-5d-3l-uk-tto-1997').rows;
  const columns = ['term', 'value'];
  it.each([
    ['a missing term', { columns, rows: rows().filter(([term]) => term !== 'UA2') }],
    ['no value of 11111', { columns, rows: rows().filter(([term]) => term !== 'full') }],
    ['a term twice', { columns, rows: [...rows(), ['MO2', '-0.1']] }],
    ['an unknown term', { columns, rows: [...rows(), ['D1', '-0.1']] }],
    [
      'a term that is no number',
      { columns, rows: rows().map(([term = '', value = '']) => [term, term === 'MO2' ? '-' : value]) },
    ],
  ])('%s', (_, faulty) => {
    expect(() => decrementIndex(faulty, 'x')).toThrow(/Table x/);
  });

  it('and what is no state has no index', () => {
    const index = decrementIndex(table('eq-5d-3l-uk-tto-1997'), 'x');
    for (const state of ['1111', '111111', '11114', '11110', '', '1111x']) expect(index(state)).toBeUndefined();
  });
});
