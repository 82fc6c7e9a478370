import { answerTexts } from '../answer-text.ts';
import { type ControlProps, useForm } from '../form-context.ts';

/** What cannot be changed here: calculated, or come from elsewhere. `output` tells screen readers when it changes. */
export function ReadOnlyValue({ view, ids }: ControlProps) {
  const { words } = useForm();
  const texts = answerTexts(view, words);
  const isCalculated = view.item.expressions.calculated !== undefined;
  const none = isCalculated ? words.notCalculated : words.unanswered;
  return (
    <output aria-labelledby={ids.label} className={texts.length === 0 ? 'value none' : 'value'}>
      {texts.length === 0 ? none : texts.map((text) => <span key={text}>{text}</span>)}
    </output>
  );
}
