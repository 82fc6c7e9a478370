import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { GuardedFetch } from '../../egress/guarded-fetch.ts';
import type { Clock } from '../../model/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { PageLanguage } from '../pages/language.ts';
import { unmetRequirement } from './claims.ts';
import { type FindPersonParts, type FoundPerson, findPerson } from './find-person.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { PendingSignIns } from './pending-sign-ins.ts';
import { readProviderKey } from './provider-key.ts';
import { RelyingParty } from './relying-party.ts';
import { UpstreamRefused } from './upstream-refused.ts';
import { UpstreamSessions } from './upstream-sessions.ts';

export interface UpstreamParts extends FindPersonParts {
  readonly providers: readonly IdentityProvider[];
  readonly db: pg.Pool;
  readonly secrets: Secrets;
  /** Real time: sign-ins do not follow a test clock. */
  readonly clock: Clock;
  /** May ask the origins of the providers. */
  readonly guarded: GuardedFetch;
  /** At which browsers reach the server, without a slash at its end. */
  readonly baseUrl: string;
}

/** Who came back from a provider. */
export interface UpstreamPerson extends FoundPerson {
  readonly provider: string;
  readonly idToken: string;
  readonly returnTo: string;
  readonly anew: boolean;
}

/** A button of the sign-in page. */
export interface UpstreamChoice {
  readonly provider: string;
  readonly purpose: IdentityProvider['purpose'];
  readonly label: string;
  /** A path of this server, to which `?back=<path of this server>` may be added. */
  readonly path: string;
}

/** Where sign-ins at providers begin and end: `/<provider>` and `/<provider>/back` below it. */
export const UPSTREAM_PATH = '/sign-in/upstream';

const BROWSER_SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Signing in at identity providers; see docs/decisions/0054-federation-and-links.md. */
export class Upstream {
  readonly #parts: UpstreamParts;
  readonly #parties: ReadonlyMap<string, RelyingParty>;
  readonly #pending: PendingSignIns;
  readonly #sessions: UpstreamSessions;

  private constructor(parts: UpstreamParts, parties: ReadonlyMap<string, RelyingParty>) {
    this.#parts = parts;
    this.#parties = parties;
    this.#pending = new PendingSignIns(parts.db, parts.secrets, parts.clock);
    this.#sessions = new UpstreamSessions(parts.db, parts.secrets, parts.clock);
  }

  /** Reads the keys of the providers. @throws Error for the operator where one cannot be used */
  static async open(parts: UpstreamParts): Promise<Upstream> {
    const parties = new Map<string, RelyingParty>();
    for (const provider of parts.providers) {
      const key = await readProviderKey(provider.keyFile, parts.secrets);
      const redirectUri = `${parts.baseUrl}${UPSTREAM_PATH}/${provider.id}/back`;
      parties.set(provider.id, new RelyingParty(provider, key, redirectUri, parts.guarded));
    }
    return new Upstream(parts, parties);
  }

  /** The buttons of the sign-in page, in the order of the configuration. */
  choices(language: PageLanguage): readonly UpstreamChoice[] {
    return this.#parts.providers.map(({ id, purpose, label }) => {
      const words = label[language] ?? (language === 'nn' ? label.nb : undefined) ?? label.en ?? label.nb ?? id;
      return { provider: id, purpose, label: words, path: `${UPSTREAM_PATH}/${id}` };
    });
  }

  has(provider: string): boolean {
    return this.#parties.has(provider);
  }

  /**
   * Begins a sign-in.
   * @param browser the secret of this browser, of its cookie; a new one is made where there is none
   * @param way where the person goes on, and whether they are to sign in anew although they are signed in there
   * @returns where the browser goes, and its secret for the cookie
   * @throws UpstreamRefused
   */
  async begin(
    provider: string,
    browser: string | undefined,
    way: { readonly returnTo: string; readonly anew: boolean },
    language: PageLanguage,
  ): Promise<{ readonly address: URL; readonly browser: string }> {
    const secret =
      browser !== undefined && BROWSER_SECRET.test(browser) ? browser : randomBytes(32).toString('base64url');
    const { address, state, pending } = await this.#party(provider).begin(localesOf(language), way.anew);
    await this.#pending.keep(state, secret, { ...pending, ...way });
    return { address, browser: secret };
  }

  /**
   * Who has come back, once: the sign-in is gone afterwards, whatever came of it.
   * @param query of the address at which the browser came back
   * @throws UpstreamRefused
   */
  async finish(provider: string, browser: string | undefined, query: string): Promise<UpstreamPerson> {
    const states = new URLSearchParams(query).getAll('state');
    const [state = ''] = states;
    if (states.length !== 1 || browser === undefined) throw new UpstreamRefused('lost', 'no state, or no cookie');
    const { returnTo, anew, ...pending } = await this.#pending.take(state, browser);
    if (pending.provider !== provider) throw new UpstreamRefused('not-trusted', 'came back from another provider');
    const party = this.#party(provider);
    const { claims, idToken } = await party.finish(query, state, pending);
    const unmet = unmetRequirement(claims, party.provider);
    if (unmet !== undefined) throw new UpstreamRefused('too-weak', `${provider}: ${unmet} is not as required`);
    return { ...(await findPerson(claims, party.provider, this.#parts)), provider, idToken, returnTo, anew };
  }

  /** Keeps what signing out at the provider will need. @param session by what the session knows it */
  async signedIn(session: string, { provider, idToken }: UpstreamPerson): Promise<void> {
    await this.#sessions.keep(session, provider, idToken);
  }

  /**
   * Where somebody signs out at the provider too, after their session here has ended; undefined where they did not come
   * from one, or it offers no such thing, or is away: here they are signed out anyhow.
   */
  async signOutAddress(session: string, backTo: string): Promise<URL | undefined> {
    const kept = await this.#sessions.take(session);
    return (
      kept &&
      this.#parties
        .get(kept.provider)
        ?.signOutAddress(kept.idToken, backTo)
        .catch(() => undefined)
    );
  }

  #party(provider: string): RelyingParty {
    const party = this.#parties.get(provider);
    if (party === undefined) throw new UpstreamRefused('unavailable', 'there is no such provider');
    return party;
  }
}

/** As OpenID Connect's ui_locales: some know Norwegian by one tag, some by another. */
function localesOf(language: PageLanguage): string {
  return { nb: 'nb no', nn: 'nn nb no', sv: 'sv', en: 'en' }[language];
}
