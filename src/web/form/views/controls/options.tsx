import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { type ChangeEvent, useEffect, useState } from 'react';
import type { OptionView } from '../../contract.ts';
import { type ControlProps, useForm } from '../form-context.ts';

/** One of several: native radios, so that the arrow keys and the browser's own ways work. */
export function Radios({ view, ids }: ControlProps) {
  const { session } = useForm();
  return (
    <ul className="options">
      {view.options.map((option) => (
        <li key={option.key}>
          <label className="option">
            <input
              type="radio"
              name={ids.question}
              checked={option.selected}
              onChange={() => session.answer(view.key, [option.answer])}
            />
            <span>{option.text}</span>
          </label>
        </li>
      ))}
      <Other view={view} ids={ids} type="radio" />
    </ul>
  );
}

/** Any number of them; one that excludes all others takes their place, and gives way to any of them. */
export function CheckBoxes({ view, ids }: ControlProps) {
  const { session, words } = useForm();
  return (
    <>
      <p className="hint">{words.chooseSeveral}</p>
      <ul className="options">
        {view.options.map((option) => (
          <li key={option.key}>
            <label className="option">
              <input
                type="checkbox"
                checked={option.selected}
                onChange={() => session.answer(view.key, toggled(view, option))}
              />
              <span>{option.text}</span>
            </label>
          </li>
        ))}
        <Other view={view} ids={ids} type="checkbox" />
      </ul>
    </>
  );
}

/** The answers after an option was chosen, or let go. */
export function toggled(
  { options, answers, item }: Pick<ControlProps['view'], 'options' | 'answers' | 'item'>,
  option: OptionView,
): readonly QuestionnaireResponseItemAnswer[] {
  if (!item.repeats) return option.selected ? [] : [option.answer];
  if (option.exclusive && !option.selected) return [option.answer];
  const chosen = options.filter((each) => (each === option ? !each.selected : each.selected && !each.exclusive));
  return [...chosen.map(({ answer }) => answer), ...typed({ options, answers })];
}

/** What was written because none of the options was right. */
function typed({
  options,
  answers,
}: Pick<ControlProps['view'], 'options' | 'answers'>): readonly QuestionnaireResponseItemAnswer[] {
  const listed = new Set(options.map(({ answer }) => answer.valueString));
  return answers.filter(({ valueString }) => valueString !== undefined && !listed.has(valueString));
}

interface OtherProps extends Pick<ControlProps, 'view' | 'ids'> {
  readonly type: 'radio' | 'checkbox';
}

/** The last option of a question that takes other answers too: a choice of its own, with room for the words. */
function Other({ view, ids, type }: OtherProps) {
  const { session, words } = useForm();
  const text = typed(view)[0]?.valueString;
  const [open, setOpen] = useState(text !== undefined);
  const chosenElse = type === 'radio' && view.options.some(({ selected }) => selected);
  useEffect(() => {
    if (chosenElse) setOpen(false);
  }, [chosenElse]);
  if (view.item.type !== 'open-choice') return null;
  const others = () =>
    view.options.flatMap(({ selected, exclusive, answer }) => (selected && !exclusive ? [answer] : []));
  const say = (value: string) =>
    session.answer(view.key, [
      ...(type === 'radio' ? [] : others()),
      ...(value === '' ? [] : [{ valueString: value }]),
    ]);
  return (
    <li>
      <label className="option">
        <input
          type={type}
          name={ids.question}
          checked={open}
          onChange={() => {
            setOpen(type === 'radio' || !open);
            say('');
          }}
        />
        <span>{words.other}</span>
      </label>
      {open && (
        <input
          className="other"
          aria-label={words.otherText}
          value={text ?? ''}
          onChange={(event: ChangeEvent<HTMLInputElement>) => say(event.target.value)}
        />
      )}
    </li>
  );
}

/** One of a list that is too long to be shown. */
export function DropDown({ view, ids, describedBy, invalid }: ControlProps) {
  const { session, words } = useForm();
  return (
    <select
      id={`${ids.question}-c`}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      aria-required={view.required || undefined}
      value={view.options.find(({ selected }) => selected)?.key ?? ''}
      onChange={(event: ChangeEvent<HTMLSelectElement>) => {
        const chosen = view.options.find(({ key }) => key === event.target.value);
        session.answer(view.key, chosen === undefined ? [] : [chosen.answer]);
      }}
    >
      <option value="">{words.choose}</option>
      {view.options.map(({ key, text }) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** Yes or no, told apart from not answered. */
export function YesNo({ view, ids }: ControlProps) {
  const { session, words } = useForm();
  const value = view.answers[0]?.valueBoolean;
  return (
    <ul className="options few">
      {([true, false] as const).map((each) => (
        <li key={String(each)}>
          <label className="option">
            <input
              type="radio"
              name={ids.question}
              checked={value === each}
              onChange={() => session.answer(view.key, [{ valueBoolean: each }])}
            />
            <span>{each ? words.yes : words.no}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

/** A statement to agree with: not ticked is not answered. */
export function Tick({ view, describedBy }: ControlProps) {
  const { session } = useForm();
  const value = view.answers[0]?.valueBoolean === true;
  return (
    <label className="option">
      <input
        type="checkbox"
        checked={value}
        aria-describedby={describedBy}
        onChange={() => session.answer(view.key, value ? [] : [{ valueBoolean: true }])}
      />
      <span>{view.text}</span>
    </label>
  );
}
