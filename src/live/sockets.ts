import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Binding } from './binding.ts';

export interface SocketsParts {
  /** Opens what a token binds to; undefined where it binds to nothing. */
  readonly bind: (token: string) => { readonly id: string; readonly binding: Binding } | undefined;
  /** Tells which types were committed. @returns ends it */
  readonly listen: (listener: (types: ReadonlySet<string>) => void) => () => void;
  readonly now: () => Date;
  readonly log: { warn(details: object, message: string): void };
}

/** Where Medplum's clients connect. */
export const SOCKET_PATH = '/ws/subscriptions-r4';

const MESSAGE_BYTES_MAX = 16 * 1024;
const SOCKETS_MAX = 10_000;
const BINDINGS_OF_SOCKET_MAX = 50;
/** Clients ping every five seconds; who has said nothing for this long is gone, and so is who has bound nothing. */
const SILENCE_MS = 60_000;
/** Looks of one binding are this far apart: what changes meanwhile is found by the next. */
const APART_MS = 400;
/** After a look that failed, as while the database restarts. */
const AFTER_FAILURE_MS = 5000;
/** Who says they are there and takes nothing in is cut off, and reads anew. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Subscriptions by websocket, as MedplumClient speaks: the client sends `bind-with-token`, `unbind-from-token` and
 * `ping`; the server a Bundle of type history whose first entry is a SubscriptionStatus (handshake, event-notification)
 * and whose second is the resource. A connection has no rights of its own: what it is told hangs on the tokens it binds.
 *
 * @returns ends all connections
 */
export function serveSockets(server: Server, parts: SocketsParts): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, clientTracking: true });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // until ws has it, nobody else listens: a client that is gone would end the process
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== SOCKET_PATH || sockets.clients.size >= SOCKETS_MAX) {
      socket.end(
        `HTTP/1.1 ${path === SOCKET_PATH ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connected) => serve(connected, parts));
  };
  server.on('upgrade', upgrade);
  return () => {
    server.off('upgrade', upgrade);
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

interface Live {
  readonly id: string;
  readonly binding: Binding;
  looking: boolean;
  again: boolean;
  timer: NodeJS.Timeout | undefined;
}

function serve(socket: WebSocket, parts: SocketsParts): void {
  const bound = new Map<string, Live>();
  let silence = setTimeout(() => socket.terminate(), SILENCE_MS);
  const send = (message: object): void => {
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate();
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  /** Those of what was unbound meanwhile too: who binds and unbinds without end asks no more than others. */
  let looks = 0;
  const drop = (token: string): void => {
    clearTimeout(bound.get(token)?.timer);
    bound.delete(token);
  };

  const look = async (token: string, live: Live): Promise<void> => {
    if (live.looking || live.timer !== undefined) {
      live.again = true;
      return;
    }
    live.looking = true;
    live.again = false;
    looks += 1;
    let apart_ms = APART_MS;
    const changed = await live.binding.look().catch((err: unknown) => {
      parts.log.warn({ kind: err instanceof Error ? err.name : typeof err }, 'a look for a websocket failed');
      live.again = true;
      apart_ms = AFTER_FAILURE_MS;
      return [];
    });
    looks -= 1;
    live.looking = false;
    if (bound.get(token) !== live) return;
    if (changed === undefined) {
      // the client binds anew, and is told why that does not go, or it goes
      drop(token);
      socket.close(4401, 'the sign-in is over');
      return;
    }
    for (const resource of changed) send(notification(live.id, parts.now(), 'event-notification', resource));
    live.timer = setTimeout(() => {
      live.timer = undefined;
      if (live.again) void look(token, live);
    }, apart_ms);
  };

  const bind = async (token: string): Promise<void> => {
    if (Math.max(bound.size, looks) >= BINDINGS_OF_SOCKET_MAX || bound.has(token)) return;
    const opened = parts.bind(token);
    if (opened === undefined) return;
    const live: Live = { ...opened, looking: false, again: false, timer: undefined };
    bound.set(token, live);
    // what is there now is known before the client hears that it is bound: nothing after that is missed
    await look(token, live);
    if (bound.get(token) === live) send(notification(live.id, parts.now(), 'handshake'));
  };

  const stop = parts.listen((types) => {
    for (const [token, live] of bound) if (types.has(live.binding.type)) void look(token, live);
  });
  socket.on('message', (data: RawData) => {
    const { type, token } = read(data);
    if (type === 'ping') send({ type: 'pong' });
    else if (type === 'bind-with-token' && token !== undefined) void bind(token);
    else if (type === 'unbind-from-token' && token !== undefined) drop(token);
    // a place that nobody has signed in for is not kept by pings
    if (bound.size === 0) return;
    clearTimeout(silence);
    silence = setTimeout(() => socket.terminate(), SILENCE_MS);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    stop();
    clearTimeout(silence);
    for (const token of [...bound.keys()]) drop(token);
  });
}

/** What a client says; nothing where it cannot be understood. */
function read(data: RawData): { readonly type?: unknown; readonly token?: string } {
  try {
    const said = JSON.parse(String(data)) as { type?: unknown; payload?: { token?: unknown } } | null;
    const token = said?.payload?.token;
    return { type: said?.type, ...(typeof token === 'string' && { token }) };
  } catch {
    return {};
  }
}

function notification(id: string, at: Date, type: 'handshake' | 'event-notification', resource?: Resource): Bundle {
  const status = {
    resourceType: 'SubscriptionStatus',
    id: randomUUID(),
    status: 'active',
    type,
    subscription: { reference: `Subscription/${id}` },
  };
  return {
    resourceType: 'Bundle',
    type: 'history',
    timestamp: at.toISOString(),
    entry: [{ resource: status as Resource }, ...(resource === undefined ? [] : [{ resource }])],
  };
}
