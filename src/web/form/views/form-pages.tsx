import { useEffect, useRef, useState } from 'react';
import type { FormFault, FormSession, ItemKey, ItemView, PageView } from '../contract.ts';
import type { FormWords } from '../words.ts';
import { ErrorSummary, stopping } from './error-summary.tsx';
import { focusQuestion } from './focus.ts';
import { idsOf, useForm } from './form-context.ts';
import { type Density, FormFrame, questionsIn, useFormView } from './form-frame.tsx';
import { Heading } from './heading.tsx';
import { Items } from './items.tsx';
import { misfitsOf } from './misfits.ts';

export interface FormPagesProps {
  readonly session: FormSession;
  readonly words: FormWords;
  /** The page to show, at first and whenever this is another; where it is not there, the first. */
  readonly page?: ItemKey | undefined;
  /** A question on that page to go to: who comes from the review wants to change it. */
  readonly question?: ItemKey | undefined;
  /** Another page is on screen. */
  readonly onChangePage?: ((page: ItemKey) => void) | undefined;
  /** The last page is done: what was answered is looked over next. */
  readonly onDone: () => void;
  /** Back from the first page; without it there is no such button. */
  readonly onLeave?: (() => void) | undefined;
  /** Of the page's heading; the app's own heading is above it. 2 by default. */
  readonly level?: number;
  readonly density?: Density;
}

/** A form one page at a time: for patients, who answer alone. */
export function FormPages(props: FormPagesProps) {
  const { session, words, density = 'patient', onChangePage } = props;
  const form = useFormView(session);
  const [key, setKey] = useState(props.page);
  const [asked, setAsked] = useState(props.page);
  if (props.page !== asked) {
    setAsked(props.page);
    setKey(props.page);
  }
  const index = useRef(0);
  const found = form.pages.findIndex((page) => page.key === key);
  // An answer may take away the page itself: then what stands in its place is shown.
  index.current = found >= 0 ? found : Math.min(index.current, form.pages.length - 1);
  const page = form.pages[index.current];
  // what is told already of a page that is come to, as what a server did not take, is summed up there too
  const [faults, setFaults] = useState(() => stopping(faultsIn(page?.items)));
  if (page === undefined) return null;

  const go = (to: PageView | undefined) => {
    if (to === undefined) return;
    setFaults(stopping(faultsIn(to.items)));
    setKey(to.key);
    onChangePage?.(to.key);
  };
  const next = () => {
    const keys = new Set(questionsIn(page.items).map((view) => view.key));
    const stops = [...misfitsOf(session, keys), ...stopping(session.checkPage(page.key))];
    setFaults(stops);
    if (stops.length > 0) return;
    const to = session.current().pages.findIndex((each) => each.key === page.key) + 1;
    if (to < session.current().pages.length) go(session.current().pages[to]);
    else props.onDone();
  };
  return (
    <FormFrame session={session} words={words} density={density} shown={page.items} place={page.key}>
      <Page
        {...props}
        page={page}
        number={index.current + 1}
        count={form.pages.length}
        faults={faults}
        title={page.title || form.title}
        onBack={index.current > 0 ? () => go(form.pages[index.current - 1]) : props.onLeave}
        onNext={next}
      />
    </FormFrame>
  );
}

/** What is told of items and of all that stands in them. */
function faultsIn(items: readonly ItemView[] = []): readonly FormFault[] {
  return items.flatMap(({ faults, children }) => [...faults, ...faultsIn(children)]);
}

interface PageProps extends Pick<FormPagesProps, 'question' | 'level'> {
  readonly page: PageView;
  readonly title: string;
  readonly number: number;
  readonly count: number;
  readonly faults: readonly FormFault[];
  readonly onBack: (() => void) | undefined;
  readonly onNext: () => void;
}

function Page({ page, title, number, count, faults, onBack, onNext, question, level = 2 }: PageProps) {
  const { words, prefix } = useForm();
  const heading = `${prefix}title`;
  const first = faults.length > 0 ? `${prefix}summary` : heading;
  useFocusAtPage(page.key, first, question === undefined ? undefined : idsOf(prefix, question).question);
  return (
    <form
      method="dialog"
      noValidate
      aria-labelledby={heading}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <div className="page-head">
        <Heading level={level} id={heading}>
          {title}
        </Heading>
        {count > 1 && (
          <div className="progress">
            <progress aria-hidden="true" max={count} value={number} />
            <p>{words.page(number, count)}</p>
          </div>
        )}
      </div>
      <ErrorSummary faults={faults} />
      {/* a page of its own, so that nothing that was typed on one is found on the next */}
      <div key={page.key} className="items">
        <Items items={page.items} level={level + 1} />
      </div>
      <div className="page-ways">
        <button type="submit" className="primary">
          {number < count ? words.next : words.toReview}
        </button>
        {onBack && (
          <button type="button" className="secondary" onClick={onBack}>
            {words.back}
          </button>
        )}
      </div>
    </form>
  );
}

/**
 * The focus comes to the beginning of a page, its heading or what is wrong with it, when the page changes, not when the form
 * opens: there the app's own heading is read first. Where a question was asked for, it comes there.
 */
function useFocusAtPage(page: ItemKey, first: string, question: string | undefined): void {
  const shown = useRef<ItemKey>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a page, whatever is found on it later
  useEffect(() => {
    const before = shown.current;
    shown.current = page;
    if (before === undefined && question !== undefined) focusQuestion(question);
    else if (before !== undefined && before !== page) {
      window.scrollTo(0, 0);
      document.getElementById(first)?.focus({ preventScroll: true });
    }
  }, [page, question]);
}
