import type { BotEvent } from '@medplum/core';

/**
 * The time at which an event is handed over: the server's clock, which may be a test clock, tells it in a header. On a
 * server that doesn't (Medplum), the machine's clock.
 */
export function now(event: BotEvent): Date {
  const header = event.headers?.['x-svar-now'];
  const text = Array.isArray(header) ? header[0] : header;
  const told = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(told) ? new Date() : new Date(told);
}
