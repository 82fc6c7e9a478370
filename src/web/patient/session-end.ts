import { useEffect } from 'react';
import { refreshSession } from './network/session.ts';

/**
 * Tells when the session has ended while the page lay in the background, or has become another person's in another tab:
 * whoever takes the telephone up again should not find the last one's answers on it.
 *
 * @param person whose the page is; undefined: nobody's
 */
export function useSessionEnd(person: string | undefined, onEnded: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is done at the end is the same at every rendering
  useEffect(() => {
    if (person === undefined) return;
    const look = () => {
      // without a net nobody knows, and answers are kept on the device
      if (document.visibilityState !== 'visible') return;
      refreshSession().then(
        (session) => session?.person !== person && onEnded(),
        () => undefined,
      );
    };
    // a page that the browser has kept whole may hold another person's answers
    const restored = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      document.body.hidden = true;
      location.reload();
    };
    document.addEventListener('visibilitychange', look);
    addEventListener('pageshow', restored);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('pageshow', restored);
    };
  }, [person]);
}

/**
 * Ends the session by the page about the sign-in, which leads on to an identity provider's own sign-out. Without a net that
 * is done when the net is back, or the session ends by itself; what was on screen is gone before.
 */
export function leave(): void {
  if (!navigator.onLine) {
    addEventListener('online', leave, { once: true });
    return;
  }
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/account';
  const action = document.createElement('input');
  action.type = 'hidden';
  action.name = 'action';
  action.value = 'sign-out';
  form.append(action);
  document.body.append(form);
  form.submit();
}
