import type { BotEvent, MedplumClient } from '@medplum/core';

/** The signature of Medplum's bots: a file in bots/ exports this as `handler`. */
export type Handler = (medplum: MedplumClient, event: BotEvent) => Promise<unknown>;

/** One row of bots/manifest.json. */
export interface Declaration {
  /** Also the file name: bots/<name>.ts */
  readonly name: string;
  readonly kind: 'enforce' | 'follow' | 'cron';
  /** FHIR search criteria; a write that meets any of them concerns the bot. */
  readonly trigger?: readonly string[];
  /** Which writes; create and update where absent. */
  readonly interactions?: readonly ('create' | 'update' | 'delete')[];
  /** Only writes of people or systems in these roles, `*` in any; also what nobody asks for (bots, loads) where absent. */
  readonly roles?: readonly string[];
  /** FHIRPath on the resource: the instant before which the event is not handed over. */
  readonly due?: string;
  /** Of a bot that follows: each event has a transaction of its own, however many are due. For what calls outside. */
  readonly apart?: boolean;
  /** Five fields, for kind cron. */
  readonly cron?: string;
  /** IANA time zone of `cron`. */
  readonly timezone?: string;
}

export interface Bot {
  readonly declaration: Declaration;
  readonly handler: Handler;
}

const KINDS = new Set(['enforce', 'follow', 'cron']);

/** Reads a manifest's JSON. @throws Error that names the row and what is wrong with it */
export function declarations(manifest: unknown): readonly Declaration[] {
  if (!Array.isArray(manifest)) {
    throw new Error('bots/manifest.json has to be an array');
  }
  return manifest.map((row: unknown, index) => {
    const { name, kind, trigger, cron } = (row ?? {}) as Record<string, unknown>;
    const wrong = (problem: string): Error =>
      new Error(`bots/manifest.json, row ${index} (${String(name)}): ${problem}`);
    if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
      throw wrong('name has to be lower-case letters, digits and hyphens');
    }
    if (typeof kind !== 'string' || !KINDS.has(kind)) {
      throw wrong('kind has to be enforce, follow or cron');
    }
    if (kind === 'cron' ? typeof cron !== 'string' : !Array.isArray(trigger) || trigger.length === 0) {
      throw wrong(kind === 'cron' ? 'a cron bot needs cron' : 'a bot needs at least one trigger');
    }
    return row as Declaration;
  });
}
