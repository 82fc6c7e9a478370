import { readFileSync } from 'node:fs';
import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { readScoreRules } from '../forms/score/read-score-rules.ts';
import { bodyMap } from './body-map.ts';
import { bodyRegions } from './body-regions.ts';
import { countBars } from './count-bars.ts';
import { type Drawing, fitted, widthOf } from './drawing.ts';
import { levelBars } from './level-bars.ts';
import { lineChart } from './line-chart.ts';
import { type ChartLanguage, chartLanguage, writing } from './said.ts';
import { courseOf, type Series, scoreSeries } from './series.ts';
import { timeline } from './timeline.ts';

const INSTRUMENTS = new URL('../../questionnaires/instruments/', import.meta.url);
const rulesIn = (name: string) =>
  readScoreRules(JSON.parse(readFileSync(new URL(`${name}.scores.rules.json`, INSTRUMENTS), 'utf8'))).rules;
const rules = ['hads', 'nrs', 'isi', 'cpaq-8'].map(rulesIn);
const how = writing('nb', 'Europe/Oslo');

/** @param value undefined: a score that could not be computed */
function score(code: string, day: string, value: number | undefined): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code, display: code }] },
    effectiveDateTime: `${day}T10:00:00+01:00`,
    ...(value === undefined
      ? { dataAbsentReason: { text: '3 av 7 besvart; minst 4 trengs' } }
      : { valueQuantity: { value, unit: '{score}' } }),
  };
}

function seriesOf(code: string, values: readonly (number | undefined)[], language: ChartLanguage = 'nb'): Series {
  const scores = values.map((value, index) => score(code, `2026-0${index + 1}-01`, value));
  const [series] = scoreSeries(scores.toReversed(), rules, language);
  if (series === undefined) throw new Error(`no series of ${code}`);
  return series;
}

const chart = (series: Series, width = 600): Drawing => lineChart(series, { width, height: 240 }, how);
const inksOf = ({ marks }: Drawing) => marks.flatMap((mark) => ('ink' in mark ? mark.ink : []));
const textsOf = ({ marks }: Drawing) => marks.flatMap((mark) => ('text' in mark ? mark.text : []));

describe('a change is told in words', () => {
  test.each([
    [
      'hads-anxiety',
      [15, 12],
      'HADS angst 12, ned fra 15; bedre, og endringen er større enn den minste som betyr noe.',
    ],
    [
      'hads-anxiety',
      [12, 15],
      'HADS angst 15, opp fra 12; verre, og endringen er større enn den minste som betyr noe.',
    ],
    ['hads-anxiety', [15, 14], 'HADS angst 14, ned fra 15; endringen er mindre enn den minste som betyr noe.'],
    // between the lowest and the highest estimate of what matters (1.17 and 2.13)
    ['hads-anxiety', [15, 13.5], 'HADS angst 13,5, ned fra 15; bedre, og endringen kan bety noe.'],
    ['hads-anxiety', [15, 15], 'HADS angst 15, det samme som sist.'],
    // in per cent of the value before: 10 % may matter, 30 % does
    [
      'nrs-worst',
      [10, 7],
      'NRS sterkeste smerte, 7 dager 7, ned fra 10; bedre, og endringen er større enn den minste som betyr noe.',
    ],
    ['nrs-worst', [10, 8], 'NRS sterkeste smerte, 7 dager 8, ned fra 10; bedre, og endringen kan bety noe.'],
    ['nrs-worst', [0, 4], 'NRS sterkeste smerte, 7 dager 4, opp fra 0; verre.'],
    // higher is better, and no smallest change is known
    ['cpaq-total', [20, 24], 'CPAQ-8 smerteaksept 24, opp fra 20; bedre.'],
  ])('%s %j', (code, values, sentence) => {
    expect(chart(seriesOf(code, values)).sentence).toBe(sentence);
  });

  test.each([
    ['nn', 'endringa er større enn den minste som betyr noko'],
    ['sv', 'HADS ångest 12, ned från 15; bättre'],
    ['en', 'HADS anxiety 12, down from 15; better, and the change is larger than the smallest that matters'],
  ] as const)('in %s too', (language, part) => {
    const series = seriesOf('hads-anxiety', [15, 12], language);
    expect(lineChart(series, { width: 600, height: 240 }, writing(language, 'Europe/Oslo')).sentence).toContain(part);
  });

  test('one value is told with its day, and a value that is missing with why', () => {
    expect(chart(seriesOf('hads-anxiety', [15])).sentence).toBe('HADS angst: 15, målt én gang, 1. januar 2026.');
    expect(chart(seriesOf('hads-anxiety', [15, undefined])).sentence).toContain(
      'Besvarelsen 1. februar 2026 ga ingen verdi: 3 av 7 besvart; minst 4 trengs.',
    );
    expect(chart(seriesOf('hads-anxiety', [undefined])).sentence).toContain('ingen verdi ennå');
  });

  test('the value before is the latest that there is, whatever is missing between', () => {
    expect(courseOf(seriesOf('hads-anxiety', [15, undefined, 12]))).toMatchObject({
      before: { value: 15 },
      latest: { value: 12 },
      direction: 'better',
      matters: 'yes',
    });
  });
});

