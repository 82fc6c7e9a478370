import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { FormFault, FormSession, ItemKey } from '../../form/contract.ts';
import { ReviewList } from '../../form/views/review-list.tsx';
import type { Draft } from '../drafts/draft.ts';
import type { DraftState } from '../drafts/draft-state.ts';
import { Heading } from '../heading.tsx';
import { formLanguage } from '../order/form-language.ts';
import { useFormWords } from '../order/use-form-words.ts';
import type { Visit } from '../visit.ts';
import { useMoreWords } from './use-words.ts';

interface ReviewProps {
  readonly visit: Visit;
  readonly draft: Draft;
  readonly form: FormSession;
  readonly state: DraftState;
  /** Goes to a question of the form. */
  readonly onEdit: (page: ItemKey, question?: ItemKey) => void;
}

/** All answers on one page, and the button that sends them: once, however often it is pressed. */
export default function Review({ visit, draft, form, state, onEdit }: ReviewProps) {
  const spoken = useMoreWords(visit.language);
  const formSpoken = useFormWords(formLanguage(form.current().languages, visit.language));
  const [isFailed, setFailed] = useState(false);
  const [whole, setWhole] = useState<FormFault>();
  const isPressed = useRef(false);
  if (spoken === undefined || formSpoken === undefined) return <p role="status">{visit.words.loading}</p>;
  const { review } = spoken.words;
  const isSending = state.sending === 'under-way';

  const send = async () => {
    // the second of two presses comes before the first has changed anything on screen
    if (isPressed.current) return;
    const stops = form.check().filter(({ confirmed }) => !confirmed);
    const ofQuestion = stops.find(({ key }) => key !== '');
    if (ofQuestion !== undefined) return onEdit(pageOf(form, ofQuestion.key));
    setWhole(stops[0] && { ...stops[0] });
    if (stops.length > 0) return;
    isPressed.current = true;
    setFailed(false);
    try {
      await draft.send();
    } catch {
      setFailed(true);
    } finally {
      isPressed.current = false;
    }
  };

  return (
    <div lang={spoken.language}>
      <Heading title={review.title}>{review.title}</Heading>
      <p>{review.text}</p>
      {whole !== undefined && (
        <NotSent title={review.refusedTitle} text={whole.text} about={whole}>
          {whole.severity === 'warning' && (
            <button
              type="button"
              onClick={() => {
                form.confirm(whole);
                void send();
              }}
            >
              {formSpoken.confirm}
            </button>
          )}
        </NotSent>
      )}
      {whole === undefined && (isFailed || state.sending === 'refused') && (
        <NotSent title={review.refusedTitle} text={isFailed ? review.failed : review.refused} />
      )}
      <ReviewList session={form} words={formSpoken} onEdit={onEdit} />
      <div className="buttons">
        <button type="button" aria-disabled={isSending} onClick={() => void send()}>
          {isSending ? review.sending : review.send}
        </button>
        <button type="button" className="quiet" onClick={() => onEdit(form.current().pages.at(-1)?.key ?? '')}>
          {review.back}
        </button>
      </div>
      <p role="status">{isSending ? review.sending : ''}</p>
    </div>
  );
}

interface NotSentProps {
  readonly title: string;
  readonly text: string;
  /** Another each time. */
  readonly about?: FormFault;
  readonly children?: ReactNode;
}

/** What stopped the form as a whole; the focus comes to it, as it does to what is wrong with a question. */
function NotSent({ title, text, about, children }: NotSentProps) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something stops it
  useEffect(() => box.current?.focus(), [about]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: told as a whole when the focus comes to it
    <div className="error" role="group" aria-labelledby="not-sent" tabIndex={-1} ref={box}>
      <h2 id="not-sent">{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The page on which a question stands. */
function pageOf(form: FormSession, question: ItemKey): ItemKey {
  const { pages } = form.current();
  type Views = (typeof pages)[number]['items'];
  const holds = (views: Views): boolean => views.some(({ key, children }) => key === question || holds(children));
  return (pages.find(({ items }) => holds(items)) ?? pages[0])?.key ?? '';
}
