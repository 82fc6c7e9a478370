import { useEffect, useRef, useState } from 'react';

export type Loaded<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: Value }
  | { readonly state: 'failed'; readonly problem: unknown };

/**
 * What a screen waits for. What is loaded stays on screen while the next is on its way; an answer that comes after its
 * successor was asked for is dropped.
 * @param key loads again when it changes
 * @param given what is there already, to begin with
 * @returns and a way to load it again
 */
export function useLoaded<Value>(
  key: string,
  load: () => Promise<Value>,
  given?: Value,
): readonly [loaded: Loaded<Value>, again: () => void] {
  const [loaded, setLoaded] = useState<Loaded<Value>>(
    given === undefined ? { state: 'loading' } : { state: 'loaded', value: given },
  );
  const isGiven = useRef(given !== undefined);
  const [times, setTimes] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is loaded; the function is new each time
  useEffect(() => {
    if (isGiven.current) {
      isGiven.current = false;
      return;
    }
    let isWanted = true;
    load().then(
      (value) => isWanted && setLoaded({ state: 'loaded', value }),
      (problem: unknown) => isWanted && setLoaded({ state: 'failed', problem }),
    );
    return () => {
      isWanted = false;
    };
  }, [key, times]);
  return [loaded, () => setTimes(times + 1)];
}
