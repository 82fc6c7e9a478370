import type { ReactElement } from 'react';
import { TickSign, WarnSign } from '../signs.tsx';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { Keeping } from './keeping.ts';
import { useCourseWords } from './words.ts';

/** Whether what is answered is stored, in words that are told as they change. */
export function KeptText({
  keeping,
  automatic,
}: {
  readonly keeping: Keeping;
  readonly automatic: boolean;
}): ReactElement {
  const words = useCourseWords();
  const locale = LOCALES[useLanguage()];
  const { state, savedAt } = keeping;
  const bad = state === 'refused' || state === 'waiting' || state === 'locked';
  const kept =
    savedAt === undefined
      ? words.form.kept
      : words.form.savedAt(
          savedAt.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
        );
  const texts = {
    kept,
    changed: words.form.changed,
    saving: words.form.saving,
    refused: words.form.refused,
    waiting: words.form.waiting,
    locked: words.form.lockedMeanwhile,
  } as const;
  return (
    <span className={bad ? 'kept bad' : 'kept'} role="status" data-state={automatic ? state : `correction-${state}`}>
      {state === 'kept' && savedAt !== undefined && <TickSign />}
      {bad && <WarnSign />} {texts[state]}
    </span>
  );
}
