import { createHash, randomBytes } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Queryable } from '../../model/queryable.ts';
import type { ClientRegistration } from './clients.ts';

interface Row {
  id: string;
  name: string;
  kind: string;
  secret: Buffer | null;
  jwks: string | null;
  jwks_uri: string | null;
  redirect_uris: string[];
  launch_uri: string | null;
  scopes: string[];
  policy: string | null;
  organization: string | null;
  open_references: boolean;
  lenient_search: boolean;
  preapproved: boolean;
  cors_origins: string[];
}

const COLUMNS =
  'id, name, kind, secret, jwks, jwks_uri, redirect_uris, launch_uri, scopes, policy, organization, open_references, lenient_search, preapproved, cors_origins';

/** All registered clients, by id. */
export async function storedClients(db: Queryable): Promise<ClientRegistration[]> {
  const { rows } = await db.query<Row>({ text: `select ${COLUMNS} from oauth_client order by id` });
  return rows.map(registrationOf);
}

export async function storedClient(db: Queryable, id: string): Promise<ClientRegistration | undefined> {
  const { rows } = await db.query<Row>({ text: `select ${COLUMNS} from oauth_client where id = $1`, values: [id] });
  return rows[0] && registrationOf(rows[0]);
}

/** @param now ms since 1970 @returns whether it was stored: false where the id is taken */
export async function addClient(db: Queryable, client: ClientRegistration, now: number): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into oauth_client (${COLUMNS}, created)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing`,
    values: [
      client.id,
      client.name,
      client.kind,
      client.secretHash === undefined ? null : Buffer.from(client.secretHash, 'hex'),
      client.jwks === undefined ? null : JSON.stringify(client.jwks),
      client.jwksUri ?? null,
      client.redirectUris,
      client.launchUri ?? null,
      client.scopes,
      client.policy ?? null,
      client.organization ?? null,
      client.openReferences,
      client.lenientSearch,
      client.preapproved,
      client.corsOrigins,
      now,
    ],
  });
  return rowCount === 1;
}

/** Removes a client; its tokens end with it. @returns whether there was one */
export async function removeClient(db: Queryable, id: string): Promise<boolean> {
  await db.query({ text: 'delete from oauth_grant where client = $1', values: [id] });
  const { rowCount } = await db.query({ text: 'delete from oauth_client where id = $1', values: [id] });
  return rowCount === 1;
}

/** Replaces the secret of a client that has one. @returns whether there is such a client */
export async function replaceSecret(db: Queryable, id: string, secretHash: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: 'update oauth_client set secret = $2 where id = $1 and secret is not null',
    values: [id, Buffer.from(secretHash, 'hex')],
  });
  return rowCount === 1;
}

/** A secret of 256 random bits: a hash without salt and rounds is enough to keep it. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function registrationOf(row: Row): ClientRegistration {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind === 'system' ? 'system' : 'app',
    scopes: row.scopes,
    ...(row.policy !== null && { policy: row.policy }),
    ...(row.organization !== null && { organization: row.organization }),
    openReferences: row.open_references,
    lenientSearch: row.lenient_search,
    redirectUris: row.redirect_uris,
    ...(row.launch_uri !== null && { launchUri: row.launch_uri }),
    preapproved: row.preapproved,
    corsOrigins: row.cors_origins,
    // clientFaults() has seen it before it was stored
    ...(row.jwks !== null && { jwks: JSON.parse(row.jwks) as JSONWebKeySet }),
    ...(row.jwks_uri !== null && { jwksUri: row.jwks_uri }),
    ...(row.secret !== null && { secretHash: row.secret.toString('hex') }),
  };
}
