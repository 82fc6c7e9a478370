import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { buildWebApps, WEB_OUT } from '../../src/web/build.ts';

const FOLDER = path.join(WEB_OUT, 'clinician');

/**
 * The clinician's app as somebody else hosts it, by docs/integrator.md: its files as they are, its page with the name of
 * the FHIR server and a policy that lets it reach that.
 */
export async function hostedClinician(fhirServer: string): Promise<{ url: string; close(): Promise<void> }> {
  await buildWebApps();
  const app = express();
  app.use('/clinician/assets', express.static(path.join(FOLDER, 'assets'), { fallthrough: false }));
  app.get('/clinician/*path', sendPage).get('/clinician/', sendPage);
  const { origin } = new URL(fhirServer);
  async function sendPage(_request: express.Request, response: express.Response): Promise<void> {
    const nonce = randomBytes(16).toString('base64');
    const page = await readFile(path.join(FOLDER, 'index.html'), 'utf8');
    response
      .set(
        'content-security-policy',
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
          `font-src 'self'; connect-src 'self' ${origin}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      )
      .type('html')
      .send(
        page
          .replaceAll('%STYLE_NONCE%', nonce)
          .replace(/(<meta name="fhir-server" content=")"/, `$1${fhirServer.replace(/\/$/, '')}"`),
      );
  }
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
