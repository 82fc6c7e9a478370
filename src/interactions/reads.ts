import { accessKey } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { ridOfId } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { type HistoryPlace, type HistoryScope, history, historyTotal } from '../store/history.ts';
import { read, readVersion } from '../store/read.ts';
import { requireAtAll } from './at-all.ts';
import { type Context, database } from './engine.ts';
import { refuseErasedId } from './erased.ts';
import { countOf, firstValue, offsetOf, timeOf } from './query-values.ts';
import type { HistoryEntry, Interactions } from './types.ts';
import { existing, existingVersion } from './writes.ts';

const HISTORY_COUNT = 20;

/** The interactions that read, searches apart. */
export function reads(context: Context): Pick<Interactions, 'read' | 'vread' | 'history' | 'search'> {
  const { engine } = context;
  const db = database(context);
  return {
    async read(caller, type, id) {
      requireAtAll(caller, 'read', type);
      const found = await read(db, caller, type, id);
      if (found === undefined && caller.access === 'all') {
        await refuseErasedId(db, engine, type, id); // that there was one is not for others to know
      }
      return existing(found, type);
    },

    async vread(caller, type, id, version) {
      requireAtAll(caller, 'read', type);
      const current = await read(db, caller, type, id);
      return existingVersion(current && (await readVersion(db, caller, current, version)), type, current);
    },

    async history(caller, { type, id }, query) {
      if (type !== undefined) {
        requireAtAll(caller, id === undefined ? 'search' : 'read', type);
      }
      const current = type !== undefined && id !== undefined ? await read(db, caller, type, id) : undefined;
      if (id !== undefined && current === undefined) {
        throw fhirError(404, 'not-found', `There is no such ${type}.`);
      }
      const binding = `history ${accessKey(caller)} ${type ?? ''} ${id ?? ''}`;
      const token = firstValue(query, '_page');
      const after = token === undefined ? undefined : (engine.tokens.open(token, binding) as HistoryPlace);
      const scope: HistoryScope = {
        rid: current?.rid,
        type,
        since: timeOf(query, '_since')?.lo,
        at: timeOf(query, '_at'),
        after,
        skip: offsetOf(query),
      };
      const count = countOf(query, { usual: HISTORY_COUNT, least: 0 });
      const versions = await history(db, caller, scope, count + 1);
      const page = versions.slice(0, count);
      const last = page.at(-1);
      return {
        entries: page.map(historyEntry),
        ...(current && scope.since === undefined && scope.at === undefined
          ? { total: await historyTotal(db, caller, current) }
          : {}),
        ...(versions.length > count && last ? { next: engine.tokens.seal(placeOf(last), binding) } : {}),
      };
    },

    search(caller, type, query, options) {
      return engine.search(db, caller, type, query, options);
    },
  };
}

/** What made a version: a first one came by POST if it has the id that the server gives. */
function historyEntry(version: StoredVersion): HistoryEntry {
  const created = version.version === 1 && ridOfId(version.id) === version.rid;
  return { ...version, method: version.deleted ? 'DELETE' : created ? 'POST' : 'PUT' };
}

function placeOf({ updated, rid, version }: StoredVersion): HistoryPlace {
  return { updated, rid, version };
}
