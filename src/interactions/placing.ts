import type { Resource } from '@medplum/fhirtypes';
import { systemCaller } from '../model/caller.ts';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, ridOfId } from '../model/rid.ts';
import type { Placed, RowToPlace } from '../store/anchors.ts';
import { belongings } from '../store/belongings.ts';
import { locate } from '../store/read.ts';
import { type AnchorClues, anchorClues, anchorOf, type ResolvedReference } from './anchor.ts';
import type { Engine } from './engine.ts';
import { isStoredUnsent } from './unsent.ts';

/** A row with its place, and whether that may follow from a resource that has none yet. */
export interface Place extends Placed {
  readonly waits: boolean;
}

/**
 * Works out where rows that are stored belong, by their contents. What has a place already keeps it, as an update would
 * keep it, unless its content says another.
 */
export async function placesOf(engine: Engine, db: Queryable, rows: readonly RowToPlace[]): Promise<readonly Place[]> {
  const { referencesOf, patientOf } = engine.definitions();
  const read = rows.map((row) => {
    const resource = (row.content === '' ? undefined : JSON.parse(row.content)) as Resource | undefined;
    const references = (resource === undefined ? [] : referencesOf(resource)).flatMap((reference) =>
      reference.kind === 'relative' ? [{ type: reference.type, id: reference.id, path: reference.path }] : [],
    );
    const patient = resource && patientOf(resource);
    return { row, references, about: patient === undefined ? [] : [{ type: 'Patient', id: patient }] };
  });
  const rids = await ridsOf(
    db,
    read.flatMap(({ references, about }) => [...references, ...about]),
  );
  const clued = read.map(({ row, references, about }) => {
    const resolved = references.flatMap(({ type, id, path }): ResolvedReference[] => {
      const rid = rids.get(`${type}/${id}`);
      return rid === undefined || rid === row.rid ? [] : [{ type, rid, path }];
    });
    const clues: AnchorClues = anchorClues(row.type, resolved);
    const patient = row.type === 'Patient' ? row.rid : about.map(({ id }) => rids.get(`Patient/${id}`))[0];
    const typed = resolved.filter(({ rid }) => clues.inherits.includes(rid));
    return { row, clues, patient: row.patient ?? patient, typed };
  });
  const wanted = clued.flatMap(({ typed }) => typed);
  const sources = wanted.length === 0 ? new Map() : await belongings(db, systemCaller, wanted);
  return clued.map(({ row, clues, patient }) => {
    const found = clues.inherits.flatMap((rid) => sources.get(rid) ?? []);
    const placing = { rid: row.rid, unsent: isStoredUnsent(row), patient, tenant: undefined, formerly: row };
    return {
      ...{ rid: row.rid, version: row.version, patient },
      anchor: anchorOf(clues, found, placing),
      waits: clues.own === undefined && found.some(({ anchor }) => anchor === undefined),
    };
  });
}

async function ridsOf(
  db: Queryable,
  wanted: readonly { readonly type: string; readonly id: string }[],
): Promise<ReadonlyMap<string, Rid>> {
  const rids = new Map<string, Rid>();
  const given = new Map<string, { type: string; id: string }>();
  for (const { type, id } of wanted) {
    const rid = ridOfId(id);
    if (rid === undefined) {
      given.set(`${type}/${id}`, { type, id });
    } else {
      rids.set(`${type}/${id}`, rid);
    }
  }
  for (const [key, rid] of given.size === 0 ? [] : await locate(db, [...given.values()])) {
    rids.set(key, rid);
  }
  return rids;
}
