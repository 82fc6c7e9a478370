import { dateText, dayText } from '../dates.ts';
import { Link } from '../frame.tsx';
import { Heading } from '../heading.tsx';
import { readResults } from '../records.ts';
import { useLoaded } from '../use-loaded.ts';
import type { Visit } from '../visit.ts';
import { useMoreWords } from './use-words.ts';

const ANSWERED_SHOWN = 5;

/** What waits for the person, and what has been answered. */
export default function Home({ visit }: { readonly visit: Visit }) {
  const { session } = visit;
  const [answered] = useLoaded('answered', session.by === 'sign-in' ? readResults : async () => undefined);
  const spoken = useMoreWords(visit.language);
  if (spoken === undefined) return <p role="status">{visit.words.loading}</p>;
  const { language } = spoken;
  const { home } = spoken.words;
  const forms = (answered.state === 'loaded' && answered.value?.answered) || [];
  return (
    <div lang={language}>
      <Heading title={visit.words.home}>{home.greeting(session.name)}</Heading>
      <h2 id="waiting">{home.waiting}</h2>
      {session.orders.length === 0 && <p>{home.nothing}</p>}
      <ul className="cards" aria-labelledby="waiting">
        {session.orders.map(({ id, title, minutes, until, begun, remindAt }) => {
          const day = (at: string) => dayText(at, { language, timeZone: session.timeZone, now: session.now });
          return (
            <li key={id}>
              <h3 id={`order-${id}`}>{title}</h3>
              <p>{home.about(minutes, until && day(until))}</p>
              {remindAt !== undefined && <p>{home.remind(day(remindAt))}</p>}
              <Link to={{ at: 'order', order: id, view: 'fill' }} className="button" describedBy={`order-${id}`}>
                {begun ? home.goOn : home.begin}
              </Link>
            </li>
          );
        })}
      </ul>
      {forms.length > 0 && (
        <>
          <h2 id="answered">{home.answered}</h2>
          <ul className="rows" aria-labelledby="answered">
            {forms.slice(0, ANSWERED_SHOWN).map(({ id, title, at }) => (
              <li key={id}>
                <strong>{title}</strong>
                <span>{home.answeredAt(dateText(at, language, session.timeZone))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
