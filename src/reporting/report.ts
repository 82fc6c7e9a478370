import type { Bundle, MeasureReport, MeasureReportGroup, MeasureReportGroupPopulation } from '@medplum/fhirtypes';
import { codeSystem, extensionUrl } from '../registry/names.ts';
import type { Days } from './asked.ts';
import type { CountedNumbers } from './count.ts';
import type { CountedGroup, CountedPopulation, CountRule } from './measure.ts';

const MEASURE_POPULATION = 'http://terminology.hl7.org/CodeSystem/measure-population';

/** A count that was loaded and takes the place of what was counted; undefined where there is none. */
export type LoadedCount = (population: string) => number | undefined;

/**
 * What was counted of one hospital as a MeasureReport. It holds numbers alone. A population says by an extension where its
 * number comes from, a group with a numerator and a denominator has their proportion as its score.
 */
export function measureReport(
  { measure, groups }: CountRule,
  numbers: readonly CountedNumbers[],
  loaded: LoadedCount,
  told: { readonly hospital: string; readonly days: Days; readonly at: Date },
): MeasureReport {
  return {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'summary',
    measure: measure.version === undefined ? (measure.url ?? '') : `${measure.url}|${measure.version}`,
    date: told.at.toISOString(),
    reporter: { reference: told.hospital },
    period: { start: told.days.start, end: told.days.end },
    group: groups.map((group, at) => reported(group, numbers[at] ?? { totals: [], months: [] }, loaded)),
  };
}

function reported(group: CountedGroup, { totals, months }: CountedNumbers, loaded: LoadedCount): MeasureReportGroup {
  const population = group.populations.map((each, at) => populationOf(each, totals[at] ?? 0, loaded(each.code)));
  const score = proportion(group, population);
  return {
    ...(group.source.code && { code: group.source.code }),
    ...(population.length > 0 && { population }),
    ...(score === undefined ? {} : { measureScore: { value: score } }),
    ...(months.length > 0 && {
      stratifier: [
        {
          code: [{ coding: [{ system: codeSystem.reportCount, code: 'month' }] }],
          stratum: months.map(({ month, counts }) => ({
            value: { text: month },
            population: group.populations.map(({ source }, at) => ({
              ...(source.code && { code: source.code }),
              count: counts[at] ?? 0,
            })),
          })),
        },
      ],
    }),
  };
}

function populationOf(
  { source }: CountedPopulation,
  counted: number,
  loaded: number | undefined,
): MeasureReportGroupPopulation {
  return {
    extension: [{ url: extensionUrl.countSource, valueCode: loaded === undefined ? 'counted' : 'loaded' }],
    ...(source.code && { code: source.code }),
    count: loaded ?? counted,
  };
}

/** Numerator by denominator, to four decimals; undefined where there is no denominator, or nothing in it. */
function proportion(
  { populations }: CountedGroup,
  reported: readonly MeasureReportGroupPopulation[],
): number | undefined {
  const countOf = (role: string) => reported[populations.findIndex((each) => roleOf(each) === role)]?.count;
  const [above, below] = [countOf('numerator'), countOf('denominator')];
  return above === undefined || !below ? undefined : Math.round((above / below) * 10_000) / 10_000;
}

/** Which part of a proportion a population is: `numerator`, `denominator`, or none. */
export function roleOf({ source }: CountedPopulation): string | undefined {
  return source.code?.coding?.find(({ system }) => system === MEASURE_POPULATION)?.code;
}

/** Reports of several hospitals. */
export function bundled(reports: readonly MeasureReport[], at: Date): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: at.toISOString(),
    ...(reports.length > 0 && { entry: reports.map((resource) => ({ resource })) }),
  };
}
