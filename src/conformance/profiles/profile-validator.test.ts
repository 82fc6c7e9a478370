import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { definitionsOfType, text } from '../../model/r4/generate/definitions-package.ts';
import { requiredValueSet } from '../../model/r4/value-sets.ts';
import { membership } from '../binding.ts';
import type { JsonObject } from '../json.ts';
import { validateResource } from '../validate-resource.ts';
import type { Profile, ProfileContext } from './profile.ts';
import { profileValidator } from './profile-validator.ts';

const BASE = 'https://svar.example.org/fhir/StructureDefinition/';

/** A lookup over definitions, as a server has one. */
function contextOf(definitions: readonly JsonObject[]): ProfileContext {
  const byUrl = new Map(definitions.map((each) => [text(each, 'url') ?? '', each]));
  const made = new Map<string, Profile>();
  const context: ProfileContext = {
    profiles(canonical) {
      const url = canonical.split('|')[0] ?? '';
      const definition = byUrl.get(url);
      if (definition !== undefined && !made.has(url)) {
        made.set(url, profileValidator(definition, context));
      }
      return made.get(url);
    },
    valueSet(canonical) {
      const codes = requiredValueSet(canonical.split('|')[0] ?? '');
      return codes && membership(codes);
    },
  };
  return context;
}

const official = definitionsOfType('StructureDefinition').filter((each) => text(each, 'derivation') === 'constraint');
const folder = fileURLToPath(new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url));

describe.each([
  ['snapshots', official],
  ['differentials', official.map(({ snapshot: _, ...rest }) => rest)],
])('the profiles and extensions of R4, from their %s', (_, definitions) => {
  const { profiles } = contextOf(definitions);

  test('find nothing wrong with the valid examples', () => {
    const faults: string[] = [];
    let profiled = 0;
    for (const file of readdirSync(folder)) {
      if (!/^[A-Z].*\.json$/.test(file) || /^(Bundle|StructureDef|ValueSet|CodeS|Conc|SearchP|Impl)/.test(file)) {
        continue;
      }
      const resource: unknown = JSON.parse(readFileSync(folder + file, 'utf8'));
      if (validateResource(resource).every(({ severity }) => severity !== 'error')) {
        profiled += JSON.stringify(resource).includes('"profile":') ? 1 : 0;
        faults.push(...validateResource(resource, { profiles }).map((issue) => `${file} ${JSON.stringify(issue)}`));
      }
    }
    expect(faults).toEqual([]);
    expect(profiled).toBeGreaterThan(20);
  });

  test('refuse a blood pressure without its systolic part, in another unit, without a subject', () => {
    const example = JSON.parse(readFileSync(`${folder}Observation-blood-pressure.json`, 'utf8'));
    const against = ['http://hl7.org/fhir/StructureDefinition/bp'];
    const faultsOf = (resource: unknown) =>
      validateResource(resource, { profiles, against }).map(({ expression, code }) => [code, expression?.[0]]);
    const [systolic, diastolic] = example.component;
    expect(faultsOf(example)).toEqual([]);
    expect(faultsOf({ ...example, component: [diastolic, { ...diastolic, code: { text: 'x' } }] })).toEqual([
      ['required', 'Observation.component'],
    ]);
    const inInches = { ...systolic, valueQuantity: { ...systolic.valueQuantity, code: '[in_i]' } };
    expect(faultsOf({ ...example, component: [inInches, diastolic] })).toContainEqual([
      'value',
      'Observation.component[0].value.code',
    ]);
    const { subject: _subject, ...anonymous } = example;
    expect(faultsOf(anonymous)).toContainEqual(['required', 'Observation.subject']);
  });
});

const element = (id: string, more: object = {}) => ({
  id,
  path: id.replace(/:[^.]*/g, ''),
  ...(/:[^.:]*$/.test(id) ? { sliceName: id.slice(id.lastIndexOf(':') + 1) } : {}),
  ...more,
});
const definition = (
  name: string,
  type: string,
  elements: object[],
  base = `http://hl7.org/fhir/StructureDefinition/${type}`,
) => ({
  resourceType: 'StructureDefinition',
  url: BASE + name,
  name,
  type,
  kind: type === 'Extension' ? 'complex-type' : 'resource',
  derivation: 'constraint',
  baseDefinition: base,
  differential: { element: elements },
});
const sliced = (path: string, type: string, discriminator: string, rules = 'open', more: object = {}) =>
  element(path, { slicing: { discriminator: [{ type, path: discriminator }], rules, ...more } });

