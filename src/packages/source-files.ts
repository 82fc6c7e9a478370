import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type PackageLimits, packageLimits } from './limits.ts';
import { PackageError } from './package-fault.ts';
import { tarFiles } from './tar.ts';

/** A file that may hold resources, or the content of one. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What describes a package, and no resource, in the root of an npm-style FHIR package. */
const DESCRIPTIONS = new Set(['package.json', '.index.json', 'ig-r4.json', 'package-lock.json']);

/**
 * The *.json, *.ndjson and *.csv files of a folder and those below it, or of an npm-style FHIR package (.tgz: those directly in
 * its folder `package`), in the order of their names; or a single *.json file.
 *
 * @throws PackageError, told to the operator: what is not there, is too large, is for another FHIR version, or is not
 *   what it says to be. Links are refused, not followed.
 */
export async function sourceFiles(
  source: string,
  limits: PackageLimits = packageLimits,
): Promise<readonly SourceFile[]> {
  const stat = await lstat(source).catch(() => undefined);
  if (stat === undefined) {
    throw new PackageError(`${source} is not there, or may not be read.`);
  }
  if (stat.isDirectory()) {
    return ofFolder(source, limits);
  }
  if (stat.isFile() && source.endsWith('.json')) {
    if (stat.size > limits.fileBytesMax) throw tooLarge(source, limits.fileBytesMax);
    return [{ name: path.basename(source), bytes: await readFile(source) }];
  }
  if (!stat.isFile() || !/\.(tgz|tar\.gz)$/.test(source)) {
    throw new PackageError(`${source} is neither a folder nor a .tgz or .json file.`);
  }
  if (stat.size > limits.packedBytesMax) {
    throw tooLarge(source, limits.packedBytesMax);
  }
  return ofArchive(source, await readFile(source), limits);
}

async function ofFolder(folder: string, limits: PackageLimits): Promise<readonly SourceFile[]> {
  const names: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = path.join(below, entry.name);
      if (entry.isSymbolicLink()) {
        throw new PackageError(
          `${path.join(folder, name)} is a link; links are not followed. Put the file itself there.`,
        );
      }
      if (entry.isDirectory()) {
        await walk(name);
      } else if (entry.isFile() && holdsResources(entry.name)) {
        names.push(name);
      }
      refuseMany(names.length, limits);
    }
  };
  await walk('');
  let total = 0;
  const files: SourceFile[] = [];
  for (const name of names.sort()) {
    const file = path.join(folder, name);
    const { size } = await lstat(file);
    total += size;
    if (size > limits.fileBytesMax || total > limits.totalBytesMax) {
      throw size > limits.fileBytesMax ? tooLarge(file, limits.fileBytesMax) : tooLarge(folder, limits.totalBytesMax);
    }
    files.push({ name, bytes: await readFile(file) });
  }
  return files;
}

async function ofArchive(source: string, packed: Buffer, limits: PackageLimits): Promise<readonly SourceFile[]> {
  const archive = await promisify(gunzip)(packed, { maxOutputLength: limits.totalBytesMax }).catch(
    (problem: NodeJS.ErrnoException) => {
      throw problem.code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(`${source}, unpacked,`, limits.totalBytesMax)
        : new PackageError(`${source} is damaged, or not compressed by gzip.`);
    },
  );
  const files: SourceFile[] = [];
  let count = 0;
  for (const { name, bytes } of tarFiles(archive)) {
    count += 1;
    refuseMany(count, limits);
    if (bytes.length > limits.fileBytesMax) {
      throw tooLarge(`${name} in ${source}`, limits.fileBytesMax);
    }
    if (name === 'package/package.json') {
      refuseOtherVersion(source, bytes);
    } else if (/^package\/[^/]+$/.test(name) && holdsResources(path.posix.basename(name))) {
      files.push({ name, bytes });
    }
  }
  if (files.length === 0) {
    throw new PackageError(`${source} holds no resource: a FHIR package has them as package/*.json.`);
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A table that is the content of a Library; it holds no resources itself. */
export function isTable(name: string): boolean {
  return name.endsWith('.csv');
}

function holdsResources(name: string): boolean {
  return (/\.(json|ndjson)$/.test(name) || isTable(name)) && !name.startsWith('.') && !DESCRIPTIONS.has(name);
}

/** A package manifest tells its FHIR versions (`fhirVersions`; in older ones `fhir-version-list`). */
function refuseOtherVersion(source: string, manifest: Buffer): void {
  const told = parsed(manifest);
  const versions = told?.fhirVersions ?? told?.['fhir-version-list'];
  if (Array.isArray(versions) && versions.length > 0 && !versions.some((one) => String(one).startsWith('4.0'))) {
    throw new PackageError(`${source} is for FHIR ${versions.map(String).join(', ')}; this server holds R4 (4.0.1).`);
  }
}

function parsed(manifest: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(manifest.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refuseMany(count: number, { filesMax }: PackageLimits): void {
  if (count > filesMax) {
    throw new PackageError(`The package has more than ${filesMax} files; split it.`);
  }
}

function tooLarge(what: string, bytesMax: number): PackageError {
  return new PackageError(`${what} is larger than ${Math.round(bytesMax / 2 ** 20)} MiB; split it.`);
}
