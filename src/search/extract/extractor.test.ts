import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { r4SearchParameters } from '../parameters/r4.ts';
import { searchParameterRegistry } from '../parameters/registry.ts';
import { extractor } from './extractor.ts';

const parameters = searchParameterRegistry(r4SearchParameters());
const extract = extractor(parameters, { baseUrl: 'http://localhost:8080/fhir/R4' });
const DAY = 86_400_000;

function tokensOf(resource: object, name: string): string[] {
  return formsOf(extract(resource).tokens, name);
}

function formsOf(keys: readonly string[], name: string): string[] {
  return keys.filter((key) => key.startsWith(`${name}\n`)).map((key) => key.slice(name.length + 1));
}

function rangesOf(resource: object, name: string): Record<string, [number, number]> {
  const { ranges } = extract(resource);
  return Object.fromEntries(
    ranges
      .filter(({ key }) => key.startsWith(`${name}\n`))
      .map(({ key, lo, hi }) => [key.slice(name.length + 1), [lo, hi]]),
  );
}

function stringsOf(resource: object, key: string): string[] {
  return extract(resource)
    .strings.filter((row) => row.key === key)
    .map((row) => row.value);
}

function codesOf(resource: { resourceType: string }): string[] {
  const byOrdinal = new Map(parameters.list(resource.resourceType).map((param) => [param.ordinal, param.code]));
  return extract(resource)
    .present.map((ordinal) => byOrdinal.get(ordinal) ?? '')
    .sort();
}

describe('token', () => {
  test('a coding is found by code, by system and code, and by system; its texts by :text', () => {
    const code = {
      coding: [{ system: 'http://loinc.org', code: '72514-3', display: 'Pain  severity' }, { code: 'local' }],
      text: 'NRS',
    };
    const observation = { resourceType: 'Observation', code };
    expect(tokensOf(observation, 'Observation.code')).toEqual([
      '=72514-3',
      '|http://loinc.org|72514-3',
      '|http://loinc.org|',
      '=local',
      '||local',
    ]);
    expect(stringsOf(observation, 'Observation.code\ntext')).toEqual(['pain severity', 'nrs']);
  });

  test('an identifier is also found by its type', () => {
    const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };
    const patient = { resourceType: 'Patient', identifier: [{ type, system: 'urn:oid:1.2', value: '7' }] };
    expect(tokensOf(patient, 'Patient.identifier')).toEqual([
      '=7',
      '|urn:oid:1.2|7',
      '|urn:oid:1.2|',
      '^http://terminology.hl7.org/CodeSystem/v2-0203|MR|7',
    ]);
  });

  test('codes, booleans and contact points are found by their value alone', () => {
    const patient = {
      resourceType: 'Patient',
      active: false,
      gender: 'other',
      telecom: [{ system: 'email', value: 'a@example.org', use: 'home' }],
    };
    expect(tokensOf(patient, 'Patient.active')).toEqual(['=false']);
    expect(tokensOf(patient, 'Patient.gender')).toEqual(['=other']);
    expect(tokensOf(patient, 'Patient.email')).toEqual(['=a@example.org']);
    expect(tokensOf(patient, 'Patient.phone')).toEqual([]);
    expect(tokensOf(patient, 'Patient.deceased')).toEqual(['=false']);
  });
});