describe('a line chart', () => {
  test('has the cut-offs between the bands with their names, and says what higher means', () => {
    const drawing = chart(seriesOf('hads-anxiety', [15, 12]));
    expect(inksOf(drawing).filter((ink) => ink === 'cutOff')).toHaveLength(2);
    expect(textsOf(drawing)).toEqual(
      expect.arrayContaining(['Ikke tegn til lidelse', 'Mulig tilfelle', 'Sannsynlig tilfelle', 'høyere er verre']),
    );
  });

  test('shows what is missing as a gap and a cross, never as a value', () => {
    const drawing = chart(seriesOf('hads-anxiety', [15, undefined, 12]));
    expect(inksOf(drawing)).toEqual(expect.arrayContaining(['gap', 'missing']));
    expect(inksOf(drawing)).not.toContain('line');
    expect(textsOf(drawing)).toContain('mangler');
    expect(drawing.table.rows.map(([, value]) => value)).toEqual(['15', 'mangler', '12']);
  });

  test('marks the range in which a change is too small to matter around the value before', () => {
    expect(inksOf(chart(seriesOf('hads-anxiety', [15, 12])))).toContain('smallest');
    expect(inksOf(chart(seriesOf('hads-anxiety', [15])))).not.toContain('smallest');
    expect(inksOf(chart(seriesOf('cpaq-total', [20, 24])))).not.toContain('smallest');
  });

  test('has an axis of what is seen, where far more could be stored', () => {
    const omeq: Series = { ...seriesOf('hads-anxiety', [60, 45]), range: { min: 0, max: 10_000 }, bands: [] };
    expect(textsOf(chart(omeq))).toContain('60');
    expect(textsOf(chart(omeq))).not.toContain('10 000');
  });

  test.each([280, 640])('stays inside %i', (width) => {
    const drawing = chart(seriesOf('hads-anxiety', [21, 0, undefined, 15, 12]), width);
    const places = drawing.marks.flatMap((mark) => ('text' in mark ? [mark.x] : xsOf(mark.path)));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(width);
  });
});

/** Every x of a path of absolute commands. */
function xsOf(path: string): number[] {
  return [...path.matchAll(/[ML ]?(-?[\d.]+),-?[\d.]+|H(-?[\d.]+)/g)].map(([, point, along]) => Number(point ?? along));
}

test('a score that was entered in error is not shown, nor one without a number', () => {
  const wrong: Observation = { ...score('hads-anxiety', '2026-01-01', 20), status: 'entered-in-error' };
  const state: Observation = { ...score('eq-5d-5l-state', '2026-01-01', undefined), valueString: '21232' };
  expect(scoreSeries([wrong, state], rules, 'nb')).toEqual([]);
});

test('a score whose rule is not known is shown without cut-offs, under the name that it has', () => {
  const [series] = scoreSeries([score('unheard-of', '2026-01-01', 3)], [], 'nb');
  expect(series).toMatchObject({ title: 'unheard-of', bands: [], points: [{ value: 3 }] });
  expect(series && chart(series).sentence).toBe('unheard-of: 3, målt én gang, 1. januar 2026.');
});

test('bars tell each value as text, with a mark where it was before', () => {
  const drawing = levelBars('Smerte', [seriesOf('nrs-worst', [9, 6]), seriesOf('nrs-average', [5])], 600, how);
  expect(textsOf(drawing)).toEqual(expect.arrayContaining(['6', '5', '/ 10', 'Før']));
  expect(inksOf(drawing).filter((ink) => ink === 'hollow')).toHaveLength(2);
  expect(drawing.table.rows).toEqual([
    ['NRS sterkeste smerte, 7 dager', '6', '9'],
    ['NRS gjennomsnittlig smerte, 7 dager', '5', ''],
  ]);
});

