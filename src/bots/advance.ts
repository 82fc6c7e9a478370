import { fhirError } from '../model/issue.ts';
import type { StoredClock } from '../store/stored-clock.ts';
import type { Runner } from './runner.ts';

/** FHIR's instants end here; the clock is stored as one. */
const END_MS = Date.UTC(10_000, 0) - 1;

/**
 * Moves the test clock forward, stopping at every instant at which something falls due, and ends when all of it is done.
 * @throws FhirError 400 for a time before the present one, or after the year 9999
 */
export async function advance(clock: StoredClock, runner: Runner, to: Date): Promise<void> {
  const target = to.getTime();
  await clock.refresh();
  if (target < clock.now().getTime()) {
    throw fhirError(400, 'value', `The test clock stands at ${clock.now().toISOString()} and only moves forward.`);
  }
  if (target > END_MS) {
    throw fhirError(400, 'value', 'The test clock ends with the year 9999 (UTC).');
  }
  for (;;) {
    await runner.drain();
    const now = clock.now().getTime();
    if (now >= target) {
      return;
    }
    const next = await runner.nextInstant(now);
    await clock.moveTo(next === undefined ? target : Math.min(next, target));
  }
}
