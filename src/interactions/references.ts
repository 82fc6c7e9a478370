import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import { error, hasErrors, type Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, ridOfId } from '../model/rid.ts';
import type { Target } from '../store/prepared-write.ts';
import { locate } from '../store/read.ts';
import { lookUp } from '../store/targets.ts';
import type { Engine } from './engine.ts';

/** What a resource refers to on this server. */
export interface ResolvedReferences {
  /** By `Type/id`. */
  readonly rids: ReadonlyMap<string, Rid>;
  readonly targets: readonly Target[];
  /** References to resources that are not here: errors, or warnings where the caller may leave some open. */
  readonly issues: readonly Issue[];
}

/**
 * Elements whose target must always exist; others may be left open by callers configured so.
 * (`questionnaire` is a canonical and judged with the response.)
 */
const ALWAYS = /\.(subject|patient|basedOn(\[\d+\])?)$|^Task\.for$/;

/** Whether a caller may store a reference at this place to something that is not here. */
export function mayStayOpen(caller: Caller, expression: string): boolean {
  return caller.openReferences === true && !ALWAYS.test(expression);
}

/**
 * Finds the resources that a resource refers to by relative references.
 * @param pending rids of resources that the same unit is about to create, by `Type/id`
 * @param absent `Type/id` of what was looked for and is known not to be here
 * @param own `Type/id` of the resource itself, once it is stored: that it refers to itself asks nothing of others
 */
export async function resolveReferences(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  resource: Resource,
  pending: ReadonlyMap<string, Rid>,
  absent: ReadonlySet<string>,
  own?: string,
): Promise<ResolvedReferences> {
  const found = engine.definitions().referencesOf(resource);
  const issues: Issue[] = [];
  const local: { type: string; id: string; expression: string }[] = [];
  for (const reference of found) {
    if (reference.kind === 'urn') {
      issues.push(error('not-found', 'This reference names no entry of the transaction.', reference.path));
    } else if (reference.kind === 'conditional') {
      issues.push(error('not-supported', 'A conditional reference stands only in transactions.', reference.path));
    } else if (reference.kind === 'relative' && `${reference.type}/${reference.id}` !== own) {
      local.push({ type: reference.type, id: reference.id, expression: reference.path });
    }
  }
  const rids = await ridsOf(engine, db, local, pending);
  const targets = new Map<Rid, Target>();
  for (const { type, id, expression } of local) {
    const rid = absent.has(`${type}/${id}`) ? undefined : rids.get(`${type}/${id}`);
    if (rid === undefined) {
      issues.push(missing(caller, type, expression));
    } else {
      targets.set(rid, { rid, type, id, expression });
    }
  }
  if (hasErrors(issues)) {
    issues.push(...(await missingTargets(db, caller, [...targets.values()], pending)));
  }
  return { rids, targets: [...targets.values()], issues };
}

/**
 * What targets are not here. Ids of the server's own form are looked up when the write is stored; a resource that is
 * refused before, or only validated, is told of all faults.
 */
export async function missingTargets(
  db: Queryable,
  caller: Caller,
  targets: readonly Target[],
  pending: ReadonlyMap<string, Rid>,
): Promise<readonly Issue[]> {
  const stored = targets.filter(({ type, id }) => !pending.has(`${type}/${id}`));
  const faults = await lookUp(db, stored);
  return stored.filter((target) => faults.has(target)).map((target) => missing(caller, target.type, target.expression));
}

function missing(caller: Caller, type: string, expression: string): Issue {
  const issue = error('not-found', `There is no such ${type}.`, expression);
  return mayStayOpen(caller, expression) ? { ...issue, severity: 'warning' } : issue;
}

/** Rids whose ids clients gave never change: kept for the life of the engine, the oldest dropped. */
const LOCATED_MAX = 50_000;
const located = new WeakMap<Engine, Map<string, Rid>>();

async function ridsOf(
  engine: Engine,
  db: Queryable,
  references: readonly { type: string; id: string }[],
  pending: ReadonlyMap<string, Rid>,
): Promise<ReadonlyMap<string, Rid>> {
  const cache = locatedBy(engine);
  const rids = new Map<string, Rid>();
  const unknown = new Map<string, { type: string; id: string }>();
  for (const { type, id } of references) {
    const key = `${type}/${id}`;
    const rid = pending.get(key) ?? cache.get(key) ?? ridOfId(id);
    if (rid === undefined) {
      unknown.set(key, { type, id });
    } else {
      rids.set(key, rid);
    }
  }
  if (unknown.size > 0) {
    for (const [key, rid] of await locate(db, [...unknown.values()])) {
      rids.set(key, rid);
      remember(cache, key, rid);
    }
  }
  return rids;
}

/**
 * A client may have given an id of the server's own form to a resource whose rid was taken: looks such targets up.
 * @returns whether one was found, so that the write should be worked out again
 */
export async function locateTargets(engine: Engine, db: Queryable, targets: readonly Target[]): Promise<boolean> {
  const answer = await locate(db, targets);
  let found = false;
  for (const [key, rid] of answer) {
    found ||= !targets.some((target) => target.rid === rid);
    remember(locatedBy(engine), key, rid);
  }
  return found;
}

function locatedBy(engine: Engine): Map<string, Rid> {
  let cache = located.get(engine);
  if (cache === undefined) {
    cache = new Map();
    located.set(engine, cache);
  }
  return cache;
}

function remember(cache: Map<string, Rid>, key: string, rid: Rid): void {
  if (cache.size >= LOCATED_MAX) {
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  }
  cache.set(key, rid);
}
