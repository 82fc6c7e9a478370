import type { Bundle, MeasureReport, ResearchStudy } from '@medplum/fhirtypes';
import { textTable } from '../../packages/text-table.ts';
import type { Command, Invocation } from '../command.ts';
import { type FhirClient, fhirClient, serverOption } from './fhir-client.ts';

/** What commands that count ask for. */
export const countOptions = {
  study: 'the registry, as ResearchStudy/<id>; the only one where there is one',
  hospital: 'one hospital, as Organization/haukeland',
  from: 'the first day, as 2026-01-01',
  to: 'the last day',
  ...serverOption,
};

/** SmerteReg manual 1.8, "Innleverte registreringer": the coordinator's dekningsgrad. */
export const coverage: Command = {
  summary: 'coverage of a period, in courses: registered of referred, national of eligible',
  operands: '',
  flags: {},
  options: countOptions,
  async run(invocation) {
    const server = fhirClient(invocation);
    const study = await studyOf(invocation, server);
    const reports = await server.get<Bundle<MeasureReport>>(`${study}/$coverage?${query(invocation)}`);
    process.stdout.write(coverageText((reports.entry ?? []).flatMap(({ resource }) => resource ?? [])));
  },
};

/**
 * The study that is asked: the one that is named, else the only one that is no part of another and has a protocol: a
 * research project is no registry. @throws Error for whoever asks
 */
export async function studyOf({ options }: Invocation, server: FhirClient): Promise<string> {
  const { study } = options;
  if (study !== undefined) {
    if (!/^ResearchStudy\/[A-Za-z0-9.-]+$/.test(study)) throw new Error('--study must be as ResearchStudy/<id>.');
    return study;
  }
  const { matches } = await server.all('ResearchStudy', [['status', 'active']]);
  const whole = matches.filter(
    (one): one is ResearchStudy =>
      one.resourceType === 'ResearchStudy' && !one.partOf?.length && !!one.protocol?.length,
  );
  const [only, ...others] = whole.map(({ id }) => `ResearchStudy/${id}`);
  if (only === undefined) throw new Error('There is no registry here that you may ask about.');
  if (others.length > 0)
    throw new Error(`There are several registries: say --study ${[only, ...others].join(' or ')}.`);
  return only;
}

export function query({ options }: Invocation): string {
  const { hospital, from, to } = options;
  return new URLSearchParams({
    ...(from !== undefined && { start: from }),
    ...(to !== undefined && { end: to }),
    ...(hospital !== undefined && { hospital }),
  }).toString();
}

/** Coverage as a table, one hospital a line; a star marks a count that was loaded. */
export function coverageText(reports: readonly MeasureReport[]): string {
  const columns = new Map<string, string>();
  const rows = reports.map(({ reporter, group = [] }) => {
    const cells = new Map<string, string>();
    for (const { code, population = [], measureScore } of group) {
      for (const each of population) {
        const counted = each.code?.coding?.at(-1)?.code ?? '';
        const loaded = each.extension?.some(({ valueCode }) => valueCode === 'loaded') ? ' *' : '';
        columns.set(counted, counted);
        cells.set(counted, `${each.count}${loaded}`);
      }
      const score = code?.coding?.[0]?.code ?? '';
      columns.set(score, score);
      cells.set(score, measureScore?.value === undefined ? '-' : `${(measureScore.value * 100).toFixed(1)} %`);
    }
    return [reporter?.reference ?? '', cells] as const;
  });
  const [period] = reports.map((report) => report.period);
  const table = textTable(
    ['hospital', ...columns.values()],
    rows.map(([hospital, cells]) => [hospital, ...[...columns.keys()].map((column) => cells.get(column) ?? '')]),
  );
  const note = reports.some((report) => JSON.stringify(report).includes('"loaded"')) ? ['* loaded, not counted'] : [];
  return `${[`Courses that were referred from ${period?.start} to ${period?.end}`, ...table, ...note].join('\n')}\n`;
}
