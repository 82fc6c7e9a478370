import { Alert, Button, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWords } from '../words/words-context.ts';
import { problemText } from './problem-text.ts';

interface TroubleProps {
  readonly problem: unknown;
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
}

/** Tells why something failed, and offers to try again. Announced when it appears. */
export function Trouble({ problem, title, onRetry }: TroubleProps): ReactElement {
  const words = useWords();
  return (
    <Alert color="red" variant="light" role="alert" title={title ?? words.problem.title} className="trouble">
      {problemText(problem, words).map((text) => (
        <Text key={text} size="sm">
          {text}
        </Text>
      ))}
      {onRetry !== undefined && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {words.problem.retry}
        </Button>
      )}
    </Alert>
  );
}
