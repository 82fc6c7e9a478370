import { expect, test } from 'vitest';
import { resourcesIn, urisIn } from './references-in.ts';

const BASE = 'https://svar.example.org/fhir/R4';

const referred = (content: string): string[] => resourcesIn(content, BASE).map(({ type, id }) => `${type}/${id}`);

test('references to resources here, relative or absolute, with or without version, each once', () => {
  const content = JSON.stringify({
    for: { reference: 'Patient/anna' },
    owner: { reference: `${BASE}/Organization/h/_history/2`, display: 'not "reference":"Patient/display"' },
    basedOn: [{ reference: 'Patient/anna' }, { reference: 'https://elsewhere.example.org/Patient/bent' }],
    note: [{ text: '"reference":"Patient/text"' }],
  });
  expect(referred(content)).toEqual(['Patient/anna', 'Organization/h']);
});

test('however the text is laid out and escaped', () => {
  expect(referred('{ "for" : {"reference" :\n "Patient/anna" }}')).toEqual(['Patient/anna']);
  expect(referred('{"for":{"reference":"Patient\\/anna"}}')).toEqual(['Patient/anna']);
  expect(referred('{"for":{"ref\\u0065rence":"Patient/anna"}}')).toEqual(['Patient/anna']);
  expect(referred('{"note":"a \\\\","for":{"reference":"Patient/anna"}}')).toEqual(['Patient/anna']);
});

test('texts that may be canonical urls, each once', () => {
  const canonical = 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0';
  const content = JSON.stringify({ a: canonical, b: [canonical, 'urn:oid:1.2', 'Patient/anna', 'https://with space'] });
  expect(urisIn(content)).toEqual([canonical, 'urn:oid:1.2']);
  expect(urisIn(content.replaceAll('/', '\\/'))).toEqual([canonical, 'urn:oid:1.2']);
});
