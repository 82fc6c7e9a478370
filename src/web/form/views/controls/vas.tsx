import { type ChangeEvent, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { type ControlProps, useForm } from '../form-context.ts';
import { numberOf } from '../number-text.ts';
import { endsOf, rangeOf } from '../question-facts.ts';
import { useTyped } from './number.tsx';

const MARKS = 10;

/**
 * A scale without steps, as a thermometer to point at, with a field for the number as its equal. Not set beforehand: until
 * there is an answer, nothing on it looks like one.
 */
export function Vas({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const { min = 0, max = 100, step } = rangeOf(view);
  const { lower, upper } = endsOf(view);
  const value = view.answers[0]?.valueInteger;
  const track = useRef<HTMLDivElement>(null);
  const { text, setText } = useTyped(value, (typed) => numberOf(typed, true), words.language);
  const say = (number: number) => {
    const fitting = Math.min(max, Math.max(min, min + Math.round((number - min) / step) * step));
    if (fitting !== value) session.answer(view.key, [{ valueInteger: fitting }]);
  };
  const point = ({ clientY }: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    // the upper end is the greatest: as the instruments draw it
    if (box !== undefined && box.height > 0)
      say(max - ((((clientY - box.top) / box.height) * (LENGTH + 2 * EDGE) - EDGE) / LENGTH) * (max - min));
  };
  const onKey = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    const to = event.key === 'Home' ? min : event.key === 'End' ? max : by && (value ?? (min + max) / 2) + by * step;
    if (to === undefined) return;
    event.preventDefault();
    say(to);
  };
  const at = (number: number) => EDGE + ((max - number) / (max - min)) * LENGTH;
  const hint = `${ids.question}-v`;
  return (
    <div className="vas">
      <p id={hint} className="hint">
        {words.scaleHint(String(min), String(max))}
      </p>
      <div className="vas-parts">
        <div className="thermometer">
          <p>{upper}</p>
          <div
            className="track"
            ref={track}
            role="slider"
            tabIndex={0}
            aria-labelledby={ids.label}
            aria-orientation="vertical"
            aria-valuemin={min}
            aria-valuemax={max}
            aria-valuenow={value ?? min}
            aria-valuetext={value === undefined ? words.unanswered : endText(value, { min, max, lower, upper })}
            onKeyDown={onKey}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              point(event);
            }}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
            }}
          >
            <svg viewBox={`0 0 100 ${LENGTH + 2 * EDGE}`} aria-hidden="true">
              <rect className="tube" x="34" y={EDGE - 6} width="22" height={LENGTH + 12} rx="11" />
              {value === undefined ? null : (
                <rect className="level" x="37" y={at(value)} width="16" height={LENGTH + EDGE - at(value) + 3} rx="8" />
              )}
              {Array.from({ length: MARKS + 1 }, (_, index) => {
                const number = min + ((max - min) / MARKS) * index;
                return (
                  <g key={number}>
                    <path className="mark" d={`M58 ${at(number)}h8`} />
                    <text x="70" y={at(number) + 4}>
                      {Math.round(number)}
                    </text>
                  </g>
                );
              })}
              {value === undefined ? null : (
                <g className="pointer">
                  <path d={`M30 ${at(value)}l-9 -9v18z`} />
                  <path className="line" d={`M30 ${at(value)}h30`} />
                </g>
              )}
            </svg>
          </div>
          <p>{lower}</p>
        </div>
        <label className="vas-number">
          <span>{words.yourNumber}</span>
          <input
            inputMode="numeric"
            autoComplete="off"
            aria-describedby={[describedBy, hint].filter(Boolean).join(' ')}
            aria-invalid={invalid || undefined}
            value={text}
            onChange={(event: ChangeEvent<HTMLInputElement>) => {
              const typed = event.target.value.replace(/\D/g, '');
              setText(typed);
              const number = numberOf(typed, true);
              // out of range stays as typed: what is wrong with it is told, not guessed at
              session.answer(view.key, number === undefined ? [] : [{ valueInteger: number }]);
            }}
          />
        </label>
      </div>
    </div>
  );
}

/** In units of the drawing. */
const EDGE = 14;
const LENGTH = 320;

const KEYS: Readonly<Record<string, number | undefined>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

interface Ends {
  readonly min: number;
  readonly max: number;
  readonly lower: string | undefined;
  readonly upper: string | undefined;
}

function endText(value: number, { min, max, lower, upper }: Ends): string {
  const end = value === min ? lower : value === max ? upper : undefined;
  return end === undefined ? String(value) : `${value}, ${end}`;
}
