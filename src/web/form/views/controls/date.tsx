import { type ChangeEvent, useRef, useState } from 'react';
import { type DateParts, dateOf, dateText, dateTimeOf, NO_DATE, partsOf, partsOfText, timeOf } from '../date-parts.ts';
import { type ControlProps, useForm } from '../form-context.ts';
import { useMisfit } from '../misfits.ts';
import { Misfit } from './misfit.tsx';

const PARTS = ['day', 'month', 'year'] as const;

/**
 * A day in three fields, which is quicker than a calendar by keyboard and for days long ago, and in the order that people
 * here write; beside them today's date and the device's own calendar. With a time of day where the question asks for one.
 */
export function DateField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const withTime = view.item.type === 'dateTime';
  const { min, max } = view.item.constraints.hard;
  // A limit cannot be tried against a year alone.
  const partial = min === undefined && max === undefined;
  const answer = view.answers[0];
  const value = answer?.valueDate ?? answer?.valueDateTime;
  const [typed, setTyped] = useState(() => ({ parts: partsOf(value), time: timeIn(value) }));
  const [left, setLeft] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const read = (of: DateParts, at: string) => dateTimeFrom(dateOf(of, partial || withTime), withTime ? at : '');
  // What is typed stands while it says the same as the answer; what is answered elsewhere takes its place.
  const stands = answered(read(typed.parts, typed.time)) === value;
  const { parts, time } = stands ? typed : { parts: partsOf(value), time: timeIn(value) };

  const change = (of: DateParts, at = time) => {
    setTyped({ parts: of, time: at });
    const date = answered(read(of, at));
    const given = date === undefined ? [] : [withTime ? { valueDateTime: date } : { valueDate: date }];
    session.answer(view.key, given);
  };
  const wrongDate = dateOf(parts, partial || withTime) === undefined;
  const wrongTime = withTime && time !== '' && (timeOf(time) === undefined || !/\d/.test(parts.day));
  const misfit = wrongDate ? words.notADate : wrongTime ? words.notATime : undefined;
  useMisfit(view, misfit);
  const said = left && misfit !== undefined;
  const described = [describedBy, said && `${ids.question}-m`].filter(Boolean).join(' ') || undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the focus leaves the fields
    <div
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) setLeft(true);
      }}
    >
      <div className="date">
        {PARTS.map((part) => (
          <label key={part} className={part}>
            <span>{words[part]}</span>
            <input
              inputMode="numeric"
              autoComplete="off"
              aria-describedby={described}
              aria-invalid={invalid || (said && wrongDate) || undefined}
              value={parts[part]}
              onChange={(event: ChangeEvent<HTMLInputElement>) =>
                change(partsOfText(event.target.value) ?? { ...parts, [part]: event.target.value })
              }
            />
          </label>
        ))}
        {withTime && (
          <label className="time">
            <span>{words.time}</span>
            <input
              inputMode="numeric"
              autoComplete="off"
              aria-describedby={described}
              aria-invalid={invalid || (said && wrongTime) || undefined}
              value={time}
              onChange={(event: ChangeEvent<HTMLInputElement>) => change(parts, event.target.value)}
            />
          </label>
        )}
        <span className="date-ways">
          <button type="button" className="quiet" onClick={() => change(today())}>
            {words.today}
          </button>
          <button
            type="button"
            className="quiet calendar"
            aria-label={words.calendar}
            onClick={() => picker.current?.showPicker()}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M3 5h14v12H3zM3 9h14M7 2v5M13 2v5" />
            </svg>
          </button>
          <input
            ref={picker}
            type="date"
            className="picker"
            tabIndex={-1}
            aria-hidden="true"
            min={typeof min === 'string' ? min.slice(0, 10) : undefined}
            max={typeof max === 'string' ? max.slice(0, 10) : undefined}
            value={/^\d{4}-\d\d-\d\d/.exec(value ?? '')?.[0] ?? ''}
            onChange={(event: ChangeEvent<HTMLInputElement>) =>
              change(event.target.value ? partsOf(event.target.value) : NO_DATE)
            }
          />
        </span>
      </div>
      <Misfit id={`${ids.question}-m`} text={said ? misfit : undefined} />
    </div>
  );
}

/** A time of day in one field. */
export function TimeField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const value = view.answers[0]?.valueTime;
  const [typed, setText] = useState(() => timeIn(value));
  const text = timeOf(typed) === value ? typed : timeIn(value);
  const [left, setLeft] = useState(false);
  const misfit = text.trim() !== '' && timeOf(text) === undefined ? words.notATime : undefined;
  useMisfit(view, misfit);
  const said = left ? misfit : undefined;
  const described = [describedBy, `${ids.question}-r`, said && `${ids.question}-m`].filter(Boolean).join(' ');
  return (
    <>
      <p id={`${ids.question}-r`} className="hint">
        {words.timeHint}
      </p>
      <input
        id={`${ids.question}-c`}
        className="number"
        inputMode="numeric"
        autoComplete="off"
        aria-describedby={described}
        aria-invalid={invalid || said !== undefined || undefined}
        aria-required={view.required || undefined}
        value={text}
        onBlur={() => setLeft(true)}
        onChange={(event: ChangeEvent<HTMLInputElement>) => {
          setText(event.target.value);
          const time = timeOf(event.target.value);
          session.answer(view.key, time === undefined ? [] : [{ valueTime: time }]);
        }}
      />
      <Misfit id={`${ids.question}-m`} text={said} />
    </>
  );
}

/** A date that can be told; undefined for none, and for what is no date. */
function answered(date: string | undefined): string | undefined {
  return date === 'none' ? undefined : date;
}

function dateTimeFrom(date: string | undefined, typed: string): string | undefined {
  if (date === undefined || typed === '') return date;
  const time = timeOf(typed);
  return time === undefined || date.length < 'yyyy-mm-dd'.length ? undefined : dateTimeOf(date, time);
}

/** The time of day of a dateTime or a time, without seconds. */
function timeIn(value: string | undefined): string {
  return value === undefined ? '' : (dateText(value).match(/\d\d:\d\d$/)?.[0] ?? '');
}

function today(): DateParts {
  const now = new Date();
  return { day: String(now.getDate()), month: String(now.getMonth() + 1), year: String(now.getFullYear()) };
}
