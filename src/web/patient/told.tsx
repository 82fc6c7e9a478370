import type { ReactNode } from 'react';
import { Heading } from './heading.tsx';
import { Offline } from './network/fhir.ts';
import { addressOf, type Route } from './route.ts';
import type { Words } from './words.ts';

/** A view that says something and leaves nothing to do but what its children offer. */
export function Told({ title, texts, children }: { title: string; texts: readonly string[]; children?: ReactNode }) {
  return (
    <>
      <Heading title={title}>{title}</Heading>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {children}
    </>
  );
}

/** What could not be fetched, and another try. */
export function Failure({ words, problem, onRetry }: { words: Words; problem: unknown; onRetry: () => void }) {
  const text = problem instanceof Offline && !navigator.onLine ? words.offline : words.failed;
  return (
    <Told title={words.failedTitle} texts={[text]}>
      <button type="button" onClick={onRetry}>
        {words.retry}
      </button>
    </Told>
  );
}

/**
 * The session has ended: nothing is lost, and where to go on. Who came by a link goes on by it; who signed in leads back
 * to this very place.
 */
export function SignIn({ words, route }: { words: Words; route: Route }) {
  const isOrder = route.at === 'order';
  return (
    <Told title={words.endedTitle} texts={[words.kept, words.endedSignIn]}>
      <p>
        <a className="button" href={signInAddress(route)}>
          {words.signIn}
        </a>
      </p>
      {isOrder && <p>{words.endedLink}</p>}
    </Told>
  );
}

/** Leads to the sign-in, and back. */
export function signInAddress(route: Route): string {
  return `/sign-in?back=${encodeURIComponent(addressOf(route))}`;
}
