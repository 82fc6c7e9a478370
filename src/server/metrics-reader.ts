import type { IncomingMessage } from 'node:http';
import { addressRange } from '../egress/address-range.ts';
import type { Caller } from '../model/caller.ts';
import { FhirError } from '../model/issue.ts';

/**
 * Who may read /metrics: programs on this machine, whoever has the operator's role, and who may read everything. Metrics
 * hold no patient data, but tell how much is done when. A request that a proxy passed on is not from this machine: not all
 * of them say that they did, so what comes from a trusted one never is.
 *
 * @param ofProxy whether a trusted proxy sent it
 */
export async function mayReadMetrics(
  request: IncomingMessage,
  callerOf: (request: IncomingMessage) => Promise<Caller>,
  ofProxy: boolean,
): Promise<boolean> {
  const { headers, socket } = request;
  const passedOn = ofProxy || headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  if (!passedOn && addressRange((socket.remoteAddress ?? '').replace(/^::ffff:/, '')) === 'loopback') return true;
  try {
    const { access, agent } = await callerOf(request);
    return access === 'all' || agent?.role === 'operator';
  } catch (problem) {
    if (problem instanceof FhirError) return false;
    throw problem;
  }
}
