import path from 'node:path';
import { type Secrets, secretOfFile, secretsOf } from '../runtime/secrets.ts';
import type { Settings } from '../runtime/settings.ts';

/**
 * The server's own secret: of the settings, else of a file in the data folder, made there at the first start.
 *
 * @throws Error for the operator in production without one: a secret that was made beside the data is lost with it, and
 *   another process would make another
 */
export async function serverSecrets({
  secret,
  production,
  dataDir,
}: Pick<Settings, 'secret' | 'production' | 'dataDir'>): Promise<Secrets> {
  if (secret !== undefined) return secretsOf(secret);
  if (production) {
    throw new Error('Production needs SVAR_SECRET, the same for all processes: openssl rand -base64 32 makes one.');
  }
  return secretsOf(await secretOfFile(path.join(dataDir, 'secret.key')));
}
