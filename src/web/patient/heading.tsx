import { type ReactNode, useEffect } from 'react';

/** What begins a view is not moved to when the app begins: a reader starts at the top of the page then. */
let isFirst = true;

/** Names the document, and moves the focus to the h1 of a view that takes another's place, unless a part of it has taken it. */
export function useView(title: string): void {
  useEffect(() => {
    document.title = `${title} – Svar`;
  }, [title]);
  useEffect(() => {
    const isTaken = document.querySelector('main :focus') !== null;
    if (!isFirst && !isTaken) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
}

/** A view's h1. */
export function Heading({ children, title }: { readonly children: ReactNode; readonly title: string }) {
  useView(title);
  return <h1 tabIndex={-1}>{children}</h1>;
}
