import { useEffect } from 'react';
import { SignedOut } from '../network/fhir.ts';
import type { OrderView } from '../route.ts';
import { Failure } from '../told.tsx';
import { useLoaded } from '../use-loaded.ts';
import type { Visit } from '../visit.ts';
import { Answering } from './answering.tsx';
import { Closed } from './closed.tsx';
import { openOrder } from './open-order.ts';

interface OrderPageProps {
  readonly visit: Visit;
  /** The id of the Task. */
  readonly order: string;
  readonly view: OrderView;
}

/** One order, from its first question to the receipt. */
export function OrderPage({ visit, order, view }: OrderPageProps) {
  const { words, language, session, ended } = visit;
  const given = visit.prepared?.opened;
  const load = () => openOrder(session, order, language);
  const [loaded, again] = useLoaded(order, load, given?.order.id === order ? given : undefined);
  const opened = loaded.state === 'loaded' ? loaded.value : undefined;
  const isSignedOut = loaded.state === 'failed' && loaded.problem instanceof SignedOut;
  useEffect(() => {
    if (isSignedOut) ended();
  }, [isSignedOut, ended]);
  useEffect(() => opened?.form.setLanguage(language), [opened, language]);
  if (loaded.state === 'failed') return <Failure words={words} problem={loaded.problem} onRetry={again} />;
  if (loaded.state === 'loading') return <p role="status">{words.loading}</p>;
  if (opened === undefined) return <Closed visit={visit} />;
  return <Answering visit={visit} opened={opened} view={view} />;
}
