import type { ReactElement } from 'react';

/*
 * Signs that stand beside words, or whose button is named in words: drawn, as not every machine has a font with them. As
 * large as the text around them.
 */

interface SignProps {
  readonly path: string;
  readonly isFilled?: boolean;
}

function Sign({ path, isFilled = false }: SignProps): ReactElement {
  return (
    <svg viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true" focusable="false" className="sign">
      <path
        d={path}
        fill={isFilled ? 'currentColor' : 'none'}
        stroke={isFilled ? 'none' : 'currentColor'}
        strokeWidth="1.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

const UP = 'M8 2.5 12 7H4z';
const DOWN = 'M8 13.5 4 9h8z';
const WAYS = { ascending: UP, descending: DOWN, none: UP + DOWN } as const;

/** How a column is sorted, or that it can be. */
export function SortSign({ way }: { readonly way: keyof typeof WAYS }): ReactElement {
  return <Sign path={WAYS[way]} isFilled />;
}

/** A pen: something was written by hand. */
export function PenSign(): ReactElement {
  return <Sign path="M3 13l1-3.2L11.2 2.6l2.2 2.2L6.2 12 3 13zM9.6 4.2l2.2 2.2" />;
}

/** A tick: something was done. */
export function TickSign(): ReactElement {
  return <Sign path="M3 8.5 6.5 12 13 4.5" />;
}

const DOT = 'a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0z';

/** Three dots: there is more to be done here. */
export function MoreSign(): ReactElement {
  return <Sign path={`M1.6 8${DOT}M6.6 8${DOT}M11.6 8${DOT}`} isFilled />;
}

/** A triangle: something went wrong. */
export function WarnSign(): ReactElement {
  return <Sign path="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.7v.1" />;
}
