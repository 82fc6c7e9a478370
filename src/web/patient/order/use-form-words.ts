import { useEffect, useState } from 'react';
import type { FormLanguage } from '../../form/contract.ts';
import { type FormWords, formWords } from '../../form/words.ts';

/**
 * The renderer's words; undefined until they are here. They stay while those of another language are fetched.
 *
 * @param given those to begin with
 */
export function useFormWords(language: FormLanguage, given?: FormWords): FormWords | undefined {
  const [spoken, setSpoken] = useState(given);
  useEffect(() => {
    let isWanted = true;
    formWords(language).then((words) => isWanted && setSpoken(words), Boolean);
    return () => {
      isWanted = false;
    };
  }, [language]);
  return spoken;
}
