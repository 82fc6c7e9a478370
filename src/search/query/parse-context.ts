import type { Issue } from '../../model/issue.ts';
import type { SearchParameters } from '../parameters.ts';
import type { SearchLimits } from './limits.ts';

/** What the reading of a query depends on. */
export interface ParseContext {
  readonly parameters: SearchParameters;
  /** The server's own base, without a slash at the end: references under it are resources here. */
  readonly baseUrl: string;
  /** For `ap`. */
  readonly now: Date;
  readonly lenient: boolean;
  readonly limits: SearchLimits;
  /** What was passed over or limited is added here. */
  readonly notices: Issue[];
  /** How many types the chains of this query have been tried on so far. */
  readonly chained: { types: number };
}
