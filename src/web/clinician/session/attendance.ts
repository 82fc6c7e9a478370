/** After so long without a hand on the page, what it asks is asked by itself. */
const QUIET_MS = 60_000;
const HANDS = ['pointerdown', 'keydown', 'wheel', 'touchmove', 'input'] as const;

/** What is used of a window: a test has one of its own. */
interface Place {
  addEventListener(
    type: string,
    listener: () => void,
    options: { readonly capture: true; readonly passive: true },
  ): void;
}

/**
 * Whether somebody is at the page: has touched it lately, or opened it. What is asked while nobody is must not keep the session
 * (docs/decisions/0053-accounts.md): a page that is told of changes, or asks for them, would otherwise stay signed in all day.
 *
 * @param now ms
 */
export function attendance(place: Place, now: () => number): () => boolean {
  let touched = now();
  const touch = (): void => {
    touched = now();
  };
  for (const hand of HANDS) place.addEventListener(hand, touch, { capture: true, passive: true });
  return () => now() - touched < QUIET_MS;
}

/** The server's own header for a request that no hand was behind. */
export const UNATTENDED = 'x-svar-unattended';
