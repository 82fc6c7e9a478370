import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { countBars } from '../../../charts/count-bars.ts';
import { filled, type Writing } from '../../../charts/said.ts';
import { Figure } from '../../figures/figure.tsx';
import { LOCALES } from '../words/language.ts';
import type { HospitalReport, ReportChart } from './reports.ts';
import type { CoordinatorWords } from './words.ts';

const WIDEST = 640;

interface HospitalChartsProps {
  readonly report: HospitalReport;
  readonly words: CoordinatorWords;
  readonly how: Writing;
}

/** What is counted of one hospital: a figure for each of the registry's groups. */
export function HospitalCharts({ report: { name, charts }, words, how }: HospitalChartsProps): ReactElement {
  return (
    <section className="coordinator-part">
      <h2>{name}</h2>
      <div className="coordinator-figures">
        {charts.map((chart) => (
          <div key={chart.key}>
            <Figure
              draw={(width) => {
                const drawing = countBars(chart.title, chart.counts, width, how);
                return chart.share === undefined
                  ? drawing
                  : { ...drawing, sentence: shareText(chart.share, words, how) };
              }}
              widest={WIDEST}
              tableWord={words.table}
              heading={3}
            />
            {chart.isLoaded && <Text size="sm">{words.coverage.loaded}</Text>}
          </div>
        ))}
      </div>
    </section>
  );
}

function shareText(
  { above, below, value }: NonNullable<ReportChart['share']>,
  { coverage }: CoordinatorWords,
  { number, language }: Writing,
): string {
  const percent = new Intl.NumberFormat(LOCALES[language], { style: 'percent', maximumFractionDigits: 1 });
  return filled(coverage.share, {
    share: value === undefined ? coverage.noShare : percent.format(value),
    above: number(above),
    below: number(below),
  });
}