describe('a body map', () => {
  const form = JSON.parse(readFileSync(new URL('body-map.json', INSTRUMENTS), 'utf8')) as {
    item: { answerOption: { valueCoding: { code: string } }[] }[];
  };
  const asked = form.item[0]!.answerOption.map(({ valueCoding }) => valueCoding.code).filter((code) => code !== 'none');
  const drawn = new Set((['front', 'back'] as const).flatMap((side) => bodyRegions(side).map(({ code }) => code)));

  test('has every place that the form asks about, and no other', () => {
    expect([...drawn].sort()).toEqual([...asked].sort());
  });

  test('has the left half of the patient to the right of who sees them from the front', () => {
    const middleOf = (side: 'front' | 'back') => {
      const region = bodyRegions(side).find(({ code }) => code === 'hand-left')!;
      return region.outline.reduce((sum, [x]) => sum + x, 0) / region.outline.length;
    };
    expect(middleOf('front')).toBeGreaterThan(70);
    expect(middleOf('back')).toBeLessThan(70);
  });

  test('hatches what hurts and tells it in words', () => {
    const places = [
      { code: 'knee-left', text: 'Venstre: kne' },
      { code: 'lower-back-right', text: 'Høyre: korsrygg' },
    ];
    const drawing = bodyMap({ title: 'Smertekart', at: '2026-03-01', places }, 360, how);
    // a knee shows from both sides, the lower back from one
    expect(inksOf(drawing).filter((ink) => ink === 'hatch')).toHaveLength(3);
    expect(drawing.sentence).toBe('Smerter 2 steder: venstre: kne; høyre: korsrygg. (1. mars 2026)');
    expect(bodyMap({ title: 'Smertekart', at: '2026-03-01', places: [] }, 360, how).sentence).toContain(
      'Ingen smerter',
    );
    expect(bodyMap({ title: 'Smertekart', places: [] }, 360, how).sentence).toBe('Ikke besvart.');
  });
});

test('a timeline has a shape for every kind of event, and a table with the latest first', () => {
  const courses = [
    {
      title: 'Forløp 1',
      start: '2026-01-01',
      end: undefined,
      events: [
        { kind: 'order', at: '2026-01-02', title: 'HADS' },
        { kind: 'answer', at: '2026-01-05', title: 'HADS' },
      ],
    },
  ] as const;
  const drawing = timeline(courses, { width: 640, now: '2026-03-01' }, how);
  expect(drawing.sentence).toBe('Forløp: 1. Hendelser: 2.');
  expect(drawing.table.rows.map(([, what, kind]) => [what, kind])).toEqual([
    ['HADS', 'Svar fra pasienten'],
    ['HADS', 'Sendt til pasienten'],
  ]);
  expect(timeline([], { width: 640, now: '2026-03-01' }, how).table.rows).toEqual([]);
});

test('counts are told as numbers, and that there are none as words', () => {
  const drawing = countBars(
    'Forløp',
    [
      { label: 'Type 3', count: 12 },
      { label: 'Type 1', count: 3 },
    ],
    600,
    how,
  );
  expect(textsOf(drawing)).toEqual(['Type 3', '12', 'Type 1', '3']);
  expect(drawing.sentence).toBe('Flest: Type 3, 12 av 15.');
  const nothing = countBars('Forløp', [{ label: 'Type 3', count: 0 }], 600, how);
  expect(nothing).toMatchObject({ sentence: 'Ingen i denne perioden.', marks: [], table: { rows: [['Type 3', '0']] } });
  expect(countBars('Forløp', [], 600, how).sentence).toBe('Ingen i denne perioden.');
});

test('of counts that are equal none is called the largest', () => {
  const counts = ['Pasreg', 'HADS', 'Eval'].map((label) => ({ label, count: 3 }));
  expect(countBars('Besvart', counts, 600, how).sentence).toBe('Flest: Pasreg, HADS og Eval, 3 hver, av 9 i alt.');
});

test.each([280, 640])('a label is never cut in counts of %i pixels: it goes on in the next line', (width) => {
  const label = 'Forløp som oppfyller inklusjonskriteriene, men ikke er registrert';
  const drawing = countBars(
    'Forløp',
    [
      { label, count: 1 },
      { label: 'Andre', count: 2000 },
    ],
    width,
    how,
  );
  const lines = drawing.marks.flatMap((mark) => ('text' in mark && !mark.bold ? mark.text : []));
  expect(lines.slice(0, -1).join(' ')).toBe(label);
  const texts = drawing.marks.flatMap((mark) => ('text' in mark ? mark : []));
  for (const { y, text, size, x, anchor } of texts) {
    expect(y).toBeLessThan(drawing.height);
    expect(anchor === 'end' ? x - widthOf(text, size) : x).toBeGreaterThanOrEqual(0);
    expect(anchor === 'end' ? x : x + widthOf(text, size)).toBeLessThanOrEqual(width);
  }
});

test.each([
  ['nb', 'november 2026'],
  ['nn', 'november 2026'],
  ['sv', 'november 2026'],
  ['en', 'November 2026'],
] as const)('a month is told in words in %s, whatever the time zone', (language, said) => {
  expect(writing(language, 'Pacific/Auckland').day('2026-11')).toBe(said);
  expect(writing(language, 'America/Los_Angeles').day('2026-11')).toBe(said);
});

