import { type ChangeEvent, useState } from 'react';
import { type ControlProps, useForm } from '../form-context.ts';
import { useMisfit } from '../misfits.ts';
import { numberOf, numberText } from '../number-text.ts';
import { rangeOf, unitOf } from '../question-facts.ts';
import { Misfit } from './misfit.tsx';

/** A number with its unit beside it. A text field: number fields change by scrolling, and take no comma everywhere. */
export function NumberField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const whole = view.item.type === 'integer';
  const answer = view.answers[0];
  const value = answer?.valueInteger ?? answer?.valueDecimal;
  const { text, setText } = useTyped(value, (typed) => numberOf(typed, whole), words.language);
  const wrong = text.trim() !== '' && numberOf(text, whole) === undefined;
  const [left, setLeft] = useState(false);
  const misfit = wrong ? (whole ? words.notAWholeNumber : words.notANumber) : undefined;
  useMisfit(view, misfit);
  const unit = unitOf(view);
  const limits = limitsText(view, words);
  const described = [
    describedBy,
    limits && `${ids.question}-r`,
    unit && `${ids.question}-u`,
    left && wrong && `${ids.question}-m`,
  ];
  return (
    <>
      {limits && (
        <p id={`${ids.question}-r`} className="hint">
          {limits}
        </p>
      )}
      <div className="beside">
        <input
          id={`${ids.question}-c`}
          className="number"
          inputMode={whole ? 'numeric' : 'decimal'}
          autoComplete="off"
          aria-describedby={described.filter(Boolean).join(' ') || undefined}
          aria-invalid={invalid || (left && wrong) || undefined}
          aria-required={view.required || undefined}
          value={text}
          onBlur={() => setLeft(true)}
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            const typed = event.target.value;
            setText(typed);
            const number = numberOf(typed, whole);
            if (number === undefined) session.answer(view.key, []);
            else session.answer(view.key, [whole ? { valueInteger: number } : { valueDecimal: number }]);
          }}
        />
        {unit && <span id={`${ids.question}-u`}>{unit}</span>}
      </div>
      <Misfit id={`${ids.question}-m`} text={left ? misfit : undefined} />
    </>
  );
}

/**
 * What is typed, while it is typed: "1," is no number yet, and must not be taken away. What is answered elsewhere takes its
 * place.
 */
export function useTyped<T>(value: T | undefined, read: (text: string) => T | undefined, language: string) {
  const shown = value === undefined ? '' : typeof value === 'number' ? numberText(value, language) : String(value);
  const [typed, setText] = useState(shown);
  return { text: read(typed) === value ? typed : shown, setText };
}

function limitsText(view: ControlProps['view'], words: ReturnType<typeof useForm>['words']): string | undefined {
  const { min, max } = rangeOf(view);
  const say = (number: number) => numberText(number, words.language);
  if (min !== undefined && max !== undefined) return words.between(say(min), say(max));
  if (max !== undefined) return words.atMost(say(max));
  return min === undefined || min === 0 ? undefined : words.atLeast(say(min));
}
