import { Button, Group, Text } from '@mantine/core';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { CoordinatorWords } from './words.ts';

interface ConfirmButtonProps {
  readonly label: string;
  /** What it is done to, for whoever hears the button alone. */
  readonly of: string;
  readonly question: string;
  readonly words: Pick<CoordinatorWords, 'confirm' | 'cancel'>;
  readonly disabled: boolean;
  readonly onConfirmed: () => void;
}

/** Asks once more before something is done for good. */
export function ConfirmButton(props: ConfirmButtonProps): ReactElement {
  const { label, of, question, words, disabled, onConfirmed } = props;
  const [asking, setAsking] = useState(false);
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) yes.current?.focus();
  }, [asking]);
  if (!asking) {
    return (
      <Button size="xs" variant="default" disabled={disabled} onClick={() => setAsking(true)}>
        {label}
        <span className="visually-hidden"> {of}</span>
      </Button>
    );
  }
  return (
    <Group gap="xs" role="group" aria-label={question}>
      <Text size="sm">{question}</Text>
      <Button
        ref={yes}
        size="xs"
        color="red"
        disabled={disabled}
        onClick={() => {
          setAsking(false);
          onConfirmed();
        }}
      >
        {words.confirm}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(false)}>
        {words.cancel}
      </Button>
    </Group>
  );
}
