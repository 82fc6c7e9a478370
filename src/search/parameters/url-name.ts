import { paramName } from '../keys.ts';
import { r4SearchParameters } from './r4.ts';

/**
 * Under which name the canonical urls of definitions of a type are kept: that of R4's search parameter `url`, which
 * CodeSystem shares with `system`.
 */
export function urlName(type: string): string {
  const kept = r4SearchParameters().find((param) => param.type === type && param.code === 'url')?.keptAs;
  return paramName({ type, keptAs: kept ?? 'url' });
}
