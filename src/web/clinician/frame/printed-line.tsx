import { type ReactElement, useContext, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { WhoContext } from '../session/who-context.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';

/** On paper alone: whose hospital it is, and when it was printed. Lists that lie about say how old they are. */
export function PrintedLine(): ReactElement {
  const who = useContext(WhoContext);
  const locale = LOCALES[useLanguage()];
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    // the browser prints what stands there when this has been told
    const mark = () => flushSync(() => setNow(new Date()));
    addEventListener('beforeprint', mark);
    return () => removeEventListener('beforeprint', mark);
  }, []);
  const moment = now.toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' });
  // as an attribute: nothing is hidden in the page that a search in it would find
  return <div className="printed-line" data-printed={[who?.hospital?.name, moment].filter(Boolean).join(' · ')} />;
}
