import type { FormLanguage } from '../../form/contract.ts';
import { textOf } from '../../form/model/form-texts.ts';

/** A title in a language or the nearest that it is written in. */
export function titleIn(owner: { readonly title?: string }, base: string | undefined, language: FormLanguage) {
  return textOf(owner, 'title', language, base ?? '') || owner.title;
}