const fnr = 'urn:oid:2.16.578.1.12.4.1.4.1';
const definitions = [
  definition('person', 'Patient', [
    element('Patient', {
      constraint: [
        {
          key: 'svar-1',
          severity: 'error',
          human: 'A dead patient is not active',
          expression: 'deceased.exists() implies active = false',
        },
        { key: 'svar-2', severity: 'warning', human: 'Better so', expression: 'false' },
      ],
    }),
    element('Patient.name', { min: 1 }),
    element('Patient.name.family', { min: 1, maxLength: 10 }),
    element('Patient.photo', { max: '0' }),
    element('Patient.gender', { fixedCode: 'female' }),
    element('Patient.maritalStatus', {
      patternCodeableConcept: { coding: [{ system: 'https://a.example', code: 'M' }] },
    }),
    element('Patient.deceased[x]', { type: [{ code: 'dateTime' }] }),
    element('Patient.multipleBirthInteger', { max: '0' }),
    element('Patient.managingOrganization', { type: [{ code: 'Reference', targetProfile: [`${BASE}hospital`] }] }),
    element('Patient.generalPractitioner', {
      type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Practitioner'] }],
    }),
    sliced('Patient.identifier', 'value', 'system'),
    element('Patient.identifier:fnr', { max: '1' }),
    element('Patient.identifier:fnr.system', { fixedUri: fnr }),
    element('Patient.identifier:fnr.use', { min: 1 }),
    element('Patient.extension:ward', { min: 0, max: '1', type: [{ code: 'Extension', profile: [`${BASE}ward`] }] }),
    sliced('Patient.contact', 'exists', 'organization', 'closed'),
    element('Patient.contact:company'),
    element('Patient.contact:company.organization', { min: 1 }),
    element('Patient.contact:company.name', { max: '0' }),
    sliced('Patient.telecom', 'value', 'system', 'closed', { ordered: true }),
    element('Patient.telecom:phone', { patternContactPoint: { system: 'phone' } }),
    element('Patient.telecom:mail', { patternContactPoint: { system: 'email' } }),
  ]),
  definition('adult', 'Patient', [element('Patient.birthDate', { min: 1 })], `${BASE}person`),
  definition('hen', 'Patient', [element('Patient.name', { min: 1 })], `${BASE}egg`),
  definition(
    'egg',
    'Patient',
    [element('Patient', { type: [{ code: 'Patient', profile: [`${BASE}hen`] }] })],
    `${BASE}hen`,
  ),
  definition('hospital', 'Organization', []),
  definition('ward', 'Extension', [
    element('Extension.url', { fixedUri: `${BASE}ward` }),
    element('Extension.value[x]', {
      min: 1,
      type: [{ code: 'code' }],
      binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1' },
    }),
  ]),
  definition('measured', 'Observation', [
    element('Observation.value[x]', { min: 1 }),
    element('Observation.value[x]:valueQuantity', { type: [{ code: 'Quantity' }] }),
    element('Observation.value[x]:valueQuantity.unit', { min: 1 }),
    sliced('Observation.component', 'pattern', 'code'),
    element('Observation.component:a', { min: 1 }),
    element('Observation.component:a.code', { patternCodeableConcept: { coding: [{ code: 'a' }] } }),
    element('Observation.component:a.valueString', { min: 1 }),
    sliced('Observation.performer', 'type', 'resolve()', 'closed'),
    element('Observation.performer:nurse', {
      type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Practitioner'] }],
    }),
  ]),
  definition('opaque', 'Patient', [
    sliced('Patient.link', 'profile', 'other.resolve()'),
    element('Patient.link:x', { min: 1 }),
  ]),
];
const { profiles } = contextOf(definitions);
const named = (name: string) => ({ profile: [BASE + name] });
const person = {
  resourceType: 'Patient',
  meta: named('person'),
  name: [{ family: 'Syntetisk' }],
  gender: 'female',
  maritalStatus: { coding: [{ system: 'https://a.example', code: 'M', display: 'x' }] },
};
const measured = {
  resourceType: 'Observation',
  meta: named('measured'),
  status: 'final',
  code: { text: 'x' },
  valueQuantity: { value: 1, unit: 'mm' },
  component: [{ code: { coding: [{ code: 'a' }] }, valueString: 'x' }],
};
const ward = (more: object) => ({ ...person, extension: [{ url: `${BASE}ward`, ...more }] });

describe('a resource that keeps to its profile', () => {
  test.each([
    ['says all it must', person],
    [
      'may have more than a pattern, and slices that are its own',
      {
        ...person,
        identifier: [{ system: fnr, use: 'official', value: '02013299997' }, { system: 'https://a.example' }],
        contact: [{ organization: { reference: 'Organization/a' } }],
        telecom: [
          { system: 'phone', value: '1' },
          { system: 'email', value: 'a@a.example' },
        ],
        active: false,
        deceasedDateTime: '2021',
        managingOrganization: { reference: 'Organization/a' },
        generalPractitioner: [{ reference: 'Practitioner/a' }, { display: 'x' }],
      },
    ],
    ['has an extension that keeps to its own definition', ward({ valueCode: 'male' })],
    ['is of a choice of types', measured],
    ['is told by the type that it refers to', { ...measured, performer: [{ reference: 'Practitioner/a' }] }],
    ['is derived twice', { ...person, meta: named('adult'), birthDate: '2001' }],
  ])('%s', (_, resource) => {
    expect(validateResource(resource, { profiles })).toEqual([]);
  });
});

