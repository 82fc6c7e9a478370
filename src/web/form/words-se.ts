import type { FormWords } from './words.ts';
import { words as nb } from './words-nb.ts';

/** Northern Sami as far as it is known to be right; the rest in Norwegian, which its readers read too. */
export const words: FormWords = {
  ...nb,
  language: 'se',
  page: (number, of) => `Siidu ${number}/${of}`,
  back: 'Ruovttoluotta',
  next: 'Čuovvovaš',
  yes: 'Juo',
  no: 'In',
  choose: 'Vállje',
  other: 'Eará',
  day: 'Beaivi',
  month: 'Mánnu',
  year: 'Jahki',
  today: 'Odne',
  time: 'Diibmu',
  left: 'Gurut',
  right: 'Olgeš',
  contents: 'Sisdoallu',
  change: 'Rievdat',
  changeOf: (what) => `Rievdat: ${what}`,
};
