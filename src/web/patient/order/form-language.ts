import type { FormLanguage } from '../../form/contract.ts';

/**
 * The language that a form is shown in, its questions and its buttons alike: the one that is asked for, where it is written
 * in it; else Bokmål for those who read Norwegian, else its own.
 *
 * @param languages of the form: FormView.languages
 */
export function formLanguage(languages: readonly FormLanguage[], asked: FormLanguage): FormLanguage {
  if (languages.includes(asked)) return asked;
  const readsNorwegian = asked === 'nn' || asked === 'se';
  return readsNorwegian && languages.includes('nb') ? 'nb' : (languages[0] ?? asked);
}
