import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Organization } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { scratchFolder } from '../kit/scratch.ts';
import { basic, signedIn } from '../kit/sign-in.ts';
import { syntheticNumber } from '../rights/kit.ts';

let server: TestServer;
let folder: string;
let ehr: Rest;
let course: Course;
let lcSession: string;

beforeAll(async () => {
  folder = await scratchFolder();
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, identity: true });
  ehr = rest(server.base, basic('demo-ehr'));
  course = await refer(ehr, { fnr: syntheticNumber(1), birthDate: '1969-11-13' });
  const answers = {
    Tilsett: '1',
    Norsktalende: '1',
    KognSvekket: '0',
    SkriftligSamtyk: '1',
    DatoSamtykke: '2026-03-02',
  };
  const to = response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
  expect((await ehr.post('QuestionnaireResponse', to)).status).toBe(201);
  const { cookie = '' } = await signedIn(server, 'lc');
  lcSession = cookie.replace('svar-session=', '');
});

afterAll(() => server.close());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command against the test's server, as the hospital's system where nobody else is named. */
async function svar(args: readonly string[], environment: Record<string, string> = {}, input = ''): Promise<Ended> {
  const who = Object.keys(environment).length === 0 ? { SVAR_CLIENT: 'demo-ehr:demo' } : environment;
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, SVAR_DATA_DIR: folder, SVAR_BASE_URL: server.url, ...who };
  const child = spawn(process.execPath, ['src/main.ts', ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out, err };
}

async function said(args: readonly string[], environment?: Record<string, string>, input?: string): Promise<string> {
  const { code, out, err } = await svar(args, environment, input);
  expect([args.join(' '), code, err]).toEqual([args.join(' '), 0, '']);
  return out;
}

describe('departments and locations', () => {
  const named = [
    '--hospital',
    'Organization/haukeland',
    '--name',
    'Barneavdeling',
    '--short',
    'Barn',
    '--resh',
    '99200001',
  ];

  test('are listed, added once, deactivated, and removed by the coordinator while they are unused', async () => {
    const id = /Organization\/(\S+) is added/.exec(await said(['department', 'add', ...named]))?.[1] ?? '';
    expect(await said(['department', 'add', ...named])).toContain(`99200001: Organization/${id}`);
    const list = ['department', 'list', '--hospital', 'Organization/haukeland'];
    expect(await said(list)).toMatch(new RegExp(`${id} +Barneavdeling +Barn +99200001 +active`));
    await said(['department', 'deactivate', id]);
    expect((await ehr.get<Organization>(`Organization/${id}`)).body.active).toBe(false);
    expect(await said(list)).toMatch(new RegExp(`${id} .* not active`));
    expect(await said(['department', 'remove', id], { SVAR_SESSION: lcSession })).toContain('is removed');
    expect((await ehr.get(`Organization/${id}`)).status).toBe(410);
    expect(await said(['location', 'list'])).toContain('haukeland-bygg');
  });

  test.each([
    [['department', 'add', '--name', 'X'], 'department add needs'],
    [['department', 'add', ...named.with(-1, 'x')], '--resh: A RESH-ID'],
    [['location', 'add', ...named.with(1, 'haukeland')], '--hospital must be'],
    [['department', 'close', 'x'], 'department takes list, add'],
    [['location', 'remove'], 'location takes list, add'],
  ])('%j is refused in words', async (args, words) => {
    const { code, err } = await svar(args);
    expect([code, err]).toEqual([1, expect.stringContaining(words)]);
  });

  test('what the server refuses is told in its words', async () => {
    const { code, err } = await svar(['location', 'remove', 'haukeland-bygg']);
    expect([code, err]).toEqual([1, expect.stringContaining('The server refused (403)')]);
  });
});

