import { dateInterval } from '../date-interval.ts';
import { RANGE_FORM } from '../keys.ts';
import { DATE_LIMIT, type Emit, type Indexer } from './emit.ts';
import { isObject, list, text } from './json.ts';

/** R4 search, 3.1.1.4.7: everything is an interval; what is open to one side, has no end there. */
export function dateIndexer(type: string): Indexer | undefined {
  switch (type) {
    case 'Period':
      return period;
    case 'Timing':
      return timing;
    default:
      return /^(?:date|dateTime|instant|string)$/.test(type) ? point : undefined;
  }
}

function point(value: unknown, out: Emit): void {
  const interval = typeof value === 'string' ? dateInterval(value) : undefined;
  if (interval !== undefined) {
    out.range(RANGE_FORM, interval.lo, interval.hi);
  }
}

function period(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const start = dateInterval(text(value.start) ?? '');
  const end = dateInterval(text(value.end) ?? '');
  if (start !== undefined || end !== undefined) {
    out.range(RANGE_FORM, start?.lo ?? -DATE_LIMIT, end?.hi ?? DATE_LIMIT);
  }
}

/** From the first event to the last; else the bounds of the repetition. */
function timing(value: unknown, out: Emit): void {
  if (!isObject(value)) {
    return;
  }
  const events = list(value.event).flatMap((event) => dateInterval(text(event) ?? '') ?? []);
  if (events.length > 0) {
    const lo = events.reduce((least, event) => Math.min(least, event.lo), DATE_LIMIT);
    const hi = events.reduce((most, event) => Math.max(most, event.hi), -DATE_LIMIT);
    out.range(RANGE_FORM, lo, hi);
  } else if (isObject(value.repeat)) {
    period(value.repeat.boundsPeriod, out);
  }
}
