import { createContext, useContext } from 'react';
import type { AppLanguage } from './language.ts';
import type { Words } from './words.ts';

export interface Spoken {
  readonly language: AppLanguage;
  readonly words: Words;
  readonly choose: (language: AppLanguage) => void;
}

export const WordsContext = createContext<Spoken | undefined>(undefined);

function useSpoken(): Spoken {
  const spoken = useContext(WordsContext);
  if (spoken === undefined) throw new Error('words are spoken inside SpokenProvider only');
  return spoken;
}

/** What the app says, in the language that was chosen. */
export function useWords(): Words {
  return useSpoken().words;
}

/** The language of the app: pages with dictionaries of their own choose by it. */
export function useLanguage(): AppLanguage {
  return useSpoken().language;
}

/** Changes the language, here and at the next visit on this device. */
export function useChooseLanguage(): (language: AppLanguage) => void {
  return useSpoken().choose;
}
