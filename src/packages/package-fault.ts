import type { Issue } from '../model/issue.ts';

/** Where a resource of a package was found. */
export interface Origin {
  /** As the package names it. */
  readonly file: string;
  /** `Bundle.entry[3].resource`, `line 7`, or '' where the file holds one resource. */
  readonly place: string;
  /** Unknown where it could not be read. */
  readonly type?: string;
}

/** What is wrong with a resource of a package. */
export interface Refusal {
  readonly origin: Origin;
  readonly issue: Issue;
}

/** A package that cannot be read at all: no file or archive that is accepted. The message is for the operator. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

/** A refusal as one line: file, place or expression, what is wrong. */
export function refusalLine({ origin, issue }: Refusal): string {
  const [expression = ''] = issue.expression ?? [];
  const where = [origin.file, origin.place, expression].filter((part) => part !== '').join(' ');
  return `${where}: ${issue.diagnostics}`;
}
