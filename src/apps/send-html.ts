import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** Of five levels' worth of work the one at which a page costs a millisecond. */
const BROTLI_QUALITY = 5;

/**
 * Sends a page, compressed: on a slow network it counts when the first question is there. What is secret in a page (the key
 * of the person's own device) stands beside nothing that somebody else can choose, and other sites' requests carry no
 * session: there is nothing to be guessed by the length.
 */
export async function sendHtml(request: Request, response: Response, html: string): Promise<void> {
  const bytes = Buffer.from(html, 'utf8');
  response.type('html').vary('accept-encoding');
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding === 'br') {
    response.set('content-encoding', 'br');
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    response.send(await promisify(brotliCompress)(bytes, { params }));
  } else if (encoding === 'gzip') {
    response.set('content-encoding', 'gzip').send(await promisify(gzip)(bytes));
  } else {
    response.send(bytes);
  }
}
