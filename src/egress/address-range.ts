import ipaddr from 'ipaddr.js';

/**
 * Where an address lies: `public` on the internet, `loopback` on this machine, `internal` in private networks (RFC 1918,
 * RFC 4193, RFC 6598), `forbidden` where no peer of this server can be: link-local (169.254.169.254 hands out a cloud
 * machine's credentials), unspecified, multicast, reserved, and IPv6 addresses that carry an IPv4 address within them
 * (mapped, NAT64, 6to4, Teredo), which would reach past a check of the outer address.
 */
export type AddressRange = 'public' | 'loopback' | 'internal' | 'forbidden';

const INTERNAL = ['private', 'carrierGradeNat', 'uniqueLocal'];

/** IPv6 addresses on the internet: those that are allocated (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** @param address as a resolver gives it: IPv4 in four decimal parts, or IPv6 without brackets */
export function addressRange(address: string): AddressRange {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return 'forbidden';
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (INTERNAL.includes(range)) return 'internal';
  if (range !== 'unicast') return 'forbidden';
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST) ? 'public' : 'forbidden';
}
