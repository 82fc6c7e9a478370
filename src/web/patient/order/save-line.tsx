import { useEffect, useState } from 'react';
import type { DraftState } from '../drafts/draft-state.ts';
import type { Words } from '../words.ts';

/** What is told for a moment only would be read out at every answer. */
const QUIET_MS = 1500;

/** Where the answers are: told politely, and only once things have settled. */
export function SaveLine({ state, begun, words }: { state: DraftState; begun: boolean; words: Words }) {
  const text =
    state.kept === 'device'
      ? state.refusal
        ? words.notSaved
        : words.savedHere
      : state.kept === 'saving'
        ? words.saving
        : begun
          ? words.saved
          : '';
  const [told, setTold] = useState('');
  useEffect(() => {
    if (state.kept === 'saving') return;
    const timer = setTimeout(() => setTold(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, state.kept]);
  return (
    <div className={`save-line ${state.kept}`}>
      <span aria-hidden="true">{text}</span>
      <span className="hidden" role="status">
        {told}
      </span>
    </div>
  );
}
