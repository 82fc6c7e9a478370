import { textAnswer } from '../rest/answer.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { asked, measureFor, type ReportingParts } from './asked.ts';
import { counted } from './count.ts';
import { loadedCounts } from './loaded-count.ts';
import { bundled, measureReport, roleOf } from './report.ts';

/**
 * ResearchStudy/[id]/$coverage: how much of what should be in a registry is there, in courses, for a period and one or all
 * hospitals, as the registry's Measure of topic coverage counts it (SmerteReg manual 1.8, "Innleverte registreringer").
 */
export function coverage(parts: ReportingParts): Endpoint {
  return async (exchange) => {
    const input = new OperationInput(exchange, ['start', 'end', 'hospital']);
    const { of, days, hospitals } = await asked(parts, exchange, input);
    const rule = await measureFor(parts, exchange, of, 'coverage');
    const loadable = rule.groups.flatMap(({ populations }) =>
      populations.flatMap((each) => (roleOf(each) === 'denominator' ? each.code : [])),
    );
    const at = parts.engine.clock.now();
    const reports = [];
    for (const hospital of hospitals) {
      const bindings = { hospital, national: of.national ?? '', registry: of.registry, ...days };
      const numbers = await counted(parts.engine, rule, bindings);
      const loaded = await loadedCounts(parts, exchange, { of, days }, hospital, loadable);
      reports.push(measureReport(rule, numbers, loaded, { hospital, days, at }));
    }
    return textAnswer(exchange, JSON.stringify(bundled(reports, at)));
  };
}
