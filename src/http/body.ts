import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { type FhirError, fhirError } from '../model/issue.ts';

/** The client went away before its request was complete: nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Reads a request's body, inflated, into memory; undefined if there is none. Never holds more than `bytesMax`, whatever
 * the headers say and however well the body was compressed.
 *
 * @throws FhirError 413 as soon as the limit is passed, the rest unread; 415 for an unknown Content-Encoding; 400 for a
 *   body that is not in the encoding that it says. ClientGone
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
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
    return collected(request, request, bytesMax);
  }
  const inflater = inflaterOf(encoding);
  if (inflater === undefined) {
    return Promise.reject(
      fhirError(415, 'not-supported', 'The body is compressed in a way other than gzip and deflate.'),
    );
  }
  return collected(request, request.pipe(inflater), bytesMax).finally(() => {
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

function collected(request: IncomingMessage, source: IncomingMessage | Transform, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;

    function stop(): void {
      source.off('data', take).off('end', finish).off('error', fail);
      request.off('close', gone);
    }
    function take(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        stop();
        reject(tooLarge(bytesMax));
        return;
      }
      chunks.push(chunk);
    }
    function finish(): void {
      stop();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    }
    function fail(): void {
      stop();
      // A late error of the inflater must find a listener.
      source.on('error', () => undefined);
      const refusal = fhirError(400, 'structure', 'The body is not in the Content-Encoding that its header names.');
      reject(source === request ? new ClientGone() : refusal);
    }
    function gone(): void {
      if (!request.complete) {
        stop();
        reject(new ClientGone());
      }
    }

    source.on('data', take).on('end', finish).on('error', fail);
    request.on('close', gone);
  });
}

function tooLarge(bytesMax: number): FhirError {
  return fhirError(413, 'too-long', `The body is larger than this server takes (${bytesMax} bytes).`);
}
