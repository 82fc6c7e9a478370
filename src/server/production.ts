import type { Settings } from '../runtime/settings.ts';

/**
 * What must not be where real patients are asked.
 *
 * @param url at which clients reach the server
 * @param demoLogins login names of the demo's accounts that the database holds
 * @throws Error for the operator, one line a fault
 */
export function refuseDemoInProduction(
  { production, tlsCertificate, trustedProxies }: Pick<Settings, 'production' | 'tlsCertificate' | 'trustedProxies'>,
  url: string,
  demoLogins: readonly string[],
): void {
  if (!production) return;
  const faults: string[] = [];
  if (!url.startsWith('https:')) {
    faults.push('SVAR_BASE_URL must be https: passwords and patient data go over it.');
  }
  if (tlsCertificate === undefined && trustedProxies.length === 0) {
    faults.push('Set SVAR_TLS_CERTIFICATE and SVAR_TLS_KEY, or SVAR_TRUSTED_PROXIES to the proxy that speaks https.');
  }
  if (demoLogins.length > 0) {
    const names = demoLogins.join(', ');
    faults.push(
      `The database has accounts of the demo, whose password everybody knows: ${names}. Use another database.`,
    );
  }
  if (faults.length > 0) throw new Error(`This is not fit for production:\n${faults.join('\n')}`);
}