describe('reference', () => {
  test('own base, versions and absolute urls', () => {
    const forms = (reference: string): string[] =>
      tokensOf({ resourceType: 'Observation', subject: { reference } }, 'Observation.subject');
    expect(forms('Patient/1')).toEqual(['@Patient/1']);
    expect(forms('Patient/1/_history/3')).toEqual(['@Patient/1']);
    expect(forms('http://localhost:8080/fhir/R4/Patient/1/_history/3')).toEqual(['@Patient/1']);
    expect(forms('https://ehr.example.org/fhir/Patient/1')).toEqual(['@https://ehr.example.org/fhir/Patient/1']);
    expect(forms('#contained')).toEqual([]);
    expect(forms('urn:uuid:4b1d1d46-2f0c-4f3c-9d0c-1b2e3f4a5b6c')).toEqual([
      '@urn:uuid:4b1d1d46-2f0c-4f3c-9d0c-1b2e3f4a5b6c',
    ]);
  });

  test('an identifier in a reference is kept apart', () => {
    const subject = { identifier: { system: 'urn:oid:1.2', value: '7' } };
    expect(tokensOf({ resourceType: 'Observation', subject }, 'Observation.subject')).toEqual([
      '&=7',
      '&|urn:oid:1.2|7',
      '&|urn:oid:1.2|',
    ]);
  });

  test('a canonical is found with and without its version', () => {
    const response = { resourceType: 'QuestionnaireResponse', questionnaire: 'http://example.org/Questionnaire/a|2#x' };
    expect(tokensOf(response, 'QuestionnaireResponse.questionnaire')).toEqual([
      '@http://example.org/Questionnaire/a',
      '@http://example.org/Questionnaire/a|2',
    ]);
  });

  test('a parameter limited to one target is present only if a reference leads there', () => {
    const of = (reference: string): string[] =>
      codesOf({ resourceType: 'Observation', subject: { reference } } as never);
    expect(of('Patient/1')).toEqual(['patient', 'subject']);
    expect(of('Group/1')).toEqual(['subject']);
  });

  test('what no parameter covers is kept for the check before a delete', () => {
    const patient = {
      resourceType: 'Patient',
      managingOrganization: { reference: 'Organization/1' },
      contact: [{ organization: { reference: 'Organization/1' } }, { organization: { reference: 'Organization/2' } }],
      _birthDate: { extension: [{ url: 'http://example.org/x', valueReference: { reference: 'Device/3' } }] },
    };
    expect(formsOf(extract(patient).tokens, '*')).toEqual(['@Organization/2', '@Device/3']);
  });

  test('what the entries of a Bundle refer to is not what the Bundle refers to', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'document',
      entry: [{ resource: { resourceType: 'Composition', id: 'c', subject: { reference: 'Patient/1' } } }],
    };
    expect(extract(bundle).tokens).toEqual([
      'Bundle.composition\n@Composition/c',
      'Bundle.message\n@Composition/c',
      'Bundle.type\n=document',
    ]);
  });
});

describe('date', () => {
  test('a period without end has none', () => {
    const encounter = { resourceType: 'Encounter', period: { start: '2026-03-02' } };
    expect(rangesOf(encounter, 'Encounter.date')).toEqual({ '#': [Date.UTC(2026, 2, 2), 8.64e15] });
    expect(extract(encounter).date).toBe(Date.UTC(2026, 2, 2));
  });

  test('a timing reaches from its first event to its last', () => {
    const request = {
      resourceType: 'ServiceRequest',
      occurrenceTiming: { event: ['2026-03-05', '2026-03-02'] },
      authoredOn: '2026-02',
    };
    expect(rangesOf(request, 'ServiceRequest.occurrence')).toEqual({
      '#': [Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 6) - 1],
    });
    expect(extract(request).date).toBe(Date.UTC(2026, 1, 1));
  });

  test('a period without start gives the resource no leading date', () => {
    const encounter = { resourceType: 'Encounter', period: { end: '2026-03-02' } };
    expect(extract(encounter).date).toBeUndefined();
    expect(rangesOf(encounter, 'Encounter.date')['#']).toEqual([-8.64e15, Date.UTC(2026, 2, 3) - 1]);
  });
});

