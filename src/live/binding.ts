import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import type { RestHandle } from '../rest/exchange.ts';

export interface BindingParts {
  readonly handle: RestHandle;
  readonly fhirBase: string;
  /** The time that resources are stored by, a test clock's too. */
  readonly now: () => Promise<Date>;
  /** Who listens, as they may see things now; undefined: their sign-in is over. */
  readonly caller: () => Promise<Caller | undefined>;
}

/** Commits that began before the last look may become visible after it. */
const OVERLAP_MS = 10_000;
/** Of one look: a page that is told of more than this is told of the latest, and reads the rest anew anyway. */
const AT_ONCE_MAX = 200;
const SEEN_MAX = 5000;

/**
 * One search that somebody listens to. What has changed is found by that very search, as that caller: nobody is told of
 * anything that they could not have found at that moment, and the audit tells of it as of any search.
 */
export class Binding {
  /** The type that is searched. */
  readonly type: string;
  readonly #query: string;
  readonly #parts: BindingParts;
  /** Versions that were there before, or have been told, by `Type/id`. */
  readonly #seen = new Map<string, string>();
  #since: number | undefined;

  constructor(criteria: string, parts: BindingParts) {
    const at = criteria.indexOf('?');
    this.type = at < 0 ? criteria : criteria.slice(0, at);
    this.#query = at < 0 ? '' : criteria.slice(at + 1);
    this.#parts = parts;
  }

  /**
   * What has changed since the last look, oldest first. The first look finds nothing: from then on it counts.
   * @returns undefined where the sign-in is over, or the search is not theirs any more
   */
  async look(): Promise<readonly Resource[] | undefined> {
    const now = (await this.#parts.now()).getTime();
    const caller = await this.#parts.caller();
    if (caller === undefined) return undefined;
    const found = await this.#changed(caller, new Date((this.#since ?? now) - OVERLAP_MS));
    if (found === undefined) return undefined;
    const fresh = found.filter(({ resourceType, id, meta }) => {
      const key = `${resourceType}/${id}`;
      if (this.#seen.get(key) === meta?.versionId) return false;
      // set anew, so that the oldest are forgotten first
      this.#seen.delete(key);
      this.#seen.set(key, meta?.versionId ?? '');
      return true;
    });
    for (const key of this.#seen.keys()) {
      if (this.#seen.size <= SEEN_MAX) break;
      this.#seen.delete(key);
    }
    const first = this.#since === undefined;
    this.#since = now;
    return first ? [] : fresh.reverse();
  }

  async #changed(caller: Caller, since: Date): Promise<Resource[] | undefined> {
    const query = [
      ...(this.#query === '' ? [] : [this.#query]),
      `_lastUpdated=ge${since.toISOString()}`,
      `_sort=-_lastUpdated&_count=${AT_ONCE_MAX}`,
    ].join('&');
    const { handle, fhirBase } = this.#parts;
    const answer = await handle(caller, {
      method: 'GET',
      path: `/${this.type}`,
      query,
      headers: {},
      baseUrl: fhirBase,
    });
    if (answer.status !== 200 || answer.body === undefined) return undefined;
    const { entry = [] } = JSON.parse(answer.body) as Bundle;
    return entry.flatMap(({ resource, search }) =>
      resource !== undefined && (search?.mode ?? 'match') === 'match' ? [resource as Resource] : [],
    );
  }
}
