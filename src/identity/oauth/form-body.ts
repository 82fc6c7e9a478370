import type { IncomingMessage } from 'node:http';

/** Larger ones are refused: no request of OAuth needs more. */
export const FORM_BYTES_MAX = 56 * 1024;

/** The body of a request that is a form; undefined where it is none, too large or said twice. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined;
  const bytes = await readBytes(request, FORM_BYTES_MAX);
  return bytes && new URLSearchParams(bytes.toString());
}

/** The body of a request; undefined where it is larger. */
export async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Lets whoever comes after read this form from the request, as if it had been sent so. */
export function sendOn(request: IncomingMessage, form: URLSearchParams): void {
  const bytes = Buffer.from(form.toString());
  request.headers['content-length'] = String(bytes.length);
  // oidc-provider reads a request by iterator(), and warns on the console about one whose body was read before
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: {
      value: async function* () {
        yield bytes;
      },
    },
  });
}
