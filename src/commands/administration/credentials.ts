/**
 * Who asks, as headers: a program, or a person who has signed in. Secrets come by the environment alone: the arguments of a
 * process can be read by everybody on the machine.
 * @throws Error, in words for the operator
 */
export function credentialsIn(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { SVAR_TOKEN: token = '', SVAR_SESSION: session = '', SVAR_CLIENT: client = '' } = environment;
  if (token !== '') return { authorization: `Bearer ${token}` };
  // by https its name says that it is of this host alone
  if (session !== '') {
    return { cookie: `svar-session=${session}; __Host-svar-session=${session}`, 'x-medplum': 'extended' };
  }
  if (/^[^:]+:.+$/.test(client)) return { authorization: `Basic ${Buffer.from(client).toString('base64')}` };
  throw new Error(
    'Who asks? Set SVAR_CLIENT to the id and secret of a client, as id:secret (in the demo demo-ehr:demo), SVAR_SESSION to the cookie svar-session of somebody who has signed in, or SVAR_TOKEN to an access token.',
  );
}
