import { type Html, html } from '../../model/html.ts';

/** One bar: what it counts, and how many. */
export interface Bar {
  readonly label: string;
  readonly count: number;
}

const WIDTH = 680;
const LABEL_WIDTH = 320;
const NUMBER_WIDTH = 60;
const ROW = 26;
const BAR = 16;
/** A label that is longer would run into its bar; the table beneath has it whole. */
const LABEL_MAX = 48;

/**
 * Bars of one colour, each with its label and its number as text beside it, so that nothing is told by colour alone.
 * @param title what a screen reader says of the picture; the numbers are in a table beneath it
 */
export function barChart(title: string, bars: readonly Bar[]): Html {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const room = WIDTH - LABEL_WIDTH - NUMBER_WIDTH;
  const height = bars.length * ROW + 4;
  const rows = bars.map(({ label, count }, at) => {
    const y = at * ROW + 2;
    const middle = y + BAR / 2 + 5;
    const width = Math.round((count / most) * room);
    return html`<g><title>${label}: ${count}</title>
<text x="${LABEL_WIDTH - 10}" y="${middle}" text-anchor="end">${shortened(label)}</text>
<rect x="${LABEL_WIDTH}" y="${y}" width="${Math.max(width, 1)}" height="${BAR}" rx="2"/>
<text x="${LABEL_WIDTH + Math.max(width, 1) + 8}" y="${middle}">${count}</text></g>`;
  });
  return html`<svg role="img" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<title>${title}</title>
${rows}
</svg>`;
}

function shortened(label: string): string {
  const letters = [...label];
  return letters.length <= LABEL_MAX ? label : `${letters.slice(0, LABEL_MAX - 1).join('')}…`;
}
