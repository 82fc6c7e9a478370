import type { Issue } from '../../model/issue.ts';

/** What is to be told of a translation: the same words once, with all places. */
export class Notes {
  readonly #paths = new Map<string, { severity: 'warning' | 'information'; paths: string[] }>();

  /** Something is missed. */
  warn(words: string, path: string): void {
    this.#add('warning', words, path);
  }

  inform(words: string, path: string): void {
    this.#add('information', words, path);
  }

  get issues(): Issue[] {
    return [...this.#paths].map(([diagnostics, { severity, paths }]) => ({
      severity,
      code: severity === 'warning' ? 'not-supported' : 'informational',
      diagnostics,
      expression: paths,
    }));
  }

  #add(severity: 'warning' | 'information', words: string, path: string): void {
    const known = this.#paths.get(words);
    if (known === undefined) this.#paths.set(words, { severity, paths: [path] });
    else if (!known.paths.includes(path)) known.paths.push(path);
  }
}
