import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';

/** Something that is asked of the server, as it stands now. */
export interface Loaded<T> {
  /** What came last; kept while it is asked for again, undefined before the first answer. */
  readonly value: T | undefined;
  /** Why the last request failed; `value` may be there all the same, from before. */
  readonly problem: unknown;
  readonly loading: boolean;
  reload(): void;
}

/** Asks when the page is shown and whenever `by` changes; an answer that came too late for that is dropped. */
export function useLoaded<T>(load: () => Promise<T>, by: DependencyList): Loaded<T> {
  const [state, setState] = useState<{ value?: T; problem?: unknown; loading: boolean }>({ loading: true });
  const latest = useRef(0);
  const ask = useCallback(
    () => {
      latest.current += 1;
      const own = latest.current;
      setState((before) => ({ ...before, loading: true }));
      load().then(
        (value) => own === latest.current && setState({ value, loading: false }),
        (problem) => own === latest.current && setState((before) => ({ ...before, problem, loading: false })),
      );
    },
    // biome-ignore lint/correctness/useExhaustiveDependencies: what it depends on is the caller's to say
    by,
  );
  useEffect(() => {
    setState({ loading: true });
    ask();
    return () => {
      latest.current += 1;
    };
  }, [ask]);
  return { value: state.value, problem: state.problem, loading: state.loading, reload: ask };
}
