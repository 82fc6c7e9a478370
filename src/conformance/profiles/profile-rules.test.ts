import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { validateResource } from '../validate-resource.ts';
import type { Profile, ProfileContext } from './profile.ts';
import { profileValidator } from './profile-validator.ts';

const BASE = 'https://svar.example.org/fhir/StructureDefinition/';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

type Element = { readonly id: string } & Readonly<Record<string, unknown>>;

const definition = (name: string, elements: readonly Element[], more: object = {}): JsonObject => {
  const type = elements[0]?.id.split('.')[0] ?? '';
  return {
    resourceType: 'StructureDefinition',
    url: BASE + name,
    type,
    baseDefinition: CORE + type,
    differential: {
      element: elements.map((each) => ({
        path: each.id.replace(/:[^.]*/g, ''),
        sliceName: /:([^.:]*)$/.exec(each.id)?.[1],
        ...each,
      })),
    },
    ...more,
  };
};
const slicing = (type: string, path: string, rules = 'open') => ({ discriminator: [{ type, path }], rules });

/** The faults of a resource against the first definition, the others being known. */
function faults(resource: JsonObject, ...definitions: readonly JsonObject[]): [string, string | undefined][] {
  const made = new Map<string, Profile>();
  const context: ProfileContext = { profiles: (url) => made.get(url), valueSet: () => undefined };
  for (const each of definitions) {
    made.set(String(each.url), profileValidator(each, context));
  }
  const against = definitions[0]?.type === 'Extension' ? [] : [String(definitions[0]?.url)];
  return validateResource(resource, { profiles: context.profiles, against }).map(({ code, expression }) => [
    code,
    expression?.[0],
  ]);
}

const observation = (more: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
});

describe('minValue and maxValue', () => {
  const ucum = { system: 'http://unitsofmeasure.org' };
  const limits = definition('limits', [
    { id: 'Observation' },
    { id: 'Observation.issued', minValueInstant: '2020-01-01T00:00:00Z' },
    { id: 'Observation.valueInteger', minValueInteger: 1, maxValueInteger: 5 },
    { id: 'Observation.valueQuantity', maxValueQuantity: { value: 1, ...ucum, code: 'g' } },
  ]);
  test.each([
    [{ valueInteger: 1 }, []],
    [{ valueInteger: 5 }, []],
    [{ valueInteger: 0 }, [['value', 'Observation.value']]],
    [{ valueInteger: 6 }, [['value', 'Observation.value']]],
    [{ valueQuantity: { value: 1000, ...ucum, code: 'mg' } }, []],
    [{ valueQuantity: { value: 1001, ...ucum, code: 'mg' } }, [['value', 'Observation.value']]],
    [{ issued: '2020-01-01T01:00:00+01:00' }, []],
    [{ issued: '2019-12-31T23:59:59Z' }, [['value', 'Observation.issued']]],
  ])('%j', (more, expected) => {
    expect(faults(observation(more), limits)).toEqual(expected);
  });
});

test('a pattern holds for a reference too', () => {
  const typed = definition('typed', [
    { id: 'Patient' },
    {
      id: 'Patient.managingOrganization',
      type: [{ code: 'Reference', targetProfile: [`${CORE}Organization`] }],
      patternReference: { type: 'Organization' },
    },
  ]);
  const reference = { reference: 'Organization/1' };
  expect(faults({ resourceType: 'Patient', managingOrganization: reference }, typed)).toEqual([
    ['value', 'Patient.managingOrganization'],
  ]);
  const more = { ...reference, type: 'Organization' };
  expect(faults({ resourceType: 'Patient', managingOrganization: more }, typed)).toEqual([]);
});

test('where a profile repeats that any resource may stand, any may', () => {
  const any = definition('any', [{ id: 'Bundle' }, { id: 'Bundle.entry.resource', type: [{ code: 'Resource' }] }]);
  const entry = [{ fullUrl: 'https://a.example/Patient/1', resource: { resourceType: 'Patient' } }];
  expect(faults({ resourceType: 'Bundle', type: 'collection', entry }, any)).toEqual([]);
});

