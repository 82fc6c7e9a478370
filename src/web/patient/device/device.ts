import { type Drawer, indexedDbDrawer, memoryDrawer, type SealedRecord } from './drawer.ts';

/**
 * What one person keeps of an order on this device, each record under a name: encrypted by a key that only a session of theirs
 * that reaches the order gets from the server. The next person at the same device has another key, finds none of the names, and opens none of the
 * records; docs/decisions/0071-drafts-on-the-device.md.
 */
export interface Device<T> {
  /** Undefined where there is none of this person's by that name. */
  read(name: string): Promise<T | undefined>;
  write(name: string, value: T): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface DeviceParts {
  readonly drawer: Drawer;
  /** Of the order: 256 bits in base64. */
  readonly deviceKey: string;
  readonly now: () => number;
}

/** What has not been touched for so long is forgotten, whoever's it is. */
export const KEPT_MS = 30 * 86_400_000;

const IV_BYTES = 12;

/** @throws where there is no WebCrypto: pages that came neither by https nor from this very machine */
export async function openDevice<T>({ drawer, deviceKey, now }: DeviceParts): Promise<Device<T>> {
  const { sealing, naming } = await keysOf(deviceKey);
  const nameOf = async (name: string): Promise<string> =>
    hex(await crypto.subtle.sign('HMAC', naming, new TextEncoder().encode(name)));
  const open = async (name: string, record: SealedRecord | undefined): Promise<T | undefined> => {
    if (record === undefined || now() - record.at > KEPT_MS) return undefined;
    const way = { name: 'AES-GCM', iv: record.iv, additionalData: new TextEncoder().encode(name) };
    // it opens only if this key sealed it under this name, and then holds what write() was given
    const plain = await crypto.subtle.decrypt(way, sealing, record.sealed).catch(() => undefined);
    return plain && (JSON.parse(new TextDecoder().decode(plain)) as T);
  };
  for (const [name, { at }] of await drawer.entries()) {
    if (now() - at > KEPT_MS) await drawer.delete(name);
  }
  return {
    async read(plainName) {
      const name = await nameOf(plainName);
      return open(name, await drawer.get(name));
    },
    async write(plainName, value) {
      const name = await nameOf(plainName);
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const way = { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) };
      const sealed = await crypto.subtle.encrypt(way, sealing, new TextEncoder().encode(JSON.stringify(value)));
      await drawer.put(name, { iv, sealed, at: now() });
    },
    delete: async (plainName) => drawer.delete(await nameOf(plainName)),
  };
}

/** The device of this browser; one that forgets with the page where the browser keeps nothing. */
export async function deviceOf<T>(deviceKey: string): Promise<Device<T>> {
  const now = (): number => Date.now();
  const drawer = await indexedDbDrawer().catch(memoryDrawer);
  return openDevice<T>({ drawer, deviceKey, now }).catch(() => nothingKept());
}

/** Neither the key itself encrypts, nor one key both: each purpose has its own (NIST SP 800-108). */
async function keysOf(deviceKey: string): Promise<{ readonly sealing: CryptoKey; readonly naming: CryptoKey }> {
  const bytes = Uint8Array.from(atob(deviceKey), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const derived = (purpose: string, type: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) => {
    const way = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(purpose) };
    return crypto.subtle.deriveKey(way, key, type, false, usages);
  };
  const [sealing, naming] = await Promise.all([
    derived('svar draft', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    derived('svar draft name', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
  ]);
  return { sealing, naming };
}

function nothingKept<T>(): Device<T> {
  return { read: async () => undefined, write: async () => {}, delete: async () => {} };
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
