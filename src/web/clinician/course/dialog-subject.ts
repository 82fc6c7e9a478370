import { createContext, type ReactNode } from 'react';

/** Whom a dialog is about, told in it where the page around is not about one patient alone: a list. */
export const DialogSubject = createContext<ReactNode>(undefined);
