import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/kit/database.ts';
import { secretsOf } from '../../runtime/secrets.ts';
import { inTransaction } from '../../store/transaction.ts';
import { canonicalForm } from './canonical-form.ts';
import { type Signer, signDetached, verifyDetached } from './detached-jws.ts';
import { SigningKeys } from './signing-keys.ts';

const now = new Date('2026-03-02T08:00:00Z');
const later = new Date('2027-03-03T08:00:00Z');
const signer: Signer = {
  who: 'Patient/p',
  role: 'patient',
  strength: 'federated',
  client: 'svar',
  text: 'https://svar.example.org/fhir/consent-text/smertereg|1',
  at: now.toISOString(),
};
const consent = { resourceType: 'Consent', id: 'c', status: 'active', patient: { reference: 'Patient/p' } };

let database: TestDatabase;
let keys: SigningKeys;

beforeAll(async () => {
  database = await testDatabase();
  keys = new SigningKeys(secretsOf(randomBytes(32)));
});

afterAll(() => database.close());

const signedAt = (at: Date, payload: string) =>
  inTransaction(database.pool, async (client) => {
    const { key, kid } = await keys.current(client, at);
    return signDetached(payload, signer, key, kid);
  });
const verdict = (compact: string, payload: string) =>
  verifyDetached(compact, payload, (kid) => keys.publicKey(database.pool, kid));

test('the canonical form does not depend on the order of members, nor on what the server gives a version', () => {
  const stored = { ...consent, meta: { versionId: '3', lastUpdated: '2026-03-02T08:00:00Z' } };
  const turned = Object.fromEntries(Object.entries(stored).toReversed());
  expect(canonicalForm(JSON.stringify(turned))).toBe(canonicalForm(JSON.stringify(consent)));
  const tagged = { ...consent, meta: { tag: [{ code: 'x' }] } };
  expect(canonicalForm(JSON.stringify(tagged))).not.toBe(canonicalForm(JSON.stringify(consent)));
});

test('a signature tells who signed, holds for what was signed and for nothing else', async () => {
  const payload = canonicalForm(JSON.stringify(consent));
  const compact = await signedAt(now, payload);
  expect(compact.split('.')[1]).toBe('');
  expect(await verdict(compact, payload)).toEqual({ valid: true, signer });
  const other = canonicalForm(JSON.stringify({ ...consent, status: 'inactive' }));
  expect(await verdict(compact, other)).toEqual({ valid: false, why: 'altered' });
});

test('another signer in the header, another key, no signature: none of them holds', async () => {
  const payload = canonicalForm(JSON.stringify(consent));
  const [head = '', , signature = ''] = (await signedAt(now, payload)).split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const forged = (change: object) =>
    `${Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url')}..${signature}`;
  const name = Object.keys(header).find((key) => key.startsWith('https:')) ?? '';
  expect(await verdict(forged({ [name]: { ...signer, who: 'Patient/q' } }), payload)).toMatchObject({ why: 'altered' });
  expect(await verdict(forged({ kid: 'unknown' }), payload)).toMatchObject({ why: 'unknown-key' });
  expect(await verdict(forged({ alg: 'none' }), payload)).toMatchObject({ why: 'malformed' });
  expect(await verdict(`${head}.${Buffer.from(payload).toString('base64url')}.${signature}`, payload)).toMatchObject({
    why: 'malformed',
  });
  expect(await verdict('', payload)).toMatchObject({ why: 'malformed' });
});

test('a key gives way after a year: its private part is gone, and what it signed still holds', async () => {
  const payload = canonicalForm(JSON.stringify(consent));
  const first = await signedAt(now, payload);
  expect(await signedAt(now, payload).then((jws) => jws.split('.')[0])).toBe(first.split('.')[0]);
  const second = await signedAt(later, payload);
  expect(second.split('.')[0]).not.toBe(first.split('.')[0]);
  const { rows } = await database.pool.query('select sealed is null as gone from signing_key order by created');
  expect(rows.map(({ gone }) => gone)).toEqual([true, false]);
  expect(await verdict(first, payload)).toMatchObject({ valid: true });
  expect(await verdict(second, payload)).toMatchObject({ valid: true });
});

test('without the secret of the server the database gives no key away', async () => {
  const stolen = new SigningKeys(secretsOf(randomBytes(32)));
  await signedAt(later, 'x');
  await expect(inTransaction(database.pool, (client) => stolen.current(client, later))).rejects.toThrow();
});
