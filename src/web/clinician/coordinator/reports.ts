import type { MedplumClient } from '@medplum/core';
import type { Bundle, CodeableConcept, Measure, MeasureReport, MeasureReportGroup } from '@medplum/fhirtypes';
import type { Counted } from '../../../charts/count-bars.ts';
import type { Writing } from '../../../charts/said.ts';
import { textIn } from '../../../forms/text/translation.ts';
import { codeSystem, extensionUrl } from '../../../registry/names.ts';
import { nameOf } from '../names.ts';
import type { Days } from './days.ts';

const MEASURE_POPULATION = 'http://terminology.hl7.org/CodeSystem/measure-population';

/** One chart of a report: what is counted, in the registry's words. */
export interface ReportChart {
  readonly key: string;
  readonly title: string;
  readonly counts: readonly Counted[];
  /** Of a proportion: its parts, and the value between 0 and 1 where there is one. */
  readonly share?: { readonly above: number; readonly below: number; readonly value: number | undefined };
  /** Whether a number was loaded by hand, not counted. */
  readonly isLoaded: boolean;
}

/** What is told of one hospital. */
export interface HospitalReport {
  readonly hospital: string;
  readonly name: string;
  readonly charts: readonly ReportChart[];
}

/** Asks an operation of the registry that counts, and puts its numbers under the words of its Measure. */
export async function fetchReports(
  medplum: MedplumClient,
  study: string,
  operation: '$coverage' | '$overview',
  { start, end }: Days,
  how: Writing,
): Promise<readonly HospitalReport[]> {
  const address = medplum.fhirUrl('ResearchStudy', study, operation);
  address.search = new URLSearchParams({ start, end }).toString();
  const bundle: Bundle<MeasureReport> = await medplum.get(address, { cache: 'reload' });
  const reports = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const [canonical] = reports.map(({ measure }) => measure);
  const measure =
    canonical === undefined ? undefined : await medplum.searchOne('Measure', { url: canonical.split('|')[0] ?? '' });
  return Promise.all(
    reports.map(async (report) => {
      const hospital = report.reporter?.reference ?? '';
      const place = await medplum.readReference({ reference: hospital }).catch(() => undefined);
      const name = place?.resourceType === 'Organization' ? (place.name ?? nameOf(place)) : hospital;
      return { hospital, name, charts: chartsOf(report, measure, how) };
    }),
  );
}

/** The charts of a report. Exported for its test. */
export function chartsOf(report: MeasureReport, measure: Measure | undefined, how: Writing): readonly ReportChart[] {
  return (report.group ?? []).map((group) => chartOf(group, measure, how));
}

function chartOf(group: MeasureReportGroup, measure: Measure | undefined, { language, day }: Writing): ReportChart {
  const key = codeOf(group.code);
  const source = measure?.group?.find(({ code }) => codeOf(code) === key);
  const base = measure?.language ?? 'nb';
  const said = (owner: object | undefined, fallback: string): string =>
    (owner && (textIn(owner, 'description', language, base) ?? textIn(owner, 'description', base, base))) ?? fallback;
  const populations = group.population ?? [];
  const months = group.stratifier?.[0]?.stratum ?? [];
  const counts: Counted[] =
    months.length > 0
      ? months.map(({ value, population = [] }) => ({
          label: day(value?.text ?? ''),
          count: population.reduce((sum, { count = 0 }) => sum + count, 0),
        }))
      : populations.map(({ code, count = 0 }) => ({
          label: said(
            source?.population?.find((each) => codeOf(each.code) === codeOf(code)),
            codeOf(code),
          ),
          count,
        }));
  const [above, below] = ['numerator', 'denominator'].map(
    (role) => populations.find(({ code }) => codeOf(code, MEASURE_POPULATION) === role)?.count,
  );
  return {
    key,
    title: said(source, key),
    counts,
    ...(above !== undefined && below !== undefined && { share: { above, below, value: group.measureScore?.value } }),
    isLoaded: populations.some(({ extension = [] }) =>
      extension.some(({ url, valueCode }) => url === extensionUrl.countSource && valueCode === 'loaded'),
    ),
  };
}

function codeOf(concept: CodeableConcept | undefined, system: string = codeSystem.reportCount): string {
  return concept?.coding?.find((coding) => coding.system === system)?.code ?? '';
}