test('extensions that a profile demands of a primitive must be there', () => {
  const timed = definition('timed', [
    { id: 'Patient' },
    {
      id: 'Patient.birthDate.extension:time',
      min: 1,
      type: [{ code: 'Extension', profile: [`${BASE}time`] }],
    },
  ]);
  const birth = { resourceType: 'Patient', birthDate: '2001-01-01' };
  const _birthDate = { extension: [{ url: `${BASE}time`, valueDateTime: '2001-01-01T10:00:00Z' }] };
  expect(faults(birth, timed)).toEqual([['required', 'Patient.birthDate.extension']]);
  expect(faults({ ...birth, _birthDate }, timed)).toEqual([]);
  expect(faults({ resourceType: 'Patient', _birthDate }, timed)).toEqual([]);
});

test('a value whose type has several profiles keeps to one of them', () => {
  const period = (name: string, member: string) =>
    definition(name, [{ id: 'Period' }, { id: `Period.${member}`, min: 1 }]);
  const named = definition('named', [
    { id: 'Patient' },
    { id: 'Patient.name.period', type: [{ code: 'Period', profile: [`${BASE}from`, `${BASE}to`] }] },
  ]);
  const known = [named, period('from', 'start'), period('to', 'end')];
  const person = (more: object) => ({ resourceType: 'Patient', name: [{ period: more }] });
  expect(faults(person({ end: '2020' }), ...known)).toEqual([]);
  expect(faults(person({ extension: [{ url: 'urn:x', valueCode: 'x' }] }), ...known)).toEqual([
    ['value', 'Patient.name[0].period'],
  ]);
});

test('what a profile says of an item holds for the items in it, if it says that these are the same', () => {
  const short = definition('short', [
    { id: 'Questionnaire' },
    { id: 'Questionnaire.item.linkId', maxLength: 3 },
    { id: 'Questionnaire.item.item', contentReference: '#Questionnaire.item' },
  ]);
  const item = (linkId: string, ...within: object[]) => ({
    linkId,
    type: within.length > 0 ? 'group' : 'string',
    ...(within.length > 0 && { item: within }),
  });
  const form = (root: object) => ({ resourceType: 'Questionnaire', status: 'draft', item: [root] });
  expect(faults(form(item('a', item('b', item('c')))), short)).toEqual([]);
  expect(faults(form(item('a', item('b', item('long')))), short)).toEqual([
    ['too-long', 'Questionnaire.item[0].item[0].item[0].linkId'],
  ]);
});

describe('slices', () => {
  test('may be told by a profile', () => {
    const collection = definition('collection', [
      { id: 'Bundle' },
      { id: 'Bundle.entry', slicing: slicing('profile', 'resource', 'closed') },
      { id: 'Bundle.entry:woman', min: 1 },
      { id: 'Bundle.entry:woman.resource', type: [{ code: 'Patient', profile: [`${BASE}woman`] }] },
    ]);
    const woman = definition('woman', [{ id: 'Patient' }, { id: 'Patient.gender', min: 1, fixedCode: 'female' }]);
    const bundle = (...genders: (string | undefined)[]) => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: genders.map((gender, index) => ({
        fullUrl: `https://a.example/Patient/${index}`,
        resource: { resourceType: 'Patient', id: String(index), ...(gender && { gender }) },
      })),
    });
    expect(faults(bundle('female'), collection, woman)).toEqual([]);
    expect(faults(bundle('female', 'male'), collection, woman)).toEqual([['structure', 'Bundle.entry[1]']]);
    expect(faults({ resourceType: 'Bundle', type: 'collection' }, collection, woman)).toEqual([
      ['required', 'Bundle.entry'],
    ]);
  });

  test('may be sliced again', () => {
    const again = definition('again', [
      { id: 'Patient' },
      { id: 'Patient.telecom', slicing: slicing('value', 'system') },
      { id: 'Patient.telecom:phone', slicing: slicing('value', 'use', 'closed') },
      { id: 'Patient.telecom:phone.system', fixedCode: 'phone' },
      { id: 'Patient.telecom:phone/home', min: 1 },
      { id: 'Patient.telecom:phone/home.use', fixedCode: 'home' },
    ]);
    const patient = (...telecom: object[]) => ({ resourceType: 'Patient', telecom });
    const home = { system: 'phone', use: 'home' };
    expect(faults(patient(home, { system: 'email', use: 'work' }), again)).toEqual([]);
    expect(faults(patient({ system: 'email' }), again)).toEqual([['required', 'Patient.telecom']]);
    expect(faults(patient(home, { system: 'phone', use: 'work' }), again)).toEqual([
      ['structure', 'Patient.telecom[1]'],
    ]);
  });
});

