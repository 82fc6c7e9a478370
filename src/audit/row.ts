import { createHmac, type KeyObject } from 'node:crypto';
import type { AuditRow } from '../store/audit-row.ts';

const NONE = 1n << 63n; // no surrogate or agent is told apart from it by more than a flag, which the encoding has too

/** All that a row says apart from its mac, as bytes: what the mac and the chain are made over. */
export function encoded(row: Omit<AuditRow, 'mac'>): Buffer {
  const operation = Buffer.from(row.operation ?? '');
  const sealed = row.sealed ?? Buffer.alloc(0);
  const fixed = Buffer.alloc(4 + 8 * 4 + 2 * 3 + 1 + 2 + 4);
  fixed.writeInt32BE(row.chain, 0);
  fixed.writeBigInt64BE(BigInt(row.n), 4);
  fixed.writeBigInt64BE(BigInt(row.at), 12);
  fixed.writeBigInt64BE(BigInt(row.agent), 20);
  fixed.writeBigInt64BE(row.patient === null ? -NONE : BigInt(row.patient), 28);
  fixed.writeInt16BE(row.interaction, 36);
  fixed.writeInt16BE(row.type ?? -1, 38);
  fixed.writeInt16BE(row.status, 40);
  // what is null is not what is empty
  fixed.writeUInt8(
    (row.patient === null ? 1 : 0) | (row.operation === null ? 2 : 0) | (row.sealed === null ? 4 : 0),
    42,
  );
  fixed.writeUInt16BE(operation.length, 43);
  fixed.writeUInt32BE(sealed.length, 45);
  return Buffer.concat([fixed, operation, sealed]);
}

/** The first 64 bits of HMAC-SHA-256, as PostgreSQL's int8. */
export function mac64(key: KeyObject | Buffer, ...parts: readonly (Buffer | string)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    hmac.update(part);
  }
  return hmac.digest().readBigInt64BE(0).toString();
}

/** Whether a row is as it was made. @param bytes encoded(row), where that is known */
export function isWhole(key: KeyObject, row: AuditRow, bytes: Buffer = encoded(row)): boolean {
  return mac64(key, bytes) === row.mac;
}
