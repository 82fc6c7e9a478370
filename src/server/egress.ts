import { type GuardedFetch, guardedFetch } from '../egress/guarded-fetch.ts';
import { readEgressPolicy, withOrigins } from '../egress/policy.ts';
import { type Settings, SettingsError } from '../runtime/settings.ts';

/**
 * The way out to what `SVAR_EGRESS` lists and to what other settings name.
 * @param origins of addresses that are configured elsewhere
 * @throws SettingsError
 */
export function egressOf(
  { egress = '', production }: Pick<Settings, 'egress' | 'production'>,
  origins: readonly string[],
): GuardedFetch {
  try {
    return guardedFetch(withOrigins(readEgressPolicy(egress, production), origins));
  } catch (problem) {
    throw new SettingsError(`SVAR_EGRESS ${(problem as Error).message}`);
  }
}