describe('one fault against a profile is one issue, at the right place', () => {
  test.each([
    ['too few', { ...person, name: undefined }, 'required', 'Patient.name', /name must be given/],
    [
      'too few, further down',
      { ...person, name: [{ text: 'x' }] },
      'required',
      'Patient.name[0].family',
      /family must/,
    ],
    ['too many', { ...person, photo: [{ title: 'x' }] }, 'structure', 'Patient.photo', /may not be given/],
    ['too long', { ...person, name: [{ family: 'x'.repeat(11) }] }, 'too-long', 'Patient.name[0].family', /at most 10/],
    ['another than the fixed value', { ...person, gender: 'male' }, 'value', 'Patient.gender', /must be "female"/],
    [
      'less than the pattern',
      { ...person, maritalStatus: { coding: [{ code: 'M' }] } },
      'value',
      'Patient.maritalStatus',
      /must have/,
    ],
    [
      'another type',
      { ...person, active: false, deceasedBoolean: true },
      'value',
      'Patient.deceased',
      /type must be dateTime/,
    ],
    [
      'a type of a choice that is closed',
      { ...person, multipleBirthInteger: 2 },
      'structure',
      'Patient.multipleBirth',
      /may not/,
    ],
    [
      'another target',
      { ...person, generalPractitioner: [{ reference: 'Organization/a' }] },
      'value',
      'Patient.generalPractitioner[0]',
      /only to Practitioner/,
    ],
    [
      'an invariant',
      { ...person, active: true, deceasedDateTime: '2021' },
      'invariant',
      'Patient',
      /A dead patient is not active \(svar-1\)/,
    ],
    [
      'in a slice',
      { ...person, identifier: [{ system: 'https://a.example' }, { system: fnr, value: '02013299997' }] },
      'required',
      'Patient.identifier[1].use',
      /use must be given/,
    ],
    [
      'a slice too often',
      { ...person, identifier: [1, 2].map(() => ({ system: fnr, use: 'official' })) },
      'structure',
      'Patient.identifier',
      /identifier:fnr may be given at most once/,
    ],
    [
      'none of the slices',
      { ...person, contact: [{ name: { text: 'x' } }] },
      'structure',
      'Patient.contact[0]',
      /none of the slices/,
    ],
    [
      'in a slice told by existence',
      { ...person, contact: [{ organization: { display: 'x' }, name: { text: 'x' } }] },
      'structure',
      'Patient.contact[0].name',
      /may not/,
    ],
    [
      'slices in the wrong order',
      { ...person, telecom: [{ system: 'email' }, { system: 'phone' }] },
      'structure',
      'Patient.telecom[1]',
      /out of order/,
    ],
    [
      'an extension of another type',
      ward({ valueString: 'x' }),
      'value',
      'Patient.extension[0].value',
      /type must be code/,
    ],
    [
      'an extension with another code',
      ward({ valueCode: 'x' }),
      'code-invalid',
      'Patient.extension[0].value',
      /administrative-gender/,
    ],
    [
      'in one type of a choice',
      { ...measured, valueQuantity: { value: 1 } },
      'required',
      'Observation.value.unit',
      /unit must/,
    ],
    [
      'no slice where one must be',
      { ...measured, component: undefined },
      'required',
      'Observation.component',
      /component:a must/,
    ],
    [
      'in a choice inside a slice',
      { ...measured, component: [{ code: { coding: [{ code: 'a' }] }, valueInteger: 1 }] },
      'required',
      'Observation.component[0].value',
      /valueString must/,
    ],
    [
      'a slice told by what is referred to',
      { ...measured, performer: [{ reference: 'Patient/a' }] },
      'structure',
      'Observation.performer[0]',
      /none of the slices/,
    ],
    [
      'against the profile that it is derived from',
      { ...person, meta: named('adult'), birthDate: '2001', gender: 'male' },
      'value',
      'Patient.gender',
      /profile .*person/,
    ],
    ['against its own part', { ...person, meta: named('adult') }, 'required', 'Patient.birthDate', /profile .*adult/],
  ])('%s', (_, resource, code, expression, words) => {
    expect(validateResource(JSON.parse(JSON.stringify(resource)), { profiles })).toEqual([
      { severity: 'error', code, expression: [expression], diagnostics: expect.stringMatching(words) },
    ]);
  });

  test('slices that cannot be told apart are a warning', () => {
    const resource = {
      resourceType: 'Patient',
      meta: named('opaque'),
      link: [{ other: { reference: 'Patient/a' }, type: 'seealso' }],
    };
    expect(validateResource(resource, { profiles })).toEqual([
      expect.objectContaining({ severity: 'warning', expression: ['Patient.link'] }),
    ]);
  });

  test('profiles derived from each other are each checked once', () => {
    expect(validateResource({ resourceType: 'Patient', meta: named('egg') }, { profiles })).toHaveLength(1);
  });

  test('a profile can be asked for that the resource does not name', () => {
    const against = [`${BASE}person`];
    expect(validateResource({ resourceType: 'Patient' }, { profiles, against }).length).toBeGreaterThan(0);
    expect(validateResource({ ...person, meta: undefined }, { profiles, against })).toEqual([]);
  });

  test('a definition without a type of R4 is refused', () => {
    expect(() => profileValidator({ url: 'x', type: 'Human' }, contextOf([]))).toThrow(/type of R4/);
  });
});
