import type { Language } from '../../model/language.ts';

/** What the page of charts says by itself; the rest are the words of the registry's Measure. */
export interface PageWords {
  readonly title: string;
  readonly period: string;
  /** What the page is not for. */
  readonly more: string;
  /** Opens the table beneath a chart. */
  readonly table: string;
  readonly what: string;
  readonly count: string;
  readonly nothing: string;
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  nb: {
    title: 'Lokal oversikt',
    period: 'Forløp som ble henvist fra og med {start} til og med {end}',
    more: 'Antall forløp, slik registeret står nå. Pasienter som har fått behandlingen av opplysningene sine begrenset, er ikke talt med.',
    table: 'Vis som tabell',
    what: 'Hva',
    count: 'Antall',
    nothing: 'Ingen i denne perioden.',
  },
  sv: {
    title: 'Lokal översikt',
    period: 'Vårdförlopp som remitterades från och med {start} till och med {end}',
    more: 'Antal vårdförlopp, som registret ser ut nu. Patienter vars uppgifter har begränsats är inte medräknade.',
    table: 'Visa som tabell',
    what: 'Vad',
    count: 'Antal',
    nothing: 'Inga under den här perioden.',
  },
  en: {
    title: 'Local overview',
    period: 'Courses that were referred from {start} to {end}',
    more: 'Numbers of courses, as the registry stands now. Patients whose record is restricted are not counted.',
    table: 'Show as a table',
    what: 'What',
    count: 'Number',
    nothing: 'None in this period.',
  },
};
