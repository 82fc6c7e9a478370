import { useEffect, useState } from 'react';
import type { FormLanguage } from '../../form/contract.ts';
import { loadMoreWords, type MoreWords } from './words.ts';

/** The words of the later screens; undefined until they are here. They stay while those of another language are fetched. */
export function useMoreWords(
  language: FormLanguage,
): { readonly words: MoreWords; readonly language: FormLanguage } | undefined {
  const [spoken, setSpoken] = useState<{ readonly words: MoreWords; readonly language: FormLanguage }>();
  useEffect(() => {
    let isWanted = true;
    const take = (loaded: { readonly words: MoreWords; readonly language: FormLanguage }) => {
      if (isWanted) setSpoken(loaded);
    };
    loadMoreWords(language).then(take, () => undefined);
    return () => {
      isWanted = false;
    };
  }, [language]);
  return spoken;
}
