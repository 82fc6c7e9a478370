import { timeText } from '../dates.ts';
import { Heading } from '../heading.tsx';
import type { Visit } from '../visit.ts';
import { FreshResult } from './fresh-result.tsx';
import { Onward } from './onward.tsx';
import { useMoreWords } from './use-words.ts';

/** What was sent, as far as the device that shows it may know. */
export interface Sent {
  readonly order: string;
  readonly title: string;
  /** Instant; undefined: it waits for the net. */
  readonly at: string | undefined;
  readonly answers: number;
  /** The id of the response, where it is known. */
  readonly response: string | undefined;
}

/** That it was sent, and when. What was sent is told to who has signed in alone: a link may have been opened on any telephone. */
export default function Receipt({ visit, sent }: { readonly visit: Visit; readonly sent: Sent }) {
  const spoken = useMoreWords(visit.language);
  if (spoken === undefined) return <p role="status">{visit.words.loading}</p>;
  const { language } = spoken;
  const { receipt } = spoken.words;
  const { session } = visit;
  const isKnown = session.by === 'sign-in';
  if (sent.at === undefined) {
    return (
      <div key="queued" lang={language}>
        <Heading title={receipt.queuedTitle}>{receipt.queuedTitle}</Heading>
        <p role="status">{receipt.queued}</p>
      </div>
    );
  }
  return (
    <div key="sent" lang={language}>
      <Heading title={receipt.title}>{receipt.title}</Heading>
      <p className="note">
        {receipt.sent(isKnown ? sent.title : undefined, timeText(sent.at, language, session.timeZone))}{' '}
        {isKnown && receipt.answers(sent.answers)}
      </p>
      <Onward visit={visit} done={sent.order} words={spoken.words} offer />
      {isKnown && sent.response !== undefined && (
        <FreshResult visit={visit} response={sent.response} words={spoken.words} language={language} />
      )}
      <button type="button" className="quiet no-print" onClick={() => print()}>
        {receipt.print}
      </button>
    </div>
  );
}
