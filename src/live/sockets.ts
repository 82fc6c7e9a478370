import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Connection, type ConnectionParts, type Opened } from './connection.ts';
import { Places } from './places.ts';

export interface SocketsParts<O extends Opened> extends Pick<ConnectionParts<O>, 'bind' | 'now' | 'log'> {
  /** By what connections that nobody has signed in on are counted: clientShare of src/http/client-address.ts. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Those of what is bound whose sign-in is not over, and may still make its search. */
  readonly standing: (opened: readonly O[]) => Promise<ReadonlySet<O>>;
  /** Tells which types were committed. @returns ends it */
  readonly listen: (listener: (types: ReadonlySet<string>) => void) => () => void;
}

/** Where Medplum's clients connect. */
export const SOCKET_PATH = '/ws/subscriptions-r4';

const MESSAGE_BYTES_MAX = 16 * 1024;
/** Of one process. */
const SOCKETS_MAX = 10_000;
/**
 * Of one address, a fifth of all: a hospital's hundreds of people come from one, each with a few pages open. Whoever has
 * no sign-in may hold no more than UNKNOWN_OF_ADDRESS_MAX of these, which is what hundreds of pages need that connect anew
 * at once after a restart, for the moment that they ask for their tokens.
 */
const OF_ADDRESS_MAX = 2000;
const UNKNOWN_OF_ADDRESS_MAX = 500;
/** Of one person, from wherever: a page has one. */
const OF_PERSON_MAX = 30;
/** How often is asked whether sign-ins stand where nothing happens that would be told: less than a minute, with what a look takes. */
const STANDING_EVERY_MS = 20_000;

/**
 * Subscriptions by websocket, as MedplumClient speaks: the client sends `bind-with-token`, `unbind-from-token` and
 * `ping`; the server a Bundle of type history whose first entry is a SubscriptionStatus (handshake, event-notification)
 * and whose second is the resource.
 *
 * Too many are refused: 429 to an address and 503 to all before the connection is made, 1013 to a person when they bind.
 * MedplumClient tries again later and later, and its pages ask now and then meanwhile. 4401 closes what is bound by a
 * sign-in that is over.
 *
 * @returns ends all connections
 */
export function serveSockets<O extends Opened>(server: Server, parts: SocketsParts<O>): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, clientTracking: true });
  const connections = new Set<Connection<O>>();
  const [ofAddress, unknownOfAddress, ofPerson] = [
    new Places(OF_ADDRESS_MAX),
    new Places(UNKNOWN_OF_ADDRESS_MAX),
    new Places(OF_PERSON_MAX),
  ];
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // until ws has it, nobody else listens: a client that is gone would end the process
    socket.on('error', () => socket.destroy());
    const isOurs = (request.url ?? '').split('?', 1)[0] === SOCKET_PATH;
    if (!isOurs || sockets.clients.size >= SOCKETS_MAX) {
      refuse(socket, isOurs ? '503 Service Unavailable' : '404 Not Found');
      return;
    }
    const address = parts.addressOf(request);
    const leave = ofAddress.take(address);
    const known = leave && unknownOfAddress.take(address);
    if (leave === undefined || known === undefined) {
      leave?.();
      refuse(socket, '429 Too Many Requests');
      return;
    }
    socket.once('close', () => {
      leave();
      known();
    });
    sockets.handleUpgrade(request, socket, head, (connected) => {
      const connection = new Connection<O>(connected, { ...parts, known, place: (person) => ofPerson.take(person) });
      connections.add(connection);
      connected.on('close', () => connections.delete(connection));
    });
  };
  const unlisten = parts.listen((types) => {
    for (const connection of connections) connection.committed(types);
  });
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || connections.size === 0) return;
    asking = true;
    try {
      const asked = [...connections].map((connection) => ({ connection, opened: connection.opened }));
      const standing = await parts.standing(asked.flatMap(({ opened }) => opened));
      // what was bound meanwhile has been asked for by its first look
      for (const { connection, opened } of asked) {
        const since = connection.opened.filter((one) => !opened.includes(one));
        connection.keepTo(new Set([...opened.filter((one) => standing.has(one)), ...since]));
      }
    } catch (err) {
      parts.log.warn(
        { kind: err instanceof Error ? err.name : typeof err },
        'sign-ins of websockets were not asked for',
      );
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void ask(), STANDING_EVERY_MS).unref();
  server.on('upgrade', upgrade);
  return () => {
    server.off('upgrade', upgrade);
    clearInterval(timer);
    unlisten();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nretry-after: 10\r\nconnection: close\r\n\r\n`);
}
