import type { Caller } from '../model/caller.ts';
import { error, FhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { shardOfRid } from '../model/rid.ts';
import { applyWrites } from '../store/apply-writes.ts';
import { forbiddenNow } from '../store/forbidden.ts';
import { lockCriteria, lockShard, locksFor, lockWriters, takeLocks } from '../store/locks.ts';
import type { PreparedWrite } from '../store/prepared-write.ts';
import { faultyTargets, type TargetFaults } from '../store/targets.ts';
import { Conflict, retrying } from '../store/transaction.ts';
import { type Context, type Engine, type Planned, storedVersion, type Unit } from './engine.ts';
import { isFormVersion, refuseFormVersions } from './form-versions.ts';
import { moves } from './move-heirs.ts';
import { refuseForbidden, settleAndJudge } from './reach.ts';
import { locateTargets, mayStayOpen } from './references.ts';
import { refuseReferred } from './referrers.ts';
import { concernsManyTies, concernsTies } from './settle-ties.ts';
import type { WriteResult } from './types.ts';
import { inUnit, step, tell } from './unit-of-work.ts';
import type { WithOthers } from './with-others.ts';

/**
 * Makes a plan for one resource and stores it. `plan` is a function of the request: after a conflict it is asked again.
 * It answers a WriteResult where there is nothing to store, and undefined where there is no answer either.
 */
export type MakePlan = (db: Queryable, absent: ReadonlySet<string>) => Promise<Planned | WriteResult | undefined>;

/** Stores one resource: merged with others where no enforcing bot cares, otherwise in a transaction of its own. */
export async function commitOne(context: Context, caller: Caller, plan: MakePlan): Promise<WriteResult | undefined> {
  const { engine, unit } = context;
  const absent = new Set<string>();
  if (unit?.withOthers !== undefined) {
    return besideOthers(unit, unit.withOthers, caller, plan);
  }
  if (unit !== undefined) {
    return step(unit, () => planAndApply(engine, unit, caller, plan, absent));
  }
  return retrying(engine, async () => {
    const planned = await plan(engine.readers, absent);
    if (planned === undefined || 'outcome' in planned) {
      return planned;
    }
    if (mayBeMerged(engine, planned)) {
      const [write = planned.write] = await engine.audit.ofWrites(caller, [planned.write]);
      const merged = await engine.merger.write(write);
      if (merged.state === 'done') {
        engine.audit.stored(write.audit === undefined ? [] : [write.audit]);
        const { events, type } = planned.write;
        await tell(engine, { events: events.length > 0, types: new Set([type]) });
        return result(planned);
      }
      if (merged.state === 'conflict') {
        throw new Conflict('the resource was changed at the same time');
      }
      if (merged.state === 'forbidden') {
        refuseForbidden([planned.write], new Set([planned.write.rid]));
      }
      if (merged.state === 'faulty') {
        await refuseOrReconsider(engine, engine.readers, caller, [planned.write], merged.faults, absent);
      }
    }
    return inUnit(engine, async (own) => {
      await applyWithin(engine, own, caller, [planned], absent);
      return result(planned);
    });
  });
}

/**
 * Stores one resource depending on what a search finds: those with the same criteria wait for each other.
 * @param criteria what is searched for, in a form that is equal for equal criteria
 */
export async function commitConditional(
  context: Context,
  caller: Caller,
  criteria: string,
  plan: MakePlan,
): Promise<WriteResult | undefined> {
  const { engine, unit } = context;
  const absent = new Set<string>();
  if (unit?.withOthers !== undefined) {
    await unit.withOthers.lockCriteria(criteria);
    return besideOthers(unit, unit.withOthers, caller, plan);
  }
  const within = async (own: Unit): Promise<WriteResult | undefined> => {
    await lockCriteria(own.client, criteria);
    return planAndApply(engine, own, caller, plan, absent);
  };
  return unit === undefined ? retrying(engine, () => inUnit(engine, within)) : step(unit, () => within(unit));
}

/** Whether nobody has to look at the write within its transaction. */
function mayBeMerged(engine: Engine, planned: Planned): boolean {
  const { write, change } = planned;
  return (
    !write.deleted &&
    !isFormVersion(change) &&
    !concernsTies(change) &&
    !moves(planned) &&
    !engine.definitions().bots.enforcing(change)
  );
}

/**
 * Plans a write while others plan theirs, and stores it with them. What can't be planned is refused as anywhere, nothing
 * being stored; a unit that fails is lost to all.
 */
async function besideOthers(
  unit: Unit,
  others: WithOthers,
  caller: Caller,
  plan: MakePlan,
): Promise<WriteResult | undefined> {
  const planned = await plan(unit.client, new Set()).catch((failure) => {
    if (!(failure instanceof FhirError)) {
      unit.fate.lose(failure);
    }
    throw failure;
  });
  if (planned === undefined || 'outcome' in planned) {
    return planned;
  }
  await others.store(caller, planned);
  return result(planned);
}

async function planAndApply(
  engine: Engine,
  unit: Unit,
  caller: Caller,
  plan: MakePlan,
  absent: Set<string>,
): Promise<WriteResult | undefined> {
  const planned = await plan(unit.client, absent);
  if (planned === undefined || 'outcome' in planned) {
    return planned;
  }
  await applyWithin(engine, unit, caller, [planned], absent);
  return result(planned);
}

/**
 * Stores planned writes within a unit and runs the enforcing bots on them.
 * @throws Conflict where another write came first; FhirError where a target is missing or a bot refuses
 */
export async function applyWithin(
  engine: Engine,
  unit: Unit,
  caller: Caller,
  planned: readonly Planned[],
  absent: Set<string>,
): Promise<void> {
  const writes = planned.map((one) => one.write);
  await lockWithin(engine, unit, planned);
  const faults = await faultyTargets(unit.client, writes, true);
  if (faults.size > 0) {
    await refuseOrReconsider(engine, unit.client, caller, writes, faults, absent);
  }
  if (caller.kind !== 'bot') {
    unit.done.cause ??= caller;
  }
  refuseForbidden(writes, await forbiddenNow(unit.client, writes));
  const audited = await engine.audit.ofWrites(caller, writes, unit.done.cause);
  const done = await applyWrites(unit.client, audited);
  if (done.size < writes.length) {
    throw new Conflict('a resource was changed at the same time');
  }
  unit.done.audit.push(...audited.flatMap(({ audit }) => audit ?? []));
  await settleAndJudge(engine, unit, caller, planned);
  await refuseFormVersions(
    engine,
    unit.client,
    planned.map((one) => one.change),
  );
  unit.done.events ||= writes.some((write) => write.events.length > 0);
  for (const { type } of writes) {
    unit.done.types.add(type);
  }
  await engine.definitions().bots.enforce(
    unit,
    planned.map((one) => one.change),
  );
  // last: a bot may have taken away what refers to it
  const deleted = planned.filter((one) => one.write.deleted).map(storedVersion);
  if (deleted.length > 0) {
    await refuseReferred(engine, unit.client, caller, deleted);
  }
}

async function lockWithin(engine: Engine, unit: Unit, planned: readonly Planned[]): Promise<void> {
  const locks = locksFor(
    planned.map((one) => one.write),
    planned.filter((one) => isFormVersion(one.change)).map((one) => one.write.rid),
  );
  const alone = new Set(locks.exclusive);
  for (const one of planned) {
    const patientsTies = concernsTies(one.change) && one.write.patient !== undefined;
    if (patientsTies || moves(one) || engine.definitions().bots.enforcing(one.change)) {
      alone.add(lockShard(one.write));
    }
    if (patientsTies && one.formerly?.patient !== undefined) {
      alone.add(shardOfRid(one.formerly.patient));
    }
  }
  if (planned.some(({ change }) => concernsManyTies(change))) {
    await lockWriters(unit.client);
  }
  const exclusive = [...alone].filter((shard) => !unit.held.has(shard)).sort((a, b) => a - b);
  const shared = locks.shared.filter((shard) => !alone.has(shard) && !unit.held.has(shard));
  await takeLocks(unit.client, { ...locks, exclusive, shared });
  for (const shard of exclusive) {
    unit.held.add(shard);
  }
}

/**
 * Answers faulty targets: always throws, a Conflict where the write should be worked out again (with `absent` filled),
 * otherwise the refusal.
 */
async function refuseOrReconsider(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  writes: readonly PreparedWrite[],
  faults: TargetFaults,
  absent: Set<string>,
): Promise<never> {
  const targets = writes.flatMap((write) => write.targets).filter((target) => faults.has(target));
  engine.judge.forget(new Set(targets.map((target) => target.rid)));
  const missing = targets.filter((target) => faults.get(target) === 'missing');
  if (missing.length === 0) {
    throw new Conflict('what the write was judged by was changed at the same time');
  }
  if (await locateTargets(engine, db, missing)) {
    throw new Conflict('a reference leads elsewhere');
  }
  const refused = missing.filter((target) => !mayStayOpen(caller, target.expression));
  if (refused.length > 0) {
    throw new FhirError(
      422,
      refused.map((target) => error('not-found', `There is no such ${target.type}.`, target.expression)),
    );
  }
  for (const target of missing) {
    absent.add(`${target.type}/${target.id}`);
  }
  throw new Conflict('open references are stored with a warning');
}

/** What is answered for a write that was stored as planned. */
export function result(planned: Planned): WriteResult {
  const { write, change, warnings } = planned;
  const outcome = write.deleted ? 'deleted' : change.interaction === 'create' ? 'created' : 'updated';
  return { stored: storedVersion(planned), outcome, warnings };
}
