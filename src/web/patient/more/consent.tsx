import { Heading } from '../heading.tsx';
import { SignedOut } from '../network/fhir.ts';
import { readConsents } from '../records.ts';
import { Failure } from '../told.tsx';
import { useLoaded } from '../use-loaded.ts';
import type { Visit } from '../visit.ts';
import { AskedConsentView } from './asked-consent.tsx';
import { useMoreWords } from './use-words.ts';

/** The registries that ask for consent: what they say, what the person answered, and a way to answer otherwise. */
export default function Consent({ visit }: { readonly visit: Visit }) {
  const spoken = useMoreWords(visit.language);
  const [loaded, again] = useLoaded(visit.language, readConsents);
  if (loaded.state === 'failed' && loaded.problem instanceof SignedOut) visit.ended();
  if (loaded.state === 'failed') return <Failure words={visit.words} problem={loaded.problem} onRetry={again} />;
  if (spoken === undefined || loaded.state === 'loading') return <p role="status">{visit.words.loading}</p>;
  const { consent } = spoken.words;
  const { consents } = loaded.value;
  return (
    <div lang={spoken.language}>
      <Heading title={consent.title}>{consent.title}</Heading>
      {consents.length === 0 && <p>{consent.nothing}</p>}
      {consents.map((asked) => (
        <AskedConsentView
          key={asked.registry}
          asked={asked}
          visit={visit}
          words={consent}
          language={spoken.language}
          onSigned={again}
        />
      ))}
    </div>
  );
}
