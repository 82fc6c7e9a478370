import { ActionIcon, type MantineSize, TextInput } from '@mantine/core';
import { type ReactElement, type ReactNode, useRef, useState } from 'react';
import { typedDay, writtenDay } from './typed-day.ts';
import { LOCALES } from './words/language.ts';
import { useLanguage, useWords } from './words/words-context.ts';
import './day-field.css';

interface DayFieldProps {
  readonly label: string;
  /** As FHIR writes days; '' for none. */
  readonly value: string;
  /** Told on every key; '' while what stands there is no day. */
  readonly onDay: (day: string) => void;
  readonly size?: MantineSize;
  readonly description?: ReactNode;
  /** What else is wrong with the day. */
  readonly error?: ReactNode;
}

/**
 * A day, written as people of the app's language write it: a browser's own date field is written as in the browser's
 * language. Beside it is the device's calendar. To empty the field from outside while no day stands in it, give it another key.
 */
export function DayField({ label, value, onDay, size = 'sm', description, error }: DayFieldProps): ReactElement {
  const words = useWords().day;
  const locale = LOCALES[useLanguage()];
  const [typed, setTyped] = useState<string>();
  const [left, setLeft] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const day = typed === undefined ? undefined : typedDay(typed);
  // what is typed stands while it says the same as the value; a value from elsewhere takes its place
  const text = typed !== undefined && (day ?? '') === value ? typed : writtenDay(value, locale);
  const isWrong = left && typedDay(text) === undefined;
  return (
    <div className="day-field">
      <TextInput
        size={size}
        label={label}
        description={description}
        error={isWrong ? words.wrong : error}
        placeholder={words.format}
        aria-description={words.format}
        autoComplete="off"
        value={text}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setLeft(false);
          onDay(typedDay(currentTarget.value) ?? '');
        }}
        onBlur={() => {
          setLeft(true);
          // a day is written out, what is none is left to be mended
          if (day !== undefined) setTyped(undefined);
        }}
        rightSection={
          <ActionIcon
            variant="subtle"
            size={size === 'xs' ? 24 : 28}
            aria-label={`${label}: ${words.choose}`}
            onClick={() => picker.current?.showPicker()}
          >
            <Calendar />
          </ActionIcon>
        }
      />
      <input
        ref={picker}
        type="date"
        className="day-picker"
        tabIndex={-1}
        aria-hidden="true"
        value={value}
        onChange={({ currentTarget }) => {
          setTyped(undefined);
          onDay(currentTarget.value);
        }}
      />
    </div>
  );
}

function Calendar(): ReactElement {
  return (
    <svg
      viewBox="0 0 20 20"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d="M3 5h14v12H3zM3 9h14M7 2v5M13 2v5" />
    </svg>
  );
}
