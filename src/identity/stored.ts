import type { Resource } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { systemCaller } from '../model/caller.ts';
import type { Rid } from '../model/rid.ts';
import { read } from '../store/read.ts';

/** A stored resource, with the rid by which access knows it. */
export interface Stored<R extends Resource> {
  readonly resource: R;
  readonly rid: Rid;
}

/**
 * What deciding on access reads: roles, hospitals, studies, policies. With the server's own rights, for nobody may be
 * asked what they may read before that is known; nothing of it is handed to a caller as it is.
 */
export interface StoredResources {
  /** Undefined where there is none, or it is deleted. */
  read<R extends Resource>(type: R['resourceType'], id: string): Promise<Stored<R> | undefined>;
  /** At most a thousand. */
  search<R extends Resource>(
    type: R['resourceType'],
    ...query: readonly (readonly [string, string])[]
  ): Promise<readonly Stored<R>[]>;
}

const COUNT_MAX = 1000;

export function storedResources({ readers, search }: Pick<Engine, 'readers' | 'search'>): StoredResources {
  return {
    async read<R extends Resource>(type: R['resourceType'], id: string) {
      const version = await read(readers, systemCaller, type, id);
      return version === undefined || version.deleted
        ? undefined
        : { resource: JSON.parse(version.content) as R, rid: version.rid };
    },
    async search<R extends Resource>(type: R['resourceType'], ...query: readonly (readonly [string, string])[]) {
      const page = await search(readers, systemCaller, type, [...query, ['_count', String(COUNT_MAX)]], {
        lenient: false,
      });
      return page.matches.map(({ content, rid }) => ({ resource: JSON.parse(content) as R, rid }));
    },
  };
}

/** The id in a relative reference to a type; undefined for any other. */
export function idIn(reference: string | undefined, type: string): string | undefined {
  const match = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference ?? '');
  return match?.[1] === type ? match[2] : undefined;
}
