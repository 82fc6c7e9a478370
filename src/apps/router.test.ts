import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsRouter } from './router.ts';

const SAID = 'a form that says %STYLE_NONCE%';
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'svar-apps-'));
  for (const app of ['patient', 'clinician']) await mkdir(path.join(folder, app));
  await writeFile(path.join(folder, 'patient/index.html'), '<div id="app"></div>');
  await writeFile(path.join(folder, 'clinician/index.html'), '<meta name="style-nonce" content="%STYLE_NONCE%">');
  const router = appsRouter({
    folder,
    identify: async () => undefined,
    patientSession: async () => ({}) as never,
    fillPage: async (page) => ({ html: page + SAID, style: undefined }),
  });
  server = createServer(express().use(router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function page(of: string): Promise<{ readonly text: string; readonly policy: string }> {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${of}`);
  return { text: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' };
}

test('what a form says is left as it is, and opens the policy of its page to nothing', async () => {
  const { text, policy } = await page('/patient/');
  expect(text).toContain(SAID);
  expect(policy).not.toContain('nonce');
});

test("the staff app's page holds its nonce, another one each time", async () => {
  const [first, second] = [await page('/clinician/'), await page('/clinician/')];
  const nonce = /content="([^"%]{16,})"/.exec(first.text)?.[1] ?? '';
  expect(first.policy).toContain(`'nonce-${nonce}'`);
  expect(second.text).not.toBe(first.text);
});
