import { useEffect } from 'react';
import type { FormFault, FormSession, ItemView } from '../contract.ts';
import { useForm } from './form-context.ts';

/**
 * What was typed and is no value of its question's type, "12 maybe" for a number: no answer can hold it, so the session does
 * not know of it. It stops the form from being sent until it is mended or emptied.
 */
const ofSessions = new WeakMap<FormSession, Map<string, FormFault>>();

/** @returns the misfits of a form, or of the questions with these keys alone */
export function misfitsOf(session: FormSession, keys?: ReadonlySet<string>): readonly FormFault[] {
  const all = [...(ofSessions.get(session)?.values() ?? [])];
  return keys === undefined ? all : all.filter(({ key }) => keys.has(key));
}

/** Keeps a misfit for as long as it is there, and its question is. @param text what is wrong; undefined: nothing */
export function useMisfit(view: ItemView, text: string | undefined): void {
  const { session } = useForm();
  const { key, text: question } = view;
  const { linkId } = view.item;
  useEffect(() => {
    if (text === undefined) return;
    const misfits = ofSessions.get(session) ?? new Map<string, FormFault>();
    ofSessions.set(session, misfits);
    const fault = {
      key,
      linkId,
      severity: 'error',
      text: `${question}: ${text}`,
      rule: 'misfit',
      confirmed: false,
    } as const;
    misfits.set(key, fault);
    return () => {
      misfits.delete(key);
    };
  }, [session, key, linkId, question, text]);
}
