import type { Language } from './language.ts';

/**
 * Who asks. Every function of the store takes a Caller, and every SQL statement that reads or writes resources carries
 * the predicate that `access` gives; a caller without access sees and changes nothing (fail closed).
 */
export interface Caller {
  /** What audit and logs call this caller; never a patient's name or number. */
  readonly name: string;
  readonly kind: 'system' | 'bot' | 'client';
  readonly access: 'all' | 'none';
  /** References to resources that are not here are stored with a warning (feeds of EHR systems), some elements apart. */
  readonly openReferences?: boolean;
  /** Search parameters that are not known are passed over unless the request asks for strict handling. */
  readonly lenientSearch?: boolean;
  /** The language in which the request wants to be answered (Accept-Language); undefined where it says none of ours. */
  readonly language?: Language;
}

/** The server itself: migrations, package loading, background indexing. */
export const systemCaller: Caller = { name: 'system', kind: 'system', access: 'all' };

/**
 * The predicate on `resource` (or history) rows that this caller may read or change: SQL text without parameters, to be
 * joined by `and` in every statement that touches resources.
 */
export function readable(caller: Caller, _alias: string): string {
  return caller.access === 'all' ? 'true' : 'false';
}
