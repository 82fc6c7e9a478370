import type { ItemKey } from '../../form/contract.ts';
import { FormPages } from '../../form/views/form-pages.tsx';
import type { FormWords } from '../../form/words.ts';
import { dayText } from '../dates.ts';
import type { DraftState } from '../drafts/draft-state.ts';
import { useView } from '../heading.tsx';
import type { Visit } from '../visit.ts';
import { LANGUAGES } from '../words.ts';
import type { OpenedOrder } from './open-order.ts';
import { SaveLine } from './save-line.tsx';

interface FillingProps {
  readonly visit: Visit;
  readonly opened: OpenedOrder;
  readonly formWords: FormWords;
  readonly page: ItemKey;
  /** A question to go to. */
  readonly question: ItemKey | undefined;
  readonly state: DraftState;
  readonly onPage: (page: ItemKey) => void;
  readonly onReview: () => void;
  readonly onNotNow: () => void;
}

/** The form's pages, after one calm line on the first: how long it takes, and until when there is time. */
export function Filling({ visit, opened, formWords, page, question, state, onPage, onReview, onNotNow }: FillingProps) {
  const { words, language, session } = visit;
  const { order, form } = opened;
  const { title, pages, progress } = form.current();
  useView(title);
  const shown = pages.find(({ key }) => key === page) ?? pages[0];
  const until = order.until && dayText(order.until, { language, timeZone: session.timeZone, now: session.now });
  return (
    <>
      {formWords.language !== language && <p className="note">{words.otherLanguage(LANGUAGES[formWords.language])}</p>}
      {shown?.title && shown.title !== title && (
        <p className="form-title" lang={formWords.language}>
          {title}
        </p>
      )}
      {shown === pages[0] && <p className="about">{words.about(order.minutes, until)}</p>}
      <FormPages
        session={form}
        words={formWords}
        page={page}
        question={question}
        level={1}
        onChangePage={onPage}
        onDone={onReview}
      />
      <SaveLine state={state} begun={progress.answered > 0} words={words} />
      <p className="not-now">
        <button type="button" className="plain" onClick={onNotNow}>
          {words.notNow}
        </button>
      </p>
    </>
  );
}
