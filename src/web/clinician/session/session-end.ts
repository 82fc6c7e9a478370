/** Tells the app that a sign-in by tokens has ended. */
export interface SessionEnd {
  tell(): void;
  /** @returns stops listening */
  listen(listener: () => void): () => void;
}

/** The end of one sign-in, told to whoever listens then. */
export function endOf(): SessionEnd {
  const listeners = new Set<() => void>();
  return {
    tell: () => {
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** To the server's sign-in, and back to the same page afterwards. */
export function signInAgain(place: Pick<Location, 'pathname' | 'search' | 'assign'>): void {
  place.assign(`/sign-in?back=${encodeURIComponent(place.pathname + place.search)}`);
}
