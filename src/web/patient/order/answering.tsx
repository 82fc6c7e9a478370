import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ItemKey } from '../../form/contract.ts';
import { Later } from '../later.tsx';
import type { Sent } from '../more/receipt.tsx';
import { go } from '../navigation.ts';
import type { OrderView } from '../route.ts';
import type { Visit } from '../visit.ts';
import { Closed } from './closed.tsx';
import { Filling } from './filling.tsx';
import { formLanguage } from './form-language.ts';
import type { OpenedOrder } from './open-order.ts';
import { useFormWords } from './use-form-words.ts';

interface AnsweringProps {
  readonly visit: Visit;
  readonly opened: OpenedOrder;
  readonly view: OrderView;
}

const review = () => import('../more/review.tsx');
const receipt = () => import('../more/receipt.tsx');
const notNow = () => import('../more/not-now.tsx');
const refused = () => import('../more/refused-questions.ts');

/** An open form: its pages, the look through it, the receipt; each of them keeps what is answered. */
export function Answering({ visit, opened, view }: AnsweringProps) {
  const { order, draft, form } = opened;
  const state = useDraftState(opened);
  const shownIn = formLanguage(form.current().languages, visit.language);
  const formWords = useFormWords(shownIn, visit.prepared?.formWords);
  const [page, setPage] = useState(opened.page);
  const [question, setQuestion] = useState<ItemKey>();
  const [sent, setSent] = useState<Sent>();
  useEffect(() => draft.keep(form), [draft, form]);
  const { ended } = visit;
  const isSignedOut = state.ended === 'signed-out';
  useEffect(() => {
    if (isSignedOut) ended();
  }, [isSignedOut, ended]);

  const isSent = state.sending === 'sent';
  const isWaiting = state.sending === 'waiting';
  useEffect(() => {
    if (!isSent && !isWaiting) return;
    const response = draft.response;
    setSent({
      order: order.id,
      title: form.current().title,
      at: isSent ? visit.session.now : undefined,
      answers: form.current().progress.answered,
      response: response.id,
    });
    go({ at: 'order', order: order.id, view: 'receipt' }, 'replace');
  }, [isSent, isWaiting, draft, form, order, visit.session.now]);

  const turnTo = (key: ItemKey, at?: ItemKey) => {
    setPage(key);
    setQuestion(at);
    draft.at(key);
  };
  const show = (next: OrderView) => go({ at: 'order', order: order.id, view: next });

  const isRefused = state.sending === 'refused';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a refusal
  useEffect(() => {
    if (!isRefused) return;
    // what the server did not take stands at its question, and the person goes on there, also who has gone to the receipt
    const tell = async () => {
      const { tellRefused } = await refused();
      const at = tellRefused(form, draft.response, draft.current().refusal);
      setSent(undefined);
      if (at !== undefined) turnTo(at);
      const next = at === undefined ? 'review' : 'fill';
      if (next !== view) show(next);
    };
    void tell();
  }, [isRefused]);

  // whoever has just said no is told by that view
  if (state.ended === 'closed' && view !== 'not-now') return <Closed visit={visit} />;
  if (sent !== undefined) return <Later key="receipt" load={receipt} props={{ visit, sent }} visit={visit} />;
  if (view === 'review') {
    const props = {
      ...{ visit, draft, form, state },
      onEdit: (key: ItemKey, at?: ItemKey) => {
        turnTo(key, at);
        show('fill');
      },
    };
    return <Later key="review" load={review} props={props} visit={visit} />;
  }
  if (view === 'not-now') {
    const props = { visit, order, onDeclined: () => draft.forget() };
    return <Later key="not-now" load={notNow} props={props} visit={visit} />;
  }
  if (formWords === undefined) return <p role="status">{visit.words.loading}</p>;
  return (
    <Filling
      {...{ visit, opened, formWords, page, question, state }}
      onPage={turnTo}
      onReview={() => show('review')}
      onNotNow={() => show('not-now')}
    />
  );
}

function useDraftState({ draft }: OpenedOrder) {
  const subscribe = useCallback((listener: () => void) => draft.subscribe(listener), [draft]);
  return useSyncExternalStore(
    subscribe,
    () => draft.current(),
    () => draft.current(),
  );
}
