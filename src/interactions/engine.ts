import type { QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { FormData } from '../forms/expressions/data.ts';
import type { Form } from '../forms/form.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import type { IndexRows } from '../model/index-rows.ts';
import type { Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Rid, RidAllocator } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { ResourceReference } from '../search/extract/references-of.ts';
import type { SearchParameterDef, SearchParameters } from '../search/parameters.ts';
import type { AuditRow } from '../store/audit-row.ts';
import type { Merger } from '../store/merger.ts';
import type { OutboxEvent, PreparedWrite, Target } from '../store/prepared-write.ts';
import type { AnchorClues, Belongs, Placing } from './anchor.ts';
import type { FormDataWish } from './form-data.ts';
import type { Page, Query } from './types.ts';
import type { WithOthers } from './with-others.ts';
import type { Withheld } from './withheld.ts';

/** What the interactions are made of; one for each server process. */
export interface Engine {
  /** For units of work. */
  readonly pool: pg.Pool;
  /** For everything that only reads outside a unit; its statements are limited in time. */
  readonly readers: pg.Pool;
  readonly merger: Merger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly rids: RidAllocator;
  readonly hashSeed: string;
  /** Absolute, without a slash at the end: references that start with it are references to this server. */
  readonly baseUrl: string;
  /** Under which ids that were erased are remembered: see src/store/erased.ts. */
  readonly erasedKey: Buffer;
  /** What follows from stored definitions; the same object until one of them changes. */
  definitions(): Definitions;
  /** Called before work starts again after a conflict: reads definitions that others may have changed. */
  again(): Promise<void>;
  /** Called after a commit, before it is answered. */
  committed(done: Committed): Promise<void>;
  /** How often this process has committed resources of these types: what is remembered of them is out of date since. */
  commitsOf(types: readonly string[]): number;
  readonly judge: Judge;
  readonly withheld: Withheld;
  readonly audit: WriteAudit;
  search(
    db: Queryable,
    caller: Caller,
    type: string | undefined,
    query: Query,
    options: { lenient: boolean },
  ): Promise<Page>;
  readonly tokens: PageTokens;
}

/** How the audit takes part in a write: src/audit/audit.ts. */
export interface WriteAudit {
  /**
   * Writes that are committed together, with the rows that are stored with them.
   * @param cause whose write a bot acts upon
   * @throws where the audit can't be reached: then nothing is to be written
   */
  ofWrites(caller: Caller, writes: readonly PreparedWrite[], cause?: Caller): Promise<readonly PreparedWrite[]>;
  /** Rows that were committed. */
  stored(rows: readonly AuditRow[]): void;
}

/** What follows from the definitions that the store holds (search parameters, what triggers bots) and those of R4. */
export interface Definitions {
  /** Tells one set of search parameters from the next. */
  readonly generation: string;
  readonly parameters: SearchParameters;
  /** The reference parameters that put resources into a patient's compartment. */
  readonly compartment: readonly SearchParameterDef[];
  extract(resource: Resource): IndexRows;
  referencesOf(resource: Resource): readonly ResourceReference[];
  /** The id of the patient in whose compartment a resource is. */
  patientOf(resource: Resource): string | undefined;
  readonly bots: BotHooks;
}

/** What a commit did, for those who have to act on it. */
export interface Committed {
  /** Outbox events were written. */
  readonly events: boolean;
  /** Types of the resources that were written. */
  readonly types: ReadonlySet<string>;
}

/** Opaque page tokens that cannot be forged or used for another request than they were made for. */
export interface PageTokens {
  seal(place: unknown, binding: string): string;
  /** @throws FhirError 400 */
  open(token: string, binding: string): unknown;
}

/** What makes a resource fit to be stored, apart from its references: conformance, profiles, its questionnaire. */
export interface Judge {
  /**
   * @param previous what the resource is to supersede
   * @param written what is stored together with it, by `Type/id`: a patient and the form about the patient
   */
  judge(
    db: Queryable,
    caller: Caller,
    resource: Resource,
    previous?: Resource,
    written?: ReadonlyMap<string, Resource>,
  ): Promise<Judgement>;
  /**
   * What is wrong with a response that has been judged by itself, in the light of what was stored together with it: its form
   * may ask for another form by a query. Within the transaction, after all is stored.
   */
  judgeTogether(
    db: Queryable,
    caller: Caller,
    response: QuestionnaireResponse,
    previous?: Resource,
  ): Promise<readonly Issue[]>;
  /** What a form is evaluated with, as the caller may read it. */
  formData(
    db: Queryable,
    caller: Caller,
    form: Form,
    response: QuestionnaireResponse,
    wish?: FormDataWish,
  ): Promise<FormData>;
  /** Drops what is remembered of resources that have changed. */
  forget(rids: ReadonlySet<Rid>): void;
}

export interface Judgement {
  readonly issues: readonly Issue[];
  /** The HTTP status of a refusal for these issues. */
  readonly status: 400 | 422;
  /** What the judgement relied on, with versions. */
  readonly targets: readonly Target[];
  /** Puts into a response what its form answers by itself; undefined where that is nothing. */
  readonly complete?: <R extends Resource>(response: R) => R;
}

/** A write as bots see it. */
export interface Change {
  readonly interaction: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly id: string;
  /** As it will be; the last version where it is deleted. */
  readonly resource: Resource;
  readonly previous: Resource | undefined;
  readonly rows: IndexRows;
  /** Rows of the version that an update supersedes: what concerned a bot does so once more when it ceases to. */
  readonly previousRows?: IndexRows | undefined;
  /** The role in which somebody writes; undefined for bots and the server itself. */
  readonly role?: string | undefined;
}

/** How the bot runner takes part in a write. */
export interface BotHooks {
  /** Whether an enforcing bot cares: the write then has a transaction of its own. */
  enforcing(change: Change): boolean;
  /** What follow bots will have to do once it is committed. */
  events(change: Change): readonly OutboxEvent[];
  /** Runs the enforcing bots within the unit; a FhirError refuses the whole write. */
  enforce(unit: Unit, changes: readonly Change[]): Promise<void>;
}

/** A transaction in the making: what bots and operations do within it is committed with it. */
export interface Unit {
  /** Refuses to work once the unit has ended, so that a bot that is late cannot write outside it. */
  readonly client: Queryable;
  /** Shards that it holds alone. */
  readonly held: Set<number>;
  /** Enforcing bots that are at work: they are not called for their own writes. */
  readonly active: ReadonlySet<string>;
  /** Whether it can still be committed. */
  readonly fate: Fate;
  /** Whose turn it is to write. */
  readonly turns: { take<T>(work: () => Promise<T>): Promise<T> };
  /** What its commit will tell. */
  readonly done: UnitDone;
  /** Present where others work in it at the same time. */
  readonly withOthers?: WithOthers | undefined;
}

export interface UnitDone {
  events: boolean;
  readonly types: Set<string>;
  /** Rows of the audit that it stores. */
  readonly audit: AuditRow[];
  /** Whose write it began with, where that is no bot's. */
  cause?: Caller;
}

/** Whether a unit can still be committed. */
export interface Fate {
  /** Why not, if so. */
  readonly why: unknown;
  /** The unit cannot be committed; the first reason counts. */
  lose(why: unknown): void;
}

/** Where an interaction runs: on its own, or within a unit. */
export interface Context {
  readonly engine: Engine;
  readonly unit: Unit | undefined;
}

export function database(context: Context): Queryable {
  return context.unit?.client ?? context.engine.readers;
}

/** A planned write of one resource: what is stored, and what bots see of it. */
export interface Planned {
  readonly write: PreparedWrite;
  readonly change: Change;
  readonly warnings: readonly Issue[];
  /** Where the row that it supersedes belonged; undefined where it is the first version. */
  readonly formerly: Belongs | undefined;
  /** What its anchor follows from; within a unit it is known only when all are planned. */
  readonly origin: Origin;
}

/** What an anchor follows from. */
export interface Origin {
  readonly clues: AnchorClues;
  /** Where the resources are that the clues name and that were there before. */
  readonly sources: ReadonlyMap<Rid, Belongs>;
  readonly placing: Placing;
}

export function storedVersion(planned: Planned): StoredVersion {
  const { rid, type, id, version, updated, deleted, content, patient, anchor } = planned.write;
  return {
    ...{ rid, type, id, version, updated, deleted, content },
    ...(patient === undefined ? {} : { patient }),
    ...(anchor === undefined ? {} : { anchor }),
  };
}
