import type { AuditEvent } from '@medplum/fhirtypes';
import { mayAtAll } from '../access/predicate.ts';
import type { Audit } from '../audit/audit.ts';
import { actionOf, auditEvent, type Names } from '../audit/audit-event.ts';
import { eventId, placeOfEvent } from '../audit/event-id.ts';
import { INTERACTION_CODES, interactionNumber } from '../audit/interactions.ts';
import { type AuditEntry, type EntryFilter, entriesOf, entryAt, type LookUp } from '../audit/look-up.ts';
import { namesIn } from '../audit/names.ts';
import { countOf, firstValue } from '../interactions/query-values.ts';
import type { Interactions, Page, Query } from '../interactions/types.ts';
import { accessKey, type Caller } from '../model/caller.ts';
import { fhirError, type Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { idOfRid, type Rid, shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { dateInterval } from '../search/date-interval.ts';
import type { PageTokens } from '../search/page-token.ts';

/** The search parameters that AuditEvent has here; `patient` is needed. */
export const AUDIT_EVENT_PARAMETERS: ReadonlySet<string> = new Set([
  ...['patient', 'entity', 'agent', 'date', 'action', 'subtype', 'outcome', 'agent-role'],
]);
const CONTROLS = new Set(['_count', '_page', '_total', '_sort']);
const COUNT = 50;

export interface AuditEventParts {
  readonly audit: Audit;
  readonly db: Queryable;
  readonly secrets: Secrets;
  readonly tokens: PageTokens;
}

/**
 * AuditEvents are read and searched as other resources are, and made of the audit's rows when they are asked for.
 *
 * Who may read a patient and has AuditEvent in their policy sees the patient's: the patient all of them, a hospital's
 * coordinator those of the own hospital, who may do everything all. Resources of this type that the server's own tools
 * have stored (they act for nobody) are theirs alone.
 */
export function withAuditEvents(inner: Interactions, events: AuditEvents): Interactions {
  const isMade = (caller: Caller, type: string | undefined): boolean =>
    type === 'AuditEvent' && (caller.agent !== undefined || caller.access !== 'all');
  return {
    ...inner,
    read: (caller, type, id) => (isMade(caller, type) ? events.read(caller, id) : inner.read(caller, type, id)),
    async vread(caller, type, id, version) {
      if (!isMade(caller, type)) {
        return inner.vread(caller, type, id, version);
      }
      const event = await events.read(caller, id);
      if (version !== event.version) {
        throw notFound();
      }
      return event;
    },
    search: (caller, type, query, options) =>
      isMade(caller, type) ? events.search(caller, query, options) : inner.search(caller, type, query, options),
    async history(caller, scope, query) {
      if (isMade(caller, scope.type)) {
        throw fhirError(405, 'not-supported', 'An AuditEvent never changes: it has no history.');
      }
      return inner.history(caller, scope, query);
    },
    async delete(caller, type, target, options) {
      if (isMade(caller, type)) {
        throw fhirError(403, 'forbidden', 'Only the server writes AuditEvents; nobody changes or deletes them.');
      }
      return inner.delete(caller, type, target, options);
    },
  };
}

/** Entries that a caller may see, of one patient. */
export class AuditEvents {
  readonly #inner: Interactions;
  readonly #parts: AuditEventParts;
  readonly #lookUp: LookUp;

  constructor(inner: Interactions, parts: AuditEventParts) {
    this.#inner = inner;
    this.#parts = parts;
    this.#lookUp = { db: parts.db, keys: parts.audit.keys, agents: parts.audit.agents };
  }

  async read(caller: Caller, id: string): Promise<StoredVersion> {
    requireAuditEvents(caller, 'read');
    const { secrets, db } = this.#parts;
    const place = placeOfEvent(secrets, id);
    const patientId = place && (await this.#patientId(place.patient));
    if (place === undefined || patientId === undefined) {
      throw notFound();
    }
    await this.#inner.read(caller, 'Patient', patientId).catch(() => Promise.reject(notFound()));
    const entry = await entryAt(this.#lookUp, place);
    if (entry === undefined || !isShownTo(caller, patientId)(entry)) {
      throw notFound();
    }
    return this.#version(entry, patientId, await namesIn(db, [entry]));
  }

  async search(caller: Caller, query: Query, { lenient }: { lenient: boolean }): Promise<Page> {
    requireAuditEvents(caller, 'search');
    const { used, notices } = understood(query, lenient);
    const patientId = patientOf(used);
    const patient = await this.patient(caller, patientId);
    const count = countOf(used, { usual: COUNT, least: 1 });
    const binding = JSON.stringify(['AuditEvent', accessKey(caller), used.filter(([name]) => name !== '_page')]);
    const token = firstValue(used, '_page');
    const after = token === undefined ? undefined : (this.#parts.tokens.open(token, binding) as EntryFilter['after']);
    const found = await this.entries(caller, patient, patientId, { ...filterOf(used), after }, count + 1);
    const page = found.slice(0, count);
    const names = await namesIn(this.#parts.db, page);
    const last = page.at(-1);
    const place = last && { at: last.at, chain: last.chain, n: last.n };
    return {
      matches: page.map((entry) => this.#version(entry, patientId, names)),
      includes: [],
      ...(found.length > count ? { next: this.#parts.tokens.seal(place, binding) } : {}),
      used,
      notices,
    };
  }

  /** The rid of a patient whom the caller may read. @throws FhirError 404 */
  async patient(caller: Caller, id: string): Promise<Rid> {
    return (await this.#inner.read(caller, 'Patient', id)).rid;
  }

  /** Newest first, of those that the caller may see. */
  entries(
    caller: Caller,
    patient: Rid,
    patientId: string,
    filter: EntryFilter,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    const isShown = isShownTo(caller, patientId);
    const keeps = (entry: AuditEntry): boolean => isShown(entry) && (filter.keeps?.(entry) ?? true);
    return entriesOf(this.#lookUp, patient, { ...filter, keeps }, limit);
  }

  event(entry: AuditEntry, patientId: string, names: Names): AuditEvent {
    return auditEvent(entry, eventId(this.#parts.secrets, entry), patientId, names);
  }

  #version(entry: AuditEntry, patientId: string, names: Names): StoredVersion {
    const event = this.event(entry, patientId, names);
    const [id, content] = [event.id as string, JSON.stringify(event)];
    return { rid: '0', type: 'AuditEvent', id, version: 1, updated: entry.at, deleted: false, content };
  }

  async #patientId(rid: Rid): Promise<string | undefined> {
    const { rows } = await this.#parts.db.query<{ id: string | null }>({
      text: 'select id from resource where shard = $1 and rid = $2 and patient = rid',
      values: [shardOfRid(rid), rid],
    });
    return rows[0] && (rows[0].id ?? idOfRid(rid));
  }
}

/** @throws FhirError 403 */
export function requireAuditEvents(caller: Caller, act: 'read' | 'search'): void {
  if (!mayAtAll(caller, act, 'AuditEvent')) {
    throw fhirError(403, 'forbidden', 'You may not see who has seen a record.');
  }
}

/** A hospital answers for its own staff: it does not see what others' did. */
function isShownTo({ access, agent, tenant }: Caller, patientId: string): (entry: AuditEntry) => boolean {
  if (access === 'all' || agent?.who === `Patient/${patientId}`) {
    return () => true;
  }
  return (entry) => tenant !== undefined && entry.agent?.organization === tenant.reference;
}

function understood(query: Query, lenient: boolean): { used: Query; notices: readonly Issue[] } {
  const isKnown = ([name]: readonly [string, string]): boolean =>
    AUDIT_EVENT_PARAMETERS.has(name) || CONTROLS.has(name);
  const unknown = query.filter((pair) => !isKnown(pair)).map(([name]) => name);
  const text = `AuditEvent is searched by ${[...AUDIT_EVENT_PARAMETERS].join(', ')} only.`;
  if (unknown.length > 0 && !lenient) {
    throw fhirError(400, 'not-supported', text);
  }
  const sort = firstValue(query, '_sort');
  if (sort !== undefined && sort !== '-date') {
    throw fhirError(400, 'not-supported', 'AuditEvents come newest first: _sort=-date.');
  }
  return {
    used: query.filter(isKnown),
    notices: unknown.length === 0 ? [] : [{ severity: 'warning', code: 'not-supported', diagnostics: text }],
  };
}

function patientOf(query: Query): string {
  const named = firstValue(query, 'patient') ?? firstValue(query, 'entity')?.match(/^Patient\/.*$/)?.[0];
  const id = named?.replace(/^Patient\//, '');
  if (id === undefined || !/^[A-Za-z0-9\-.]{1,64}$/.test(id)) {
    throw fhirError(400, 'required', 'AuditEvents are searched for one patient: ?patient=Patient/[id].');
  }
  return id;
}

function filterOf(query: Query): EntryFilter {
  const interactions = interactionsOf(query);
  const outcome = firstValue(query, 'outcome');
  return {
    ...timesOf(query),
    ...(interactions === undefined ? {} : { interactions }),
    ...(outcome === undefined ? {} : { failed: !outcome.split(',').some((code) => code.replace(/^.*\|/, '') === '0') }),
    keeps: keepsOf(query),
  };
}

/** `action` and `subtype` both tell of the interaction. */
function interactionsOf(query: Query): readonly number[] | undefined {
  const codes = (name: string): readonly string[] | undefined =>
    firstValue(query, name)
      ?.split(',')
      .map((code) => code.replace(/^.*\|/, ''));
  const [actions, subtypes] = [codes('action'), codes('subtype')];
  if (actions === undefined && subtypes === undefined) {
    return undefined;
  }
  return INTERACTION_CODES.filter(
    (code) => (actions?.includes(actionOf(code)) ?? true) && (subtypes?.includes(code) ?? true),
  ).map(interactionNumber);
}

/** @throws FhirError 400 */
function timesOf(query: Query): Pick<EntryFilter, 'from' | 'to'> {
  let [from, to] = [0, Number.MAX_SAFE_INTEGER];
  for (const [, value] of query.filter(([name, text]) => name === 'date' && text !== '')) {
    const [, prefix = 'eq', text = ''] = /^(eq|ge|gt|le|lt|sa|eb)?(\d.*)$/.exec(value.replace(' ', '+')) ?? [];
    const interval = dateInterval(text);
    if (interval === undefined) {
      throw fhirError(400, 'value', 'date needs a date or an instant, such as ge2026-03-02.');
    }
    if (prefix === 'eq' || prefix === 'ge') from = Math.max(from, interval.lo);
    if (prefix === 'gt' || prefix === 'sa') from = Math.max(from, interval.hi + 1);
    if (prefix === 'eq' || prefix === 'le') to = Math.min(to, interval.hi);
    if (prefix === 'lt' || prefix === 'eb') to = Math.min(to, interval.lo - 1);
  }
  return { from, to };
}

function keepsOf(query: Query): (entry: AuditEntry) => boolean {
  const agents = firstValue(query, 'agent')?.split(',');
  const roles = firstValue(query, 'agent-role')
    ?.split(',')
    .map((code) => code.replace(/^.*\|/, ''));
  const entities = query.flatMap(([name, value]) =>
    name === 'entity' && !value.startsWith('Patient/') ? [value] : [],
  );
  return ({ agent, seen }) =>
    (agents?.some((who) => who === agent?.who || who === agent?.organization) ?? true) &&
    (roles?.includes(agent?.role ?? '') ?? true) &&
    entities.every((entity) => seen.some(({ type, id }) => entity.split(',').includes(`${type}/${id}`)));
}

function notFound() {
  return fhirError(404, 'not-found', 'There is no such AuditEvent.');
}
