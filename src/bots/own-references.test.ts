import { expect, test } from 'vitest';
import { withRelativeReferences } from './own-references.ts';

const base = 'https://svar.example.org/fhir/R4';

test('references to this server become relative, however the text is laid out', () => {
  const text = `{"a":{"reference":"${base}/Patient/1"},"b":[{"reference" : "${base.replaceAll('/', '\\/')}\\/Task/2"}]}`;
  expect(JSON.parse(withRelativeReferences(text, base))).toEqual({
    a: { reference: 'Patient/1' },
    b: [{ reference: 'Task/2' }],
  });
});

test('everything else stays as it is', () => {
  const others = {
    reference: [
      'Patient/1',
      '#contained',
      'urn:uuid:1',
      'https://other.example.org/fhir/R4/Patient/1',
      `${base}x/Patient/1`,
    ],
    url: `${base}/Questionnaire/1`,
    text: `"reference":"${base}/Patient/1"`,
  };
  const text = JSON.stringify({ ...others, list: others.reference.map((reference) => ({ reference })) });
  expect(withRelativeReferences(text, base)).toBe(text);
});
