/**
 * Who asks, as a header. Secrets come by the environment alone: the arguments of a process can be read by everybody on the
 * machine.
 * @throws Error, in words for the operator
 */
export function authorizationIn(environment: Readonly<Record<string, string | undefined>>): string {
  const { SVAR_TOKEN: token = '', SVAR_CLIENT: client = '' } = environment;
  if (token !== '') return `Bearer ${token}`;
  if (/^[^:]+:.+$/.test(client)) return `Basic ${Buffer.from(client).toString('base64')}`;
  throw new Error(
    'Who asks? Set SVAR_CLIENT to the id and secret of a client, as id:secret (in the demo demo-ehr:demo), or SVAR_TOKEN to an access token.',
  );
}
