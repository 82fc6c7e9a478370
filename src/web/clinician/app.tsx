import { Skeleton, Stack } from '@mantine/core';
import { isUnauthenticated, normalizeOperationOutcome } from '@medplum/core';
import { SignInForm, useMedplum } from '@medplum/react';
import { type ReactElement, Suspense, useEffect } from 'react';
import { Route, Routes } from 'react-router';
import type { Server } from './client.ts';
import { AccountLink, SignOutButton } from './frame/account.tsx';
import { Frame } from './frame/frame.tsx';
import { NotAtServer, NotForPatients, NotForRole, NotFound } from './frame/no-page.tsx';
import { PAGES, type PageRoute } from './pages.tsx';
import { ErrorBoundary } from './problem/error-boundary.tsx';
import { Trouble } from './problem/trouble.tsx';
import { standingOf, useWatchedPage } from './session/left-page.ts';
import type { SessionEnd } from './session/session-end.ts';
import { readWho } from './session/who.ts';
import { useWho, WhoContext } from './session/who-context.ts';
import { useLoaded } from './use-loaded.ts';
import { useWords } from './words/words-context.ts';

interface AppProps {
  readonly signIn: Server['signIn'];
  readonly end: SessionEnd;
}

/** Asks who it is first; everything else is inside. */
export function App({ signIn, end }: AppProps): ReactElement {
  const words = useWords();
  const medplum = useMedplum();
  const { value, problem, reload } = useLoaded(
    async () => ({ who: await readWho(medplum, signIn) }),
    [medplum, signIn],
  );
  useEffect(() => end.listen(reload), [end, reload]);
  const isBySession = signIn === 'session' && value?.who !== undefined;
  useWatchedPage(
    medplum,
    isBySession ? standingOf(medplum.getProfile()?.id, medplum.getProjectMembership()?.id) : undefined,
  );
  if (value === undefined || (value.who === undefined && signIn === 'session')) {
    // a session that has ended is on its way to the sign-in
    const failed =
      problem !== undefined && !(signIn === 'session' && isUnauthenticated(normalizeOperationOutcome(problem)));
    return failed ? <Trouble problem={problem} onRetry={reload} /> : <p role="status">{words.frame.loading}</p>;
  }
  const { who } = value;
  if (who === undefined) return <SignIn onSignedIn={reload} />;
  if (who.reference.startsWith('Patient/')) return <NotForPatients />;
  return (
    <WhoContext value={who}>
      <Frame account={signIn === 'session' ? <AccountLink /> : <SignOutButton onSignedOut={reload} />}>
        <Routes>
          {PAGES.map((route) => (
            <Route key={route.path} path={route.path} element={<Shown {...route} />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Frame>
    </WhoContext>
  );
}

/** The stock form of @medplum/react, for servers whose sign-in is no page of their own. */
function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactElement {
  const words = useWords();
  return (
    <main className="sign-in">
      <SignInForm onSuccess={onSignedIn}>
        <h1>{words.frame.signIn}</h1>
      </SignInForm>
    </main>
  );
}

/** React never asks again for code that did not come once: for want of a net, or as a new build has taken its place. */
function anew(): void {
  location.reload();
}

function Shown({ page: Content, isFor, needs, path }: PageRoute): ReactElement {
  const who = useWho();
  if (isFor !== undefined && !isFor(who)) return <NotForRole />;
  if (needs !== undefined && !who.serves(needs)) return <NotAtServer />;
  return (
    <ErrorBoundary key={path} instead={(problem) => <Trouble problem={problem} onRetry={anew} />}>
      <Suspense fallback={<Waiting />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}

function Waiting(): ReactElement {
  const words = useWords();
  return (
    <Stack gap="sm" role="status" aria-label={words.frame.loading}>
      <Skeleton height={28} width={220} />
      <Skeleton height={320} />
    </Stack>
  );
}
