import { Anchor, Skeleton } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { Page } from '../frame/page.tsx';
import type { Loaded } from '../use-loaded.ts';
import { useWords } from '../words/words-context.ts';
import { isGone } from './problem-text.ts';
import { Trouble } from './trouble.tsx';

interface NoRecordProps {
  /** What the page is about, such as "Patient"; no name of a person. Undefined while its words are not there. */
  readonly title: string | undefined;
  readonly loaded: Pick<Loaded<unknown>, 'problem' | 'reload'>;
}

/** A page while what it shows is not there: yet, for a fault, or at all. */
export function NoRecord({ title, loaded: { problem, reload } }: NoRecordProps): ReactElement {
  const words = useWords();
  const name = title ?? words.frame.loading;
  if (problem === undefined) {
    return (
      <Page title={name}>
        <Skeleton height={400} role="status" aria-label={words.frame.loading} />
      </Page>
    );
  }
  return (
    <Page title={name}>
      <Trouble problem={problem} onRetry={isGone(problem) ? undefined : reload} />
      {isGone(problem) && (
        <Anchor component={Link} to="/">
          {words.problem.toWorklist}
        </Anchor>
      )}
    </Page>
  );
}
