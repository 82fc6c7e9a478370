import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spoolChannel } from './spool.ts';

const notice = {
  idempotencyKey: 'Communication/1',
  recipient: 'Patient/1',
  language: 'nb',
  text: 'Et skjema venter.',
  at: new Date('2026-03-02T15:30:00Z'),
};

test('a notice is one file however often it is sent, and what was left half-written goes', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-spool-'));
  const channel = spoolChannel(folder);
  await channel.send(notice);
  const [file = ''] = await readdir(folder);
  await writeFile(path.join(folder, `${file}.part`), '{"idempotencyKey":"Comm');
  await channel.send(notice);
  await channel.send({ ...notice, idempotencyKey: 'Communication/2' });
  const files = await readdir(folder);
  expect(files).toHaveLength(2);
  expect(JSON.parse(await readFile(path.join(folder, file), 'utf8'))).toMatchObject({ recipient: 'Patient/1' });
});

test('a notice of somebody who was erased is removed, and others stay', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'svar-spool-'));
  const channel = spoolChannel(folder);
  await channel.send(notice);
  await channel.send({ ...notice, idempotencyKey: 'Communication/2' });
  await channel.forget?.(['Communication/1', 'Communication/never-sent']);
  const [file = '', ...more] = await readdir(folder);
  expect(more).toEqual([]);
  expect(JSON.parse(await readFile(path.join(folder, file), 'utf8'))).toMatchObject({
    idempotencyKey: 'Communication/2',
  });
});

test.skipIf(process.platform === 'win32')('strangers on the machine read neither the folder nor a notice', async () => {
  const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'svar-spool-')), 'spool');
  await spoolChannel(folder).send(notice);
  const [file = ''] = await readdir(folder);
  for (const one of [folder, path.join(folder, file)]) expect((await stat(one)).mode & 0o007, one).toBe(0);
});
