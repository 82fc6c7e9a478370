import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../../model/caller.ts';
import { FhirError, fhirError, hasErrors } from '../../model/issue.ts';
import { withReferences } from '../../model/json/references.ts';
import { type Rid, ridOfId } from '../../model/rid.ts';
import type { StoredVersion } from '../../model/stored.ts';
import { lockCriteria } from '../../store/locks.ts';
import { locate, read, readMany, readVersion } from '../../store/read.ts';
import { retrying } from '../../store/transaction.ts';
import { requireAnyOf, requireAtAll } from '../at-all.ts';
import { applyWithin, result } from '../commit.ts';
import { criteriaKey, theOne } from '../criteria.ts';
import type { Context, Engine, Planned, Unit } from '../engine.ts';
import { givenId } from '../given-id.ts';
import { type NewId, type Planning, planCreate, planDelete, planUpdate } from '../plan.ts';
import type { Interactions, Page, Query, ResourceText, WriteResult } from '../types.ts';
import { inUnit, step } from '../unit-of-work.ts';
import { refuseWithheld } from '../withheld.ts';
import { checkVersion, conditionalTarget, existing, existingVersion, refuseExisting, unchanged } from '../writes.ts';
import { type Addressed, bodyOf, deletesFirst } from './addressed.ts';
import { withAnchors } from './anchors-within.ts';
import { atEntry, type Identities, identify } from './identities.ts';
import { type Slot, slotOf } from './slots.ts';

/** What an entry may turn out to do. */
const ACTS = { POST: ['create'], PUT: ['create', 'update'], PATCH: ['update'], DELETE: ['delete'] } as const;

type Answer = WriteResult | StoredVersion | Page | undefined;

/** The transaction interaction: all entries or none. Worked out again from the request after a conflict. */
export function transactions(context: Context): Pick<Interactions, 'transaction'> {
  return {
    async transaction(caller, entries) {
      const slots = entries.map(slotOf);
      const absent = new Set<string>();
      const run = (unit: Unit): Promise<readonly Answer[]> =>
        new Transaction(context.engine, unit, caller, absent).run(slots);
      const { engine, unit } = context;
      return unit ? step(unit, () => run(unit)) : retrying(engine, () => inUnit(engine, run));
    },
  };
}

class Transaction {
  readonly #engine: Engine;
  readonly #unit: Unit;
  readonly #caller: Caller;
  readonly #absent: Set<string>;

  constructor(engine: Engine, unit: Unit, caller: Caller, absent: Set<string>) {
    this.#engine = engine;
    this.#unit = unit;
    this.#caller = caller;
    this.#absent = absent;
  }

