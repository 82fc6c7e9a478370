import { inflateSync } from 'node:zlib';
import type { Observation, Patient } from '@medplum/fhirtypes';
import PDFDocument from 'pdfkit';
import { expect, test, vi } from 'vitest';
import type { ProfileEntry } from '../../charts/profile/entries.ts';
import { profileOf } from '../../charts/profile/profile.ts';
import { type ChartLanguage, writing } from '../../charts/said.ts';
import { profilePdf } from './pdf.ts';

const entry = (score: string): ProfileEntry => ({
  figure: 'line',
  scores: [score],
  questions: [],
  label: undefined,
  range: undefined,
  higherIs: undefined,
});
const score = (code: string, day: string, value: number): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code, display: `Mål for ${code}` }] },
  effectiveDateTime: `${day}T10:00:00+01:00`,
  valueQuantity: { value },
});
const patient: Patient = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: 'Testpasient', given: ['Syntetisk'] }],
  birthDate: '1969-11-13',
};

async function pdfOf(
  observations: readonly Observation[],
  language: ChartLanguage = 'nb',
  about: Patient = patient,
): Promise<string> {
  const codes = [...new Set(observations.flatMap(({ code }) => code.coding?.[0]?.code ?? []))];
  const profile = profileOf(codes.map(entry), { observations, responses: [], rules: [] }, language);
  const sheet = { patient: about, profile, at: new Date('2026-03-02T08:00:00Z'), zone: 'Europe/Oslo' };
  const bytes = await profilePdf(sheet, writing(language, 'Europe/Oslo'));
  return bytes.toString('latin1');
}

/** Every stream of the file, inflated, as text. */
function streamsOf(pdf: string): string[] {
  return [...pdf.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, data = '']) => {
    try {
      return inflateSync(Buffer.from(data, 'latin1')).toString('latin1');
    } catch {
      return data; // metadata is not compressed
    }
  });
}

/** PDF's text strings with other than Latin letters are UTF-16. */
function utf16(text: string): string {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  return bytes.toString('latin1').replace(/([()\\])/g, '\\$1');
}

const two = [score('a', '2026-01-01', 15), score('a', '2026-03-01', 12)];

test('the profile is a PDF/UA: tagged, in its language, with its title, its fonts in it', async () => {
  const pdf = await pdfOf(two);
  expect(pdf.startsWith('%PDF-1.7')).toBe(true);
  expect(pdf).toMatch(/\/MarkInfo/);
  expect(pdf).toMatch(/\/Marked true/);
  expect(pdf).toMatch(/\/Lang \(nb-NO\)/);
  expect(pdf).toMatch(/\/DisplayDocTitle true/);
  expect(streamsOf(pdf).join('\n')).toMatch(/pdfuaid:part/);
  // regular and bold, each with its letters
  expect(pdf.match(/\/FontFile2/g)).toHaveLength(2);
  expect(pdf.match(/\/FontDescriptor \d/g)).toHaveLength(2);
  expect(pdf).not.toMatch(/\/BaseFont \/Helvetica/);
});

test('each drawing is a figure with all that it shows in words, under a heading', async () => {
  const pdf = await pdfOf([...two, score('b', '2026-03-01', 4)]);
  expect(pdf.match(/\/S \/Figure/g)).toHaveLength(2);
  expect(pdf.match(/\/S \/H1/g)).toHaveLength(1);
  expect(pdf.match(/\/S \/H2/g)).toHaveLength(2);
  expect(pdf).toContain(utf16('Mål for a. Mål for a 12, ned fra 15. 1. januar 2026 15; 1. mars 2026 12'));
});

const pagesIn = (pdf: string) => pdf.match(/\/Type \/Page\n/g)?.length;

test('it is one page, with nothing, and with more than there will be', async () => {
  const many = Array.from({ length: 24 }, (_, index) => score(`s${index}`, '2026-03-01', index));
  for (const observations of [[], two, many]) expect(pagesIn(await pdfOf(observations))).toBe(1);
});

test.each([
  ['long names', { given: Array.from({ length: 30 }, () => 'Syntetisk-Testperson'), family: 'Testpasient' }],
  ['letters of Sami', { given: ['Áilu Ŋuorttan'], family: 'Đžšŧ' }],
  ['letters that the font does not have', { given: ['测试'], family: 'اختبار' }],
  ['letters of two parts', { given: ['e\u0301\u0323'], family: '😀' }],
])('it is one page with %s', async (_, name) => {
  const pdf = await pdfOf([...two, score('b', '2026-03-01', 4)], 'nb', { ...patient, name: [name] });
  expect(pagesIn(pdf)).toBe(1);
});

test('it names the patient by the name and the national number in use, and tells no more of the birth date than is known', async () => {
  const texts: string[] = [];
  const about: Patient = {
    ...patient,
    birthDate: '1969',
    name: [{ use: 'old', text: 'Gammelt Navn' }, { text: 'Nytt Navn' }],
    identifier: [
      { system: 'https://example.org/pid', value: '77' },
      { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13916900281' },
    ],
  };
  const { text } = PDFDocument.prototype;
  const spy = vi.spyOn(PDFDocument.prototype, 'text').mockImplementation(function (
    this: unknown,
    ...given: Parameters<typeof text>
  ) {
    texts.push(String(given[0]));
    return text.apply(this as InstanceType<typeof PDFDocument>, given);
  });
  await pdfOf(two, 'nb', about);
  spy.mockRestore();
  expect(texts).toContain('Nytt Navn · 13916900281 · Født 1969');
});

test.each([
  ['sv', 'sv-SE', 'Självskattningsprofil'],
  ['nn', 'nn-NO', 'Sjølvvurderingsprofil'],
  ['en', 'en', undefined],
] as const)('in %s it says so', async (language, tag, title) => {
  const pdf = await pdfOf(two, language);
  expect(pdf).toContain(`/Lang (${tag})`);
  if (title !== undefined) expect(pdf).toContain(utf16(title));
});
