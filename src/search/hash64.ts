/**
 * PostgreSQL's 64-bit string hash, so that the server can look up and write postings without asking the database for the
 * hash first. It is Bob Jenkins' public-domain lookup3 as PostgreSQL uses it in `hash_bytes_extended` on little-endian
 * machines (src/common/hashfn.c); the test compares it with a real PostgreSQL.
 *
 * 32-bit integer arithmetic throughout: a BigInt per step would cost more than the hash.
 */

/** What lookup3 starts from: the golden ratio and PostgreSQL's own constant. */
const START = (0x9e3779b9 + 3923095) | 0;

let bytes = new Uint8Array(1024);
let hashHigh = 0;
let hashLow = 0;

let seedText = '0';
let seedHigh = 0;
let seedLow = 0;

/**
 * `hashtextextended(text, seed)` as PostgreSQL returns it: a signed 64-bit number in decimal.
 *
 * @param text well-formed Unicode without NUL, as PostgreSQL's text; a lone surrogate counts as U+FFFD
 * @param seed a signed 64-bit number
 */
export function hash64(text: string, seed: string | bigint): string {
  setSeed(String(seed));
  hash(text, seedHigh, seedLow);
  return decimal(hashHigh, hashLow);
}

const params = new Map<string, number>();

/**
 * What the column `param` holds for a key: the low 32 bits, signed, of `hashtextextended(P, 0)`, where P (`Type.code`) is
 * the key's first line. In SQL: `hashtextextended('Patient.name', 0)::bit(32)::int4`.
 */
export function param32(key: string): number {
  const end = key.indexOf('\n');
  const param = end < 0 ? key : key.slice(0, end);
  let number = params.get(param);
  if (number === undefined) {
    hash(param, 0, 0);
    number = hashLow;
    params.set(param, number);
  }
  return number;
}

function setSeed(seed: string): void {
  if (seed !== seedText) {
    const value = BigInt(seed);
    seedHigh = Number(BigInt.asIntN(32, value >> 32n));
    seedLow = Number(BigInt.asIntN(32, value));
    seedText = seed;
  }
}

/** Leaves the hash in hashHigh and hashLow, both signed. */
function hash(text: string, high: number, low: number): void {
  const length = encode(text);
  const k = bytes;
  let a = (START + length) | 0;
  let b = a;
  let c = a;
  let i = 0;
  let first = (high | low) !== 0;
  // The seed counts as a first block of twelve bytes, the last four of them zero.
  while (first || length - i >= 12) {
    if (first) {
      first = false;
      a = (a + high) | 0;
      b = (b + low) | 0;
    } else {
      a = (a + word(k, i)) | 0;
      b = (b + word(k, i + 4)) | 0;
      c = (c + word(k, i + 8)) | 0;
      i += 12;
    }
    a = ((a - c) | 0) ^ ((c << 4) | (c >>> 28));
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ ((a << 6) | (a >>> 26));
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ ((b << 8) | (b >>> 24));
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ ((c << 16) | (c >>> 16));
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ ((a << 19) | (a >>> 13));
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ ((b << 4) | (b >>> 28));
    b = (b + a) | 0;
  }
  // The tail: bytes beyond the text are zero (encode puts twelve there); the lowest byte of c is the length's.
  a = (a + word(k, i)) | 0;
  b = (b + word(k, i + 4)) | 0;
  c = (c + (word(k, i + 8) << 8)) | 0;
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0;
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0;
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0;
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0;
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0;
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0;
  c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0;
  hashHigh = b;
  hashLow = c;
}

function word(k: Uint8Array, i: number): number {
  return (k[i] as number) | ((k[i + 1] as number) << 8) | ((k[i + 2] as number) << 16) | ((k[i + 3] as number) << 24);
}

/** Writes the text as UTF-8 and twelve zeros into `bytes`; returns its length in bytes. */
function encode(text: string): number {
  if (bytes.length < text.length * 3 + 12) {
    bytes = new Uint8Array(text.length * 6 + 12);
  }
  const k = bytes;
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      k[n++] = code;
      continue;
    }
    if (code < 0x800) {
      k[n++] = 0xc0 | (code >> 6);
      k[n++] = 0x80 | (code & 0x3f);
      continue;
    }
    if ((code & 0xf800) === 0xd800) {
      const next = code < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if ((next & 0xfc00) === 0xdc00) {
        i += 1;
        code = 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff);
        k[n++] = 0xf0 | (code >> 18);
        k[n++] = 0x80 | ((code >> 12) & 0x3f);
        k[n++] = 0x80 | ((code >> 6) & 0x3f);
        k[n++] = 0x80 | (code & 0x3f);
        continue;
      }
      code = 0xfffd;
    }
    k[n++] = 0xe0 | (code >> 12);
    k[n++] = 0x80 | ((code >> 6) & 0x3f);
    k[n++] = 0x80 | (code & 0x3f);
  }
  k.fill(0, n, n + 12);
  return n;
}

const BILLION = 1_000_000_000;

/** The signed 64-bit number high * 2^32 + low in decimal, by long division in doubles that stay exact. */
function decimal(high: number, low: number): string {
  const negative = high < 0;
  const lo = negative ? -low >>> 0 : low >>> 0;
  const hi = negative ? (~high + (lo === 0 ? 1 : 0)) >>> 0 : high;
  const upper = (hi % BILLION) * 65536 + (lo >>> 16);
  const lower = (upper % BILLION) * 65536 + (lo & 0xffff);
  const billions =
    (Math.floor(hi / BILLION) * 65536 + Math.floor(upper / BILLION)) * 65536 + Math.floor(lower / BILLION);
  const rest = lower % BILLION;
  const digits = billions === 0 ? String(rest) : `${billions}${String(rest).padStart(9, '0')}`;
  return negative ? `-${digits}` : digits;
}