describe('an extension', () => {
  const extension = (more: object) => definition('mark', [{ id: 'Extension' }], more);
  const at = (...expressions: string[]) =>
    extension({ context: expressions.map((expression) => ({ type: 'element', expression })) });
  const mark = [{ url: `${BASE}mark`, valueCode: 'x' }];
  const onName = { resourceType: 'Patient', name: [{ family: 'x', extension: mark }] };

  test.each(['HumanName', 'Patient.name', 'Element', 'Patient.name.family', 'https://a.example/unknown'])(
    'may stand where its context %s is',
    (context) => {
      const onBoth = { resourceType: 'Patient', name: [{ _family: { extension: mark } }] };
      expect(faults(context.endsWith('family') ? onBoth : onName, at('Practitioner', context))).toEqual([]);
    },
  );

  test.each(['Patient', 'Practitioner.name', 'Address', 'HumanName.family', 'DomainResource'])(
    'may not stand on a name if its context is %s',
    (context) => {
      expect(faults(onName, at(context))).toEqual([['extension', 'Patient.name[0].extension[0]']]);
    },
  );

  test.each(['string', 'HumanName.family', 'Patient.name.family'])('of a primitive has a context: %s', (context) => {
    const resource = { resourceType: 'Patient', name: [{ family: 'x', _family: { extension: mark } }] };
    expect(faults(resource, at(context))).toEqual([]);
    expect(
      faults({ resourceType: 'Patient', birthDate: '2020', _birthDate: { extension: mark } }, at(context)),
    ).toEqual([['extension', 'Patient.birthDate.extension[0]']]);
  });

  test('of a choice has a context that may name the type or not', () => {
    const valued = observation({ valueQuantity: { value: 1, extension: mark } });
    for (const context of ['Observation.value[x]', 'Observation.valueQuantity', 'Quantity']) {
      expect(faults(valued, at(context))).toEqual([]);
    }
    expect(faults(valued, at('Observation.valueString'))).toHaveLength(1);
  });

  test('in a contained resource is judged by that resource', () => {
    const contained = [{ resourceType: 'Organization', id: 'a', name: 'x', extension: mark }];
    const patient = { resourceType: 'Patient', contained, managingOrganization: { reference: '#a' } };
    expect(faults(patient, at('Organization'))).toEqual([]);
    expect(faults(patient, at('Patient'))).toEqual([['extension', 'Patient.contained[0].extension[0]']]);
  });

  test('that modifies stands in modifierExtension, any other in extension', () => {
    const modifying = definition('mark', [{ id: 'Extension', isModifier: true }]);
    const patient = (name: string) => ({ resourceType: 'Patient', active: true, [name]: mark });
    expect(faults(patient('modifierExtension'), modifying)).toEqual([]);
    expect(faults(patient('extension'), modifying)).toEqual([['extension', 'Patient.extension[0]']]);
    expect(faults(patient('modifierExtension'), extension({}))).toEqual([
      ['extension', 'Patient.modifierExtension[0]'],
    ]);
  });
});
