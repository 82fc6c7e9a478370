import type { Coding, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { FormData } from '../../../forms/expressions/data.ts';
import { wantedQueries } from '../../../forms/expressions/wanted-queries.ts';
import type { Form } from '../../../forms/form.ts';
import type { FormSource } from '../contract.ts';
import { isConcealed } from './item-facts.ts';

/** Steps in which a query may need another's answer. */
const ROUNDS_MAX = 8;

/** What a form asks the server for while it is filled in, each thing once: lists of options, answers to its queries. */
export class Fetched {
  readonly #form: Form;
  readonly #source: FormSource;
  readonly #codings = new Map<string, readonly Coding[]>();
  readonly #queries = new Map<string, unknown>();

  constructor(form: Form, source: FormSource) {
    this.#form = form;
    this.#source = source;
  }

  codings(valueSet: string): readonly Coding[] | undefined {
    return this.#codings.get(valueSet);
  }

  get data(): FormData {
    const { now, timeZone, launchContext } = this.#source;
    return { now: now(), timeZone, launch: launchContext ?? {}, queries: (query) => this.#queries.get(query) };
  }

  /** Asks for the lists of options that are elsewhere. @param came is told of each */
  fetchLists(came: () => void): void {
    const { expand, audience } = this.#source;
    if (expand === undefined) return;
    const isAsked = (valueSet: string): boolean =>
      [...this.#form.items.values()].some((item) => item.valueSet === valueSet && !isConcealed(item, audience));
    for (const valueSet of this.#form.valueSets.filter(isAsked)) {
      expand(valueSet, '').then(
        (codings) => {
          this.#codings.set(valueSet, codings);
          came();
        },
        // the list can still be searched when somebody types
        () => undefined,
      );
    }
  }

  /**
   * Asks for what the form's expressions ask, round by round, since one may need another's answer. What fails is left to the
   * server.
   *
   * @param response as it stands
   */
  fetchQueries(response: () => QuestionnaireResponse, came: () => void, rounds = ROUNDS_MAX): void {
    const { query } = this.#source;
    if (query === undefined || rounds === 0 || this.#form.logic.queries.length === 0) return;
    queueMicrotask(async () => {
      const wanted = wantedQueries(this.#form, response(), this.data).filter((each) => !this.#queries.has(each));
      if (wanted.length === 0) return;
      for (const each of wanted) this.#queries.set(each, undefined);
      await Promise.all(wanted.map(async (each) => this.#queries.set(each, await query(each).catch(() => undefined))));
      came();
      this.fetchQueries(response, came, rounds - 1);
    });
  }
}
