import type { Issue } from '../../model/issue.ts';
import type { FormData } from '../expressions/data.ts';

/** Notes which queries a population asks, and on whose behalf, so that they can be fetched. */
export class AskedQueries {
  readonly data: FormData;
  readonly #unanswered = new Map<string, string>();
  #asker = 'Questionnaire';

  constructor(data: FormData) {
    this.data = {
      ...data,
      queries: (query) => {
        const answer = data.queries?.(query);
        if (answer === undefined && !this.#unanswered.has(query)) this.#unanswered.set(query, this.#asker);
        return answer;
      },
    };
  }

  /** Does something on behalf of what stands at a path of the Questionnaire. */
  by<T>(path: string, work: () => T): T {
    const before = this.#asker;
    this.#asker = path;
    try {
      return work();
    } finally {
      this.#asker = before;
    }
  }

  /** Each once. */
  get unanswered(): readonly string[] {
    return [...this.#unanswered.keys()];
  }

  /** A query's text may name the patient, so only its place is told; each place once. */
  get issues(): readonly Issue[] {
    return [...new Set(this.#unanswered.values())].map((path) => ({
      severity: 'warning',
      code: 'incomplete',
      diagnostics: 'A query that this asks was not answered.',
      expression: [path],
    }));
  }
}
