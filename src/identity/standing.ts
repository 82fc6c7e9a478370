import type { Clock } from '../model/clock.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { Identity } from './identity.ts';
import { OWN_CLIENT } from './oauth/built-in-clients.ts';
import { standingGrants } from './oauth/grants.ts';

/** Those of these sign-ins that are not over: what a request of theirs would be judged by at this moment. */
export type Standing = <I extends Pick<Identity, 'client' | 'session'>>(asked: readonly I[]) => Promise<ReadonlySet<I>>;

export interface StandingParts {
  readonly db: Queryable;
  readonly sessions: Pick<Sessions, 'attended'>;
  readonly clock: Clock;
}

/**
 * For what somebody keeps open without asking again. By the cookie of Svar's own pages a session holds as it does for requests, so
 * that half an hour without one ends it; who has tokens, an app or MedplumClient without a client of its own, holds what was
 * granted, until that is taken away.
 */
export function standing({ db, sessions, clock }: StandingParts): Standing {
  return async (asked) => {
    const own = asked.filter(({ client }) => client === OWN_CLIENT);
    const attended = await sessions.attended(own.map(({ session }) => session));
    const granted = await standingGrants(db, asked, clock.now().getTime());
    return new Set([...own.filter(({ session }) => attended.has(session)), ...granted]);
  };
}
