import { PackageError } from './package-fault.ts';

/** A regular file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const BLOCK = 512;

/**
 * The regular files of a tar archive (POSIX.1-2017 pax interchange format, ustar, and GNU's long names).
 *
 * @throws PackageError for what has no place in a package: links, devices, names that lead out of it, and for archives
 *   that are damaged or end too soon
 */
export function* tarFiles(archive: Buffer): Generator<TarFile> {
  let at = 0;
  let longName: string | undefined;
  let paxSize: number | undefined;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const header = archive.subarray(at, at + BLOCK);
    refuseDamaged(header);
    const kind = String.fromCharCode(header[156] ?? 0);
    const size = paxSize ?? sizeOf(header);
    const from = at + BLOCK;
    if (from + size > archive.length) {
      throw new PackageError('The archive ends in the middle of a file; it was not downloaded or written whole.');
    }
    const bytes = archive.subarray(from, from + size);
    at = from + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === 'x') {
      const records = paxRecords(bytes);
      longName = records.get('path') ?? longName;
      paxSize = records.has('size') ? Number(records.get('size')) : undefined;
      if (paxSize !== undefined && !(Number.isSafeInteger(paxSize) && paxSize >= 0)) {
        throw damaged();
      }
      continue;
    }
    if (kind === 'L') {
      longName = textOf(bytes);
      continue;
    }
    const name = longName ?? nameOf(header);
    longName = undefined;
    paxSize = undefined;
    if (kind === '0' || kind === '\0') {
      refuseOutside(name);
      yield { name: name.replace(/^\.\//, ''), bytes };
    } else if (kind !== '5' && kind !== 'g') {
      throw new PackageError(`${name} is no regular file (a link or a device); a package holds files only.`);
    }
  }
}

/** Names are only told to people here, never written to; but a package that tries to leave its folder is none. */
function refuseOutside(name: string): void {
  if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..')) {
    throw new PackageError(`${name} leads out of the archive; such a package is not read.`);
  }
}

function refuseDamaged(header: Buffer): void {
  let sum = 8 * 0x20; // the checksum's own field counts as spaces
  for (const [index, byte] of header.entries()) {
    sum += index < 148 || index >= 156 ? byte : 0;
  }
  if (octal(header.subarray(148, 156)) !== sum) {
    throw damaged();
  }
}

/** Octal digits, or, where they do not suffice, a binary number marked by the first bit (GNU). */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  const size = (field[0] ?? 0) & 0x80 ? Number(field.readBigUInt64BE(4)) : octal(field);
  if (!Number.isSafeInteger(size)) {
    throw damaged();
  }
  return size;
}

function octal(field: Buffer): number {
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  if (!/^[0-7]{1,12}$/.test(digits)) {
    throw damaged();
  }
  return Number.parseInt(digits, 8);
}

function nameOf(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Records `length key=value\n`, length in bytes, itself included. */
function paxRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) {
      throw damaged();
    }
    const [key = '', value = ''] = bytes.toString('utf8', space + 1, at + length - 1).split(/=(.*)/s);
    records.set(key, value);
    at += length;
  }
  return records;
}

function damaged(): PackageError {
  return new PackageError('The archive is damaged, or no tar archive.');
}
