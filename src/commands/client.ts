import type { ClientRegistration } from '../identity/oauth/clients.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Command, Invocation } from './command.ts';

const USAGE = 'client takes add, list, remove or rotate-secret, as in: npm run svar -- client list';

export const client: Command = {
  summary: 'register programs that may ask for tokens; a secret is shown once',
  operands: '<add | list | remove | rotate-secret> [id]',
  flags: {
    'with-secret': 'add: it proves itself by a secret that is made now',
    preapproved: 'add: people are not asked whether they agree (an app of the hospital itself)',
    'stores-open-references': 'add: what it stores may refer to resources that are not here (feeds of EHR systems)',
    'searches-leniently': 'add: search parameters that are unknown are passed over',
  },
  options: {
    name: 'add: what people read when they are asked whether they agree',
    kind: 'add: system (acts for itself) or app (acts for a person who signs in)',
    scope: 'add: scopes that it may be given, separated by blanks; * for whatever its policy or its user allows',
    redirect: 'add: where people are sent back to, separated by blanks',
    launch: 'add: where an EHR system opens it',
    policy: 'add: of a system, what it may do: ehr, admin or another of fhir/policies',
    organization: 'add: of a system, the hospital for which it works, as Organization/haukeland',
    jwks: 'add: a file with its public keys',
    'jwks-uri': 'add: where its public keys are; the origin must be allowed by SVAR_EGRESS',
    cors: 'add: further origins whose pages may call, separated by blanks',
  },
  async run(invocation) {
    const [what, id, ...more] = invocation.operands;
    const needsId = what === 'add' || what === 'remove' || what === 'rotate-secret';
    if ((!needsId && what !== 'list') || needsId !== (id !== undefined) || more.length > 0) throw new Error(USAGE);
    await withDatabase(invocation, async (db) => {
      if (what === 'list') await list(db);
      else if (what === 'add') await add(db, id ?? '', invocation);
      else if (what === 'remove') await remove(db, id ?? '');
      else await rotateSecret(db, id ?? '');
    });
  },
};

async function withDatabase({ settings, log }: Invocation, work: (db: Queryable) => Promise<void>): Promise<void> {
  const [{ openDatabase }, { migrate }] = await Promise.all([
    import('../runtime/database.ts'),
    import('../store/migrate.ts'),
  ]);
  const database = await openDatabase(settings, log);
  try {
    await migrate(database.pool, { log: (message) => log.info(message) });
    await work(database.pool);
  } finally {
    await database.stop();
  }
}

async function add(db: Queryable, id: string, { flags, options }: Invocation): Promise<void> {
  const [{ clientFaults }, { addClient, newSecret, secretHashOf }, { RESERVED_CLIENT_IDS }] = await Promise.all([
    import('../identity/oauth/client-faults.ts'),
    import('../identity/oauth/client-store.ts'),
    import('../identity/oauth/built-in-clients.ts'),
  ]);
  const secret = flags.has('with-secret') ? newSecret() : undefined;
  const { name = '', policy, organization, launch, 'jwks-uri': jwksUri } = options;
  const registration: ClientRegistration = {
    id,
    name,
    kind: kindOf(options.kind),
    scopes: words(options.scope),
    redirectUris: words(options.redirect),
    corsOrigins: words(options.cors),
    openReferences: flags.has('stores-open-references'),
    lenientSearch: flags.has('searches-leniently'),
    preapproved: flags.has('preapproved'),
    ...(policy !== undefined && { policy }),
    ...(organization !== undefined && { organization }),
    ...(launch !== undefined && { launchUri: launch }),
    ...(jwksUri !== undefined && { jwksUri }),
    ...(options.jwks !== undefined && { jwks: await keySetOf(options.jwks) }),
    ...(secret !== undefined && { secretHash: secretHashOf(secret) }),
  };
  const faults = clientFaults(registration);
  if (faults.length > 0) throw new Error(`Nothing was stored:\n${faults.join('\n')}`);
  if (RESERVED_CLIENT_IDS.includes(id) || !(await addClient(db, registration, Date.now()))) {
    throw new Error(`Nothing was stored: there is a client ${id} already.`);
  }
  process.stdout.write(`${id} is registered.\n`);
  if (secret !== undefined) process.stdout.write(secretText(secret));
}

async function list(db: Queryable): Promise<void> {
  const [{ storedClients }, { authMethodOf }] = await Promise.all([
    import('../identity/oauth/client-store.ts'),
    import('../identity/oauth/clients.ts'),
  ]);
  const clients = await storedClients(db);
  for (const one of clients) {
    const { id, name, kind, scopes, policy, organization, redirectUris, launchUri, preapproved } = one;
    const proof = { private_key_jwt: 'keys', client_secret_basic: 'a secret', none: 'nothing (public)' }[
      authMethodOf(one)
    ];
    process.stdout.write(`${id}: ${name}\n  ${kind}, proves itself by ${proof}${preapproved ? ', preapproved' : ''}\n`);
    const facts = {
      scopes: scopes.join(' '),
      policy,
      organization,
      redirects: redirectUris.join(' '),
      launch: launchUri,
    };
    for (const [what, fact] of Object.entries(facts)) if (fact) process.stdout.write(`  ${what}: ${fact}\n`);
  }
  if (clients.length === 0) process.stdout.write('No client is registered.\n');
}

async function remove(db: Queryable, id: string): Promise<void> {
  const { removeClient } = await import('../identity/oauth/client-store.ts');
  if (!(await removeClient(db, id))) throw new Error(`There is no client ${id}.`);
  process.stdout.write(`${id} is removed; its tokens stop working within seconds.\n`);
}

async function rotateSecret(db: Queryable, id: string): Promise<void> {
  const { newSecret, replaceSecret, secretHashOf } = await import('../identity/oauth/client-store.ts');
  const secret = newSecret();
  if (!(await replaceSecret(db, id, secretHashOf(secret)))) throw new Error(`There is no client ${id} with a secret.`);
  process.stdout.write(`The old secret of ${id} stops working within seconds.\n${secretText(secret)}`);
}

function secretText(secret: string): string {
  return `Its secret, which is kept nowhere and shown this once:\n${secret}\n`;
}

function kindOf(kind: string | undefined): 'system' | 'app' {
  if (kind !== 'system' && kind !== 'app') throw new Error('--kind must be system or app');
  return kind;
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

async function keySetOf(file: string) {
  const [{ readFile }, { keySet }] = await Promise.all([
    import('node:fs/promises'),
    import('../identity/oauth/key-set.ts'),
  ]);
  const found = keySet(await readFile(file, 'utf8'));
  if (found === undefined) throw new Error(`${file} holds no JSON Web Key Set (RFC 7517).`);
  return found;
}
