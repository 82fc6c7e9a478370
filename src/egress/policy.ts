import { type AddressRange, addressRange } from './address-range.ts';
import { EgressFault } from './egress-fault.ts';

/** Where this server may send requests: origins, each with the ranges in which its address may lie. Empty: nowhere. */
export interface EgressPolicy {
  readonly origins: ReadonlyMap<string, Reach>;
}

/**
 * `public` an origin on the internet; `internal` one in the installation's own network, on this machine or on the
 * internet; `loopback` one on this machine, the only one that may be http.
 */
export type Reach = 'public' | 'internal' | 'loopback';

const RANGES: Readonly<Record<Reach, readonly AddressRange[]>> = {
  public: ['public'],
  internal: ['public', 'internal', 'loopback'],
  loopback: ['loopback'],
};

export const ORIGINS_MAX = 100;

/**
 * Reads the setting: origins such as `https://login.example.org`, separated by commas or blanks; `internal:` before one allows
 * addresses of the installation's own network.
 * @param production whether real patients are asked: then https alone, on this machine too
 * @throws Error whose message completes "SVAR_EGRESS …"
 */
export function readEgressPolicy(setting: string, production = false): EgressPolicy {
  const entries = setting.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length > ORIGINS_MAX) throw new Error(`must hold at most ${ORIGINS_MAX} origins`);
  return { origins: new Map(entries.map((entry) => readEntry(entry, production))) };
}

function readEntry(entry: string, production: boolean): [string, Reach] {
  const internal = entry.startsWith('internal:');
  const text = internal ? entry.slice('internal:'.length) : entry;
  const url = URL.parse(text);
  // an asterisk would be the name of a host, and not what whoever writes it means
  if (url === null || url.origin !== text || text.includes('*')) {
    throw new Error(
      'must hold origins such as https://login.example.org: no path, and no port where it is the usual one',
    );
  }
  if (url.protocol === 'https:') return [url.origin, internal ? 'internal' : 'public'];
  if (url.protocol === 'http:' && !production && isLoopbackName(url.hostname)) return [url.origin, 'loopback'];
  throw new Error('must hold https origins; http only on this machine, and not in production');
}

/** The policy and further origins, such as those of configured identity providers; what it has of them stays. */
export function withOrigins(policy: EgressPolicy, origins: readonly string[]): EgressPolicy {
  // whether a provider may be http was decided where it was configured
  const added = origins.map((origin) => readEntry(origin, false));
  return { origins: new Map([...added, ...policy.origins]) };
}

/** An address that may be asked, and in which ranges its host may lie. */
export interface AllowedAddress {
  readonly url: URL;
  readonly ranges: readonly AddressRange[];
}

/**
 * Whether an address may be asked. Origins are compared as parsed: `https://a.example.evil.org`, `https://a.example@evil`
 * and `https://2130706433` are what the URL standard makes of them, not what they look like.
 * @throws EgressFault
 */
export function allowedAddress(policy: EgressPolicy, address: string | URL): AllowedAddress {
  const url = URL.parse(String(address));
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new EgressFault('address-invalid', 'only https addresses are asked');
  }
  if (url.username !== '' || url.password !== '') {
    throw new EgressFault('address-invalid', 'an address with credentials in it is not asked');
  }
  const reach = policy.origins.get(url.origin);
  if (reach === undefined) {
    throw new EgressFault('not-configured', `${url.origin} is not among the origins that SVAR_EGRESS allows`);
  }
  const ranges = RANGES[reach];
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  // a socket to a literal address asks no resolver, and so would pass the check made there
  if (isLiteral(url.hostname) && !ranges.includes(addressRange(literal))) {
    throw new EgressFault('address-forbidden', `${url.origin} is not in a network that SVAR_EGRESS allows it`);
  }
  return { url, ranges };
}

/** The URL standard has written IPv4 addresses of every spelling in four decimal parts, and IPv6 ones in brackets. */
function isLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
}

function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' || (isLiteral(hostname) && addressRange(hostname.replace(/^\[|\]$/g, '')) === 'loopback')
  );
}
