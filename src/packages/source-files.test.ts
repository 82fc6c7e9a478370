import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TarEntry, tar, tgz } from '../../tests/kit/tar.ts';
import { packageLimits } from './limits.ts';
import { sourceFiles } from './source-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'svar-package-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function archive(bytes: Buffer): Promise<string> {
  count += 1;
  const file = path.join(folder, `${count}.tgz`);
  await writeFile(file, bytes);
  return file;
}

const packed = (entries: readonly TarEntry[]) => archive(tgz(entries));
const patient = { name: 'package/Patient-a.json', text: '{"resourceType":"Patient","id":"a"}' };

describe('a .tgz', () => {
  test('gives the resources directly in its folder package, not its manifest, index or examples', async () => {
    const files = await sourceFiles(
      await packed([
        { name: 'package/package.json', text: '{"fhirVersions":["4.0.1"]}' },
        { name: 'package/.index.json', text: '{}' },
        { name: 'package/example/Patient-b.json', text: '{}' },
        { name: 'package/z.ndjson', text: '{}' },
        { name: 'package/readme.md', text: '' },
        { name: 'package/', kind: '5' },
        patient,
      ]),
    );
    expect(files.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      [patient.name, patient.text],
      ['package/z.ndjson', '{}'],
    ]);
  });

  test('may give long names by an extended header', async () => {
    const name = `package/${'a'.repeat(120)}.json`;
    const record = ` path=${name}\n`;
    const text = `${record.length + 3}${record}`;
    const files = await sourceFiles(
      await packed([
        { name: 'PaxHeader', kind: 'x', text },
        { ...patient, name: 'cut' },
      ]),
    );
    expect(files.map((file) => file.name)).toEqual([name]);
  });

  test.each([
    ['leads out of its folder', '../../etc/cron.d/x.json', '0', 'leads out of the archive'],
    ['has an absolute name', '/etc/x.json', '0', 'leads out of the archive'],
    ['hides the way out', 'package/../../x.json', '0', 'leads out of the archive'],
    ['is a symbolic link', 'package/x.json', '2', 'no regular file'],
    ['is a hard link', 'package/x.json', '1', 'no regular file'],
    ['is a device', 'package/x.json', '3', 'no regular file'],
  ])('with an entry that %s is refused', async (_, name, kind, problem) => {
    await expect(sourceFiles(await packed([patient, { name, kind }]))).rejects.toThrow(problem);
  });

  test('that grows beyond the limit when unpacked is refused, however small it is packed', async () => {
    const bomb = await archive(gzipSync(Buffer.alloc(4 * 2 ** 20)));
    const limits = { ...packageLimits, totalBytesMax: 2 ** 20 };
    await expect(sourceFiles(bomb, limits)).rejects.toThrow('is larger than 1 MiB');
  });

  test('with too many files, or one too large, is refused', async () => {
    const file = await packed([patient, { ...patient, name: 'package/b.json' }]);
    await expect(sourceFiles(file, { ...packageLimits, filesMax: 1 })).rejects.toThrow('more than 1 files');
    await expect(sourceFiles(file, { ...packageLimits, fileBytesMax: 10 })).rejects.toThrow('Patient-a.json');
    await expect(sourceFiles(file, { ...packageLimits, packedBytesMax: 10 })).rejects.toThrow('is larger than');
  });

  test('that is damaged, cut off, empty or for another FHIR version is refused', async () => {
    const whole = tar([patient]);
    const damaged = Buffer.from(whole);
    damaged[3] = 0x7a;
    await expect(sourceFiles(await archive(gzipSync(damaged)))).rejects.toThrow('damaged');
    await expect(sourceFiles(await archive(gzipSync(whole.subarray(0, 520))))).rejects.toThrow('ends in the middle');
    await expect(sourceFiles(await archive(Buffer.from('no gzip')))).rejects.toThrow('not compressed');
    await expect(sourceFiles(await packed([]))).rejects.toThrow('holds no resource');
    const r5 = { name: 'package/package.json', text: '{"fhirVersions":["5.0.0"]}' };
    await expect(sourceFiles(await packed([r5, patient]))).rejects.toThrow('is for FHIR 5.0.0');
  });
});

describe('a folder', () => {
  test('gives its *.json and *.ndjson files and those below it, by name', async () => {
    const own = path.join(folder, 'own');
    await mkdir(path.join(own, 'deep'), { recursive: true });
    for (const name of ['b.json', 'deep/a.json', 'c.ndjson', 'x.txt', 'package.json']) {
      await writeFile(path.join(own, name), '{}');
    }
    expect((await sourceFiles(own)).map(({ name }) => name)).toEqual(['b.json', 'c.ndjson', 'deep/a.json']);
    await expect(sourceFiles(own, { ...packageLimits, totalBytesMax: 3 })).rejects.toThrow('is larger than');
  });

  test('with a link, to a file or a folder, is refused', async () => {
    const linked = path.join(folder, 'linked');
    await mkdir(linked);
    await symlink('/etc/passwd', path.join(linked, 'x.json'));
    await expect(sourceFiles(linked)).rejects.toThrow('links are not followed');
  });

  test('that is not there is told', async () => {
    await expect(sourceFiles(path.join(folder, 'missing'))).rejects.toThrow('is not there');
  });
});
