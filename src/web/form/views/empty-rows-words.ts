import type { FormLanguage } from '../contract.ts';

/** What the button of a table says that hides its rows without an answer. */
export interface EmptyRowsWords {
  readonly hide: (count: number) => string;
  readonly show: (count: number) => string;
}

/**
 * Beside the table, not among the renderer's words: patients meet no such table, and fetch none of this. Staff's app is not
 * in Northern Sami.
 */
export const emptyRowsWords: Readonly<Record<Exclude<FormLanguage, 'se'>, EmptyRowsWords>> = {
  nb: {
    hide: (count) => (count === 1 ? 'Skjul 1 tom rad' : `Skjul ${count} tomme rader`),
    show: (count) => (count === 1 ? 'Vis 1 skjult rad' : `Vis ${count} skjulte rader`),
  },
  nn: {
    hide: (count) => (count === 1 ? 'Gøym 1 tom rad' : `Gøym ${count} tomme rader`),
    show: (count) => (count === 1 ? 'Vis 1 gøymd rad' : `Vis ${count} gøymde rader`),
  },
  sv: {
    hide: (count) => (count === 1 ? 'Dölj 1 tom rad' : `Dölj ${count} tomma rader`),
    show: (count) => (count === 1 ? 'Visa 1 dold rad' : `Visa ${count} dolda rader`),
  },
  en: {
    hide: (count) => (count === 1 ? 'Hide 1 empty row' : `Hide ${count} empty rows`),
    show: (count) => (count === 1 ? 'Show 1 hidden row' : `Show ${count} hidden rows`),
  },
};
