import { useId, useState } from 'react';
import type { FormLanguage } from '../../form/contract.ts';
import type { AskedConsent } from '../contract.ts';
import { timeText } from '../dates.ts';
import { SignedOut } from '../network/fhir.ts';
import type { Visit } from '../visit.ts';
import { type Decision, decisionOf, type Signed, signConsent } from './sign-consent.ts';
import type { MoreWords } from './words.ts';

interface AskedConsentProps {
  readonly asked: AskedConsent;
  readonly visit: Visit;
  readonly words: MoreWords['consent'];
  readonly language: FormLanguage;
  readonly onSigned: () => void;
}

/**
 * What one registry asks. The short text is read by all, the layers by who opens them; yes and no look the same, are
 * signed by the same button, and can be changed as easily as they were given.
 */
export function AskedConsentView({ asked, visit, words, language, onSigned }: AskedConsentProps) {
  const [decision, setDecision] = useState<Decision>();
  const [state, setState] = useState<'open' | 'unchosen' | 'signing' | 'failed'>('open');
  const [signed, setSigned] = useState<Signed>();
  const id = useId();
  const { text, title } = asked;
  const time = (at: string) => timeText(at, language, visit.session.timeZone);

  const sign = async () => {
    if (decision === undefined) {
      setState('unchosen');
      document.getElementById(`${id}-yes`)?.focus();
      return;
    }
    if (state === 'signing') return;
    setState('signing');
    try {
      setSigned(await signConsent(visit.session.person, asked, decision));
      setDecision(undefined);
      setState('open');
      onSigned();
    } catch (problem) {
      if (problem instanceof SignedOut) return visit.ended();
      setState('failed');
    }
  };

  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p className="standing">{standing(asked, words, time)}</p>
      <div lang={text.language}>
        {text.short.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {text.layers.map((layer) => (
          <details key={layer.title}>
            <summary>{layer.title}</summary>
            {layer.text.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </details>
        ))}
      </div>
      <div role="status">
        {signed !== undefined && (
          <div className="note">
            <p>
              <strong>{words.receipt}</strong>
            </p>
            <p>{words.receiptText(time(signed.at))}</p>
            <p>
              {words.reference}: <span className="reference">{signed.reference}</span>
            </p>
            <button type="button" className="quiet no-print" onClick={() => print()}>
              {words.print}
            </button>
          </div>
        )}
      </div>
      <form
        className="no-print"
        onSubmit={(event) => {
          event.preventDefault();
          void sign();
        }}
      >
        <fieldset aria-describedby={state === 'unchosen' ? `${id}-error` : undefined}>
          <legend>{words.question}</legend>
          {(['yes', 'no'] as const).map((answer) => (
            <label key={answer} className="choice">
              <input
                id={`${id}-${answer}`}
                type="radio"
                name={`${id}-decision`}
                checked={decision !== undefined && (decision === 'give') === (answer === 'yes')}
                onChange={() => {
                  setDecision(decisionOf(answer, asked.state));
                  setSigned(undefined);
                  setState('open');
                }}
              />
              <span>{words[answer]}</span>
            </label>
          ))}
        </fieldset>
        <p>{words.free}</p>
        <div role="alert" id={`${id}-error`}>
          {state === 'unchosen' && <p className="error">{words.chooseFirst}</p>}
          {state === 'failed' && <p className="error">{words.failed}</p>}
        </div>
        <button type="submit" aria-disabled={state === 'signing'}>
          {state === 'signing' ? words.signing : words.sign}
        </button>
      </form>
    </section>
  );
}

/** What was answered so far, and when. */
function standing({ state, at }: AskedConsent, words: MoreWords['consent'], time: (at: string) => string): string {
  if (state === 'none') return words.none;
  return words[state](at === undefined ? '' : time(at)).replace(' .', '.');
}
