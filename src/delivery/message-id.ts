import { createHash } from 'node:crypto';

/**
 * What a notice is called outside: always the same for the same key, so that the other side knows it again, and nothing by
 * which it could be found here. A UUID of version 8 (RFC 9562: made in a way of one's own).
 */
export function messageId(idempotencyKey: string): string {
  const bytes = createHash('sha256').update(`svar notice ${idempotencyKey}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
