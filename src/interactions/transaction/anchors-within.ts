import type { Rid } from '../../model/rid.ts';
import { anchorOf, type Belongs } from '../anchor.ts';
import type { Planned } from '../engine.ts';

/** A chain of resources that have their anchor from each other is no longer. */
const ROUNDS_MAX = 8;

/** Writes of one unit whose anchors follow from each other, whatever their order: an Observation, its response, its order. */
export function withAnchors(planned: readonly Planned[]): readonly Planned[] {
  const now = new Map<Rid, Belongs>(
    planned.map(({ write }) => [write.rid, { patient: write.patient, anchor: write.anchor }]),
  );
  const heirs = planned.filter(({ write, origin }) => !write.deleted && origin.clues.inherits.length > 0);
  let changed = heirs.length > 0;
  for (let round = 0; changed && round < ROUNDS_MAX; round += 1) {
    changed = false;
    for (const { write, origin } of heirs) {
      const sources = origin.clues.inherits.flatMap((rid) => now.get(rid) ?? origin.sources.get(rid) ?? []);
      const anchor = anchorOf(origin.clues, sources, origin.placing);
      changed ||= anchor !== now.get(write.rid)?.anchor;
      now.set(write.rid, { patient: write.patient, anchor });
    }
  }
  return planned.map((one) => ({ ...one, write: { ...one.write, anchor: now.get(one.write.rid)?.anchor } }));
}
