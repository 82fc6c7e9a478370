import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { FormLanguage } from '../form/contract.ts';
import type { PatientSession } from './contract.ts';
import { leaveDevice, sendWaiting } from './drafts/drafts.ts';
import { Frame } from './frame.tsx';
import { chosenLanguage, keepLanguage } from './language-choice.ts';
import { useRoute } from './navigation.ts';
import { SignedOut } from './network/fhir.ts';
import { readSession, refreshSession } from './network/session.ts';
import type { Prepared } from './prepared.ts';
import type { Route } from './route.ts';
import { leave, useSessionEnd } from './session-end.ts';
import { Failure, SignIn, signInAddress, Told } from './told.tsx';
import { View } from './view.tsx';
import type { Visit } from './visit.ts';
import { knownLanguage, loadWords, type Words } from './words.ts';

type Screen =
  | { readonly at: 'loading' }
  | { readonly at: 'here'; readonly session: PatientSession }
  /** Nobody has signed in any more; or the person has left. */
  | { readonly at: 'ended' | 'left' }
  | { readonly at: 'failed'; readonly problem: unknown };

interface Spoken {
  readonly language: FormLanguage;
  readonly words: Words;
}

interface AppProps {
  /** Where it begins. */
  readonly route: Route;
  readonly prepared?: Prepared | undefined;
}

/** The patient's app: who is here, in which language, and which view. */
export function App({ route: first, prepared }: AppProps) {
  const route = useRoute(first);
  const [screen, setScreen] = useState<Screen>(
    prepared === undefined ? { at: 'loading' } : { at: 'here', session: prepared.session },
  );
  const [spoken, setSpoken] = useState<Spoken | undefined>(prepared);
  const speak = useCallback(async (language: FormLanguage) => {
    const words = await loadWords(language);
    document.documentElement.lang = language;
    setSpoken({ language, words });
  }, []);

  const enter = useCallback(
    async (session: PatientSession | undefined): Promise<PatientSession> => {
      await speak(session === undefined ? ofBrowser() : chosenLanguage(session));
      if (session === undefined) {
        // an order may have been opened by a link, which leads back to it
        if (first.at === 'order') setScreen({ at: 'ended' });
        else location.replace(signInAddress(first));
        throw new SignedOut();
      }
      setScreen({ at: 'here', session });
      return session;
    },
    [speak, first],
  );
  const begin = useCallback(() => {
    setScreen({ at: 'loading' });
    const failed = async (problem: unknown) => {
      if (problem instanceof SignedOut) return;
      await speak(ofBrowser());
      setScreen({ at: 'failed', problem });
    };
    readSession().then(enter).catch(failed);
  }, [enter, speak]);
  useEffect(() => {
    if (prepared === undefined) begin();
  }, [begin, prepared]);
  const person = screen.at === 'here' ? screen.session : undefined;
  useSendingOfWaiting(person);
  useSessionEnd(person?.person, () => setScreen({ at: 'ended' }));

  /** What the server has told, in the language that was chosen. */
  const retold = () =>
    refreshSession().then(
      (session) => session && setScreen((now) => (now.at === 'here' ? shownTo(now.session.person, session) : now)),
      () => undefined,
    );

  if (spoken === undefined) return null;
  const { words, language } = spoken;
  const here = screen.at === 'here' ? screen.session : undefined;
  const frame = (children: ReactNode) => (
    <Frame
      words={words}
      language={language}
      route={route}
      pages={here?.by === 'sign-in'}
      onLanguage={(chosen) => {
        void speak(chosen);
        void keepLanguage(chosen).then(retold);
      }}
      onEnd={
        here &&
        (() => {
          setScreen({ at: 'left' });
          void leaveDevice(here).finally(leave);
        })
      }
    >
      {children}
    </Frame>
  );
  if (screen.at === 'loading') return frame(<p role="status">{words.loading}</p>);
  if (screen.at === 'failed') return frame(<Failure words={words} problem={screen.problem} onRetry={begin} />);
  if (screen.at === 'left' || route.at === 'left') {
    return frame(<Told key="left" title={words.leftTitle} texts={[words.left]} />);
  }
  if (here === undefined) return frame(<SignIn words={words} route={route} />);
  const visit: Visit = {
    session: here,
    words,
    language,
    prepared,
    refresh: async () => {
      const session = await refreshSession();
      setScreen(shownTo(here.person, session));
      if (session?.person !== here.person) throw new SignedOut();
      return session;
    },
    ended: () => setScreen({ at: 'ended' }),
  };
  return frame(<View visit={visit} route={route} />);
}

/** What this person sent without a net, and left, goes now. */
function useSendingOfWaiting(session: PatientSession | undefined): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a person, not once an answer of the server
  useEffect(() => {
    if (session !== undefined) sendWaiting(session).catch(() => undefined);
  }, [session?.person]);
}

/** Another tab may have signed in somebody else: a page that one person has filled in is not shown to the next. */
function shownTo(person: string, session: PatientSession | undefined): Screen {
  return session?.person === person ? { at: 'here', session } : { at: 'ended' };
}

/** For who is nobody here: what the browser prefers. */
function ofBrowser(): FormLanguage {
  return knownLanguage(navigator.language) ?? 'nb';
}
