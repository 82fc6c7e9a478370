import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWording, WordingFaults } from '../src/forms/text/read-wording.ts';
import { recordsOf } from '../src/forms/text/record.ts';
import { loadProduct } from '../src/packages/product.ts';
import { loadWording } from '../src/server/load-wording.ts';
import { loaderOf } from '../src/server/loader.ts';
import { hadsItems, refer, response } from './kit/course.ts';
import { type TestServer, testSecret, testServer } from './kit/fhir-server.ts';
import { nonsenseWording, type WordingFile } from './kit/nonsense-wording.ts';
import { type Rest, rest } from './kit/rest.ts';
import { scratchFolder } from './kit/scratch.ts';

let server: TestServer;
let client: Rest;

beforeEach(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00' });
  client = rest(server.base);
});

afterEach(() => server.close());

const hads = async (): Promise<Questionnaire> => (await client.get<Questionnaire>('Questionnaire/hads')).body;
const load = (file: WordingFile) => loadWording(server.fhir, readWording({ ...file }));

async function faultsOf(loading: Promise<unknown>): Promise<readonly string[]> {
  const refused = await loading.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (refused instanceof WordingFaults) return refused.faults;
  throw new Error('it was not refused', { cause: refused });
}

describe('a wording', () => {
  it('becomes a new version of the stored form, and the same again changes nothing', async () => {
    const file = nonsenseWording(await hads(), 'nb', '2027-12-31');
    expect(await load(file)).toEqual({ outcome: 'loaded', form: 'Questionnaire/hads/_history/2', orders: 0 });
    const loaded = await hads();
    expect(loaded).toMatchObject({ version: '1.0.0', title: 'HADS', meta: { versionId: '2' } });
    expect(loaded.item?.[1]?.text).toBe('Blorf HADSSpm1 nb');
    expect(recordsOf(loaded)[0]).toMatchObject({ kind: 'licensed', until: '2027-12-31', holder: 'Blorf Hospital' });
    expect(await load(file)).toEqual({ outcome: 'unchanged', form: 'Questionnaire/hads/_history/2', orders: 0 });
    const renewed = { ...file, licence: { ...file.licence, until: '2028-12-31' } };
    expect(await load(renewed)).toMatchObject({ outcome: 'loaded', form: 'Questionnaire/hads/_history/3' });
  });

  it('outlives the start of a server, which brings the form as it is shipped', async () => {
    await load(nonsenseWording(await hads(), 'sv', '2027-12-31'));
    await load(nonsenseWording(await hads(), 'nb'));
    const before = await hads();
    const warnings: string[] = [];
    await loadProduct(loaderOf(server.fhir), (text) => warnings.push(text));
    expect(await hads()).toEqual(before);
    expect(warnings).toEqual([]);
  });

  it('that does not fit is refused as a whole, with everything that is wrong', async () => {
    const file = nonsenseWording(await hads(), 'nb');
    delete file.items.HADSSpm7;
    file.items.HADSSpm99 = { text: 'x' };
    const options = ['0', '1', '2', '3', '9'].map((code) => `HADSSpm7: option ${code} is missing`);
    expect(await faultsOf(load(file))).toEqual([
      'HADSSpm7: text is missing',
      ...options,
      'HADSSpm99: is not in the form',
    ]);
    expect((await hads()).meta?.versionId).toBe('1');
  });

  it('for a form that is not here is refused', async () => {
    const file = {
      ...nonsenseWording(await hads(), 'nb'),
      questionnaire: 'https://svar.example.org/fhir/Questionnaire/hads|9',
    };
    expect(await faultsOf(load(file))).toEqual([
      'questionnaire: there is no form https://svar.example.org/fhir/Questionnaire/hads|9 here',
    ]);
  });

  it('that was answered to is not replaced by another', async () => {
    const file = nonsenseWording(await hads(), 'nb');
    await load(file);
    file.items.HADSIntro = { text: 'Blarf' };
    await load(file);
    const course = await refer(client);
    const answered = response(course, 'hads', 'completed', hadsItems('2'), '2026-03-02T09:00:00+01:00');
    expect((await client.post<QuestionnaireResponse>('QuestionnaireResponse', answered)).status).toBe(201);
    file.items.HADSIntro = { text: 'Blurf' };
    await expect(load(file)).rejects.toThrow("in item 'HADSIntro', text may not be changed");
    expect((await hads()).item?.[0]?.text).toBe('Blarf');
  });
});

describe('the commands', () => {
  const run = promisify(execFile);
  let folder: string;

  beforeEach(async () => {
    folder = await scratchFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function svar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const env = {
      ...process.env,
      DATABASE_URL: server.database.url,
      SVAR_DATA_DIR: folder,
      SVAR_LOG_LEVEL: 'error',
      SVAR_SECRET: testSecret.toString('base64'),
    };
    try {
      const { stdout, stderr } = await run(process.execPath, ['src/main.ts', ...args], { env });
      return { code: 0, out: stdout, err: stderr };
    } catch (failure) {
      const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  }

  async function written(content: object): Promise<string> {
    const file = path.join(folder, 'hads.json');
    await writeFile(file, JSON.stringify(content));
    return file;
  }

  it('make a template of a file', async () => {
    const { out } = await svar('texts', '--template', 'hads|1.0.0', '--language', 'nb');
    const filled = nonsenseWording(await hads(), 'nb');
    expect(Object.keys(JSON.parse(out).items)).toEqual(Object.keys(filled.items));
    expect((await svar('texts', '--template', 'hads|9')).err).toContain('There is no form hads|9 here');
  }, 60_000);

  it('load a file, tell its faults, and list what is loaded and what is missing', async () => {
    const file = nonsenseWording(await hads(), 'nb', '2026-03-01');
    const loaded = await svar('load-text', await written(file));
    expect(loaded).toEqual({
      code: 0,
      out: `${file.questionnaire} in nb: loaded (Questionnaire/hads/_history/2)\nlicence B-17 of Blorf Hospital, until 2026-03-01\n`,
      err: '',
    });
    const bad = await svar(
      'load-text',
      await written({ ...file, language: 'norsk', items: { HADSSpm1: { text: '' } } }),
    );
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('Nothing was stored of');
    expect(bad.err).toContain('HADSSpm1: is empty');
    expect(bad.err).toContain('no BCP 47 tag');

    const { out } = await svar('texts');
    expect(out).toMatch(/^hads\|1\.0\.0 +nb +RUN OUT +2026-03-01 +B-17 of Blorf Hospital, loaded 2026-03-02$/m);
    expect(out).toMatch(/^hads\|1\.0\.0 +sv +MISSING: placeholders$/m);
    expect(out).toMatch(/^pgic\|1\.0\.0 +en +own words$/m);
    expect((await svar('texts', '--missing')).out).toBe('No form lacks a text in nb, sv, en.\n');
    expect((await svar('texts', '--missing', '--language', 'nn')).out).toMatch(
      /^hads\|1\.0\.0 +nn +HADSSpm1, option 3$/m,
    );
  }, 120_000);
});
