import type { Parameters } from '@medplum/fhirtypes';
import { useId, useState } from 'react';
import type { WaitingOrder } from '../contract.ts';
import { dayText } from '../dates.ts';
import { Heading } from '../heading.tsx';
import { go } from '../navigation.ts';
import { fhir, SignedOut } from '../network/fhir.ts';
import type { Visit } from '../visit.ts';
import { type Choice, choicesOf } from './not-now-choices.ts';
import { Onward } from './onward.tsx';
import { useMoreWords } from './use-words.ts';

interface NotNowProps {
  readonly visit: Visit;
  readonly order: WaitingOrder;
  /** What was answered is forgotten on this device: nobody asks for it any more. */
  readonly onDeclined: () => Promise<void>;
}

const TEXT_CHARACTERS_MAX = 500;

/** Remind me later, can't answer, do not want to: one choice and one confirmation. */
export default function NotNow({ visit, order, onDeclined }: NotNowProps) {
  const spoken = useMoreWords(visit.language);
  const [chosen, setChosen] = useState<Choice>();
  const [reason, setReason] = useState('');
  const [state, setState] = useState<'open' | 'unchosen' | 'saving' | 'failed' | 'done'>('open');
  const id = useId();
  if (spoken === undefined) return <p role="status">{visit.words.loading}</p>;
  const { language } = spoken;
  const { notNow } = spoken.words;
  const { timeZone, now } = visit.session;
  const day = (at: string) => dayText(at, { language, timeZone, now });
  const back = () => go({ at: 'order', order: order.id, view: 'fill' });

  const confirm = async () => {
    if (chosen === undefined) {
      setState('unchosen');
      document.getElementById(`${id}-0`)?.focus();
      return;
    }
    if (state === 'saving') return;
    setState('saving');
    try {
      const operation = chosen.kind === 'later' ? '$remind-later' : '$decline';
      await fhir.operation(`Task/${order.id}/${operation}`, parametersOf(chosen, reason.trim()));
      if (chosen.kind !== 'later') await onDeclined();
      setState('done');
    } catch (problem) {
      if (problem instanceof SignedOut) return visit.ended();
      setState('failed');
    }
  };

  if (state === 'done' && chosen !== undefined) {
    const text = chosen.kind === 'later' ? notNow.remembered(day(chosen.at)) : notNow.recorded;
    return (
      <div key="done" lang={language}>
        <Heading title={notNow.doneTitle}>{notNow.doneTitle}</Heading>
        <p>{text}</p>
        <p>{notNow.kept}</p>
        <Onward visit={visit} done={order.id} words={spoken.words} />
      </div>
    );
  }
  return (
    <div lang={language}>
      <Heading title={notNow.title}>{notNow.title}</Heading>
      <p>{notNow.text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <fieldset aria-describedby={state === 'unchosen' ? `${id}-error` : undefined}>
          <legend>{notNow.choose}</legend>
          {choicesOf({ now, until: order.until, timeZone }).map((choice, index) => (
            <label key={choice.name} className="choice">
              <input
                id={`${id}-${index}`}
                type="radio"
                name="choice"
                checked={chosen?.name === choice.name}
                onChange={() => {
                  setChosen(choice);
                  setState('open');
                }}
              />
              <span>
                {notNow[choice.name]}
                {choice.kind === 'later' && <small>{day(choice.at)}</small>}
                {choice.name === 'unable' && <small>{notNow.unableText}</small>}
                {choice.name === 'declined' && <small>{notNow.declinedText}</small>}
              </span>
            </label>
          ))}
        </fieldset>
        {chosen !== undefined && chosen.kind !== 'later' && (
          <>
            <label htmlFor={`${id}-reason`}>{notNow.reason}</label>
            <textarea
              id={`${id}-reason`}
              rows={3}
              maxLength={TEXT_CHARACTERS_MAX}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </>
        )}
        <div role="alert" id={`${id}-error`}>
          {state === 'unchosen' && <p className="error">{notNow.chooseFirst}</p>}
          {state === 'failed' && <p className="error">{notNow.failed}</p>}
        </div>
        <div className="buttons">
          <button type="submit" aria-disabled={state === 'saving'}>
            {notNow.confirm}
          </button>
          <button type="button" className="quiet" onClick={back}>
            {notNow.back}
          </button>
        </div>
      </form>
    </div>
  );
}

function parametersOf(choice: Choice, reason: string): Parameters {
  const text = reason === '' ? [] : [{ name: 'text', valueString: reason }];
  return {
    resourceType: 'Parameters',
    parameter:
      choice.kind === 'later'
        ? [{ name: 'at', valueInstant: choice.at }]
        : [{ name: 'reason', valueCode: choice.name }, ...text],
  };
}
