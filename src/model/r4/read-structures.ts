import { structuresJson } from './r4.generated.js';
import type { Structure } from './structure.ts';

/** Every type of R4, with all that Svar knows of it. */
export function readStructures(): readonly Structure[] {
  return JSON.parse(structuresJson);
}
