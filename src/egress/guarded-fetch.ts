import { promises as dns, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent, request } from 'undici';
import { type AddressRange, addressRange } from './address-range.ts';
import { EgressFault } from './egress-fault.ts';
import { allowedAddress, type EgressPolicy } from './policy.ts';

export interface EgressRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Media types that the answer may have, without parameters; an answer of another type is refused. */
  readonly accept: readonly string[];
  /** 1 MiB where not given. */
  readonly bytesMax?: number;
  /** For the whole of it, from name to last byte; 10 s where not given. */
  readonly timeoutMs?: number;
}

export interface EgressAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The one way by which a request leaves the server. Asks only origins of the policy; connects to the very address that
 * was resolved and checked; follows no redirect.
 * @throws EgressFault
 */
export interface GuardedFetch {
  (address: string | URL, request: EgressRequest): Promise<EgressAnswer>;
  /** Ends the connections that are kept open. */
  close(): Promise<void>;
}

/** The addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const BYTES_MAX = 1024 * 1024;
const TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 8;
const HEADER_BYTES_MAX = 16 * 1024;

const systemResolver: Resolve = (hostname) => dns.lookup(hostname, { all: true, verbatim: true });

/** See docs/decisions/0055-egress.md. @param resolve the machine's resolver where not given */
export function guardedFetch(policy: EgressPolicy, resolve: Resolve = systemResolver): GuardedFetch {
  const agents = new Map<string, Agent>();
  const agentOf = (origin: string, ranges: readonly AddressRange[]): Agent => {
    let agent = agents.get(origin);
    if (agent === undefined) {
      agent = new Agent({
        connections: CONNECTIONS_MAX,
        maxHeaderSize: HEADER_BYTES_MAX,
        connect: { lookup: checkedLookup(origin, ranges, resolve) },
      });
      agents.set(origin, agent);
    }
    return agent;
  };
  const fetch = async (address: string | URL, asked: EgressRequest): Promise<EgressAnswer> => {
    const { url, ranges } = allowedAddress(policy, address);
    try {
      return await send(url, asked, agentOf(url.origin, ranges));
    } catch (problem) {
      throw faultOf(problem, url.origin);
    }
  };
  return Object.assign(fetch, {
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      agents.clear();
    },
  });
}

async function send(url: URL, asked: EgressRequest, dispatcher: Agent): Promise<EgressAnswer> {
  const { method = 'GET', headers = {}, body, accept, bytesMax = BYTES_MAX, timeoutMs = TIMEOUT_MS } = asked;
  const answer = await request(url, {
    dispatcher,
    method,
    // an encoded body could be a bomb; what is asked for here is small
    headers: { ...headers, accept: accept.join(', '), 'accept-encoding': 'identity' },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const told = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  try {
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      throw new EgressFault('redirect', `${url.origin} answered with a redirect, which is not followed`);
    }
    const bytes = await readWithin(answer.body, bytesMax, url.origin);
    const mediaType = (told['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const encoded = (told['content-encoding'] ?? 'identity') !== 'identity';
    // what a failure looks like is nobody's contract: its status tells enough, and its body is read as text at most
    if (encoded || (bytes.length > 0 && answer.statusCode < 300 && !accept.includes(mediaType))) {
      throw new EgressFault('content-type', `${url.origin} answered in another media type than was asked for`);
    }
    return { status: answer.statusCode, headers: told, body: bytes };
  } catch (problem) {
    answer.body.on('error', () => undefined); // ours: the connection is given up
    answer.body.destroy();
    throw problem;
  }
}

async function readWithin(body: AsyncIterable<Buffer>, bytesMax: number, origin: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new EgressFault('too-large', `${origin} answered with more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type LookupDone = (problem: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * What a socket asks for the address of its host: one resolution, checked, and the socket connects to nothing else. A name
 * of which one address is where it may not be is refused as a whole: whoever answers for it may answer anything next.
 */
function checkedLookup(origin: string, ranges: readonly AddressRange[], resolve: Resolve) {
  return (hostname: string, options: LookupOptions, done: LookupDone): void => {
    void resolve(hostname)
      .then((addresses) => {
        const [first] = addresses;
        if (first === undefined) throw new EgressFault('unreachable', `${origin} has no address`);
        if (!addresses.every(({ address }) => ranges.includes(addressRange(address)))) {
          throw new EgressFault(
            'address-forbidden',
            `${origin} resolves to a network that SVAR_EGRESS does not allow it`,
          );
        }
        if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      })
      .catch((problem: unknown) => done(faultOf(problem, origin), []));
  };
}

function faultOf(problem: unknown, origin: string): EgressFault {
  if (problem instanceof EgressFault) return problem;
  const name = problem instanceof Error ? problem.name : '';
  const late = name === 'TimeoutError' || name === 'AbortError' || /Timeout/.test(name);
  return late
    ? new EgressFault('timeout', `${origin} did not answer in time`)
    : new EgressFault('unreachable', `${origin} could not be reached`);
}
