import { randomUUID } from 'node:crypto';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { RawData, WebSocket } from 'ws';
import type { Binding } from './binding.ts';

/** What a token binds a connection to. */
export interface Opened {
  /** Of the subscription. */
  readonly id: string;
  readonly binding: Binding;
  /** Who listens: `Practitioner/x`; connections are counted by it. */
  readonly person: string;
  /** ms since 1970: after that a client has asked for another token, or is not told anything more. */
  readonly expires: number;
}

export interface ConnectionParts<O extends Opened> {
  /** Opens what a token binds to; undefined where it binds to nothing. */
  readonly bind: (token: string) => O | undefined;
  /** Takes a place for a person. @returns gives it back; undefined where they have too many connections */
  readonly place: (person: string) => (() => void) | undefined;
  /** The first token has bound: somebody is there who has signed in. */
  readonly known: () => void;
  readonly now: () => Date;
  readonly log: { warn(details: object, message: string): void };
}

const BINDINGS_OF_SOCKET_MAX = 50;
/** Clients ping every five seconds; who has said nothing for this long is gone, and so is who has bound nothing. */
const SILENCE_MS = 60_000;
/** Looks of one binding are this far apart: what changes meanwhile is found by the next. */
const APART_MS = 400;
/** After a look that failed, as while the database restarts. */
const AFTER_FAILURE_MS = 5000;
/** Who says they are there and takes nothing in is cut off, and reads anew. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;
/** The client asks for another token, and is told by the answer why there is none, or there is one. */
const SIGN_IN_OVER = 4401;
/** RFC 6455, IANA's registry: try again later. */
const TRY_LATER = 1013;

interface Live<O> {
  readonly opened: O;
  looking: boolean;
  again: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** One websocket of a client. It has no rights of its own: what it is told hangs on the tokens that it binds. */
export class Connection<O extends Opened> {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts<O>;
  readonly #bound = new Map<string, Live<O>>();
  /** Gives back the place of each person. */
  readonly #places = new Map<string, () => void>();
  /** Looks of what was unbound meanwhile too: who binds and unbinds without end asks no more than others. */
  #looks = 0;
  #silence: NodeJS.Timeout;

  constructor(socket: WebSocket, parts: ConnectionParts<O>) {
    this.#socket = socket;
    this.#parts = parts;
    this.#silence = setTimeout(() => socket.terminate(), SILENCE_MS);
    socket.on('message', (data: RawData) => this.#hear(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(this.#silence);
      for (const token of [...this.#bound.keys()]) this.#drop(token);
      for (const give of this.#places.values()) give();
    });
  }

  /** What is told to it now. */
  get opened(): readonly O[] {
    return [...this.#bound.values()].map(({ opened }) => opened);
  }

  /** Resources of these types were committed. */
  committed(types: ReadonlySet<string>): void {
    for (const [token, live] of this.#bound) if (types.has(live.opened.binding.type)) void this.#look(token, live);
  }

  /** Drops what a token has become too old for; ends it where one of its sign-ins is over. */
  keepTo(standing: ReadonlySet<O>): void {
    const now = this.#parts.now().getTime();
    for (const [token, { opened }] of [...this.#bound]) {
      if (opened.expires <= now) this.#drop(token);
      else if (!standing.has(opened)) {
        this.#over();
        return;
      }
    }
  }

  #hear(data: RawData): void {
    const { type, token } = read(data);
    if (type === 'ping') this.#send({ type: 'pong' });
    else if (type === 'bind-with-token' && token !== undefined) void this.#bind(token);
    else if (type === 'unbind-from-token' && token !== undefined) this.#drop(token);
    // a place that nobody has signed in for is not kept by pings
    if (this.#bound.size === 0) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket.terminate(), SILENCE_MS);
  }

  async #bind(token: string): Promise<void> {
    if (Math.max(this.#bound.size, this.#looks) >= BINDINGS_OF_SOCKET_MAX || this.#bound.has(token)) return;
    const opened = this.#parts.bind(token);
    if (opened === undefined) return;
    const { id, person } = opened;
    if (!this.#places.has(person)) {
      const give = this.#parts.place(person);
      if (give === undefined) {
        this.#socket.close(TRY_LATER, 'too many connections of one person');
        return;
      }
      this.#places.set(person, give);
    }
    this.#parts.known();
    const live: Live<O> = { opened, looking: false, again: false, timer: undefined };
    this.#bound.set(token, live);
    // what is there now is known before the client hears that it is bound: nothing after that is missed
    await this.#look(token, live);
    if (this.#bound.get(token) !== live) return;
    // a new token for the same subscription takes the place of the old one, which MedplumClient does not unbind
    for (const [other, { opened: former }] of [...this.#bound]) {
      if (other !== token && former.id === id) this.#drop(other);
    }
    this.#send(notification(id, this.#parts.now(), 'handshake'));
  }

  async #look(token: string, live: Live<O>): Promise<void> {
    if (live.looking || live.timer !== undefined) {
      live.again = true;
      return;
    }
    live.looking = true;
    live.again = false;
    this.#looks += 1;
    let apart_ms = APART_MS;
    const { id, binding } = live.opened;
    const changed = await binding.look().catch((err: unknown) => {
      this.#parts.log.warn({ kind: err instanceof Error ? err.name : typeof err }, 'a look for a websocket failed');
      live.again = true;
      apart_ms = AFTER_FAILURE_MS;
      return [];
    });
    this.#looks -= 1;
    live.looking = false;
    if (this.#bound.get(token) !== live) return;
    if (changed === undefined) {
      this.#over();
      return;
    }
    for (const resource of changed) this.#send(notification(id, this.#parts.now(), 'event-notification', resource));
    live.timer = setTimeout(() => {
      live.timer = undefined;
      if (live.again) void this.#look(token, live);
    }, apart_ms);
  }

  /** Tells nothing more, also while the client takes its time to close. */
  #over(): void {
    for (const token of [...this.#bound.keys()]) this.#drop(token);
    this.#socket.close(SIGN_IN_OVER, 'the sign-in is over');
  }

  #drop(token: string): void {
    clearTimeout(this.#bound.get(token)?.timer);
    this.#bound.delete(token);
  }

  #send(message: object): void {
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) this.#socket.terminate();
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
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
