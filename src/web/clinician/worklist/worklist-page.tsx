import type { ReactElement } from 'react';
import { Page } from '../frame/page.tsx';
import { useWords } from '../words/words-context.ts';

/** The start page: every course that is being registered (manual 1.8, "Arbeidsliste"). */
export default function WorklistPage(): ReactElement {
  const words = useWords();
  return <Page title={words.menu.worklist} />;
}
