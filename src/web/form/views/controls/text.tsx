import type { ChangeEvent } from 'react';
import { type ControlProps, useForm } from '../form-context.ts';

/** How near its end a text is told of as it is written. */
const LEFT_TOLD = 20;

/** Words of the person's own, on one line or on several, with how much room is left. */
export function TextField({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  const { type, constraints } = view.item;
  const answer = view.answers[0];
  const value = answer?.valueString ?? answer?.valueUri ?? '';
  const limit = Number.isFinite(constraints.maxLength) ? constraints.maxLength : undefined;
  // as Unicode counts, and the server does
  const left = limit === undefined ? undefined : limit - [...value].length;
  // One line is rarely filled: its end is told of when it is near.
  const told = left !== undefined && (type === 'text' || left <= LEFT_TOLD) ? left : undefined;
  const room = `${ids.question}-n`;
  const field = {
    id: `${ids.question}-c`,
    'aria-describedby': [describedBy, told !== undefined && room].filter(Boolean).join(' ') || undefined,
    'aria-invalid': invalid || undefined,
    'aria-required': view.required || undefined,
    value,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      const text = event.target.value;
      session.answer(view.key, text === '' ? [] : [type === 'url' ? { valueUri: text } : { valueString: text }]);
    },
  };
  return (
    <>
      {type === 'text' ? <textarea rows={3} {...field} /> : <input type={type === 'url' ? 'url' : 'text'} {...field} />}
      {told !== undefined && (
        <p id={room} className={told < 0 ? 'hint over' : 'hint'} role={told <= LEFT_TOLD ? 'status' : undefined}>
          {words.charactersLeft(told)}
        </p>
      )}
    </>
  );
}
