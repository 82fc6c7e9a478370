import { type ReactNode, useEffect, useRef } from 'react';

/** What begins a view is not moved to when the app begins: a reader starts at the top of the page then. */
let isFirst = true;

/** A view's h1 and the document's title. A view that takes another's place moves the focus here. */
export function Heading({ children, title }: { readonly children: ReactNode; readonly title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Svar`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
