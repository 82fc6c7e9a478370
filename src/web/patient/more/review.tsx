import { useEffect, useRef, useState } from 'react';
import type { FormSession, ItemKey } from '../../form/contract.ts';
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
  const isPressed = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const isStopped = isFailed || state.sending === 'refused';
  useEffect(() => {
    if (isStopped) box.current?.focus();
  }, [isStopped]);
  if (spoken === undefined || formSpoken === undefined) return <p role="status">{visit.words.loading}</p>;
  const { review } = spoken.words;
  const isSending = state.sending === 'under-way';

  const send = async () => {
    // the second of two presses comes before the first has changed anything on screen
    if (isPressed.current) return;
    const [stop] = form.check().filter(({ confirmed }) => !confirmed);
    if (stop !== undefined) return onEdit(pageOf(form, stop.key), stop.key);
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
      {isStopped && (
        // biome-ignore lint/a11y/useSemanticElements: told as a whole when the focus comes to it
        <div className="error" role="group" aria-labelledby="not-sent" tabIndex={-1} ref={box}>
          <h2 id="not-sent">{review.refusedTitle}</h2>
          <p>{isFailed ? review.failed : review.refused}</p>
        </div>
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

/** The page on which a question stands. */
function pageOf(form: FormSession, question: ItemKey): ItemKey {
  const { pages } = form.current();
  type Views = (typeof pages)[number]['items'];
  const holds = (views: Views): boolean => views.some(({ key, children }) => key === question || holds(children));
  return (pages.find(({ items }) => holds(items)) ?? pages[0])?.key ?? '';
}
