import { createSecretKey } from 'node:crypto';
import type { Secrets } from '../runtime/secrets.ts';
import type { ChainKeys } from './recover.ts';

/**
 * By what rows and links are made sure: whoever lacks the server's secret can make neither. They are key objects, for each
 * use of a key that is bytes takes Node five times as long.
 */
export function chainKeys(secrets: Secrets): ChainKeys {
  return { row: createSecretKey(secrets.key('audit row')), seal: createSecretKey(secrets.key('audit seal')) };
}
