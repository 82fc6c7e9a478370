import { createCipheriv, type KeyObject } from 'node:crypto';
import { typeName, typeNumber } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';

/** One version of one resource that was shown or written. */
export interface Seen {
  readonly type: string;
  readonly rid: Rid;
  readonly version: number;
  readonly deleted: boolean;
}

/** Versions as bytes: 2 type, 8 rid, then version and deletion in groups of seven bits. */
export function packed(seen: readonly Seen[]): Buffer {
  const bytes = Buffer.alloc(seen.length * 15);
  let at = 0;
  for (const { type, rid, version, deleted } of seen) {
    at = bytes.writeUInt16BE(typeNumber(type) ?? 0xffff, at);
    at = bytes.writeBigInt64BE(BigInt(rid), at);
    let rest = version * 2 + (deleted ? 1 : 0);
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      at = bytes.writeUInt8((rest % 128) | 128, at);
    }
    at = bytes.writeUInt8(rest, at);
  }
  return bytes.subarray(0, at);
}

export function unpacked(bytes: Buffer): Seen[] {
  const seen: Seen[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = typeName(bytes.readUInt16BE(at));
    const rid = bytes.readBigInt64BE(at + 2).toString();
    at += 10;
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      number += (byte & 127) * factor;
      if (byte < 128) break;
    }
    seen.push({ type, rid, version: Math.floor(number / 2), deleted: number % 2 === 1 });
  }
  return seen;
}

/**
 * Encrypts or decrypts what a row holds (AES-256-CTR). No place of a chain is given twice, so no key stream is used
 * twice; the time tells it from a row at the same place that a restored backup has forgotten. That nothing was changed is
 * the row's mac's to tell.
 */
export function ciphered(key: KeyObject, { chain, n, at }: RowPlace, bytes: Buffer): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeUIntBE(chain, 0, 3);
  counter.writeUIntBE(Number(n), 3, 5);
  counter.writeUInt32BE(at % 2 ** 32, 8);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

export interface RowPlace {
  readonly chain: number;
  readonly n: string;
  /** ms since 1970 */
  readonly at: number;
}
