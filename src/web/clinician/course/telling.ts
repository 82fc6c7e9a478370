/** Says that something was done: the course's page shows it and tells screen readers. */
type Listener = (text: string) => void;

const listeners = new Set<Listener>();

/** Says something that was done, to whoever shows it (Told). */
export function tell(text: string): void {
  for (const listener of listeners) listener(text);
}

/** @returns stops listening */
export function listenToTelling(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
