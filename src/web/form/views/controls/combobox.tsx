import { type ChangeEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { OptionView } from '../../contract.ts';
import { type ControlProps, useForm } from '../form-context.ts';

const WAIT_MS = 200;
const SHOWN_MAX = 50;
/** Their options are all there; others are asked for as they are typed. */
const LISTED = new Set(['drop-down']);

/**
 * A list that is typed into (ARIA's combobox with a list): of the options that the form holds, or of a value set or
 * resources elsewhere. What was chosen stands in the field, or, where several may be, above it.
 */
export function Combobox({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words, announce } = useForm();
  const several = view.item.repeats;
  const chosen = view.answers.map((answer) => textOfAnswer(answer, view.options));
  const only = several ? '' : (chosen[0] ?? '');
  const [text, setText] = useState(only);
  const [found, setFound] = useState<readonly OptionView[]>();
  const [active, setActive] = useState(-1);
  const asked = useRef(0);
  const list = `${ids.question}-list`;
  useEffect(() => setText(only), [only]);
  useEffect(() => () => clearTimeout(asked.current), []);

  const look = (typed: string) => {
    clearTimeout(asked.current);
    asked.current = window.setTimeout(async () => {
      const mine = asked.current;
      const hits = LISTED.has(view.control)
        ? matching(view.options, typed)
        : await session.find(view.key, typed).catch(() => undefined);
      if (mine !== asked.current) return;
      // not to be had now: nothing is offered, which is not the same as nothing found
      if (hits === undefined) return close();
      setFound(hits.slice(0, SHOWN_MAX));
      setActive(hits.length > 0 && typed !== '' ? 0 : -1);
      announce(words.hits(hits.length));
    }, WAIT_MS);
  };
  const close = () => {
    clearTimeout(asked.current);
    asked.current = 0;
    setFound(undefined);
    setActive(-1);
  };
  const choose = (option: OptionView) => {
    session.answer(view.key, several ? [...view.answers, option.answer] : [option.answer]);
    setText(several ? '' : option.text);
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    const last = (found?.length ?? 0) - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (found === undefined) look(text === only ? '' : text);
      else setActive((now) => (event.key === 'ArrowDown' ? (now >= last ? 0 : now + 1) : now <= 0 ? last : now - 1));
    } else if (event.key === 'Enter' && found !== undefined) {
      event.preventDefault();
      const option = found[active];
      if (option !== undefined) choose(option);
    } else if (event.key === 'Escape' && found !== undefined) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="combobox">
      {several && chosen.length > 0 && (
        <ul className="chosen">
          {chosen.map((name, index) => (
            <li key={name}>
              {name}
              <button
                type="button"
                className="quiet"
                aria-label={words.remove(name)}
                onClick={() =>
                  session.answer(
                    view.key,
                    view.answers.filter((_, at) => at !== index),
                  )
                }
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={`${ids.question}-c`}
        role="combobox"
        autoComplete="off"
        placeholder={words.search}
        aria-expanded={found !== undefined}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={found?.[active] === undefined ? undefined : `${list}-${active}`}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        aria-required={view.required || undefined}
        value={text}
        onChange={(event: ChangeEvent<HTMLInputElement>) => {
          setText(event.target.value);
          if (event.target.value === '' && !several) session.answer(view.key, []);
          look(event.target.value);
        }}
        onKeyDown={onKey}
        onClick={() => found === undefined && look('')}
        onBlur={() => {
          close();
          setText(only);
        }}
      />
      <div id={list} role="listbox" aria-labelledby={ids.label} hidden={found === undefined}>
        {found?.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={option.key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {option.text}
          </div>
        ))}
        {found?.length === 0 && (
          <div role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
            {words.hits(0)}
          </div>
        )}
      </div>
    </div>
  );
}

/** The options in which all words of a text occur. */
function matching(options: readonly OptionView[], text: string): readonly OptionView[] {
  const words = text.toLowerCase().split(/\s+/);
  return options.filter((option) => words.every((word) => option.text.toLowerCase().includes(word)));
}

function textOfAnswer(answer: ControlProps['view']['answers'][number], options: readonly OptionView[]): string {
  const { valueCoding: coding, valueReference: reference, valueString } = answer;
  const listed = options.find(
    ({ selected, answer: { valueCoding } }) => selected && valueCoding?.code === coding?.code,
  );
  return (
    listed?.text ?? coding?.display ?? coding?.code ?? reference?.display ?? reference?.reference ?? valueString ?? ''
  );
}
