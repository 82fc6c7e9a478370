import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { type AppLanguage, firstLanguage } from './language.ts';
import { loadWords, type Words } from './words.ts';
import { WordsContext } from './words-context.ts';

const CHOSEN = 'svar-language';

/** The app in one language, which can be changed at any time; the choice is kept on the device. */
export function WordsProvider({ children }: { readonly children: ReactNode }): ReactElement | null {
  const [language, choose] = useState<AppLanguage>(() =>
    firstLanguage(localStorage.getItem(CHOSEN), navigator.languages),
  );
  const [spoken, setSpoken] = useState<{ readonly language: AppLanguage; readonly words: Words }>();
  useEffect(() => {
    let isWanted = true;
    loadWords(language).then((words) => {
      if (!isWanted) return;
      document.documentElement.lang = language;
      setSpoken({ language, words });
    });
    return () => {
      isWanted = false;
    };
  }, [language]);
  if (spoken === undefined) return null;
  const chooseAndKeep = (chosen: AppLanguage): void => {
    localStorage.setItem(CHOSEN, chosen);
    choose(chosen);
  };
  return <WordsContext value={{ ...spoken, choose: chooseAndKeep }}>{children}</WordsContext>;
}
