import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import type { Network } from '../runtime/network.ts';

/** Hops that a header may name; what lists more was not written by a chain of proxies. */
const HOPS_MAX = 20;

/**
 * The address a request comes from. A proxy in front is believed only if it is one of the
 * trusted networks: then the last address of X-Forwarded-For that is not itself a trusted proxy is the client's. What
 * stands further left anybody may have written.
 */
export function clientAddress(request: IncomingMessage, trusted: readonly Network[]): string {
  const peer = normal(request.socket.remoteAddress ?? '');
  if (!isTrusted(peer, trusted)) {
    return peer;
  }
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').slice(-HOPS_MAX);
  let client = peer;
  for (const hop of hops.reverse()) {
    const address = normal(hop.trim());
    if (address === '') {
      return client;
    }
    client = address;
    if (!isTrusted(address, trusted)) {
      return client;
    }
  }
  return client;
}

/** Whoever has one address of IPv6 has these many bits more to choose from: a household, or a rented machine (RFC 6177). */
const IPV6_SHARE_BITS = 64;

/** By what limits count a request: the client's address; of IPv6 its network, for one client has 2^64 addresses. */
export function clientShare(request: IncomingMessage, trusted: readonly Network[]): string {
  const address = clientAddress(request, trusted);
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/${IPV6_SHARE_BITS}`).toNormalizedString();
}

/** Whether the request reached this server, or its trusted proxy, by TLS. */
export function isSecure(request: IncomingMessage, trusted: readonly Network[]): boolean {
  if ('encrypted' in request.socket) {
    return true;
  }
  return (
    isTrusted(normal(request.socket.remoteAddress ?? ''), trusted) && request.headers['x-forwarded-proto'] === 'https'
  );
}

/** Whether a trusted proxy sent the request, for whomever. */
export function isOfProxy({ socket }: IncomingMessage, trusted: readonly Network[]): boolean {
  return isTrusted(normal(socket.remoteAddress ?? ''), trusted);
}

/** One spelling for each address, without the prefix of IPv4 within IPv6; empty where it is none. */
function normal(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toNormalizedString() : '';
}

function isTrusted(address: string, trusted: readonly Network[]): boolean {
  if (address === '') {
    return false;
  }
  const parsed = ipaddr.parse(address);
  return trusted.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match([network, bits] as never));
}
