import path from 'node:path';
import { type Secrets, secretOfFile, secretsOf } from '../runtime/secrets.ts';
import type { Settings } from '../runtime/settings.ts';

/** The server's own secret: kept in its data folder, made there at the first start. */
export async function serverSecrets(settings: Settings): Promise<Secrets> {
  return secretsOf(await secretOfFile(path.join(settings.dataDir, 'secret.key')));
}
