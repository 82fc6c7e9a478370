import type { Meta, Resource } from '@medplum/fhirtypes';
import { codeSystem } from './names.ts';

/** The marker of data that came by `svar load --historic`: dates kept, membership derived, nothing ordered or sent. */
export const historicTag = { system: codeSystem.load, code: 'historic' } as const;

/** The marker of a setting of those who run the server, which the product's own package does not write over. */
export const configuredTag = { system: codeSystem.load, code: 'configured' } as const;

/** Whether a resource came by a historic load, or was derived from one that did. */
export function isHistoric(resource: Resource | undefined): boolean {
  return (
    resource?.meta?.tag?.some(({ system, code }) => system === historicTag.system && code === historicTag.code) ?? false
  );
}

/** The meta of what is derived from a resource: marked historic if that is. */
export function inheritedMeta(source: Resource): { meta?: Meta } {
  return isHistoric(source) ? { meta: { tag: [historicTag] } } : {};
}
