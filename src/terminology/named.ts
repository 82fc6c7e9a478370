const SHOWN_MAX = 200;

/** A canonical as it may stand in a message. */
export function named(canonical: string): string {
  return canonical.length > SHOWN_MAX ? `${canonical.slice(0, SHOWN_MAX)}…` : canonical;
}
