import type { Caller } from '../model/caller.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Interactions, Page, WriteResult } from './types.ts';

/** Tells the caller's witness of every version whose content an interaction gives away. What it writes is audited apart. */
export function witnessed(inner: Interactions): Interactions {
  const tell = async <T extends Shown>(caller: Caller, result: Promise<T>): Promise<T> => {
    const shown = await result;
    caller.witness?.saw(versionsIn(shown));
    return shown;
  };
  return {
    ...inner,
    read: (caller, ...rest) => tell(caller, inner.read(caller, ...rest)),
    vread: (caller, ...rest) => tell(caller, inner.vread(caller, ...rest)),
    search: (caller, ...rest) => tell(caller, inner.search(caller, ...rest)),
    everything: (caller, ...rest) => tell(caller, inner.everything(caller, ...rest)),
    create: (caller, ...rest) => tell(caller, inner.create(caller, ...rest)),
    update: (caller, ...rest) => tell(caller, inner.update(caller, ...rest)),
    patch: (caller, ...rest) => tell(caller, inner.patch(caller, ...rest)),
    async history(caller, ...rest) {
      const page = await inner.history(caller, ...rest);
      caller.witness?.saw(page.entries);
      return page;
    },
    async transaction(caller, entries) {
      const results = await inner.transaction(caller, entries);
      caller.witness?.saw(results.flatMap((result) => [...versionsIn(result)]));
      return results;
    },
  };
}

type Shown = StoredVersion | Page | WriteResult | undefined;

/** A write shows what was there before only where it changed nothing. */
function versionsIn(shown: Shown): readonly StoredVersion[] {
  if (shown === undefined) {
    return [];
  }
  if ('matches' in shown) {
    return [...shown.matches, ...shown.includes];
  }
  if ('outcome' in shown) {
    return shown.outcome === 'unchanged' ? [shown.stored] : [];
  }
  return [shown];
}
