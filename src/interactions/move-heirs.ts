import type { Queryable } from '../model/queryable.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, resourceForm } from '../search/keys.ts';
import { putInPlace, rowsByPostings } from '../store/anchors.ts';
import type { Engine, Planned } from './engine.ts';
import { placesOf } from './placing.ts';
import { referringNames } from './referrers.ts';

/** A chain of resources that have their anchor from each other is no longer. */
const DEPTH_MAX = 8;

/** Whether a write moves a resource to another course or hospital: its heirs have to follow. */
export function moves({ write, formerly }: Planned): boolean {
  return !write.deleted && formerly?.anchor !== undefined && formerly.anchor !== write.anchor;
}

/**
 * What has its anchor from a resource that has moved follows it: the scores of a response that was filed under the wrong
 * referral. In the same transaction as the move, and without a new version: the heirs' contents stay as they are. A heir that
 * is written at the same moment by somebody who planned before the move has its new place with its next version.
 */
export async function moveHeirs(engine: Engine, db: Queryable, planned: readonly Planned[]): Promise<void> {
  const seen = new Set(planned.map(({ write }) => write.rid));
  let moved: readonly { readonly type: string; readonly id: string }[] = planned
    .filter(moves)
    .map(({ write }) => write);
  for (let depth = 0; moved.length > 0 && depth < DEPTH_MAX; depth += 1) {
    const heirs = (
      await rowsByPostings(
        db,
        moved.flatMap((one) => hashesOf(engine, one)),
      )
    ).filter(({ rid }) => !seen.has(rid));
    const byRid = new Map(heirs.map((row) => [row.rid, row]));
    const places = (await placesOf(engine, db, heirs)).filter(({ rid, anchor }) => anchor !== byRid.get(rid)?.anchor);
    await putInPlace(db, places);
    for (const { rid } of places) {
      seen.add(rid);
    }
    moved = places.flatMap(({ rid }) => byRid.get(rid) ?? []);
  }
}

function hashesOf(engine: Engine, { type, id }: { readonly type: string; readonly id: string }): readonly string[] {
  return referringNames(engine.definitions().parameters, type).map((name) =>
    hash64(keyOf(name, resourceForm(type, id)), engine.hashSeed),
  );
}
