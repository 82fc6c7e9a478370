import type { OptionView } from '../../contract.ts';
import { type ControlProps, useForm } from '../form-context.ts';
import { endsOf, rangeOf, unitOf } from '../question-facts.ts';

/** Numbers in one row, each a large target; what the ends mean stands below them, and is said with the first and the last. */
export function Scale({ view, ids }: ControlProps) {
  const { session } = useForm();
  const { lower, upper } = endsOf(view);
  const points = pointsOf(view);
  const unit = unitOf(view);
  return (
    <div className="scale">
      <div className="numbers">
        {points.map(({ text, answer, selected }, index) => {
          const end = index === 0 ? lower : index === points.length - 1 ? upper : undefined;
          return (
            <label key={text} className="point">
              <input
                type="radio"
                name={ids.question}
                checked={selected}
                onChange={() => session.answer(view.key, [answer])}
              />
              <span>
                {text}
                {unit === undefined ? null : <span className="unseen"> {unit}</span>}
                {end === undefined ? null : <span className="unseen">, {end}</span>}
              </span>
            </label>
          );
        })}
      </div>
      {(lower ?? upper) !== undefined && (
        <div className="ends" aria-hidden="true">
          <span>{lower}</span>
          <span>{upper}</span>
        </div>
      )}
    </div>
  );
}

/** Whole numbers from the least to the greatest, or options that are numbers. */
function pointsOf(view: ControlProps['view']): readonly Pick<OptionView, 'text' | 'answer' | 'selected'>[] {
  if (view.options.length > 0) return view.options;
  const { min = 0, max = 10, step } = rangeOf(view);
  const value = view.answers[0]?.valueInteger;
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => {
    const number = min + index * step;
    return { text: String(number), answer: { valueInteger: number }, selected: value === number };
  });
}
