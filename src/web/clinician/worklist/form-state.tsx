import type { ReactElement } from 'react';
import { PenSign } from '../signs.tsx';
import { wordOf } from '../words/words.ts';
import type { FormStanding } from './registration.ts';
import { useListWords } from './words.ts';

/** Shapes, not colours, tell the states apart; each has its words beside it or for screen readers. */
const SHAPES: Readonly<Record<string, string>> = {
  empty: 'M3 3h10v10H3z',
  'in-progress': 'M3 3h10v10H3zM3 13 13 3v10z',
  completed: 'M4 7h8v7H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  closed: 'M3 3h10v10H3zM3 3l10 10',
  'not-open': 'M4 8h8',
};

/** A state as a symbol; decoration beside its words. */
export function StateIcon({ state }: { readonly state: string }): ReactElement {
  const filled = state === 'completed';
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false" className="state-icon">
      <path
        d={SHAPES[state] ?? 'M8 3v6M8 12v1'}
        fill={filled || state === 'in-progress' ? 'currentColor' : 'none'}
        fillOpacity={filled ? 1 : 0.35}
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}

/** A form with where it stands, such as "TO Ferdigstilt". */
export function FormState({ form }: { readonly form: FormStanding }): ReactElement {
  const words = useListWords();
  const state = wordOf(words.states, form.state) ?? form.state;
  return (
    <span className={`form-state is-${form.state}`} title={`${form.label}: ${state}`}>
      <StateIcon state={form.state} />
      <span>{form.label}</span>
      <span className="visually-hidden">: {state}</span>
      {form.hasComment && (
        <span className="comment-mark" title={words.comment}>
          <PenSign />
          <span className="visually-hidden">, {words.comment}</span>
        </span>
      )}
    </span>
  );
}
