import type { Bundle, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { FormData } from '../forms/expressions/data.ts';
import { wantedQueries } from '../forms/expressions/wanted-queries.ts';
import type { Form } from '../forms/form.ts';
import { validateResponse } from '../forms/validate-response.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { FhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { isResourceType } from '../model/resource-types.ts';
import type { Witness } from '../model/witness.ts';
import { unversioned } from '../registry/unversioned.ts';
import { read } from '../store/read.ts';
import type { FormValueSets } from './form-value-sets.ts';
import type { Page, Query } from './types.ts';
import { pageFor, type Withheld } from './withheld.ts';

export interface FormDataParts {
  /** What forms take for now. */
  readonly clock: Clock;
  /** Whose day today() is, as IANA names it (`Europe/Oslo`). */
  readonly timeZone: string;
  /** This server's own, by which absolute references to it are known. */
  readonly baseUrl: string;
  readonly valueSets: FormValueSets;
  readonly search: (db: Queryable, caller: Caller, type: string, query: Query) => Promise<Page>;
  readonly withheld: Withheld;
}

/** What is to be fetched beyond what a response and its form tell. */
export interface FormDataWish {
  /** Launch contexts that are known already, by name; they stand before those that the response names. */
  readonly launch?: Readonly<Record<string, unknown>>;
  /** The queries that are wanted, given what was fetched so far; those of the form's expressions where left out. */
  readonly wanted?: (data: FormData) => readonly string[];
  /** What is stored together with the response, by `Type/id`. */
  readonly written?: ReadonlyMap<string, Resource> | undefined;
  /** Is told what was fetched, where the caller gets to see it. */
  readonly witness?: Witness | undefined;
}

/** One query may need the answer to another; so deep and no deeper. */
const ROUNDS_MAX = 5;
/** Those beyond are not answered: a form of vital signs may link each of its questions to Observations. */
const QUERIES_MAX = 60;
const LITERAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/** Fetches, as the caller may read it, what a form is evaluated with: value sets, %patient and %encounter, its queries. */
export class FormDataSource {
  readonly #parts: FormDataParts;

  constructor(parts: FormDataParts) {
    this.#parts = parts;
  }

  async of(
    db: Queryable,
    caller: Caller,
    form: Form,
    response: QuestionnaireResponse,
    {
      launch: given,
      wanted: ask = (data) => wantedQueries(form, response, data, { candidates: false }),
      written,
      witness,
    }: FormDataWish = {},
  ): Promise<FormData> {
    const { clock, timeZone, valueSets } = this.#parts;
    const own = await this.#launch(db, caller, form, response, written, witness);
    const launch = own || given ? { ...own, ...given } : undefined;
    const known = new Map<string, unknown>();
    const base: FormData = {
      now: clock.now(),
      timeZone,
      ...(launch && { launch }),
      queries: (query) => known.get(query),
    };
    const asked = new Set<string>();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const wanted = ask(base)
        .filter((query) => !asked.has(query))
        .slice(0, QUERIES_MAX - asked.size);
      if (wanted.length === 0) break;
      for (const query of wanted) {
        asked.add(query);
        known.set(query, await this.#answer(db, caller, query, witness));
      }
    }
    const listed = await valueSets.of(db, form, [...form.valueSets, ...namedValueSets(form, response, base)]);
    return { ...base, valueSets: (canonical) => listed.get(canonical) };
  }

  /** The contexts that a response itself names; others (%user) are known only where the form is filled in. */
  async #launch(
    db: Queryable,
    caller: Caller,
    { launchContexts }: Form,
    { subject, encounter }: QuestionnaireResponse,
    written: FormDataWish['written'],
    witness: Witness | undefined,
  ): Promise<Record<string, Resource> | undefined> {
    if (launchContexts.length === 0) {
      return undefined;
    }
    const launch: Record<string, Resource> = {};
    for (const [name, reference] of Object.entries({ patient: subject, encounter })) {
      const named = relative(reference?.reference ?? '', this.#parts.baseUrl);
      const resource = written?.get(named) ?? (await resourceAt(db, caller, named, this.#parts.withheld, witness));
      if (resource?.resourceType.toLowerCase() === name) launch[name] = resource;
    }
    return launch;
  }

  /** A resource or a Bundle; undefined where there is none, or the query is refused. */
  async #answer(
    db: Queryable,
    caller: Caller,
    query: string,
    witness: Witness | undefined,
  ): Promise<Resource | undefined> {
    const { withheld } = this.#parts;
    const mark = query.indexOf('?');
    const type = mark < 0 ? query : query.slice(0, mark);
    if (!isResourceType(type)) {
      return resourceAt(db, caller, query, withheld, witness);
    }
    try {
      const pairs = mark < 0 ? [] : [...new URLSearchParams(query.slice(mark + 1))];
      const page = await pageFor(withheld, db, caller, await this.#parts.search(db, caller, type, pairs));
      witness?.saw([...page.matches, ...page.includes]);
      return bundleOf(page);
    } catch (failure) {
      if (failure instanceof FhirError) {
        return undefined;
      }
      throw failure;
    }
  }
}

/** The value sets that expressions on answerValueSet name for this response. */
function namedValueSets(form: Form, response: QuestionnaireResponse, data: FormData): ReadonlySet<string> {
  const named = new Set<string>();
  if ([...form.items.values()].some(({ expressions }) => expressions.elements.has('answerValueSet'))) {
    // What the validation asks for is what it needs.
    validateResponse(form, response, { ...data, valueSets: (canonical) => void named.add(canonical) });
  }
  return named;
}

/** A current resource by its relative reference, as the caller may read it; undefined where there is none. */
export async function resourceAt(
  db: Queryable,
  caller: Caller,
  reference: string,
  withheld: Withheld,
  witness?: Witness,
): Promise<Resource | undefined> {
  const [, type, id] = LITERAL.exec(reference) ?? [];
  if (type === undefined || id === undefined || !isResourceType(type)) {
    return undefined;
  }
  const stored = await read(db, caller, type, id);
  if (stored === undefined || stored.deleted) {
    return undefined;
  }
  witness?.saw([stored]);
  return JSON.parse((await withheld.of(db, caller, stored)).content) as Resource;
}

/** A reference to this server as `Type/id`: it may be absolute, or name a version. */
function relative(reference: string, baseUrl: string): string {
  const within = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  return unversioned(within);
}

function bundleOf({ matches, includes }: Page): Bundle {
  const entries = (stored: Page['matches'], mode: 'match' | 'include') =>
    stored.map(({ content }) => ({ resource: JSON.parse(content) as Resource, search: { mode } }));
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [...entries(matches, 'match'), ...entries(includes, 'include')],
  };
}
