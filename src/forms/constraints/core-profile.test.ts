import { expect, test } from 'vitest';
import { resourceTypes } from '../../model/resource-types.ts';
import { typeOfCoreProfile } from './core-profile.ts';

const profile = (name: string) => `http://hl7.org/fhir/StructureDefinition/${name}`;

test('every type of R4 is told by its own profile, in any version', () => {
  expect(resourceTypes.map((type) => typeOfCoreProfile(profile(type)))).toEqual([...resourceTypes]);
  expect(typeOfCoreProfile(`${profile('Patient')}|4.0.1`)).toBe('Patient');
});

test.each(['Resource', 'DomainResource', 'vitalsigns', 'hlaresult'])('%s says nothing of the type', (name) => {
  expect(typeOfCoreProfile(profile(name))).toBeUndefined();
});

test('a profile of somebody else says nothing of the type', () => {
  expect(typeOfCoreProfile('https://example.org/fhir/StructureDefinition/Patient')).toBeUndefined();
});
