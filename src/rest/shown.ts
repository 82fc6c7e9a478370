import type { StoredVersion } from '../model/stored.ts';
import type { Exchange } from './exchange.ts';
import { presented } from './presentation.ts';

/** A stored version's text as this request is shown it. What its caller is not shown the interactions have left out. */
export function shown({ context, presentation }: Exchange, stored: Pick<StoredVersion, 'type' | 'content'>): string {
  return presented(stored.content, stored.type, presentation, context.viewElements);
}
