import type { Organization } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { textAnswer } from '../rest/answer.ts';
import type { Answer, Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { asked, type Days, found, measureFor, type ReportingParts } from './asked.ts';
import { counted, monthsOf } from './count.ts';
import { overviewPage, PAGE_HEADERS } from './page/overview-page.ts';
import { bundled, measureReport } from './report.ts';

/** Bars of one chart that can still be read. */
const MONTHS_MAX = 36;

/**
 * ResearchStudy/[id]/$overview: simple charts of a hospital's registrations (SmerteReg manual 1.8, "Lokal oversikt"), as the
 * registry's Measure of topic overview counts them: as numbers, or as a page to look at.
 */
export function overview(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const input = new OperationInput(exchange, ['start', 'end', 'hospital', 'as']);
    const as = input.text('as') ?? 'report';
    if (as !== 'report' && as !== 'page') throw fhirError(400, 'value', 'as is report or page.', 'as');
    const { of, days, hospitals } = await asked(parts, exchange, input);
    if (tooLong(days)) throw fhirError(400, 'too-costly', `A chart shows at most ${MONTHS_MAX} months.`, 'end');
    const rule = await measureFor(parts, exchange, of, 'overview');
    const at = parts.engine.clock.now();
    const told = [];
    for (const hospital of hospitals) {
      const bindings = { hospital, national: of.national ?? '', registry: of.registry, ...days };
      told.push({ hospital, numbers: await counted(parts.engine, rule, bindings) });
    }
    if (as === 'report') {
      const reports = told.map(({ hospital, numbers }) =>
        measureReport(rule, numbers, () => undefined, { hospital, days, at }),
      );
      return textAnswer(exchange, JSON.stringify(bundled(reports, at)));
    }
    const names = await namesOf(parts, exchange, hospitals);
    const charts = told.map(({ hospital, numbers }) => ({ name: names.get(hospital) ?? hospital, numbers }));
    return page(overviewPage({ rule, charts, days, language: exchange.caller.language ?? 'nb' }));
  };
}

function tooLong({ start, end }: Days): boolean {
  const months = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return months(end) - months(start) >= MONTHS_MAX || monthsOf({ start, end }).length > MONTHS_MAX;
}

async function namesOf(
  { engine }: ReportingParts,
  exchange: Exchange,
  hospitals: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (hospitals.length === 0) return new Map();
  const ids = hospitals.map((each) => each.slice('Organization/'.length)).join(',');
  const organizations = await found<Organization>(engine, exchange, 'Organization', [['_id', ids]]);
  return new Map(organizations.map(({ id, name }) => [`Organization/${id}`, name ?? `Organization/${id}`]));
}

function page(body: string): Answer {
  return { status: 200, headers: PAGE_HEADERS, body };
}
