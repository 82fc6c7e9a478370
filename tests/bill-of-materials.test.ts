import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly licenses?: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
}

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
}

let components: readonly Component[];
/** What the lockfile installs, by its place in node_modules. */
let locked: readonly (readonly [string, Locked])[];

const coordinates = (name: string, version: string | undefined) => `${name}@${version}`;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { maxBuffer: 2 ** 26 });
  const bill = JSON.parse(stdout) as { bomFormat: string; components: readonly Component[] };
  expect(bill.bomFormat).toBe('CycloneDX');
  components = bill.components;
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  locked = Object.entries(lock.packages).filter(([place]) => place !== '');
}, 60_000);

/**
 * What the server runs on. (Not asked of `npm sbom --omit dev`: it leaves out whatever a development package needs too.)
 */
const ofTheServer = () =>
  new Set(
    locked
      .filter(([, { dev, optional }]) => dev !== true && optional !== true)
      .map(([place, { version }]) => coordinates(place.split('node_modules/').at(-1) ?? '', version)),
  );

describe('the bill of materials (npm run sbom)', () => {
  test('lists all that the server is made of', () => {
    const listed = new Set(components.map(({ name, version }) => coordinates(name, version)));
    const wanted = ofTheServer();
    expect(wanted.size).toBeGreaterThan(100);
    expect([...wanted].filter((each) => !listed.has(each))).toEqual([]);
  });

  test('marks what only development needs', () => {
    const marked = components.filter(({ properties = [] }) =>
      properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true'),
    );
    expect(marked.map(({ name }) => name)).toEqual(expect.arrayContaining(['vitest', 'typescript', 'fhirclient']));
    expect(marked.map(({ name }) => name)).not.toContain('express');
  });

  test('holds no package of the server whose licence Apache-2.0 could not live with', () => {
    const fine =
      /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|PostgreSQL|Zlib)$/;
    const server = ofTheServer();
    const strange = components
      .filter(({ name, version }) => server.has(coordinates(name, version)))
      .filter(({ licenses = [] }) => {
        const texts = licenses.map(({ license, expression }) => expression ?? license?.id ?? '');
        return !texts.some((text) => text.split(/[()]| OR | AND /).some((part) => fine.test(part)));
      });
    // Their manifests name no licence, their files do: NIH's own terms (see NOTICE) for two of them, MIT for two more.
    // lightningcss is of the MPL-2.0: it builds the web apps, unchanged, and is in none of them.
    expect(strange.map(({ name }) => name).sort()).toEqual([
      ...['@lhncbc/ucum-lhc', 'emitter-component', 'fhirpath', 'lightningcss', 'png-js'],
    ]);
  });
});

test('every package is fetched over https and has a checksum in the lockfile', () => {
  const faulty = locked.filter(
    ([, { resolved, integrity, inBundle }]) =>
      inBundle !== true && (integrity === undefined || (resolved !== undefined && !resolved.startsWith('https://'))),
  );
  expect(faulty.map(([place]) => place)).toEqual([]);
});
