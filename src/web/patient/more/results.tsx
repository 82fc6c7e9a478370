import { dateText } from '../dates.ts';
import { Heading } from '../heading.tsx';
import { SignedOut } from '../network/fhir.ts';
import { readResults } from '../records.ts';
import { Failure } from '../told.tsx';
import { useLoaded } from '../use-loaded.ts';
import type { Visit } from '../visit.ts';
import { OwnResultView } from './own-result.tsx';
import { useMoreWords } from './use-words.ts';

/** The person's own results over time, and all that they have answered. */
export default function Results({ visit }: { readonly visit: Visit }) {
  const { session, words } = visit;
  const spoken = useMoreWords(visit.language);
  // titles come in the person's language
  const [loaded, again] = useLoaded(visit.language, readResults);
  if (loaded.state === 'failed' && loaded.problem instanceof SignedOut) visit.ended();
  if (loaded.state === 'failed') return <Failure words={words} problem={loaded.problem} onRetry={again} />;
  if (spoken === undefined || loaded.state === 'loading') return <p role="status">{words.loading}</p>;
  const { language } = spoken;
  const { results } = spoken.words;
  const { answered, results: own } = loaded.value;
  return (
    <div lang={language}>
      <Heading title={results.title}>{results.title}</Heading>
      <p>{own.length === 0 ? results.nothing : results.text}</p>
      {own.map((result) => (
        <OwnResultView
          key={result.code}
          result={result}
          words={results}
          language={language}
          timeZone={session.timeZone}
        />
      ))}
      {own.length > 0 && <p>{results.ask}</p>}
      {answered.length > 0 && (
        <>
          <h2 id="answered">{results.answered}</h2>
          <ul className="rows" aria-labelledby="answered">
            {answered.map(({ id, title, at }) => (
              <li key={id}>
                <strong>{title}</strong>
                <span>{dateText(at, language, session.timeZone)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {own.length > 0 && (
        <button type="button" className="quiet no-print" onClick={() => print()}>
          {results.print}
        </button>
      )}
    </div>
  );
}
