import { describe, expect, test } from 'vitest';
import { resourceTypes } from '../../model/resource-types.ts';
import { leadingDateParam } from '../extract/leading-date.ts';
import { r4SearchParameters } from './r4.ts';
import { searchParameterRegistry } from './registry.ts';

const registry = searchParameterRegistry(r4SearchParameters());

describe('the search parameters of R4', () => {
  test('every type has its own and the common ones, each with an ordinal of its own', () => {
    for (const type of resourceTypes) {
      const params = registry.list(type);
      expect(params.map(({ ordinal }) => ordinal)).toEqual(params.map((_, index) => index));
      expect(params.slice(0, 6).map(({ code }) => code)).toEqual([
        '_id',
        '_lastUpdated',
        '_profile',
        '_security',
        '_source',
        '_tag',
      ]);
      expect(params.every((param) => param.type === type && param.complete)).toBe(true);
    }
    expect(registry.list('Observation').length).toBe(49);
    expect(registry.get('Nonsense', '_id')).toBeUndefined();
  });

  test('an expression is cut to what concerns the type', () => {
    expect(registry.get('Condition', 'code')?.expression).toBe('Condition.code');
    expect(registry.get('AllergyIntolerance', 'code')?.expression).toBe(
      'AllergyIntolerance.code | AllergyIntolerance.reaction.substance',
    );
    expect(registry.get('Location', 'name')?.expression).toBe('Location.name | Location.alias');
  });

  test('a parameter that limits another to one target is kept as that other', () => {
    expect(registry.get('Observation', 'patient')).toMatchObject({
      keptAs: 'subject',
      only: 'Patient',
      targets: ['Patient'],
    });
    expect(registry.get('Patient', 'phonetic')).toMatchObject({ keptAs: 'name' });
    expect(registry.get('Observation', 'subject')).toMatchObject({ keptAs: 'subject' });
    for (const type of resourceTypes) {
      for (const { keptAs, code } of registry.list(type)) {
        expect(registry.get(type, keptAs)?.keptAs, `${type}.${code}`).toBe(keptAs);
      }
    }
  });

  test('codes imply the system of their binding', () => {
    expect(registry.get('Patient', 'gender')?.impliedSystem).toBe('http://hl7.org/fhir/administrative-gender');
    expect(registry.get('Observation', 'code')?.impliedSystem).toBeUndefined();
  });

  test('every composite has all its components', () => {
    for (const type of resourceTypes) {
      for (const { kind, code, components } of registry.list(type)) {
        expect((components?.length ?? 0) >= 2, `${type}.${code}`).toBe(kind === 'composite');
      }
    }
    const relationship = registry.get('DocumentReference', 'relationship');
    expect(relationship?.components?.map(({ param, expression }) => [param.code, expression])).toEqual([
      ['relation', 'code'],
      ['relatesto', 'target'],
    ]);
  });

  test('a reference parameter leads somewhere', () => {
    for (const type of resourceTypes) {
      for (const { kind, code, targets } of registry.list(type)) {
        expect(targets.length > 0, `${type}.${code}`).toBe(kind === 'reference');
      }
    }
  });

  test('a type with a leading date has a date parameter for it', () => {
    for (const type of resourceTypes) {
      const code = leadingDateParam(type);
      if (code !== undefined) {
        expect(registry.get(type, code), `${type}.${code}`).toMatchObject({ kind: 'date', keptAs: code });
      }
    }
  });
});

describe('a parameter of this server', () => {
  const resource = {
    resourceType: 'SearchParameter' as const,
    url: 'https://svar.example.org/fhir/SearchParameter/Task-deadline',
    name: 'deadline',
    description: 'The deadline of an order',
    status: 'active' as const,
    code: 'deadline',
    base: ['Task' as const],
    type: 'date' as const,
    expression: 'Task.restriction.period',
  };

  test('stands beside those of R4, incomplete until it is indexed', () => {
    const placed = [{ type: 'Task', ordinal: 300, complete: false }];
    const own = searchParameterRegistry(r4SearchParameters(), [{ resource, placed }]);
    expect(own.get('Task', 'deadline')).toMatchObject({
      kind: 'date',
      keptAs: 'deadline',
      ordinal: 300,
      complete: false,
    });
    expect(own.list('Task').at(-1)?.code).toBe('deadline');
  });

  test('does not replace one of R4', () => {
    const placed = [{ type: 'Task', ordinal: 300, complete: true }];
    const own = searchParameterRegistry(r4SearchParameters(), [{ resource: { ...resource, code: 'status' }, placed }]);
    expect(own.get('Task', 'status')?.kind).toBe('token');
  });
});
