import type { MeasureReport } from '@medplum/fhirtypes';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { codeSystem, identifierSystem } from '../registry/names.ts';
import { writeAnswer } from '../rest/answer.ts';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { type Asked, asked, type Days, isDay, measureFor, type ReportingParts } from './asked.ts';
import { keeps, works } from './authority.ts';
import { foundOwn } from './own.ts';
import { type LoadedCount, roleOf } from './report.ts';

/**
 * ResearchStudy/[id]/$load-count: how many there were by another source (referrals by the hospital's own system, say), for
 * a hospital and whole days. It takes the place of what Svar counts where the loaded counts make up exactly the period that
 * is asked for. The same hospital and days again: the count is replaced. For the local coordinator and the hospital's
 * system.
 */
export function loadCount(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const { caller, context } = exchange;
    const input = new OperationInput(exchange, ['hospital', 'start', 'end', 'population', 'count']);
    for (const name of ['hospital', 'start', 'end', 'count']) {
      if (input.one(name) === undefined) throw fhirError(400, 'required', `The parameter ${name} is needed.`, name);
    }
    const count = input.count('count') ?? 0;
    const { of, days, hospitals } = await asked(parts, exchange, input);
    const [hospital = ''] = hospitals;
    const subject = { registry: of.registry, hospital };
    if (!keeps(caller, subject) && !(caller.agent?.role === 'ehr' && works(caller, subject))) {
      throw fhirError(403, 'forbidden', 'This is for the local coordinator, and for the system of the hospital.');
    }
    const rule = await measureFor(parts, exchange, of, 'coverage');
    const denominators = rule.groups.flatMap(({ populations }) =>
      populations.filter((each) => roleOf(each) === 'denominator'),
    );
    const population = input.text('population') ?? denominators[0]?.code;
    if (population === undefined || !denominators.some(({ code }) => code === population)) {
      const known = denominators.map(({ code }) => code).join(', ');
      throw fhirError(422, 'not-supported', `Counts are loaded of: ${known}.`, 'population');
    }
    const value = [hospital, of.registry, population, days.start, days.end].join(' ');
    const resource: MeasureReport & { id?: string } = {
      resourceType: 'MeasureReport',
      identifier: [
        { system: identifierSystem.loadedCount, value },
        { system: identifierSystem.loadedCount, value: kindOf({ hospital, registry: of.registry, population }) },
      ],
      status: 'complete',
      type: 'summary',
      measure: rule.measure.url ?? '',
      date: parts.engine.clock.now().toISOString(),
      reporter: { reference: hospital },
      period: { start: days.start, end: days.end },
      group: [{ population: [{ code: { coding: [{ system: codeSystem.reportCount, code: population }] }, count }] }],
    };
    const [known] = await foundOwn<MeasureReport>(parts.engine, exchange, 'MeasureReport', [
      ['identifier', `${identifierSystem.loadedCount}|${value}`],
    ]);
    const { interactions } = context;
    const stored = known?.id === undefined ? resource : { ...resource, id: known.id };
    const body = { resource: stored, text: JSON.stringify(stored) };
    const result =
      stored.id === undefined
        ? await interactions.create(asServer(caller), 'MeasureReport', body, {})
        : await interactions.update(asServer(caller), 'MeasureReport', { id: stored.id }, body, {});
    return writeAnswer(exchange, result);
  };
}

interface Kind {
  readonly hospital: string;
  readonly registry: string;
  readonly population: string;
}

/** What all loaded counts of one population at one hospital share. */
function kindOf({ hospital, registry, population }: Kind): string {
  return [hospital, registry, population].join(' ');
}

/** The counts that were loaded of a hospital and make up exactly the days asked for, by population. */
export async function loadedCounts(
  { engine }: ReportingParts,
  exchange: Exchange,
  { of: { registry }, days }: Pick<Asked, 'of' | 'days'>,
  hospital: string,
  populations: readonly string[],
): Promise<LoadedCount> {
  const counts = new Map<string, number>();
  for (const population of populations) {
    const kind = kindOf({ hospital, registry, population });
    const reports = await foundOwn<MeasureReport>(engine, exchange, 'MeasureReport', [
      ['identifier', `${identifierSystem.loadedCount}|${kind}`],
    ]);
    const sum = sumOfExactly(
      days,
      reports.flatMap(({ period, group }) => {
        const count = group?.[0]?.population?.[0]?.count;
        const { start, end } = period ?? {};
        return isDay(start) && isDay(end) && count !== undefined ? [{ start, end, count }] : [];
      }),
    );
    if (sum !== undefined) counts.set(population, sum);
  }
  return (population) => counts.get(population);
}

/**
 * The sum of counts whose days follow each other and make up the period exactly: one for all of it, else the longest ones.
 * Undefined where days are missing: a part is not told as the whole.
 */
export function sumOfExactly(days: Days, loaded: readonly (Days & { readonly count: number })[]): number | undefined {
  const byStart = Map.groupBy(
    loaded.filter((each) => each.end >= each.start && each.end <= days.end),
    ({ start }) => start,
  );
  // where days are missing there are many ways to find it out: no day is tried twice
  const known = new Map<string, number | undefined>();
  const from = (start: string): number | undefined => {
    if (start > days.end) return 0;
    if (!known.has(start)) known.set(start, sumAt(start));
    return known.get(start);
  };
  const sumAt = (start: string): number | undefined => {
    const longest = (byStart.get(start) ?? []).toSorted((a, b) => (a.end < b.end ? 1 : -1));
    for (const each of longest) {
      const rest = from(dayAfter(each.end));
      if (rest !== undefined) return each.count + rest;
    }
    return undefined;
  };
  return from(days.start);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