describe('quantity and number', () => {
  const observed = (valueQuantity: object): Record<string, [number, number]> =>
    rangesOf({ resourceType: 'Observation', valueQuantity }, 'Observation.value-quantity');
  const UCUM = 'http://unitsofmeasure.org';

  test('quantities in UCUM units meet in their canonical unit', () => {
    expect(observed({ value: 5.4, unit: 'mg', system: UCUM, code: 'mg' })).toEqual({
      '#': [5.4, 5.4],
      '#|mg': [5.4, 5.4],
      '#ucum:g': [0.0054, 0.0054],
    });
    expect(observed({ value: 0.0054, system: UCUM, code: 'g' })['#ucum:g']).toEqual([0.0054, 0.0054]);
    expect(observed({ value: 37, system: UCUM, code: 'Cel' })['#ucum:K']).toEqual([310.15, 310.15]);
  });

  test('a unit that UCUM does not know keeps its system', () => {
    expect(observed({ value: 3, unit: 'tablets', system: 'http://example.org/units', code: 'TAB' })).toEqual({
      '#': [3, 3],
      '#|TAB': [3, 3],
      '#|tablets': [3, 3],
      '#http://example.org/units|TAB': [3, 3],
    });
    expect(observed({ value: 3, system: UCUM, code: 'no unit' })).toHaveProperty([
      '#http://unitsofmeasure.org|no unit',
    ]);
  });

  test('a comparator opens the interval', () => {
    expect(observed({ value: 5, comparator: '<' })).toEqual({ '#': [-1e300, 5] });
    expect(observed({ value: 5, comparator: '>=' })).toEqual({ '#': [5, 1e300] });
  });

  test('sampled data reaches from its least sample to its greatest', () => {
    const component = [{ valueSampledData: { origin: { value: 100 }, factor: 2, data: '3 E -1 L 7' } }];
    expect(rangesOf({ resourceType: 'Observation', component }, 'Observation.component-value-quantity')).toEqual({
      '#': [98, 114],
    });
  });

  test('a range has both its ends', () => {
    const prediction = [{ probabilityRange: { low: { value: 1 } } }, { probabilityDecimal: 0.5 }];
    const { ranges } = extract({ resourceType: 'RiskAssessment', prediction });
    expect(ranges.map(({ lo, hi }) => [lo, hi])).toContainEqual([1, 1e300]);
    expect(ranges.map(({ lo, hi }) => [lo, hi])).toContainEqual([0.5, 0.5]);
  });
});

describe('string and uri', () => {
  test('every part of a name, and the full name', () => {
    const patient = { resourceType: 'Patient', name: [{ family: 'Prøve', given: ['Kåre', 'Ola'], prefix: ['Dr.'] }] };
    expect(stringsOf(patient, 'Patient.name\n$').sort()).toEqual(['dr.', 'kare', 'kare ola prove', 'ola', 'prove']);
    expect(extract(patient).strings.find((row) => row.key === 'Patient.family\n$')).toEqual({
      key: 'Patient.family\n$',
      value: 'prove',
      exact: 'Prøve',
    });
  });

  test('a uri is found as it stands, and as text for :below', () => {
    const set = { resourceType: 'ValueSet', url: 'http://Example.org/a' };
    expect(tokensOf(set, 'ValueSet.url')).toEqual(['@http://Example.org/a']);
    expect(stringsOf(set, 'ValueSet.url\nuri')).toEqual(['http://Example.org/a']);
  });

  test('_profile and _tag are parameters of every type', () => {
    const meta = { profile: ['http://example.org/p|1'], tag: [{ system: 's', code: 't' }] };
    expect(tokensOf({ resourceType: 'Basic', meta }, 'Basic._profile')).toEqual([
      '@http://example.org/p',
      '@http://example.org/p|1',
    ]);
    expect(tokensOf({ resourceType: 'Basic', meta }, 'Basic._tag')).toEqual(['=t', '|s|t', '|s|']);
  });
});

