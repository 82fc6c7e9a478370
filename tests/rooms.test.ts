import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from './kit/scratch.ts';

const BELOW_INTERACTIONS = [
  ...['model', 'access', 'fhirpath', 'terminology', 'conformance', 'search', 'store', 'forms', 'registry'],
];

/** What each room may import; docs/architecture.md tells why. `commands` and src/main.ts are above all rooms. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  runtime: ['model'],
  access: ['model', 'fhirpath'],
  fhirpath: ['model'],
  terminology: ['model', 'fhirpath'],
  conformance: ['model', 'fhirpath', 'terminology'],
  search: ['model', 'access', 'fhirpath'],
  store: ['model', 'access'],
  forms: ['model', 'fhirpath'],
  registry: ['model', 'fhirpath'],
  egress: ['model', 'runtime'],
  audit: ['model', 'access', 'store', 'runtime'],
  interactions: BELOW_INTERACTIONS,
  packages: [...BELOW_INTERACTIONS, 'interactions'],
  rest: [...BELOW_INTERACTIONS, 'interactions'],
  identity: [...BELOW_INTERACTIONS, 'interactions', 'runtime', 'egress', 'audit'],
  rights: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'audit', 'runtime'],
  reporting: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'charts'],
  population: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'audit', 'runtime', 'egress', 'rights'],
  courses: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'audit', 'runtime', 'rights'],
  eprom: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'delivery', 'egress'],
  charts: ['model', 'forms'],
  web: ['model', 'fhirpath', 'forms', 'registry', 'charts'],
  live: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'runtime', 'identity'],
  apps: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'runtime', 'audit', 'identity', 'delivery', 'egress', 'charts'],
  bots: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'runtime'],
  delivery: [...BELOW_INTERACTIONS, 'interactions', 'runtime', 'egress'],
  http: [...BELOW_INTERACTIONS, 'interactions', 'rest', 'bots', 'delivery', 'runtime', 'egress', 'audit', 'identity'],
  server: [
    ...BELOW_INTERACTIONS,
    'interactions',
    'rest',
    'bots',
    'delivery',
    'runtime',
    'egress',
    'audit',
    'identity',
    'rights',
    'reporting',
    'eprom',
    'population',
    'courses',
    'charts',
    'live',
    'apps',
    'http',
    'packages',
  ],
};
const ROOMS = Object.keys(MAY_IMPORT);
const TOP = ['commands/serve.ts', 'main.ts'];

/** Rooms without input and output, and the packages that they may use all the same. */
const PURE = ['forms', 'registry', 'charts'];
const PURE_PACKAGES = [
  '@lhncbc/ucum-lhc',
  '@medplum/core',
  '@medplum/fhirtypes',
  'd3-scale',
  'd3-shape',
  'fhirpath',
  're2js',
  'rfc6902',
];

/** Ways to import, each on a line of its own, so that a finding's line tells the import. */
const WAYS: ((from: string) => string)[] = [
  (from) => `import '${from}';`,
  (from) => `import type { Thing } from '${from}';`,
  (from) => `export { thing } from '${from}';`,
  (from) => `export const thing = await import('${from}');`,
];

let folder: string;
/** `file:line` of everything that Biome refused in the fixtures. */
let refused: Set<string>;
const fixtures = new Map<string, string[]>();

/** The line of the fixture that imports `from` in the room's folder; places it there if it is new. */
function placed(file: string, line: string): string {
  const lines = fixtures.get(file) ?? [];
  fixtures.set(file, lines);
  if (!lines.includes(line)) lines.push(line);
  return `${file}:${lines.indexOf(line) + 1}`;
}

const inRoom = (room: string, target: string, form = 0) => placed(`src/${room}/x.ts`, WAYS[form]!(`../${target}`));
const inFolder = (room: string, target: string) => placed(`src/${room}/deep/x.ts`, WAYS[0]!(`../../${target}`));
const roundabout = (room: string, target: string) => placed(`src/${room}/y.ts`, WAYS[0]!(`../../src/${target}`));
const ofPackage = (room: string, name: string) => placed(`src/${room}/z.ts`, WAYS[0]!(name));
const inTest = (room: string, target: string) => placed(`src/${room}/x.test.ts`, WAYS[0]!(`../${target}`));

const inBot = (from: string) => placed('bots/x.ts', WAYS[0]!(from));
const inBotFolder = (from: string) => placed('bots/course/x.ts', WAYS[0]!(from));

