import type { Caller } from '../model/caller.ts';
import { error, FhirError } from '../model/issue.ts';
import type { Rid } from '../model/rid.ts';
import { forbiddenThen } from '../store/forbidden.ts';
import type { PreparedWrite } from '../store/prepared-write.ts';
import { addTies, removeTies } from '../store/ties.ts';
import type { Engine, Planned, Unit } from './engine.ts';
import { moveHeirs } from './move-heirs.ts';
import { tiesToSettle } from './settle-ties.ts';

/**
 * Settles what ties follow from the writes, and refuses what the callers do not reach as it will be. Who ends a
 * membership, and so its own reach, may do that; who gives a course, a referral or a patient away may not.
 */
export async function settleAndJudge(
  engine: Engine,
  unit: Unit,
  caller: Caller,
  planned: readonly Planned[],
): Promise<void> {
  const writes = planned.map((one) => one.write);
  const { add, remove } = await tiesToSettle(engine, unit.client, caller, planned);
  await addTies(unit.client, add);
  await moveHeirs(engine, unit.client, planned);
  refuseForbidden(writes, await forbiddenThen(unit.client, writes));
  if (remove.length > 0) {
    await removeTies(unit.client, remove);
    const anchors = writes.filter((write) => write.anchor === write.rid);
    refuseForbidden(anchors, await forbiddenThen(unit.client, anchors));
  }
}

const VERB = { create: 'store', update: 'change', delete: 'delete' } as const;

/** @throws FhirError 403 that names the acts, and nothing of what is stored */
export function refuseForbidden(writes: readonly PreparedWrite[], forbidden: ReadonlySet<Rid>): void {
  const refused = writes.filter(({ rid }) => forbidden.has(rid));
  if (refused.length > 0) {
    const acts = new Set(refused.map(({ type, grant }) => `${VERB[grant?.act ?? 'update']} this ${type}`));
    throw new FhirError(
      403,
      [...acts].map((act) => error('forbidden', `Your access does not allow you to ${act}; nothing was stored.`)),
    );
  }
}
