import type { FormSession, ItemKey, ItemView, PageView } from '../contract.ts';
import type { FormWords } from '../words.ts';
import { answerTexts } from './answer-text.ts';
import { idsOf, useForm } from './form-context.ts';
import { FormFrame, isTitled, useFormView } from './form-frame.tsx';
import { Heading } from './heading.tsx';

export interface ReviewListProps {
  readonly session: FormSession;
  readonly words: FormWords;
  /** The person wants to change an answer: FormPages takes both as `page` and `question`. */
  readonly onEdit: (page: ItemKey, question: ItemKey) => void;
  /** Of the pages' headings. 2 by default. */
  readonly level?: number;
}

const NOTHING_SHOWN: readonly ItemView[] = [];

/** What was answered, to be looked over before it is sent: question by question, with a way back to each. */
export function ReviewList({ session, words, onEdit, level = 2 }: ReviewListProps) {
  const form = useFormView(session);
  return (
    <FormFrame session={session} words={words} density="patient" shown={NOTHING_SHOWN} place="">
      <div className="review">
        <p>{words.answeredOf(form.progress.answered, form.progress.asked)}</p>
        {form.pages.map((page) => (
          <ReviewedPage key={page.key} page={page} titled={isTitled(page, form)} onEdit={onEdit} level={level} />
        ))}
      </div>
    </FormFrame>
  );
}

interface ReviewedPageProps extends Pick<ReviewListProps, 'onEdit'> {
  readonly page: PageView;
  readonly titled: boolean;
  readonly level: number;
}

function ReviewedPage({ page, titled, onEdit, level }: ReviewedPageProps) {
  const { words, prefix } = useForm();
  const { label } = idsOf(prefix, `review ${page.key}`);
  const lines = linesOf(page.items);
  if (lines.length === 0) return null;
  const list = (
    <dl>
      {lines.map(({ view, within }) => {
        const texts = answerTexts(view, words);
        return (
          <div key={view.key}>
            <dt>
              {within && <span className="within">{within}: </span>}
              {view.text}
            </dt>
            <dd className={texts.length === 0 ? 'none' : undefined}>
              {texts.length === 0 ? words.unanswered : texts.map((text) => <span key={text}>{text}</span>)}
            </dd>
            {!view.readOnly && (
              <dd className="way">
                <button
                  type="button"
                  className="quiet"
                  aria-label={words.changeOf(view.text)}
                  onClick={() => onEdit(page.key, view.key)}
                >
                  {words.change}
                </button>
              </dd>
            )}
          </div>
        );
      })}
    </dl>
  );
  if (!titled) return list;
  return (
    <section aria-labelledby={label}>
      <Heading level={level} id={label}>
        {page.title}
      </Heading>
      {list}
    </section>
  );
}

interface Line {
  readonly view: ItemView;
  /** The group that a question stands in, where it alone does not tell what is asked. */
  readonly within: string;
}

function linesOf(items: readonly ItemView[], within = ''): readonly Line[] {
  return items.flatMap((view) => {
    if (view.item.type === 'display') return [];
    const named = view.item.type === 'group' ? view.text || within : within;
    const inside =
      view.rows === undefined
        ? linesOf(view.children, named)
        : view.rows.flatMap((row, index) => linesOf(row.children, `${named} ${index + 1}`));
    return view.item.type === 'group' ? inside : [{ view, within }, ...inside];
  });
}
