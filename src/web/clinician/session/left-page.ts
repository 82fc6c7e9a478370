import type { MedplumClient } from '@medplum/core';
import { useEffect } from 'react';

/** What is used of a window: a test has one of its own. */
interface Place {
  readonly document: Pick<Document, 'body' | 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly location: Pick<Location, 'reload'>;
  addEventListener(type: 'pageshow', listener: (event: PageTransitionEvent) => void): void;
  removeEventListener(type: 'pageshow', listener: (event: PageTransitionEvent) => void): void;
}

/**
 * Begins a page anew that shows what another sign-in was shown: where the browser has kept it whole and the back button
 * brings it up again, at a workstation where somebody signed out; and where somebody else, or another role, has signed in
 * in another tab, so that nothing is stored in their name that they have not written.
 *
 * @param standing who the page was made for, and in which role: standingOf()
 * @returns ends it
 */
export function watchPage(place: Place, standing: string, ask: () => Promise<string>): () => void {
  const { document, location } = place;
  const begin = (): void => {
    // at once: what is under it is not theirs
    document.body.hidden = true;
    location.reload();
  };
  const restored = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) begin();
  };
  const look = (): void => {
    if (document.visibilityState !== 'visible') return;
    // without a net nobody knows; a session that has ended leads to the sign-in by itself
    ask().then(
      (now) => now !== standing && begin(),
      () => undefined,
    );
  };
  place.addEventListener('pageshow', restored);
  document.addEventListener('visibilitychange', look);
  return () => {
    place.removeEventListener('pageshow', restored);
    document.removeEventListener('visibilitychange', look);
  };
}

/** watchPage() for as long as somebody is there. */
export function useWatchedPage(medplum: MedplumClient, standing: string | undefined): void {
  useEffect(
    () => (standing === undefined ? undefined : watchPage(window, standing, () => askStanding(medplum))),
    [medplum, standing],
  );
}

async function askStanding(medplum: MedplumClient): Promise<string> {
  const told: unknown = await medplum.get('auth/me', { cache: 'reload' });
  const { profile, membership } = (told ?? {}) as Partial<Record<'profile' | 'membership', { readonly id?: unknown }>>;
  return standingOf(profile?.id, membership?.id);
}

/** A person in a role, as `/auth/me` tells both. @param profile id @param membership id: at Svar the role's */
export function standingOf(profile: unknown, membership: unknown): string {
  return `${String(profile)} ${String(membership)}`;
}
