import { Skeleton } from '@mantine/core';
import { type ReactElement, type ReactNode, useCallback, useState } from 'react';
import { Page } from '../frame/page.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { useLoaded } from '../use-loaded.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { type CoordinatorWords, loadCoordinatorWords } from './words.ts';
import './coordinator.css';

interface LoadedPageProps<T> {
  /** Name and one sentence, of the page's words. */
  readonly head: (words: CoordinatorWords) => { readonly title: string; readonly lead: string };
  readonly load: () => Promise<T>;
  /** What the loading depends on. */
  readonly by: readonly unknown[];
  /** What stays while something else is asked for, so that nobody loses their place in it. */
  readonly above?: (words: CoordinatorWords) => ReactNode;
  readonly children: (shown: ShownPage<T>) => ReactNode;
}

export interface ShownPage<T> {
  readonly value: T;
  readonly words: CoordinatorWords;
  readonly reload: () => void;
  /** Does something, tells how it went, and asks anew for what the page shows. @returns whether it was done */
  readonly act: (doing: () => Promise<string | undefined>) => Promise<boolean>;
  readonly busy: boolean;
}

/** A page of a coordinator: what it shows is asked of the server, and each act is followed by what stands there then. */
export function LoadedPage<T>({ head, load, by, above, children }: LoadedPageProps<T>): ReactElement {
  const shared = useWords();
  const language = useLanguage();
  const words = useLoaded(() => loadCoordinatorWords(language), [language]);
  const loaded = useLoaded(load, [...by]);
  const [told, setTold] = useState<{ readonly problem?: unknown; readonly done?: string }>({});
  const [busy, setBusy] = useState(false);
  const { reload } = loaded;
  const done = words.value?.done ?? '';
  const act = useCallback(
    async (doing: () => Promise<string | undefined>) => {
      setBusy(true);
      setTold({});
      try {
        const said = await doing();
        setTold({ done: said ?? done });
        reload();
        return true;
      } catch (problem) {
        setTold({ problem });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [reload, done],
  );
  const problem = words.problem ?? loaded.problem;
  if (words.value === undefined) {
    return problem === undefined ? (
      <Skeleton height={320} role="status" aria-label={shared.frame.loading} />
    ) : (
      <Trouble problem={problem} onRetry={words.reload} />
    );
  }
  const { title, lead } = head(words.value);
  return (
    <Page title={title} lead={lead}>
      <p role="status" className="coordinator-told">
        {told.done ?? ''}
      </p>
      {told.problem !== undefined && <Trouble problem={told.problem} />}
      {problem !== undefined && <Trouble problem={problem} onRetry={reload} />}
      {above?.(words.value)}
      {loaded.value === undefined
        ? problem === undefined && <Skeleton height={240} role="status" aria-label={shared.frame.loading} />
        : children({ value: loaded.value, words: words.value, reload, act, busy })}
    </Page>
  );
}
