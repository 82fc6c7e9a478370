import { type ReactNode, useEffect } from 'react';

/** What begins a view is not moved to when the app begins: a reader starts at the top of the page then. */
let isFirst = true;

/** Names the document, and moves the focus to the h1 of a view that takes another's place. @param isWanted false: the view moves it itself */
export function useView(title: string, isWanted = true): void {
  useEffect(() => {
    document.title = `${title} – Svar`;
  }, [title]);
  useEffect(() => {
    if (!isFirst && isWanted) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    isFirst = false;
  }, [isWanted]);
}

/** A view's h1. */
export function Heading({ children, title }: { readonly children: ReactNode; readonly title: string }) {
  useView(title);
  return <h1 tabIndex={-1}>{children}</h1>;
}
