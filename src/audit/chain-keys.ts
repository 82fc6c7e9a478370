import type { Secrets } from '../runtime/secrets.ts';
import type { ChainKeys } from './recover.ts';

/** By what rows and links are made sure: whoever lacks the server's secret can make neither. */
export function chainKeys(secrets: Secrets): ChainKeys {
  return { row: secrets.key('audit row'), seal: secrets.key('audit seal') };
}
