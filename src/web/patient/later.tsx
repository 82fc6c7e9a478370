import { type ComponentType, useEffect, useState } from 'react';
import { Failure } from './told.tsx';
import type { Visit } from './visit.ts';

interface LaterProps<Props> {
  readonly load: () => Promise<{ readonly default: ComponentType<Props> }>;
  readonly props: Props;
  readonly visit: Visit;
}

/** A part that is fetched first. */
export function Later<Props extends object>({ load, props, visit }: LaterProps<Props>) {
  const [Part, setPart] = useState<ComponentType<Props>>();
  const [problem, setProblem] = useState<unknown>();
  const fetchPart = () => {
    setProblem(undefined);
    load().then(({ default: part }) => setPart(() => part), setProblem);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is fetched is the same as long as the part is there
  useEffect(fetchPart, []);
  if (problem !== undefined) return <Failure words={visit.words} problem={problem} onRetry={fetchPart} />;
  return Part === undefined ? <p role="status">{visit.words.loading}</p> : <Part {...props} />;
}
