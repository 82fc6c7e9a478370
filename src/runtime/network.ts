import ipaddr from 'ipaddr.js';

/** A network such as 10.0.0.0/8, or a single address. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A wider network would be everybody: 0.0.0.0/0 believes whatever anybody says of where they come from. */
const BITS_MIN = 8;

/**
 * Reads an address or a network in CIDR notation.
 * @throws Error whose message completes "<name> …"
 */
export function readNetwork(text: string): Network {
  if (ipaddr.isValidCIDR(text)) {
    const network = ipaddr.parseCIDR(text);
    if (network[1] < BITS_MIN) throw new Error(`must not be networks as wide as ${text}`);
    return network;
  }
  if (ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text)) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  throw new Error('must be addresses or networks such as 10.0.0.0/8, separated by commas');
}