describe('lists', () => {
  test('the worklist and the forms of patients', async () => {
    expect(await said(['worklist'])).toMatch(new RegExp(`Testpasient, Syntetisk +${course.episode} .*in-progress`));
    expect(await said(['worklist', '--hospital', 'Organization/unn'])).toBe('Nothing is being registered.\n');
    const forms = await said(['patient-forms']);
    expect(forms).toMatch(/HADS.* 2026-03-02 16:32/);
    expect(forms.trim().split('\n')).toHaveLength(5);
    expect(await said(['patient-forms', '--state', 'answered'])).toBe('There is none.\n');
    expect(await said(['delivered', '--from', '2026-01-01', '--age-from', '18'])).toBe('Nothing has been delivered.\n');
  });

  test('a patient is found by name and number, read from standard input, and by PID and FID', async () => {
    const line = new RegExp(`Testpasient, Syntetisk +1969-11-13 +${course.patient} +${course.episode}`);
    expect(await said(['find', 'name'], undefined, 'testpas\n')).toMatch(line);
    expect(await said(['find', 'number'], undefined, `${syntheticNumber(1)}\n`)).toMatch(line);
    expect(await said(['find', 'pid', course.patient])).toMatch(line);
    expect(await said(['find', 'fid', course.episode])).toMatch(line);
    expect(await said(['find', 'number'], undefined, syntheticNumber(2))).toBe('Nobody was found.\n');
    const { err } = await svar(['find', 'number', syntheticNumber(1)]);
    expect(err).toContain('reads from standard input');
    expect(err).not.toContain(syntheticNumber(1));
  });

  test('nobody is asked who does not say who they are', async () => {
    const { code, err } = await svar(['worklist'], { SVAR_CLIENT: '' });
    expect([code, err]).toEqual([1, expect.stringContaining('Who asks?')]);
    expect((await svar(['worklist'], { SVAR_CLIENT: 'demo-ehr:wrong' })).err).toContain('refused (401)');
  });
});

describe('counts and files', () => {
  const march = ['--from', '2026-03-01', '--to', '2026-03-31'];

  test('coverage, with a count that is loaded from a file; a research project is no second registry', async () => {
    const project = { resourceType: 'ResearchStudy', status: 'active', title: 'Et prosjekt' };
    expect((await rest(server.base, basic('demo-admin')).post('ResearchStudy', project)).status).toBe(201);
    expect(await said(['coverage', ...march])).toMatch(/Organization\/haukeland +1 +1 +100\.0 %/);
    const file = path.join(folder, 'counts.csv');
    await writeFile(file, 'hospital,from,to,count\nOrganization/haukeland,2026-03-01,2026-03-31,4\n');
    expect(await said(['referrals-count', 'load', '--file', file])).toContain('4 referred');
    const loaded = await said(['coverage', ...march]);
    expect(loaded).toMatch(/Organization\/haukeland +4 \* +1 +25\.0 %/);
    expect(loaded).toContain('* loaded, not counted');
  });

  test('charts are written as a page', async () => {
    const file = path.join(folder, 'oversikt.html');
    await said(['overview', file, ...march, '--language', 'sv']);
    expect(await readFile(file, 'utf8')).toContain('<h1>Lokal översikt</h1>');
  });

  test('the archive is listed, read and added to', async () => {
    expect(await said(['files', 'list', '--type', 'user-manual'])).toContain('smertereg-user-manual');
    const copy = path.join(folder, 'manual.md');
    await said(['files', 'get', 'smertereg-user-manual', copy]);
    expect(await readFile(copy, 'utf8')).toContain('Kort brukerveiledning');
    const blank = path.join(folder, 'hads.html');
    await said(['files', 'get', 'smertereg-paper-hads', blank]);
    expect(await readFile(blank, 'utf8')).toMatch(/^<!doctype html>/i);
    const add = ['files', 'add', copy, '--type', 'procedure', '--title', 'Lokal rutine'];
    expect(await said(add, { SVAR_SESSION: lcSession })).toContain('for Organization/haukeland');
    expect((await svar(add)).err).toContain('refused (403)');
    expect(await said(['files', 'list'])).toContain('Lokal rutine');
  });
});
