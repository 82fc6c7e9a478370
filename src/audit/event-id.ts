import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Rid } from '../model/rid.ts';
import type { Secrets } from '../runtime/secrets.ts';

/** Which row an AuditEvent is made of, and whose. */
export interface EventPlace {
  readonly chain: number;
  readonly n: string;
  readonly patient: Rid;
}

const ID = /^[0-9a-f]{32}$/;
const PURPOSE = 'audit event id';

/**
 * The id of an AuditEvent: one block of AES over chain (3 bytes), place (5 bytes) and patient (8 bytes). Rows do not tell
 * whose they are, so the id has to; encrypted, it tells nobody else.
 */
export function eventId(secrets: Secrets, { chain, n, patient }: EventPlace): string {
  const block = Buffer.alloc(16);
  block.writeUIntBE(chain, 0, 3);
  block.writeUIntBE(Number(n), 3, 5);
  block.writeBigInt64BE(BigInt(patient), 8);
  const cipher = createCipheriv('aes-256-ecb', secrets.key(PURPOSE), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('hex');
}

/** What an id stands for; undefined for what is no id. An id that was made up stands for a row that is not there. */
export function placeOfEvent(secrets: Secrets, id: string): EventPlace | undefined {
  if (!ID.test(id)) {
    return undefined;
  }
  const decipher = createDecipheriv('aes-256-ecb', secrets.key(PURPOSE), null).setAutoPadding(false);
  const block = Buffer.concat([decipher.update(Buffer.from(id, 'hex')), decipher.final()]);
  return {
    chain: block.readUIntBE(0, 3),
    n: String(block.readUIntBE(3, 5)),
    patient: block.readBigInt64BE(8).toString(),
  };
}
