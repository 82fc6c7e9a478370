import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { build } from 'vite';
import { expect, test } from 'vitest';
import type { Issue } from '../src/model/issue.ts';

/** Fetched by the forms that need them alone: conversion of units, and patterns that the browser's own RegExp reads otherwise. */
const PACKAGES = ['@lhncbc/ucum-lhc', 're2js'];

/** The modules that a file imports when it runs; imports of types alone are erased. */
async function importsOf(file: string): Promise<string[]> {
  const source = (await readFile(file, 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
  const statements = source.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = source.matchAll(/\b(?:import|require)\(\s*'([^']+)'\s*\)/g);
  return [...statements, ...calls].map(([, name = '']) => name);
}

/** As a bundler for browsers does, by package.json. */
async function resolved(name: string, from: string): Promise<string> {
  if (!name.startsWith('#')) {
    return path.join(path.dirname(from), name);
  }
  const { imports } = JSON.parse(await readFile('package.json', 'utf8')) as {
    imports: Record<string, { browser: string } | undefined>;
  };
  return path.normalize(imports[name]?.browser ?? `there is no ${name}`);
}

test('nothing that a form is filled in with needs Node', async () => {
  const folder = await readdir('src/forms', { recursive: true });
  const open = folder
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join('src/forms', name));
  const files = new Set(open);
  expect(files.size).toBeGreaterThan(100);
  const foreign = new Map<string, string>();
  for (const file of files) {
    for (const name of await importsOf(file)) {
      if (/^[.#]/.test(name)) files.add(await resolved(name, file));
      else foreign.set(name, file);
    }
  }
  expect(files).toContain('src/model/r4/structures.ts');
  expect([...foreign.keys()].toSorted()).toEqual(PACKAGES.toSorted());
});

test('a bundle of it runs where there is nothing but the language and URL', async () => {
  const bundle = await build({
    ...{ configFile: false, logLevel: 'silent', root: process.cwd() },
    build: {
      ...{ write: false, minify: false },
      lib: { entry: 'tests/kit/forms-in-browser.ts', formats: ['iife'], name: 'forms' },
    },
  });
  const [output] = Array.isArray(bundle) ? bundle : [bundle];
  const code = output !== undefined && 'output' in output ? output.output[0].code : '';
  expect(code.length).toBeGreaterThan(100_000);

  const told = JSON.parse(
    (await vm.runInNewContext(
      `${code}\n;(${fillIn})(forms)`,
      { URL, console: undefined },
      { timeout: 20_000 },
    )) as string,
  ) as { readonly populated: QuestionnaireResponse; readonly right: Issue[]; readonly wrong: Issue[] };
  expect(told.populated.item?.map(({ answer }) => answer?.[0]?.valueDate)).toEqual([
    '1970-01-01',
    ...[undefined, undefined, undefined],
  ]);
  expect(told.right).toEqual([]);
  expect(told.wrong.map(({ details }) => details?.code)).toEqual(['regex', 'maxValue', 'calculatedAnswer']);
});

test('what a form without expressions is filled in with is small', async () => {
  const bundle = await build({
    ...{ configFile: false, logLevel: 'silent', root: process.cwd() },
    build: {
      ...{ write: false, minify: true, modulePreload: { polyfill: false } },
      rollupOptions: { input: 'src/web/form/model/form-session.ts', preserveEntrySignatures: 'strict' },
    },
  });
  const [made] = Array.isArray(bundle) ? bundle : [bundle];
  const chunks = made !== undefined && 'output' in made ? made.output.filter((each) => each.type === 'chunk') : [];
  const first = chunks.filter(({ isDynamicEntry }) => !isDynamicEntry);
  const bytes = first.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(25_500);
  expect(first.flatMap(({ moduleIds }) => moduleIds).filter((id) => /r4\.generated|ucum-lhc|re2js/.test(id))).toEqual(
    [],
  );
});

/** Runs in the bundle's world: it can see nothing of this file. */
const fillIn = `async function (forms) {
  const core = (name, value) => ({ url: 'http://hl7.org/fhir/StructureDefinition/' + name, ...value });
  const sdc = (name, value) => ({ url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-' + name, ...value });
  const fhirpath = (expression) => ({ valueExpression: { language: 'text/fhirpath', expression } });
  const grams = (value) => ({ value, code: 'g', system: 'http://unitsofmeasure.org' });
  const questionnaire = {
    resourceType: 'Questionnaire', url: 'https://svar.example.org/fhir/Questionnaire/browser', status: 'active',
    extension: [sdc('launchContext', { extension: [
      { url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' } },
      { url: 'type', valueCode: 'Patient' },
    ] })],
    item: [
      { linkId: 'born', type: 'date', extension: [sdc('initialExpression', fhirpath('%patient.birthDate'))] },
      { linkId: 'word', type: 'string', extension: [core('regex', { valueString: '[a-z]+' })] },
      { linkId: 'dose', type: 'quantity', extension: [sdc('maxQuantity', { valueQuantity: grams(1) })] },
      { linkId: 'sum', type: 'integer', readOnly: true, extension: [sdc('calculatedExpression', fhirpath("%resource.item.where(linkId='word').answer.value.length()"))] },
    ],
  };
  await forms.prepareForm(questionnaire);
  const form = forms.compileForm(questionnaire);
  const now = new Date('2026-03-02T08:00:00Z');
  const base = { resourceType: 'QuestionnaireResponse', questionnaire: questionnaire.url, status: 'completed', authored: '2026-03-02T08:00:00Z' };
  const answered = (word, milligrams, sum) => ({ ...base, item: [
    { linkId: 'word', answer: [{ valueString: word }] },
    { linkId: 'dose', answer: [{ valueQuantity: { ...grams(milligrams), code: 'mg' } }] },
    { linkId: 'sum', answer: [{ valueInteger: sum }] },
  ] });
  const populated = forms.populate(form, forms.startResponse(form, undefined, now), { now, launch: { patient: { resourceType: 'Patient', birthDate: '1970-01-01' } } });
  return JSON.stringify({
    populated: populated.response,
    right: forms.validateResponse(form, answered('abc', 999, 3), { now }),
    wrong: forms.validateResponse(form, answered('ABC', 1001, 4), { now }),
  });
}`;
