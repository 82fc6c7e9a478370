import type { Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { adaptiveBase, containedForm } from '../forms/adaptive/contained-form.ts';
import { type Caller, isPatient } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { fhirError } from '../model/issue.ts';
import { parseKeepingNumbers, textKeepingNumbers } from '../model/json/number-sources.ts';
import { withSubsettedTag } from '../model/json/subsetted.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { elementsOfStaff, internalItems, withoutInternalItems, withoutStaffNotes } from '../registry/staffs-words.ts';
import { formsOfUrl } from './form-versions.ts';
import type { Interactions, Page } from './types.ts';

/** Stored versions as they are shown to who asks: docs/decisions/0080-staffs-own-words.md. */
export interface Withheld {
  /** The version without what the caller is not shown, tagged SUBSETTED; the very same where they are shown all of it. */
  of<V extends Content>(db: Queryable, caller: Caller, version: V): Promise<V>;
}

type Content = Pick<StoredVersion, 'type' | 'content'>;

/** A form that marks more as internal than it did is heeded within this time in every process. */
const FRESH_MS = 2000;
const FORMS_MAX = 2000;

/** @param clock real time, by which what is remembered of forms ages */
export function createWithheld(hashSeed: string, clock: Clock): Withheld {
  const known = new Map<string, { readonly at: number; readonly internal: ReadonlySet<string> }>();

  /** Undefined where no form of the url is stored. */
  async function internalOf(db: Queryable, url: string): Promise<ReadonlySet<string> | undefined> {
    const now = clock.now().getTime();
    const before = known.get(url);
    if (before !== undefined && now - before.at < FRESH_MS) return before.internal;
    const versions = await formsOfUrl(hashSeed, db, url);
    if (versions.length === 0) return undefined;
    const internal = internalItems(versions);
    if (known.size >= FORMS_MAX) known.clear();
    known.set(url, { at: now, internal });
    return internal;
  }

  async function shortened(db: Queryable, resource: Task | QuestionnaireResponse) {
    if (resource.resourceType === 'Task') return withoutStaffNotes(resource);
    const [url = ''] = (adaptiveBase(resource) ?? resource.questionnaire ?? '').split('|');
    const stored = await internalOf(db, url);
    const contained: Questionnaire | undefined = containedForm(resource);
    const own = contained && internalItems([contained]);
    return withoutInternalItems(resource, own && stored ? new Set([...own, ...stored]) : stored);
  }

  return {
    async of(db, caller, version) {
      if (!isPatient(caller) || version.content === '' || !elementsOfStaff.has(version.type)) return version;
      const resource = parseKeepingNumbers(version.content) as Task | QuestionnaireResponse;
      const left = await shortened(db, resource);
      return left === resource ? version : { ...version, content: withSubsettedTag(textKeepingNumbers(left)) };
    },
  };
}

/**
 * Nobody changes what they are not shown all of: what they send would take the rest away, and whether a patch fits would tell
 * of it.
 *
 * @throws FhirError 403
 */
export async function refuseWithheld(
  withheld: Withheld,
  db: Queryable,
  caller: Caller,
  current: StoredVersion | undefined,
): Promise<void> {
  if (current !== undefined && (await withheld.of(db, caller, current)) !== current) {
    throw fhirError(403, 'forbidden', `You are not shown all of this ${current.type}, and cannot change it.`);
  }
}

/** A page without what the caller is not shown. */
export async function pageFor(withheld: Withheld, db: Queryable, caller: Caller, page: Page): Promise<Page> {
  if (!isPatient(caller)) return page;
  const [matches, includes] = [
    await each(withheld, db, caller, page.matches),
    await each(withheld, db, caller, page.includes),
  ];
  return { ...page, matches, includes };
}

async function each<V extends Content>(
  withheld: Withheld,
  db: Queryable,
  caller: Caller,
  versions: readonly V[],
): Promise<readonly V[]> {
  const shown: V[] = [];
  // one after the other: most need no look at the database, and those that do need the same one
  for (const version of versions) shown.push(await withheld.of(db, caller, version));
  return shown;
}

/**
 * The interactions as they answer: whatever gives a stored version away, operations too, has it from here, so that none of them
 * can forget what its caller is not shown.
 */
export function withholding(inner: Interactions, withheld: Withheld, db: () => Queryable): Interactions {
  const one = async <V extends Content>(caller: Caller, version: Promise<V>): Promise<V> =>
    withheld.of(db(), caller, await version);
  const page = async (caller: Caller, found: Promise<Page>): Promise<Page> =>
    pageFor(withheld, db(), caller, await found);
  const written = async <W extends { readonly stored: StoredVersion }>(
    caller: Caller,
    done: Promise<W>,
  ): Promise<W> => {
    const result = await done;
    return { ...result, stored: await withheld.of(db(), caller, result.stored) };
  };
  return {
    ...inner,
    read: (caller, ...rest) => one(caller, inner.read(caller, ...rest)),
    vread: (caller, ...rest) => one(caller, inner.vread(caller, ...rest)),
    search: (caller, ...rest) => page(caller, inner.search(caller, ...rest)),
    everything: (caller, ...rest) => page(caller, inner.everything(caller, ...rest)),
    create: (caller, ...rest) => written(caller, inner.create(caller, ...rest)),
    update: (caller, ...rest) => written(caller, inner.update(caller, ...rest)),
    patch: (caller, ...rest) => written(caller, inner.patch(caller, ...rest)),
    async history(caller, ...rest) {
      const found = await inner.history(caller, ...rest);
      return { ...found, entries: await each(withheld, db(), caller, found.entries) };
    },
    async delete(caller, ...rest) {
      const done = await inner.delete(caller, ...rest);
      return done && { ...done, stored: await withheld.of(db(), caller, done.stored) };
    },
    async transaction(caller, entries) {
      const results = await inner.transaction(caller, entries);
      if (!isPatient(caller)) return results;
      const shown: (typeof results)[number][] = [];
      for (const result of results) {
        if (result === undefined) shown.push(result);
        else if ('matches' in result) shown.push(await pageFor(withheld, db(), caller, result));
        else if ('outcome' in result) {
          shown.push({ ...result, stored: await withheld.of(db(), caller, result.stored) });
        } else shown.push(await withheld.of(db(), caller, result));
      }
      return shown;
    },
  };
}
