import { useEffect, useState } from 'react';
import { Link } from '../frame.tsx';
import type { Visit } from '../visit.ts';
import { restOf } from './rest-of.ts';
import type { MoreWords } from './words.ts';

interface OnwardProps {
  readonly visit: Visit;
  /** The order that was just dealt with. */
  readonly done: string;
  readonly words: MoreWords;
  /** Whether the rest is offered: not to who has just said that they cannot now. */
  readonly offer?: boolean;
}

/** What comes after an order: the rest of the sitting, which may just as well be left for later. */
export function Onward({ visit, done, words, offer = false }: OnwardProps) {
  const [isLater, setLater] = useState(false);
  const { refresh } = visit;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the order has been dealt with
  useEffect(() => {
    // without a net what was known before is good enough
    refresh().catch(() => undefined);
  }, [done]);
  const rest = restOf(visit.session.orders, done);
  const [next] = rest.orders;
  const { receipt } = words;
  if (next === undefined || !offer) {
    return (
      <>
        {offer && <p>{receipt.thanks}</p>}
        <Home visit={visit} />
      </>
    );
  }
  if (isLater) {
    return (
      <>
        <p role="status">{receipt.laterText}</p>
        <Home visit={visit} />
      </>
    );
  }
  return (
    <section className="offer" aria-labelledby="rest">
      <p>{receipt.restText(rest.orders.length)}</p>
      <h2 id="rest">{receipt.rest(rest.minutes)}</h2>
      <div className="buttons">
        <Link to={{ at: 'order', order: next.id, view: 'fill' }} className="button">
          {receipt.now}
        </Link>
        <button type="button" className="quiet" onClick={() => setLater(true)}>
          {receipt.later}
        </button>
      </div>
    </section>
  );
}

/** Who came by a link has nothing else here. */
function Home({ visit }: { readonly visit: Visit }) {
  if (visit.session.by === 'link') return null;
  return (
    <p lang={visit.language}>
      <Link to={{ at: 'home' }}>{visit.words.home}</Link>
    </p>
  );
}