let dependencies: string[];

beforeAll(async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: Record<string, string> };
  dependencies = Object.keys(manifest.dependencies);
  for (const room of ROOMS) {
    for (const other of [...ROOMS.map((name) => `${name}/x.ts`), ...TOP]) {
      for (const form of WAYS.keys()) inRoom(room, other, form);
      inFolder(room, other);
      roundabout(room, other);
      inTest(room, other);
    }
    for (const name of [...dependencies, 'node:fs', 'node:http', 'node:child_process']) ofPackage(room, name);
  }
  for (const room of ROOMS) {
    inBot(`../src/${room}/x.ts`);
    inBotFolder(`../../src/${room}/x.ts`);
  }
  for (const name of [...dependencies, 'node:fs']) inBot(name);
  folder = await scratchFolder();
  await cp('biome.json', path.join(folder, 'biome.json'));
  for (const [file, lines] of fixtures) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), `${lines.join('\n')}\n`);
  }
  refused = await lint();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function lint(): Promise<Set<string>> {
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  const biome = path.resolve('node_modules/.bin/biome');
  const { stdout } = await promisify(execFile)(biome, args, { cwd: folder, maxBuffer: 2 ** 26 }).catch(
    (ended: { stdout: string }) => ended,
  );
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string; start: { line: number } } }[];
  };
  const found = diagnostics.filter(({ category }) => category === 'lint/style/noRestrictedImports');
  return new Set(found.map(({ location }) => `${location.path}:${location.start.line}`));
}

test('every folder of src is a room that this test knows, or above the rooms', async () => {
  const entries = await readdir('src', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect([...ROOMS, 'commands']).toEqual(expect.arrayContaining(folders));
});

test('no folder inside a room has the name of a room that is out of its reach, which would confuse the rules', async () => {
  const entries = await readdir('src', { withFileTypes: true, recursive: true });
  const confusing = entries.filter((entry) => {
    const [, room = ''] = path.join(entry.parentPath, entry.name).split(path.sep);
    return (
      entry.isDirectory() &&
      entry.parentPath !== 'src' &&
      ROOMS.includes(entry.name) &&
      MAY_IMPORT[room]?.includes(entry.name) !== true
    );
  });
  expect(confusing.map((entry) => path.join(entry.parentPath, entry.name))).toEqual([]);
});

describe.each(ROOMS)('the room %s', (room) => {
  const allowed = MAY_IMPORT[room] ?? [];

  test(`imports ${allowed.join(', ') || 'no other room'}`, () => {
    for (const other of [...allowed, room]) {
      for (const form of WAYS.keys()) expect(refused).not.toContain(inRoom(room, `${other}/x.ts`, form));
      expect(refused).not.toContain(inFolder(room, `${other}/x.ts`));
    }
  });

  test('is refused everything else, in every way to import it', () => {
    const others = ROOMS.filter((other) => other !== room && !allowed.includes(other)).map((other) => `${other}/x.ts`);
    for (const other of [...others, ...TOP]) {
      for (const form of WAYS.keys()) expect(refused).toContain(inRoom(room, other, form));
      expect(refused).toContain(inFolder(room, other));
      expect(refused).toContain(roundabout(room, other));
    }
  });

  test('may import anything in its tests', () => {
    for (const other of ROOMS) expect(refused).not.toContain(inTest(room, `${other}/x.ts`));
  });
});

test.each(PURE)('the pure room %s is refused what does input or output', (room) => {
  for (const name of [...dependencies.filter((name) => !PURE_PACKAGES.includes(name)), 'node:fs', 'node:http']) {
    expect(refused, name).toContain(ofPackage(room, name));
  }
});

describe('a bot file', () => {
  const allowed = ['model', 'forms', 'registry'];

  test(`imports of src only ${allowed.join(', ')}, so that it runs on a Medplum server too`, () => {
    for (const room of ROOMS) {
      const both = [inBot(`../src/${room}/x.ts`), inBotFolder(`../../src/${room}/x.ts`)];
      for (const line of both) expect(refused.has(line), line).toBe(!allowed.includes(room));
    }
  });

  test('is refused what does input or output', () => {
    const packages = dependencies.filter((name) => !PURE_PACKAGES.includes(name));
    for (const name of [...packages, 'node:fs']) expect(refused, name).toContain(inBot(name));
  });
});
