import { plusOffset } from '../registry/schedule.ts';
import { instantOf, localOf } from '../registry/zone.ts';

/** GDPR, article 12(3): one month from receipt, which may be extended by two further months where necessary. */
const MONTHS = 1;
const EXTENDED_MONTHS = 3;

/**
 * By when a request of a patient's must be answered: the end of the day with the same number in the next month, in the
 * calendar of the registry's zone, or of that month's last day (Regulation 1182/71, article 3(2)(c)). That the law lets a
 * weekend or a holiday at the end pass is not made use of.
 */
export function deadline(received: Date, zone: string): Date {
  return endOfDay(plusOffset(received, { value: MONTHS, unit: 'mo' }, zone), zone);
}

/** The same once it has been extended. */
export function extendedDeadline(received: Date, zone: string): Date {
  return endOfDay(plusOffset(received, { value: EXTENDED_MONTHS, unit: 'mo' }, zone), zone);
}

function endOfDay(instant: Date, zone: string): Date {
  return instantOf(localOf(instant, zone), { hour: 23, minute: 59, second: 59 }, zone);
}
