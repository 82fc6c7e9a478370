import { createContext, type ReactElement, useContext } from 'react';
import type { FormSession, ItemKey, ItemView } from '../contract.ts';
import type { FormWords } from '../words.ts';

/** What every question of one form on a page shares; a new object only where one of these changes. */
export interface FormContext {
  readonly session: FormSession;
  readonly words: FormWords;
  /** Told apart from other forms on the same page: the beginning of all ids. */
  readonly prefix: string;
  readonly readOnly: boolean;
  /** What staff's forms show certain groups as; undefined: their items below each other. */
  readonly table?: ((group: ItemView, level: number) => ReactElement | undefined) | undefined;
  /** The person has left a question. */
  readonly leave: (key: ItemKey) => void;
  /** Says something to screen readers, politely. */
  readonly announce: (text: string) => void;
}

const Context = createContext<FormContext | undefined>(undefined);

export const FormProvider = Context.Provider;

/** @throws outside of FormFrame */
export function useForm(): FormContext {
  const form = useContext(Context);
  if (form === undefined) throw new Error('a question is shown inside a form');
  return form;
}

/** The ids of a question's parts, by which its label, its help and its faults are tied to what is answered. */
export interface QuestionIds {
  readonly question: string;
  readonly label: string;
  readonly hint: string;
  readonly faults: string;
}

/** @param prefix FormContext.prefix */
export function idsOf(prefix: string, key: ItemKey): QuestionIds {
  // a key may hold what an id may not: blanks
  const base = `${prefix}${encodeURIComponent(key)}`;
  return { question: base, label: `${base}-l`, hint: `${base}-h`, faults: `${base}-f` };
}

/** What a control is given: what is asked, and what to be described by. */
export interface ControlProps {
  readonly view: ItemView;
  readonly ids: QuestionIds;
  /** For aria-describedby; undefined where nothing describes it. */
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}
