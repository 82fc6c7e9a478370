import type { Measure } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { FhirError } from '../model/issue.ts';
import { isDay } from './asked.ts';
import { monthsOf } from './count.ts';
import { sumOfExactly } from './loaded-count.ts';
import { filledIn, readMeasure } from './measure.ts';
import { barChart } from './page/bars.ts';
import { measureReport } from './report.ts';

const bindings = {
  hospital: 'Organization/a',
  national: 'ResearchStudy/n',
  registry: 'PlanDefinition/p',
  start: '2026-01-01',
  end: '2026-01-31',
};

function measure(expression: string | undefined, language = 'application/x-fhir-query'): Measure {
  const population = (role: string, code: string) => ({
    code: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/measure-population', code: role },
        { system: 'https://svar.example.org/fhir/CodeSystem/report-count', code },
      ],
    },
    criteria: { language: language as 'application/x-fhir-query', ...(expression && { expression }) },
  });
  return {
    resourceType: 'Measure',
    status: 'active',
    url: 'https://example.org/Measure/m',
    version: '2',
    group: [{ population: [population('denominator', 'all'), population('numerator', 'some')] }],
  };
}

describe('a Measure', () => {
  test('counts searches whose names are filled in', () => {
    const [group] = readMeasure(measure('Task?owner={{%hospital}}&started=ge{{ %start }}')).groups;
    expect(group?.populations.map(({ code }) => code)).toEqual(['all', 'some']);
    const query = group?.populations[0]?.query;
    expect([query?.type, query && filledIn(query, bindings)]).toEqual([
      'Task',
      'owner=Organization%2Fa&started=ge2026-01-01',
    ]);
  });

  test.each([
    ['Task?owner={{%ward}}', undefined],
    ['Task?owner={{%hospital.resolve()}}', undefined],
    ['Task', undefined],
    [undefined, undefined],
    ['true', 'text/fhirpath'],
  ])('with the criterion %j is refused, each fault where it is', (expression, language) => {
    const read = (): unknown => readMeasure(measure(expression, language));
    expect(read).toThrow(FhirError);
    try {
      read();
    } catch (problem) {
      const places = (problem as FhirError).issues.map(({ expression: places }) => places?.[0]);
      expect(places).toEqual(['Measure.group[0].population[0].criteria', 'Measure.group[0].population[1].criteria']);
    }
  });
});

describe('a report', () => {
  const rule = readMeasure(measure('Task?status=completed'));
  const told = { hospital: 'Organization/a', days: bindings, at: new Date('2026-02-01T00:00:00Z') };
  const of = (totals: number[], loaded?: number) =>
    measureReport(rule, [{ totals, months: [] }], (code) => (code === 'all' ? loaded : undefined), told).group?.[0];

  test('has the proportion of numerator and denominator, and none of nothing', () => {
    expect(of([3, 1])?.measureScore?.value).toBe(0.3333);
    expect(of([0, 0])?.measureScore).toBeUndefined();
  });

  test('has a loaded count in place of what was counted, and says so', () => {
    const population = of([3, 1], 4)?.population;
    expect(population?.map(({ count, extension }) => [count, extension?.[0]?.valueCode])).toEqual([
      [4, 'loaded'],
      [1, 'counted'],
    ]);
    expect(of([3, 1], 4)?.measureScore?.value).toBe(0.25);
  });
});

describe('loaded counts', () => {
  const january = { start: '2026-01-01', end: '2026-01-31', count: 10 };
  const february = { start: '2026-02-01', end: '2026-02-28', count: 5 };
  const year = { start: '2026-01-01', end: '2026-12-31', count: 99 };

  test.each([
    [{ start: '2026-01-01', end: '2026-01-31' }, 10],
    [{ start: '2026-01-01', end: '2026-02-28' }, 15],
    [{ start: '2026-01-01', end: '2026-12-31' }, 99],
    [{ start: '2026-01-01', end: '2026-03-31' }, undefined],
    [{ start: '2026-01-02', end: '2026-01-31' }, undefined],
    [{ start: '2026-01-01', end: '2026-01-30' }, undefined],
  ])('of %j are %s', (days, sum) => {
    expect(sumOfExactly(days, [february, year, january])).toBe(sum);
  });
});

test('that days are missing is found out as fast, however the others were loaded', () => {
  const day = (at: number): string => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10);
  const loaded = Array.from({ length: 364 }, (_, at) => [
    { start: day(at), end: day(at), count: 1 },
    { start: day(at), end: day(Math.min(at + 1, 363)), count: 2 },
  ]).flat();
  expect(sumOfExactly({ start: day(0), end: day(364) }, loaded)).toBeUndefined();
  expect(sumOfExactly({ start: day(0), end: day(363) }, loaded)).toBe(364);
});

test('the months of a period are cut to it', () => {
  expect(monthsOf({ start: '2026-01-15', end: '2026-03-02' })).toEqual([
    { start: '2026-01-15', end: '2026-01-31' },
    { start: '2026-02-01', end: '2026-02-28' },
    { start: '2026-03-01', end: '2026-03-02' },
  ]);
});

test.each([
  ['2026-02-28', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  [undefined, false],
])('%s is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});

test('a chart tells each number as text, and what stands in a label is text', () => {
  const { html } = barChart('Ja & nei', [
    { label: '<b>', count: 4 },
    { label: 'nei', count: 2 },
  ]);
  expect(html).toContain('role="img"');
  expect(html).toContain('<title>nei: 2</title>');
  expect(html).not.toContain('<b>');
  const [longer, shorter] = [...html.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
  expect(longer).toBe((shorter ?? 0) * 2);
});
