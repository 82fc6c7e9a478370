import type { ReactElement } from 'react';

/** A padlock, as large as the text around it. What it means stands beside it in words. */
export function LockSign(): ReactElement {
  return (
    <svg viewBox="0 0 16 16" width="0.95em" height="0.95em" aria-hidden="true" focusable="false" className="lock-sign">
      <path
        d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7.5H3z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}
