import { useId } from 'react';
import type { OptionView } from '../../contract.ts';
import { type ControlProps, useForm } from '../form-context.ts';
import { BACK, FRONT, MIRRORED, VIEW_BOX } from './body-figure.ts';
import { toggled } from './options.tsx';

/**
 * The body to tap where it hurts, from both sides, and the same places as a list: two ways to one answer, always in step.
 * The drawing is for pointers alone; keyboards and screen readers have the list.
 */
export function BodyMap({ view }: ControlProps) {
  const { session, words } = useForm();
  const stripes = useId();
  const toggle = (option: OptionView) => session.answer(view.key, toggled(view, option));
  const places = view.options.filter(({ exclusive }) => !exclusive);
  const chosen = places.filter(({ selected }) => selected);
  return (
    <div className="body-map">
      <p className="hint">{words.tapBody}</p>
      <div className="figures">
        <Figure places={places} view="front" stripes={stripes} onTap={toggle} />
        <Figure places={places} view="back" stripes={stripes} onTap={toggle} />
      </div>
      <p className="chosen-places">
        <strong>{chosen.length === 0 ? words.noneChosen : words.chosen(chosen.length)}</strong>
        {chosen.length > 0 && ` – ${chosen.map(({ text }) => text).join('; ')}`}
      </p>
      <ul className="options">
        {view.options
          .filter(({ exclusive }) => exclusive)
          .map((option) => (
            <Choice key={option.key} option={option} onChange={toggle} />
          ))}
      </ul>
      <details>
        <summary>{words.bodyList}</summary>
        <ul className="options places">
          {places.map((option) => (
            <Choice key={option.key} option={option} onChange={toggle} />
          ))}
        </ul>
      </details>
    </div>
  );
}

interface ChoiceProps {
  readonly option: OptionView;
  readonly onChange: (option: OptionView) => void;
}

function Choice({ option, onChange }: ChoiceProps) {
  return (
    <li>
      <label className="option">
        <input type="checkbox" checked={option.selected} onChange={() => onChange(option)} />
        <span>{option.text}</span>
      </label>
    </li>
  );
}

interface FigureProps {
  readonly places: readonly OptionView[];
  readonly view: 'front' | 'back';
  readonly stripes: string;
  readonly onTap: (option: OptionView) => void;
}

function Figure({ places, view, stripes, onTap }: FigureProps) {
  const { words } = useForm();
  // Who is seen from the front has the right hand at the reader's left.
  const sides = view === 'front' ? (['right', 'left'] as const) : (['left', 'right'] as const);
  const pattern = `${stripes}${view}`;
  return (
    <div className="figure" aria-hidden="true">
      <div className="sides">
        <span>{words[sides[0]]}</span>
        <strong>{view === 'front' ? words.front : words.behind}</strong>
        <span>{words[sides[1]]}</span>
      </div>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden from who would be told a title */}
      <svg viewBox={VIEW_BOX}>
        <defs>
          <pattern id={pattern} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect className="chosen-ground" width="4" height="4" />
            <path className="chosen-stripe" d="M0 0v4" />
          </pattern>
        </defs>
        {sides.map((side, index) => (
          <g key={side} transform={index === 0 ? undefined : MIRRORED}>
            {(view === 'front' ? FRONT : BACK).map(({ region, path }) => {
              const code = `${region}-${side}`;
              const option = places.find(({ answer }) => answer.valueCoding?.code === code);
              return option === undefined ? (
                <path key={region} d={path} className="place" />
              ) : (
                // biome-ignore lint/a11y/noStaticElementInteractions: the list is its equal for keyboards
                <path
                  key={region}
                  d={path}
                  data-place={code}
                  className={option.selected ? 'place is-chosen' : 'place'}
                  fill={option.selected ? `url(#${pattern})` : undefined}
                  onClick={() => onTap(option)}
                >
                  <title>{option.text}</title>
                </path>
              );
            })}
          </g>
        ))}
      </svg>
    </div>
  );
}