test.each([
  ['nn-NO', 'nn'],
  ['sv', 'sv'],
  ['en-US', 'en'],
  ['se', 'nb'],
])('charts speak %s as %s', (tag, language) => {
  expect(chartLanguage(tag)).toBe(language);
});

test('a label is cut where there is no room for it', () => {
  expect(fitted('Sterkeste smerte', 13, 60)).toMatch(/^Sterk\p{L}*…$/u);
  expect(fitted('Kne', 13, 60)).toBe('Kne');
});

describe('days', () => {
  test.each(['Pacific/Auckland', 'America/Los_Angeles', 'Europe/Oslo'])('a date is the same day in %s', (zone) => {
    expect(writing('nb', zone).day('2026-03-05')).toBe('5. mars 2026');
    expect(writing('nb', zone).shortDay('2026-03-05')).toBe('05.03.26');
  });

  test('an instant is told as the day there, on both sides of a change of the clock', () => {
    expect(how.day('2026-03-28T23:30:00Z')).toBe('29. mars 2026');
    expect(how.day('2026-03-29T22:30:00Z')).toBe('30. mars 2026');
    expect(how.day('2026-10-25T22:30:00Z')).toBe('25. oktober 2026');
    expect(how.day('2026-10-25T23:30:00Z')).toBe('26. oktober 2026');
  });

  test.each([
    ['1969', '1969', '1969'],
    ['1969-11', 'november 1969', '11.69'],
    ['no date', 'no date', 'no date'],
  ])('%s, which is no whole date, is told as what it is', (date, long, short) => {
    expect([how.day(date), how.shortDay(date)]).toEqual([long, short]);
  });
});

describe('a line chart of what is seldom', () => {
  const inside = (drawing: Drawing): void => {
    for (const mark of drawing.marks) {
      const ys = 'text' in mark ? [mark.y] : ysOf(mark.path);
      const xs = 'text' in mark ? [mark.x] : xsOf(mark.path);
      for (const y of ys) expect(y >= 0 && y <= drawing.height, `${JSON.stringify(mark)}`).toBe(true);
      for (const x of xs) expect(x >= 0 && x <= drawing.width, `${JSON.stringify(mark)}`).toBe(true);
    }
  };

  test.each([
    ['beyond its range', [25, -3]],
    ['one value', [0]],
    ['the same value', [7, 7, 7]],
    ['no value at all', [undefined, undefined]],
    ['nothing', []],
  ])('%s: stays inside of the drawing', (_, values) => {
    const [first] = [seriesOf('hads-anxiety', [1])];
    const points = values.map((value, index) => ({ at: `2026-0${index + 1}-01`, value }));
    inside(chart({ ...first, points }));
    inside(chart({ ...first, points, range: { min: 200, max: 1000 }, bands: [] }));
  });

  test('values beyond the range have their place on the axis', () => {
    const far: Series = { ...seriesOf('hads-anxiety', [25]), bands: [] };
    expect(textsOf(chart(far)).filter((text) => text === '25')).toHaveLength(2);
  });

  test('numbers that would touch are left out, never the latest, and all of them stand in the table', () => {
    const points = Array.from({ length: 120 }, (_, index) => ({
      at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
      value: index % 2 === 0 ? 11 : 12,
    }));
    const drawing = chart({ ...seriesOf('hads-anxiety', [1]), points });
    const numbers = drawing.marks.flatMap((mark) => ('text' in mark && /^1[12]$/.test(mark.text) ? mark : []));
    expect(numbers.some(({ bold, text }) => bold === true && text === '12')).toBe(true);
    const boxes = numbers
      .filter(({ anchor }) => anchor === 'middle')
      .map(({ x, text, size, y }) => ({ left: x - widthOf(text, size) / 2, right: x + widthOf(text, size) / 2, y }))
      .sort((a, b) => a.left - b.left);
    for (const [index, box] of boxes.entries()) {
      const next = boxes[index + 1];
      if (next !== undefined) expect(next.left).toBeGreaterThanOrEqual(box.right);
    }
    expect(drawing.table.rows).toHaveLength(120);
  });
});

/** Every y of a path of absolute commands. */
function ysOf(path: string): number[] {
  return [...path.matchAll(/[ML ]?-?[\d.]+,(-?[\d.]+)|V(-?[\d.]+)/g)].map(([, point, along]) => Number(point ?? along));
}

test('a bar ends with its scale, and says the number all the same', () => {
  const series: Series = { ...seriesOf('nrs-worst', [14]), range: { min: 0, max: 10 } };
  const drawing = levelBars('Profil', [series], 600, how);
  for (const mark of drawing.marks) if ('path' in mark) expect(Math.max(...xsOf(mark.path))).toBeLessThanOrEqual(600);
  expect(textsOf(drawing)).toContain('14');
});
