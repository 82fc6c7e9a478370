import { afterAll, describe, expect, it } from 'vitest';
import { asking, expectOutcome } from '../../tests/kit/asking.ts';
import { restInMemory } from '../../tests/kit/rest-in-memory.ts';
import { validateResource } from '../conformance/validate-resource.ts';
import { resourceTypes } from '../model/resource-types.ts';

const rest = await restInMemory();
afterAll(() => rest.close());

const { ask, patient } = asking(rest);

describe('operations', () => {
  it('$validate answers 200 with what is wrong, for a bare resource and for Parameters', async () => {
    const wrong = { resourceType: 'Observation' };
    const bare = await ask('POST', '/Observation/$validate', { body: wrong });
    expectOutcome(bare, 200, 'required');
    const wrapped = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'mode', valueCode: 'create' },
        { name: 'resource', resource: wrong },
      ],
    };
    expectOutcome(await ask('POST', '/Observation/$validate', { body: wrapped }), 200, 'required');
    const right = { ...wrong, status: 'final' };
    expectOutcome(await ask('POST', '/Observation/$validate', { body: right }), 200, 'informational');
  });

  it('$validate refuses an unknown mode, another type, and nothing', async () => {
    expectOutcome(await ask('POST', '/Patient/$validate?mode=x', { body: { resourceType: 'Patient' } }), 400, 'value');
    expectOutcome(await ask('POST', '/Patient/$validate', { body: { resourceType: 'Basic' } }), 400, 'invalid');
    expectOutcome(await ask('POST', '/Patient/$validate'), 400, 'required');
  });

  it('$everything answers a searchset, $meta the meta', async () => {
    const id = await patient();
    const everything = await ask('GET', `/Patient/${id}/$everything`);
    expect(everything.json.entry[0].resource.id).toBe(id);
    expect((await ask('GET', `/Patient/${id}/$meta`)).json.parameter[0].valueMeta.versionId).toBe('1');
  });

  it('answers 404 for an operation that is not there, or not there', async () => {
    expectOutcome(await ask('POST', '/Patient/$nonsense'), 404, 'not-supported');
    expectOutcome(await ask('GET', '/Observation/1/$everything'), 404, 'not-supported');
    expectOutcome(await ask('GET', '/$everything'), 404, 'not-supported');
  });
});

describe('metadata', () => {
  it('lists what is there', async () => {
    const { json } = await ask('GET', '/metadata');
    expect(json).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' });
    const { resource } = json.rest[0];
    expect(resource).toHaveLength(resourceTypes.length);
    const own = resource.find(({ type }: { type: string }) => type === 'Patient');
    expect(own.operation.map(({ name }: { name: string }) => name)).toEqual(['validate', 'everything', 'meta']);
    expect(own.interaction).toContainEqual({ code: 'patch' });
    expect(own.searchParam).toContainEqual({
      name: 'birthdate',
      definition: 'http://hl7.org/fhir/SearchParameter/individual-birthdate',
      type: 'date',
    });
  });

  it('is valid', async () => {
    expect(validateResource((await ask('GET', '/metadata')).json)).toEqual([]);
  });
});

describe('faults of the server', () => {
  it('answer 500 with an error id, which the log has too, and without any data', async () => {
    const failing = await restInMemory({
      interactions: {
        read: async () => {
          throw new Error('duplicate key value (family)=(Secretsen)');
        },
      },
    });
    const response = await fetch(`${failing.base}/Patient/1`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain('error-1');
    expect(text).not.toContain('Secretsen');
    expect(failing.logged.join()).toContain('error-1');
    expect(failing.logged.join()).not.toContain('Secretsen');
    await failing.close();
  });
});
