import { useEffect, useState } from 'react';
import type { FormLanguage } from '../../form/contract.ts';
import type { OwnResult } from '../contract.ts';
import { readResults } from '../records.ts';
import type { Visit } from '../visit.ts';
import { OwnResultView } from './own-result.tsx';
import type { MoreWords } from './words.ts';

interface FreshResultProps {
  readonly visit: Visit;
  /** The id of the response that was just sent. */
  readonly response: string;
  readonly words: MoreWords;
  readonly language: FormLanguage;
}

/** Scores are worked out in the moments after a form was sent; then whoever looks finds them among the results. */
const ASK_AFTER_MS = [500, 1000, 2000, 4000];

/** What was just answered came to, where the registry shows it to the person. */
export function FreshResult({ visit, response, words, language }: FreshResultProps) {
  const [fresh, setFresh] = useState<readonly OwnResult[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const ask = (times: number) => {
      const wait_ms = ASK_AFTER_MS[times];
      if (wait_ms === undefined) return;
      timer = setTimeout(async () => {
        const { results } = await readResults().catch(() => ({ results: [] }));
        const found = results.filter(({ points }) => points.at(-1)?.response === response);
        if (found.length > 0) setFresh(found);
        else ask(times + 1);
      }, wait_ms);
    };
    ask(0);
    return () => clearTimeout(timer);
  }, [response]);
  return (
    <div aria-live="polite">
      {fresh.map((result) => (
        <OwnResultView
          key={result.code}
          result={result}
          words={words.results}
          language={language}
          timeZone={visit.session.timeZone}
        />
      ))}
    </div>
  );
}
