import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import type { Network } from '../runtime/network.ts';

/** Hops that a header may name; what lists more was not written by a chain of proxies. */
const HOPS_MAX = 20;

/**
 * The address a request comes from, for rate limits and audit. A proxy in front is believed only if it is one of the
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

/** Whether the request reached this server, or its trusted proxy, by TLS. */
export function isSecure(request: IncomingMessage, trusted: readonly Network[]): boolean {
  if ('encrypted' in request.socket) {
    return true;
  }
  return (
    isTrusted(normal(request.socket.remoteAddress ?? ''), trusted) && request.headers['x-forwarded-proto'] === 'https'
  );
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
