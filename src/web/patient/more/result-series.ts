import type { Series } from '../../../charts/series.ts';
import type { OwnResult } from '../contract.ts';

/** The same name in every language: it is the chart's own and nobody reads it. */
const SMALLEST = 'smallest';

/** A result as the charts take it. */
export function resultSeries({ code, title, range, higherIs, bands, change, points }: OwnResult): Series {
  const nameless = { nb: '', sv: '', en: '' };
  return {
    ...{ code, title, range, bands, unit: '' },
    ...(higherIs && { higherIs }),
    ...(change !== undefined && {
      change: {
        thresholds: [{ code: SMALLEST, display: nameless, kind: 'absolute', amount: change }],
        responder: SMALLEST,
      },
    }),
    points: points.map(({ at, value }) => {
      const band = bandOf(bands, value);
      return { at, value, ...(band !== undefined && { band }) };
    }),
  };
}

/** The title of the band that a value falls in. @param bands from the lowest */
export function bandOf(bands: OwnResult['bands'], value: number): string | undefined {
  return bands.findLast(({ from }) => value >= from)?.title;
}