describe('composite', () => {
  const code = (value: string): object => ({ coding: [{ system: 'http://loinc.org', code: value }] });

  test('components are combined within one element only', () => {
    const observation = {
      resourceType: 'Observation',
      code: code('panel'),
      component: [
        { code: code('a'), valueQuantity: { value: 1 } },
        { code: code('b'), valueCodeableConcept: { coding: [{ code: 'x' }] } },
      ],
    };
    expect(rangesOf(observation, 'Observation.component-code-value-quantity')).toEqual({
      '$=a\n#': [1, 1],
      '$|http://loinc.org|a\n#': [1, 1],
    });
    expect(tokensOf(observation, 'Observation.component-code-value-concept')).toEqual([
      '$=b\n$=x',
      '$=b\n$||x',
      '$|http://loinc.org|b\n$=x',
      '$|http://loinc.org|b\n$||x',
    ]);
    expect(codesOf(observation)).not.toContain('code-value-quantity');
  });

  test('dates, strings and references as second component', () => {
    const dated = { resourceType: 'Observation', code: code('a'), valueDateTime: '2026-03-02' };
    expect(rangesOf(dated, 'Observation.code-value-date')['$=a\n#']).toEqual([
      Date.UTC(2026, 2, 2),
      Date.UTC(2026, 2, 2) + DAY - 1,
    ]);
    const worded = { resourceType: 'Observation', code: code('a'), valueString: 'Ja' };
    expect(stringsOf(worded, 'Observation.code-value-string\n$=a\n$')).toEqual(['ja']);
    const relatesTo = [{ code: 'replaces', target: { reference: 'DocumentReference/1' } }];
    expect(tokensOf({ resourceType: 'DocumentReference', relatesTo }, 'DocumentReference.relationship')).toEqual([
      '$=replaces\n$@DocumentReference/1',
    ]);
  });

  test('two numbers of a sequence are the ends of one row', () => {
    const sequence = {
      resourceType: 'MolecularSequence',
      referenceSeq: { chromosome: { coding: [{ code: '1' }] } },
      variant: [
        { start: 10, end: 12 },
        { start: 20, end: 22 },
      ],
    };
    const { ranges } = extract(sequence);
    expect(ranges.filter(({ key }) => key === 'MolecularSequence.chromosome-variant-coordinate\n$=1\n##')).toEqual([
      { key: 'MolecularSequence.chromosome-variant-coordinate\n$=1\n##', lo: 10, hi: 12 },
      { key: 'MolecularSequence.chromosome-variant-coordinate\n$=1\n##', lo: 20, hi: 22 },
    ]);
  });
});

test('an element that has only an extension counts as missing', () => {
  const unknown = {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
  };
  expect(codesOf({ resourceType: 'Patient', _birthDate: unknown } as never)).toEqual(['deceased']);
});

test('an extension that a parameter names stands for its value', () => {
  const url = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName';
  const patient = { resourceType: 'Patient', extension: [{ url, valueString: 'Synthetic' }] };
  expect(stringsOf(patient, 'Patient.mothersMaidenName\n$')).toEqual(['synthetic']);
});

test('no example of R4 makes it fail, and every parameter of R4 compiles', () => {
  const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url).pathname;
  const files = readdirSync(folder).filter(
    (file, index) => file.endsWith('.json') && (index % 5 === 0 || /^(?:Patient|Observation|Questionnaire)/.test(file)),
  );
  const examples = files.map((file) => JSON.parse(readFileSync(folder + file, 'utf8')));
  let rows = 0;
  for (const example of examples) {
    const { tokens, ranges, strings } = extract(example);
    rows += tokens.length + ranges.length + strings.length;
    expect(ranges.every(({ lo, hi }) => Number.isFinite(lo) && Number.isFinite(hi) && lo <= hi)).toBe(true);
    expect(new Set(tokens).size).toBe(tokens.length);
  }
  expect(rows).toBeGreaterThan(10_000);
});

test('no JSON makes it fail, however wrong', () => {
  const names = fc.constantFrom(
    'name',
    'code',
    'coding',
    'subject',
    'reference',
    'valueQuantity',
    'value',
    'item',
    'extension',
    'given',
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, true, 5, '', 'x', '2026', [null], {}, 'Patient/1', Number.MAX_VALUE),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(names, tie('json'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.constantFrom('Patient', 'Observation', 'QuestionnaireResponse', 'Bundle', 'Nonsense'),
      json,
      (type, value) => {
        const body = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { name: value };
        extract({ ...body, resourceType: type });
      },
    ),
    { numRuns: 2000 },
  );
});
