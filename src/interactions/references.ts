import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import { error, hasErrors, type Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { type Rid, ridOfId } from '../model/rid.ts';
import { mayBeAboutPatient } from '../search/extract/patient-of.ts';
import type { ResourceReference } from '../search/extract/references-of.ts';
import { belongings } from '../store/belongings.ts';
import type { Target } from '../store/prepared-write.ts';
import { locate } from '../store/read.ts';
import { lookUp } from '../store/targets.ts';
import { type AnchorClues, anchorClues, type Belongs } from './anchor.ts';
import type { Engine } from './engine.ts';

/** What a resource refers to on this server. */
export interface ResolvedReferences {
  /** By `Type/id`. */
  readonly rids: ReadonlyMap<string, Rid>;
  readonly targets: readonly Target[];
  /** What they say of the anchor, and where the resources belong that the clues name and that are stored. */
  readonly clues: AnchorClues;
  readonly sources: ReadonlyMap<Rid, Belongs>;
  /** References to resources that are not here: errors, or warnings where the caller may leave some open. */
  readonly issues: readonly Issue[];
}

interface LocalReference {
  readonly type: string;
  readonly id: string;
  readonly expression: string;
}

/**
 * Elements whose target must always exist; others may be left open by callers configured so.
 * (`questionnaire` is a canonical and judged with the response.) A referral belongs to whom the course belongs that names
 * it: one that is out of reach, left open, would become the caller's. A notice is sent to whom it names.
 */
const ALWAYS =
  /\.(subject|patient|basedOn(\[\d+\])?)$|^Task\.for$|^(EpisodeOfCare\.referralRequest|Communication\.recipient)\[\d+\]$/;

/** Whether a caller may store a reference at this place to something that is not here. */
export function mayStayOpen(caller: Caller, expression: string): boolean {
  return caller.openReferences === true && !ALWAYS.test(expression);
}

/**
 * Finds the resources that a resource refers to by relative references.
 * @param pending rids of resources that the same unit is about to create, by `Type/id`
 * @param absent `Type/id` of what was looked for and is known not to be here
 * @param own `Type/id` of the resource itself, once it is stored: that it refers to itself asks nothing of others
 * @param before what the resource is to supersede
 */
export async function resolveReferences(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  resource: Resource,
  pending: ReadonlyMap<string, Rid>,
  absent: ReadonlySet<string>,
  own?: string,
  before?: Resource,
): Promise<ResolvedReferences> {
  const found = engine.definitions().referencesOf(resource);
  const issues: Issue[] = [];
  const local: LocalReference[] = [];
  for (const reference of found) {
    if (reference.kind === 'urn') {
      issues.push(error('not-found', 'This reference names no entry of the transaction.', reference.path));
    } else if (reference.kind === 'conditional') {
      issues.push(error('not-supported', 'A conditional reference stands only in transactions.', reference.path));
    } else if (reference.kind === 'relative' && `${reference.type}/${reference.id}` !== own) {
      local.push({ type: reference.type, id: reference.id, expression: reference.path });
    }
  }
  const rids = new Map(await ridsOf(engine, db, local, pending));
  for (const key of absent) {
    rids.delete(key);
  }
  const { reached, clues } = await reachOf(engine, db, caller, resource, local, rids, pending, before);
  const targets = new Map<Rid, Target>();
  for (const { type, id, expression } of local) {
    const rid = rids.get(`${type}/${id}`);
    if (rid === undefined) {
      issues.push(missing(caller, type, expression));
    } else {
      targets.set(rid, { rid, type, id, expression });
    }
  }
  if (hasErrors(issues)) {
    issues.push(...(await missingTargets(db, caller, [...targets.values()], pending)));
  }
  return { rids, targets: [...targets.values()], clues, sources: reached, issues };
}

/**
 * Finds where the resources belong that the anchor may come from. To a caller whose access is limited, a patient's data
 * that is out of its reach is not here: it is taken out of `rids`, so that a reference tells nothing of it. What the
 * superseded version referred to in an element may stay there, and goes into no other: it may have been left open.
 */
async function reachOf(
  engine: Engine,
  db: Queryable,
  caller: Caller,
  resource: Resource,
  local: readonly LocalReference[],
  rids: Map<string, Rid>,
  pending: ReadonlyMap<string, Rid>,
  before: Resource | undefined,
): Promise<{ readonly reached: ReadonlyMap<Rid, Belongs>; readonly clues: AnchorClues }> {
  const clues = (): AnchorClues =>
    anchorClues(
      resource.resourceType,
      local.flatMap(({ type, id, expression }) => {
        const rid = rids.get(`${type}/${id}`);
        return rid === undefined ? [] : [{ type, rid, path: expression }];
      }),
    );
  const stored = local.filter(({ type, id }) => rids.has(`${type}/${id}`) && !pending.has(`${type}/${id}`));
  const heirs = new Set(clues().inherits);
  const had = new Set(before && engine.definitions().referencesOf(before).flatMap(placed));
  const doubtful = (one: LocalReference): boolean =>
    caller.access !== 'all' && mayBeAboutPatient(one.type) && !had.has(placeOf(one, one.expression));
  const asked = stored.filter((one) => doubtful(one) || heirs.has(rids.get(`${one.type}/${one.id}`) as Rid));
  if (asked.length === 0) {
    return { reached: new Map(), clues: clues() };
  }
  const reached = await belongings(
    db,
    caller,
    asked.map(({ type, id }) => ({ type, rid: rids.get(`${type}/${id}`) as Rid })),
  );
  for (const one of asked.filter(doubtful)) {
    const key = `${one.type}/${one.id}`;
    if (reached.get(rids.get(key) as Rid)?.within !== true) {
      rids.delete(key);
    }
  }
  return { reached, clues: clues() };
}

function placed(reference: ResourceReference): readonly string[] {
  return reference.kind === 'relative' ? [placeOf(reference, reference.path)] : [];
}

/** What is referred to, and by which element, whatever its index. */
function placeOf({ type, id }: { readonly type: string; readonly id: string }, path: string): string {
  return `${path.replace(/\[\d+\]/g, '')} ${type}/${id}`;
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