  async run(slots: readonly Slot[]): Promise<readonly Answer[]> {
    await this.#lockCriteria(slots);
    const addressed = await this.#address(slots);
    const found = await this.#resolveConditional(addressed);
    const patients = await this.#patients(addressed, found);
    const identities = identify(this.#engine, addressed, await this.#givenIds(addressed), found, patients);
    const answers: Answer[] = slots.map(() => undefined);
    const planned = await this.#plan(addressed, identities, answers);
    const anchored = withAnchors(planned.map((one) => one.planned));
    await applyWithin(this.#engine, this.#unit, this.#caller, anchored, this.#absent);
    await this.#judgeTogether(planned);
    for (const [place, one] of planned.entries()) {
      answers[one.index] = result(anchored[place] as Planned);
    }
    for (const slot of slots.filter((one) => one.entry.method === 'GET')) {
      answers[slot.index] = await this.#get(slot).catch((failure) => atEntry(slot.index, failure));
    }
    return answers;
  }

  async #lockCriteria(slots: readonly Slot[]): Promise<void> {
    const keys = slots.flatMap((slot) =>
      slot.criteria && slot.entry.method !== 'GET' ? criteriaKey(slot.type, slot.criteria) : [],
    );
    for (const key of [...new Set(keys)].sort()) {
      await lockCriteria(this.#unit.client, key);
    }
  }

  async #address(slots: readonly Slot[]): Promise<readonly Addressed[]> {
    const byId = slots.flatMap(({ type, id, entry }) =>
      id !== undefined && entry.method !== 'GET' ? { type, id } : [],
    );
    const current = await readMany(this.#unit.client, this.#caller, byId);
    const addressed: Addressed[] = [];
    for (const slot of slots) {
      const { entry, type, id, criteria } = slot;
      if (entry.method === 'GET') {
        addressed.push({ slot, previous: undefined, body: undefined });
        continue;
      }
      try {
        requireAnyOf(this.#caller, ACTS[entry.method], type);
        const previous =
          id !== undefined ? current.get(`${type}/${id}`) : criteria && (await this.#found(slot, criteria));
        if (entry.method === 'PATCH') {
          await refuseWithheld(this.#engine.withheld, this.#unit.client, this.#caller, previous);
        }
        addressed.push({ slot, previous, body: bodyOf(slot, previous) });
      } catch (failure) {
        atEntry(slot.index, failure);
      }
    }
    return deletesFirst(addressed);
  }

  /** What criteria find, apart from what a conditional update makes of it. */
  async #found({ type, entry }: Slot, criteria: Query): Promise<StoredVersion | undefined> {
    const { client } = this.#unit;
    const found = await theOne(this.#engine, client, this.#caller, type, criteria);
    return entry.method === 'PUT'
      ? conditionalTarget(client, this.#caller, type, found, entry.body.resource.id)
      : found;
  }

  /** Ids that clients give to what they create by PUT. */
  async #givenIds(addressed: readonly Addressed[]): Promise<ReadonlyMap<number, NewId>> {
    const given = new Map<number, NewId>();
    for (const { slot, previous, body } of addressed) {
      const clientId =
        slot.entry.method === 'PUT' && previous === undefined ? (slot.id ?? body?.resource.id) : undefined;
      if (clientId !== undefined) {
        given.set(slot.index, await givenId(this.#unit.client, this.#engine, this.#caller, slot.type, clientId));
      }
    }
    return given;
  }

  /** Finds what conditional references (`Patient?identifier=…`) mean; each must find exactly one resource. */
  async #resolveConditional(addressed: readonly Addressed[]): Promise<ReadonlyMap<string, string>> {
    const meant = new Map<string, string>();
    for (const { slot, body } of addressed) {
      for (const reference of body ? this.#engine.definitions().referencesOf(body.resource) : []) {
        if (reference.kind !== 'conditional' || meant.has(reference.url)) {
          continue;
        }
        const { type, url, path } = reference;
        const search = url.slice(type.length + 1);
        const criteria: Query = [...new URLSearchParams(search)];
        try {
          const found = await theOne(this.#engine, this.#unit.client, this.#caller, type, criteria);
          if (found === undefined) {
            throw fhirError(412, 'not-found', `This conditional reference finds no ${type}.`, path);
          }
          meant.set(url, `${type}/${found.id}`);
        } catch (failure) {
          atEntry(slot.index, pointedAt(path, failure));
        }
      }
    }
    return meant;
  }

  /** Where the patients live that entries refer to and whose ids clients gave. */
  async #patients(
    addressed: readonly Addressed[],
    found: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, Rid>> {
    const ids = new Set<string>();
    for (const { body } of addressed) {
      for (const reference of body ? this.#engine.definitions().referencesOf(body.resource) : []) {
        const written = reference.kind === 'relative' ? `${reference.type}/${reference.id}` : undefined;
        const [type, id] = (written ?? ('url' in reference ? found.get(reference.url) : undefined) ?? '').split('/');
        if (type === 'Patient' && id !== undefined && ridOfId(id) === undefined) {
          ids.add(id);
        }
      }
    }
    return ids.size === 0
      ? new Map()
      : locate(
          this.#unit.client,
          [...ids].map((id) => ({ type: 'Patient', id })),
        );
  }

  async #plan(
    addressed: readonly Addressed[],
    identities: Identities,
    answers: Answer[],
  ): Promise<readonly { index: number; planned: Planned }[]> {
    const planning: Planning = {
      engine: this.#engine,
      db: this.#unit.client,
      caller: this.#caller,
      pending: identities.pending,
      absent: this.#absent,
      written: identities.written,
    };
    const planned: { index: number; planned: Planned }[] = [];
    const issues: FhirError[] = [];
    for (const one of addressed) {
      const { index, entry } = one.slot;
      if (entry.method === 'GET') {
        continue;
      }
      try {
        const plan = await this.#planOne(planning, one, identities).catch((failure) => atEntry(index, failure));
        if (plan === undefined) {
          answers[index] = one.previous && !one.previous.deleted ? unchanged(one.previous) : undefined;
        } else {
          planned.push({ index, planned: plan });
        }
      } catch (failure) {
        if (!(failure instanceof FhirError) || failure.status >= 500) {
          throw failure;
        }
        issues.push(failure);
      }
    }
    if (issues[0]) {
      throw new FhirError(
        issues[0].status,
        issues.flatMap((failure) => failure.issues),
      );
    }
    return planned;
  }

  /** Judges again, now that all of it is stored, the forms that may ask for one another. */
  async #judgeTogether(planned: readonly { index: number; planned: Planned }[]): Promise<void> {
    if (planned.length < 2) return;
    for (const { index, planned: one } of planned) {
      const { interaction, resource, previous } = one.change;
      if (resource.resourceType !== 'QuestionnaireResponse' || interaction === 'delete') continue;
      const { client } = this.#unit;
      const issues = await this.#engine.judge.judgeTogether(client, this.#caller, resource, previous);
      if (hasErrors(issues)) atEntry(index, new FhirError(422, issues));
    }
  }

  async #planOne(planning: Planning, one: Addressed, identities: Identities): Promise<Planned | undefined> {
    const { slot, previous, body } = one;
    const { entry, type } = slot;
    if (entry.method === 'DELETE') {
      if (previous === undefined || previous.deleted) {
        return undefined;
      }
      checkVersion(previous, entry.ifMatch);
      return planDelete(this.#engine, this.#caller, previous);
    }
    if (body === undefined || (entry.method === 'POST' && previous !== undefined)) {
      return undefined;
    }
    if (entry.method === 'PUT' || entry.method === 'PATCH') {
      checkVersion(previous, entry.ifMatch);
    }
    if (entry.method === 'PUT') {
      refuseExisting(previous, entry.ifNoneMatch);
    }
    requireAtAll(this.#caller, previous === undefined || previous.deleted ? 'create' : 'update', type);
    const resolved = resolve(body, identities.replacements);
    return previous === undefined
      ? planCreate(planning, type, resolved, identities.newIds.get(slot.index))
      : planUpdate(planning, previous, resolved);
  }

  async #get({ entry, type, id, version, criteria }: Slot): Promise<Answer> {
    if (id === undefined) {
      return this.#engine.search(this.#unit.client, this.#caller, type, criteria ?? [], {
        lenient: entry.method === 'GET' && entry.lenient === true,
      });
    }
    requireAtAll(this.#caller, 'read', type);
    const current = await read(this.#unit.client, this.#caller, type, id);
    if (version === undefined || current === undefined) {
      return existing(current, type);
    }
    return existingVersion(await readVersion(this.#unit.client, this.#caller, current, version), type, current);
  }
}

function resolve(body: ResourceText, replacements: ReadonlyMap<string, string>): ResourceText {
  const text = withReferences(body.text, replacements);
  return text === body.text ? body : { text, resource: JSON.parse(text) as Resource };
}

/** A refusal that tells no place, told of this one. */
function pointedAt(path: string, failure: unknown): unknown {
  return failure instanceof FhirError
    ? new FhirError(
        failure.status,
        failure.issues.map((issue) => ({ ...issue, expression: issue.expression ?? [path] })),
      )
    : failure;
}
