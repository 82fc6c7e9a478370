import { useRef, useState } from 'react';

const SHOWN_MS = 6000;

interface Dated {
  readonly id: string;
  /** Another text whenever something of it has changed. */
  readonly version: string;
}

/** What has changed in a list since it was read before, for some seconds: lines are marked by it, and it is told. */
export function useNews<R extends Dated>(): {
  readonly news: readonly R[];
  readonly note: (rows: readonly R[]) => void;
} {
  const known = useRef(new Map<string, string>());
  const [news, setNews] = useState<readonly R[]>([]);
  const note = (rows: readonly R[]): void => {
    const changed = known.current.size === 0 ? [] : rows.filter(({ id, version }) => known.current.get(id) !== version);
    known.current = new Map(rows.map(({ id, version }) => [id, version]));
    if (changed.length === 0) return;
    setNews(changed);
    setTimeout(() => setNews((now) => (now === changed ? [] : now)), SHOWN_MS);
  };
  return { news, note };
}
