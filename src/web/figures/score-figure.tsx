import type { ReactElement } from 'react';
import { lineChart } from '../../charts/line-chart.ts';
import type { Writing } from '../../charts/said.ts';
import type { Series } from '../../charts/series.ts';
import { Figure } from './figure.tsx';

interface ScoreFigureProps {
  /** By scoreSeries in src/charts. */
  readonly series: Series;
  /** By writing in src/charts. */
  readonly how: Writing;
  readonly tableWord: string;
  readonly heading?: 2 | 3;
}

const WIDEST = 640;
const HEIGHT = 240;

/** One score over time: for staff, and for the patient's own results. */
export function ScoreFigure({ series, how, tableWord, heading }: ScoreFigureProps): ReactElement {
  return (
    <Figure
      draw={(width) => lineChart(series, { width, height: HEIGHT }, how)}
      widest={WIDEST}
      tableWord={tableWord}
      {...(heading !== undefined && { heading })}
    />
  );
}
