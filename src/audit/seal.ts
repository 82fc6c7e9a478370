import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { AuditRow } from '../store/audit-row.ts';
import { encoded } from './row.ts';

/** A link of a chain: a row of audit_seal. */
export interface Seal {
  readonly chain: number;
  readonly number: number;
  readonly at: number;
  /** Rows below it that no link holds were never stored. */
  readonly low: string;
  readonly high: string;
  readonly kind: number;
  readonly rows: Buffer;
  readonly hash: Buffer;
}

export const AT_WORK = 0;
export const LAST = 1;
/** Made later, for rows whose process was killed before it sealed them. */
export const RECOVERED = 2;

/** Where a chain begins. @param heads where other chains stood then */
export function genesis(key: KeyObject, chain: number, started: number, heads: Buffer): Buffer {
  return createHmac('sha256', key).update(`svar audit chain ${chain} ${started} `).update(heads).digest();
}

/** The places in a chain that a link holds, ascending: the first as 8 bytes, then differences in groups of seven bits. */
export function packedPlaces(places: readonly bigint[]): Buffer {
  const first = places[0];
  if (first === undefined) {
    return Buffer.alloc(0);
  }
  const bytes: number[] = [];
  let last = first;
  for (const place of places.slice(1)) {
    let rest = Number(place - last);
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) | 128);
    }
    bytes.push(rest);
    last = place;
  }
  const head = Buffer.alloc(8);
  head.writeBigInt64BE(first);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

export function unpackedPlaces(bytes: Buffer): bigint[] {
  if (bytes.length < 8) {
    return [];
  }
  let place = bytes.readBigInt64BE(0);
  const places = [place];
  for (let at = 8; at < bytes.length; ) {
    let difference = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at] as number;
      at += 1;
      difference += (byte & 127) * factor;
      if (byte < 128) break;
    }
    place += BigInt(difference);
    places.push(place);
  }
  return places;
}

/**
 * The hash of a link. Whoever has only the database cannot make one: it is keyed by the server's secret.
 * @param previous hash of the link before, or where the chain begins
 * @param rows sealedBytes() of those it holds, in the order of their places
 */
export function sealHash(key: KeyObject, seal: Omit<Seal, 'hash'>, previous: Buffer, rows: Iterable<Buffer>): Buffer {
  const content = createHash('sha256');
  for (const row of rows) {
    content.update(row);
  }
  return createHmac('sha256', key)
    .update(`svar audit seal ${seal.chain} ${seal.number} ${seal.at} ${seal.low} ${seal.high} ${seal.kind} `)
    .update(previous)
    .update(seal.rows)
    .update(content.digest())
    .digest();
}

/** What of a row a link covers: all of it. @param bytes encoded(row), where that is known */
export function sealedBytes(row: AuditRow, bytes: Buffer = encoded(row)): Buffer {
  const mac = Buffer.alloc(8);
  mac.writeBigInt64BE(BigInt(row.mac));
  return Buffer.concat([bytes, mac]);
}

/** Where a chain stands: to be kept where nobody who can change the database can change it too. */
export interface Head {
  readonly chain: number;
  readonly number: number;
  /** hexadecimal */
  readonly hash: string;
}

export function packedHeads(heads: readonly Head[]): Buffer {
  return Buffer.concat(
    heads.map(({ chain, number, hash }) => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(chain, 0);
      bytes.writeInt32BE(number, 4);
      return Buffer.concat([bytes, Buffer.from(hash, 'hex')]);
    }),
  );
}

export function unpackedHeads(bytes: Buffer): Head[] {
  const heads: Head[] = [];
  for (let at = 0; at + 40 <= bytes.length; at += 40) {
    heads.push({
      chain: bytes.readInt32BE(at),
      number: bytes.readInt32BE(at + 4),
      hash: bytes.subarray(at + 8, at + 40).toString('hex'),
    });
  }
  return heads;
}
