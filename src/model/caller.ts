import type { Access } from './access.ts';
import type { Language } from './language.ts';
import type { Rid } from './rid.ts';
import type { Witness } from './witness.ts';

/**
 * Who asks. Every function of the store takes a Caller, and every SQL statement that reads or writes resources carries
 * the predicate that src/access/predicate.ts makes of `access`; a caller without access sees and changes nothing (fail
 * closed).
 */
export interface Caller {
  /** What logs call this caller; never a patient's name or number. */
  readonly name: string;
  readonly kind: 'system' | 'bot' | 'client';
  readonly access: 'all' | 'none' | Access;
  /** Who is behind the call, for audit and Provenance; absent for the server's own work. */
  readonly agent?: Agent;
  /** The hospital for which it works: what it stores outside any course belongs there. */
  readonly tenant?: Tenant;
  /** The registry that their role is for: `PlanDefinition/x`. */
  readonly registry?: string;
  /** References to resources that are not here are stored with a warning (feeds of EHR systems), some elements apart. */
  readonly openReferences?: boolean;
  /** Search parameters that are not known are passed over unless the request asks for strict handling. */
  readonly lenientSearch?: boolean;
  /** The language in which the request wants to be answered (Accept-Language); undefined where it says none of ours. */
  readonly language?: Language;
  /** What follows is the server's to decide: bots are not told who asked, so no rule on roles binds them. */
  readonly unbound?: boolean;
  /** Is told what the answer tells, for the audit; absent for the server's own work. */
  readonly witness?: Witness | undefined;
}

/** Who acts, by ids alone. */
export interface Agent {
  /** `Practitioner/x`, `Patient/x` or, for a system, `Device/<OAuth client id>`. */
  readonly who: string;
  /** The OAuth client through which they act; `svar` for Svar's own pages. */
  readonly client: string;
  /** The role they act in: a code such as `lu`. */
  readonly role: string;
  /** How they proved who they are: see Identity.strength. */
  readonly strength: string;
  /** Of the sign-in. */
  readonly session?: string;
}

export interface Tenant {
  /** `Organization/x` */
  readonly reference: string;
  readonly rid: Rid;
}

/** The server itself: migrations, package loading, background indexing. */
export const systemCaller: Caller = { name: 'system', kind: 'system', access: 'all' };

/**
 * The same person and request with the server's own rights: for what an operation does once it has judged who asks.
 * Audit still tells who that is.
 */
export function asServer({ name, agent, language, witness }: Caller): Caller {
  return {
    name,
    kind: 'system',
    access: 'all',
    ...(agent && { agent }),
    ...(language && { language }),
    ...(witness && { witness }),
  };
}

/** Whether somebody reads or writes as the patient that they are, signed in, by a link or by an app of theirs. */
export function isPatient({ kind, agent }: Caller): boolean {
  return kind === 'client' && agent?.who.startsWith('Patient/') === true;
}

/** Tells what callers may do apart: whoever has another key may see something else. */
export function accessKey({ name, access }: Caller): string {
  return JSON.stringify([name, typeof access === 'string' ? access : access.key]);
}
