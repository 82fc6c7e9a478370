import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportHelsenorge } from '../src/forms/helsenorge/export.ts';
import { importHelsenorge } from '../src/forms/helsenorge/import.ts';
import { startPostgres } from '../src/runtime/postgres.ts';
import { scratchFolder } from './kit/scratch.ts';

let folder: string;
let dataDir: string;

beforeEach(async () => {
  folder = await scratchFolder();
  dataDir = path.join(folder, 'data');
});

afterEach(async () => {
  await startPostgres({ dataDir, durable: false }).then((left) => left.stop());
  await rm(folder, { recursive: true, force: true });
});

async function svar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: '', SVAR_DATA_DIR: dataDir, SVAR_LOG_LEVEL: 'error', TMPDIR: folder };
  const child = spawn(process.execPath, ['src/main.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

const core = 'http://hl7.org/fhir/StructureDefinition/';
const ehelse = 'http://ehelse.no/fhir/StructureDefinition/';
const control = (code: string): Extension => ({
  url: `${core}questionnaire-itemControl`,
  valueCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/ValueSet/questionnaire-item-control', code }] },
});
const score = (code: string) => [
  { system: 'http://ehelse.no/Score', code: 'score', display: 'score' },
  { system: 'http://ehelse.no/scoringFormulas', code },
];
const question = (linkId: string): QuestionnaireItem => ({
  linkId,
  type: 'choice',
  text: `Spørsmål ${linkId}`,
  code: score('QS'),
  extension: [control('radio-button'), { url: `${ehelse}validationtext`, valueString: 'Velg ett svar' }],
  answerOption: [0, 1].map((weight) => ({
    valueCoding: {
      system: 'urn:uuid:4c9b6c2e-3f0e-4b51-9d0c-6f2a1f3a7b11',
      code: `${weight}`,
      display: weight === 0 ? 'Nei' : 'Ja',
      extension: [{ url: `${core}ordinalValue`, valueDecimal: weight }],
    },
  })),
});
/** A form with what Structor makes. */
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'helsenorge-form',
  url: 'https://example.org/fhir/Questionnaire/helsenorge-form',
  version: '1.0.0',
  name: 'helsenorge-form',
  title: 'Et skjema',
  status: 'active',
  language: 'nb-NO',
  meta: { security: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7618', code: '1', display: 'Helseregister' }] },
  extension: [
    { url: `${ehelse}sdf-endpoint`, valueReference: { reference: 'Endpoint/1' } },
    {
      url: `${ehelse}sdf-authenticationrequirement`,
      valueCoding: { system: 'http://ehelse.no/fhir/ValueSet/AuthenticationRequirement', code: '3' },
    },
  ],
  item: [
    {
      linkId: 'g',
      type: 'group',
      text: 'Del 1',
      extension: [control('step')],
      item: [
        question('1'),
        question('2'),
        { linkId: '3', type: 'decimal', text: 'Sum', readOnly: true, code: score('SS') },
        { linkId: '3.1', type: 'text', text: 'Slik gjør du', required: false, extension: [control('help')] },
        { linkId: '3.2', type: 'display', text: 'Takk', required: false, code: score('QS') },
      ],
    },
    {
      linkId: '4',
      type: 'date',
      text: 'Når?',
      extension: [
        { url: `${ehelse}sdf-maxvalue`, valueString: 'today()' },
        { url: `${ehelse}sdf-fhirpath`, valueString: 'Patient.birthDate' },
      ],
    },
    { linkId: '5', type: 'attachment', text: 'Vedlegg' },
  ],
};

test('a form made in Structor is stored as SDC, and comes out again for Refero', async () => {
  const file = path.join(folder, 'form.json');
  await writeFile(file, JSON.stringify(form));
  const loaded = await svar('load', file, '--dialect', 'helsenorge');
  expect([loaded.code, loaded.err]).toEqual([0, '']);
  expect(loaded.out).toMatch(/Questionnaire +1 +0 +0 +0/);
  expect(loaded.out).toMatch(/warning: form\.json Questionnaire: The answers would be stored here, and not be sent/);

  const out = path.join(folder, 'out.json');
  const exported = await svar('export-form', `${form.url}|1.0.0`, '--dialect', 'helsenorge', '--out', out);
  expect([exported.code, exported.out]).toEqual([0, '']);
  const written = JSON.parse(await readFile(out, 'utf8'));
  const { questionnaire } = exportHelsenorge(importHelsenorge(form).questionnaire);
  expect(written).toEqual({ ...questionnaire, meta: expect.objectContaining(form.meta ?? {}) });
  expect(written.item[2]).toEqual(form.item?.[2]);

  const unknown = await svar('export-form', 'https://example.org/none', '--dialect', 'helsenorge');
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('There is no form https://example.org/none') });
}, 90_000);
