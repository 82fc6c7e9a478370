import type { BotEvent } from '@medplum/core';

/**
 * The role in which somebody asked for the write that an enforcing bot looks at: `lu`, `lc`, `sc`, `patient`, `ehr` …
 * Undefined where the server itself writes, in a bot that follows, and on a server that doesn't tell (Medplum).
 */
export function role(event: BotEvent): string | undefined {
  const header = event.headers?.['x-svar-role'];
  return Array.isArray(header) ? header[0] : header;
}

/** Who asked for it: `Practitioner/x`, `Patient/x` or, for a system, `Device/<OAuth client id>`; undefined as above. */
export function agent(event: BotEvent): string | undefined {
  const header = event.headers?.['x-svar-agent'];
  return Array.isArray(header) ? header[0] : header;
}

/** A system that may do everything, and the server itself, are bound by no rule on who may do what. */
export function isBound(event: BotEvent): boolean {
  const asked = role(event);
  return asked !== undefined && asked !== 'admin';
}

/** Whether they may withdraw a consent: the system coordinator, and the patient whose consent it is. */
export function mayWithdraw(event: BotEvent): boolean {
  return !isBound(event) || ['sc', 'patient'].includes(role(event) ?? '');
}
