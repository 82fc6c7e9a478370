/** A wait as people say it: whole minutes from the second minute on. */
export function waitText(wait_ms: number, seconds: (n: number) => string, minutes: (n: number) => string): string {
  const s = Math.ceil(wait_ms / 1000);
  return s < 90 ? seconds(s) : minutes(Math.ceil(s / 60));
}
