import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { type FhirError, fhirError } from '../model/issue.ts';

/** The client went away before its request was complete: nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * What all bodies that are held at once may weigh: a limit for each alone would still let many small-looking requests
 * fill the memory together.
 */
export class BodyBudget {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @throws FhirError 503 where there is no room; nothing is taken then */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#bytesMax) {
      throw fhirError(503, 'throttled', 'The server holds more data than it can work on; try again shortly.');
    }
    this.#bytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * Reads a request's body, inflated, into memory; undefined if there is none. Never holds more than `bytesMax`, whatever
 * the headers say and however well the body was compressed. Its bytes are taken from `budget`, to be given back by who
 * reads it.
 *
 * @throws FhirError 413 as soon as the limit is passed, the rest unread; 415 for an unknown Content-Encoding; 400 for a
 *   body that is not in the encoding that it says. ClientGone
 */
export function readBody(request: IncomingMessage, bytesMax: number, budget: BodyBudget): Promise<Buffer | undefined> {
  const { headers } = request;
  const announced = headers['content-length'];
  if (announced === undefined && headers['transfer-encoding'] === undefined) {
    return Promise.resolve(undefined);
  }
  if (announced !== undefined && Number(announced) > bytesMax) {
    return Promise.reject(tooLarge(bytesMax));
  }
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') {
    return collected(request, request, bytesMax, budget);
  }
  const inflater = inflaterOf(encoding);
  if (inflater === undefined) {
    return Promise.reject(
      fhirError(415, 'not-supported', 'The body is compressed in a way other than gzip and deflate.'),
    );
  }
  return collected(request, request.pipe(inflater), bytesMax, budget).finally(() => {
    request.unpipe(inflater);
    inflater.destroy();
  });
}

function inflaterOf(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      return undefined;
  }
}

function collected(
  request: IncomingMessage,
  source: IncomingMessage | Transform,
  bytesMax: number,
  budget: BodyBudget,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;

    function stop(): void {
      source.off('data', take).off('end', finish).off('error', fail);
      request.off('close', gone);
    }
    function refuse(reason: unknown): void {
      stop();
      budget.giveBack(bytes);
      // A late error of the inflater must find a listener.
      source.on('error', () => undefined);
      reject(reason);
    }
    function take(chunk: Buffer): void {
      if (bytes + chunk.length > bytesMax) {
        refuse(tooLarge(bytesMax));
        return;
      }
      try {
        budget.take(chunk.length);
      } catch (full) {
        refuse(full);
        return;
      }
      bytes += chunk.length;
      chunks.push(chunk);
    }
    function finish(): void {
      stop();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    }
    function fail(): void {
      const encoded = fhirError(400, 'structure', 'The body is not in the Content-Encoding that its header names.');
      refuse(source === request ? new ClientGone() : encoded);
    }
    function gone(): void {
      if (!request.complete) {
        refuse(new ClientGone());
      }
    }

    source.on('data', take).on('end', finish).on('error', fail);
    request.on('close', gone);
  });
}

function tooLarge(bytesMax: number): FhirError {
  return fhirError(413, 'too-long', `The body is larger than this server takes (${bytesMax} bytes).`);
}
