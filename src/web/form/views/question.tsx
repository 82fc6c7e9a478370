import { memo, type ReactNode, useState } from 'react';
import type { ItemView } from '../contract.ts';
import { Control, shapeOf } from './control.tsx';
import { Faults } from './faults.tsx';
import { type ControlProps, idsOf, useForm } from './form-context.ts';
import { Items } from './items.tsx';

interface QuestionProps {
  readonly view: ItemView;
  readonly level: number;
}

/** One question: its words, its help, where it is answered, what is wrong with it, and what follows from its answer. */
export const Question = memo(function Question({ view, level }: QuestionProps) {
  const form = useForm();
  const { session, words, prefix } = form;
  const ids = idsOf(prefix, view.key);
  const shape = shapeOf(view, form.readOnly);
  const hints = view.children.filter(({ control }) => control === 'prompt');
  const below = view.children.filter(({ control }) => !BESIDE.has(control));
  const describedBy = [hints.length > 0 && ids.hint, view.faults.length > 0 && ids.faults].filter(Boolean).join(' ');
  const props: ControlProps = {
    view,
    ids,
    describedBy: describedBy || undefined,
    invalid: view.faults.some(({ confirmed }) => !confirmed),
  };
  const canClear = shape !== 'read' && CLEARED_BY_BUTTON.has(view.control) && view.answers.length > 0 && !view.required;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the focus leaves the question
    <div
      id={ids.question}
      className={`question ${shape} is-${view.control}${props.invalid ? ' has-fault' : ''}`}
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) form.leave(view.key);
      }}
    >
      <Named view={view} shape={shape} props={props}>
        {hints.length > 0 && (
          <div id={ids.hint} className="hint">
            {hints.map(({ key, text }) => (
              <p key={key}>{text}</p>
            ))}
          </div>
        )}
        <Faults view={view} id={ids.faults} />
        <Control {...props} />
      </Named>
      {canClear && (
        <button
          type="button"
          className="quiet clear"
          aria-label={words.clearOf(view.text)}
          onClick={(event) => {
            const question = event.currentTarget.closest('.question');
            session.answer(view.key, []);
            // the button goes with the answer; the focus stays in the question
            question?.querySelector<HTMLElement>('input, [tabindex="0"]')?.focus({ preventScroll: true });
          }}
        >
          {words.clear}
        </button>
      )}
      {below.length > 0 && (
        <div className="follows">
          <Items items={below} level={level} />
        </div>
      )}
    </div>
  );
});

/** Texts that stand with the control itself. */
const BESIDE = new Set(['prompt', 'lower', 'upper', 'unit', 'help', 'flyover']);
/** What cannot be emptied where it was filled in. */
const CLEARED_BY_BUTTON = new Set(['scale', 'vas', 'radio', 'likert-row', 'boolean']);

interface NamedProps {
  readonly view: ItemView;
  readonly shape: ReturnType<typeof shapeOf>;
  readonly props: ControlProps;
  readonly children: ReactNode;
}

/** The question's name, tied to a field by its id or to a group of fields. */
function Named({ view, shape, props: { ids, describedBy, invalid }, children }: NamedProps) {
  const { words } = useForm();
  const text = (
    <>
      {view.text}
      {view.required && shape !== 'read' && <span className="must"> ({words.required})</span>}
    </>
  );
  const name =
    shape === 'field' ? (
      <label id={ids.label} htmlFor={`${ids.question}-c`}>
        {text}
      </label>
    ) : (
      <span id={ids.label} className="label">
        {text}
      </span>
    );
  const head = <Head view={view}>{shape === 'tick' ? <span className="label unseen">{view.text}</span> : name}</Head>;
  if (shape === 'field' || shape === 'tick' || shape === 'read') {
    return (
      <>
        {shape === 'tick' && view.help === undefined ? null : head}
        {children}
      </>
    );
  }
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a name
    <div
      role={shape === 'radios' ? 'radiogroup' : 'group'}
      aria-labelledby={ids.label}
      aria-describedby={describedBy}
      aria-required={shape === 'radios' && view.required ? true : undefined}
      aria-invalid={shape === 'radios' && invalid ? true : undefined}
    >
      {head}
      {children}
    </div>
  );
}

/** A name with its help, which is behind a button: shown to who asks for it, by touch, mouse or keyboard alike. */
export function Head({ view, children }: { readonly view: ItemView; readonly children: ReactNode }) {
  const { words, prefix } = useForm();
  const [open, setOpen] = useState(false);
  if (view.help === undefined) return <div className="head">{children}</div>;
  const id = `${idsOf(prefix, view.key).question}-help`;
  return (
    <>
      <div className="head">
        {children}
        <button
          type="button"
          className="help"
          aria-label={words.help(view.text)}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          ?
        </button>
      </div>
      <div id={id} className="help-text" hidden={!open}>
        {view.help}
      </div>
    </>
  );
}
