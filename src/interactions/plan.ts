import type { Resource } from '@medplum/fhirtypes';
import { changeGrant } from '../access/change-grant.ts';
import type { Caller } from '../model/caller.ts';
import type { IndexRows } from '../model/index-rows.ts';
import { FhirError, fhirError, hasErrors, type Issue } from '../model/issue.ts';
import { withIdAndMeta } from '../model/json/id-and-meta.ts';
import { parseKeepingNumbers, textKeepingNumbers } from '../model/json/number-sources.ts';
import type { Queryable } from '../model/queryable.ts';
import { idOfRid, type Rid, ridOfId, SHARED_SHARD, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { mayBeAboutPatient } from '../search/extract/patient-of.ts';
import { notToUpdate } from '../store/forbidden.ts';
import { noPostings, type Postings, type PreparedWrite, type Target } from '../store/prepared-write.ts';
import { type AnchorClues, anchorOf, type Belongs } from './anchor.ts';
import type { Change, Engine, Judgement, Planned } from './engine.ts';
import { refuseErased } from './erased.ts';
import { refuseForged, refuseForgedDeletion } from './forged.ts';
import { bitmap, difference, postings } from './postings.ts';
import { resolveReferences } from './references.ts';
import type { ResourceText } from './types.ts';
import { isUnsent } from './unsent.ts';
import { refuseWithheld } from './withheld.ts';

/** What a plan is made in the light of. */
export interface Planning {
  readonly engine: Engine;
  readonly db: Queryable;
  readonly caller: Caller;
  /** Rids of resources that the same unit is about to create, by `Type/id`. */
  readonly pending: ReadonlyMap<string, Rid>;
  /** `Type/id` of references that turned out to lead nowhere. */
  readonly absent: ReadonlySet<string>;
  /** What the same unit is about to store, by `Type/id`. */
  readonly written?: ReadonlyMap<string, Resource>;
}

/** How a new resource gets its id. */
export interface NewId {
  /** Given beforehand, so that others in the same unit can refer to it. */
  readonly rid?: Rid;
  /** Given by the client; the server's own id of the rid where it is absent. */
  readonly clientId?: string;
}

/** Plans the creation of a resource. @throws FhirError where it is not fit to be stored */
export async function planCreate(
  planning: Planning,
  type: string,
  body: ResourceText,
  newId: NewId = {},
): Promise<Planned> {
  const { engine } = planning;
  refuseForged(planning.caller, body.resource, undefined);
  const own = newId.clientId === undefined ? undefined : `${type}/${newId.clientId}`;
  const fit = await fitness(planning, body, own);
  await refuseForeignTargets(planning, body.resource, fit.targets);
  const rid = newId.rid ?? allocate(engine, type, fit.patient ?? placeOf(type, fit), newId.clientId);
  const id = newId.clientId ?? idOfRid(rid);
  const next = { rid, type, id, version: 1, updated: engine.clock.now().getTime() };
  return planned(planning, fit, next, undefined, undefined);
}

/** Plans the next version of a resource, which may have been deleted; undefined where nothing would change. */
export async function planUpdate(
  planning: Planning,
  previous: StoredVersion,
  body: ResourceText,
): Promise<Planned | undefined> {
  const { engine } = planning;
  const { type, id, rid } = previous;
  refuseErased(previous);
  await refuseWithheld(engine.withheld, planning.db, planning.caller, previous);
  if (content(body, id, previous.version, previous.updated) === previous.content) {
    return undefined;
  }
  const before = previous.deleted ? undefined : (JSON.parse(previous.content) as Resource);
  refuseForged(planning.caller, body.resource, before);
  const fit = await fitness(planning, body, `${type}/${id}`, before);
  if (fit.body !== body && content(fit.body, id, previous.version, previous.updated) === previous.content) {
    return undefined;
  }
  const updated = Math.max(engine.clock.now().getTime(), previous.updated);
  const next = { rid, type, id, version: previous.version + 1, updated };
  return planned(planning, fit, next, before, { patient: previous.patient, anchor: previous.anchor });
}

/**
 * A Provenance tells of what its sender may change, and of nothing else.
 * @throws FhirError 403
 */
async function refuseForeignTargets(
  { db, caller, pending }: Planning,
  { resourceType }: Resource,
  targets: readonly Target[],
): Promise<void> {
  const told = targets.filter(
    ({ type, id, expression }) => expression.startsWith('Provenance.target') && !pending.has(`${type}/${id}`),
  );
  if (resourceType !== 'Provenance' || caller.access === 'all' || told.length === 0) {
    return;
  }
  if (
    (
      await notToUpdate(
        db,
        caller,
        told.map(({ rid }) => rid),
      )
    ).length > 0
  ) {
    throw fhirError(403, 'forbidden', 'A Provenance may tell only of what you may change.', 'Provenance.target');
  }
}

/** What a version is called, and when it was made. */
type Version = Pick<PreparedWrite, 'rid' | 'type' | 'id' | 'version' | 'updated'>;

/**
 * @param before what is there now; undefined where nothing is, or it was deleted
 * @param formerly where the row belongs that is there now, deleted or not
 */
function planned(
  { engine, caller }: Planning,
  fit: Fit,
  next: Version,
  before: Resource | undefined,
  formerly: Belongs | undefined,
): Planned {
  const { rid, type, id, version, updated } = next;
  const { resource } = fit.body;
  const definitions = engine.definitions();
  const rows = definitions.extract(resource);
  const previousRows = before && definitions.extract(before);
  const interaction = before === undefined ? 'create' : 'update';
  const role = caller.agent?.role;
  const change: Change = { interaction, type, id, resource, previous: before, rows, previousRows, role };
  const patient = type === 'Patient' ? rid : fit.patient;
  const unsent = isUnsent(resource, caller, rid, formerly?.anchor);
  const placing = { rid, unsent, patient, tenant: caller.tenant?.rid, formerly };
  const sources = fit.clues.inherits.flatMap((source) => fit.sources.get(source) ?? []);
  return {
    change,
    warnings: fit.warnings,
    formerly,
    origin: { clues: fit.clues, sources: fit.sources, placing },
    write: {
      rid,
      type,
      id,
      clientId: id !== idOfRid(rid),
      version,
      updated,
      deleted: false,
      content: content(fit.body, id, version, updated),
      patient,
      anchor: anchorOf(fit.clues, sources, placing),
      grant: changeGrant(caller, type, { act: interaction, before, after: resource }, rows),
      ...indexed(engine, rows, previousRows ? postings(previousRows, engine.hashSeed) : noPostings),
      definitions: definitions.generation,
      targets: fit.targets,
      events: definitions.bots.events(change),
    },
  };
}

/** Plans the deletion of a resource that is there. */
export function planDelete(engine: Engine, caller: Caller, previous: StoredVersion): Planned {
  const { patient, anchor } = previous;
  const resource = JSON.parse(previous.content) as Resource;
  const rows = engine.definitions().extract(resource);
  const change: Change = {
    interaction: 'delete',
    type: previous.type,
    id: previous.id,
    resource,
    previous: resource,
    rows,
    role: caller.agent?.role,
  };
  refuseForgedDeletion(caller, resource);
  const write: PreparedWrite = {
    rid: previous.rid,
    type: previous.type,
    id: previous.id,
    clientId: previous.id !== idOfRid(previous.rid),
    version: previous.version + 1,
    updated: Math.max(engine.clock.now().getTime(), previous.updated),
    deleted: true,
    content: '',
    patient,
    anchor,
    grant: changeGrant(caller, previous.type, { act: 'delete', before: resource, after: undefined }, undefined),
    date: undefined,
    present: bitmap([]),
    add: noPostings,
    remove: postings(rows, engine.hashSeed),
    definitions: engine.definitions().generation,
    targets: [],
    events: engine.definitions().bots.events(change),
  };
  return {
    change,
    warnings: [],
    write,
    formerly: { patient, anchor },
    origin: {
      clues: { own: anchor, inherits: [] },
      sources: new Map(),
      placing: { rid: previous.rid, unsent: false, patient, tenant: undefined, formerly: undefined },
    },
  };
}

/** What is known of a resource that may be stored. */
interface Fit {
  /** As it was sent, or with what its form answers by itself. */
  readonly body: ResourceText;
  /** The patient in whose compartment it is, if that is not the resource itself. */
  readonly patient: Rid | undefined;
  readonly targets: readonly Target[];
  readonly clues: AnchorClues;
  readonly sources: ReadonlyMap<Rid, Belongs>;
  readonly warnings: readonly Issue[];
}

/**
 * @param own `Type/id` of the resource itself, to which it may refer
 * @throws FhirError where it is not fit to be stored
 */
async function fitness(
  planning: Planning,
  body: ResourceText,
  own: string | undefined,
  previous?: Resource,
): Promise<Fit> {
  const { engine, db, caller, pending, absent, written } = planning;
  const judgement = await engine.judge.judge(db, caller, body.resource, previous, written);
  const references = await resolveReferences(engine, db, caller, body.resource, pending, absent, own, previous);
  if (hasErrors(judgement.issues) || hasErrors(references.issues)) {
    const status = hasErrors(judgement.issues) ? judgement.status : 422;
    throw new FhirError(status, [...judgement.issues, ...references.issues]);
  }
  const patient = engine.definitions().patientOf(body.resource);
  return {
    body: judgement.complete === undefined ? body : completed(body, judgement.complete),
    patient: patient === undefined ? undefined : references.rids.get(`Patient/${patient}`),
    targets: [...references.targets, ...judgement.targets],
    clues: references.clues,
    sources: references.sources,
    warnings: [...judgement.issues, ...references.issues],
  };
}

/** A body that was changed before it is stored; its numbers keep the digits that were sent. */
function completed({ resource, text }: ResourceText, complete: NonNullable<Judgement['complete']>): ResourceText {
  const kept = parseKeepingNumbers(text) as Resource;
  return { resource: complete(resource), text: textKeepingNumbers(complete(kept)) };
}

function indexed(engine: Engine, rows: IndexRows, before: Postings) {
  const after = postings(rows, engine.hashSeed);
  const { add, remove } = before === noPostings ? { add: after, remove: noPostings } : difference(before, after);
  return { date: rows.date, present: bitmap(rows.present), add, remove };
}

/** What names a course but no patient: the course, beside which it is stored. */
function placeOf(type: string, { clues }: Pick<Fit, 'clues'>): Rid | undefined {
  const place = clues.own ?? clues.inherits[0];
  return mayBeAboutPatient(type) && place !== 'itself' ? place : undefined;
}

/**
 * A patient is put into a shard by chance, what belongs to the patient into the same, all else into the shared one.
 * @param patient the patient, or the course where the resource names no patient
 */
export function allocate(engine: Engine, type: string, patient: Rid | undefined, clientId: string | undefined): Rid {
  const own = clientId === undefined ? undefined : ridOfId(clientId);
  if (own !== undefined) {
    return own;
  }
  if (type === 'Patient') {
    return engine.rids.next(engine.rids.randomPatientShard());
  }
  return engine.rids.next(patient === undefined ? SHARED_SHARD : shardOfRid(patient));
}

function content(body: ResourceText, id: string, version: number, updated: number): string {
  return withIdAndMeta(body.text, { id, versionId: String(version), lastUpdated: new Date(updated).toISOString() });
}
