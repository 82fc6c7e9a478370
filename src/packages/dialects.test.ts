import { describe, expect, test } from 'vitest';
import { dialectNamed, fromDialect } from './dialects.ts';
import { foundResources } from './found-resources.ts';

const helsenorge = dialectNamed('helsenorge')!;

function found(...resources: object[]) {
  return foundResources(
    resources.map((resource, index) => ({ name: `${index}.json`, bytes: Buffer.from(JSON.stringify(resource)) })),
  );
}

function form(...item: object[]): object {
  return { resourceType: 'Questionnaire', id: 'f', url: 'https://example.org/f', status: 'active', item };
}

describe('a package in a dialect', () => {
  test('has its forms in SDC, as text too, and all else as it was', () => {
    const calculation = {
      url: 'http://ehelse.no/fhir/StructureDefinition/sdf-calculatedExpression',
      valueString: '1 + 1',
    };
    const patient = { resourceType: 'Patient', id: 'p' };
    const given = found(patient, form({ linkId: 'a', type: 'integer', extension: [calculation] }));
    const { resources, refusals } = fromDialect(given, helsenorge);
    expect(refusals).toEqual([]);
    expect(resources[0]).toBe(given.resources[0]);
    expect(resources[1]?.text).toBe(JSON.stringify(resources[1]?.resource));
    expect(resources[1]?.text).toContain('sdc-questionnaire-calculatedExpression');
  });

  test('is refused where a form can not be run, and tells with its file what is missed', () => {
    const sublabel = { url: 'http://helsenorge.no/fhir/StructureDefinition/sdf-sublabel', valueMarkdown: 'Under' };
    const item = { linkId: 'a', type: 'string', extension: [sublabel] };
    const { refusals, notes } = fromDialect(found(form(item, item)), helsenorge);
    expect(refusals).toMatchObject([{ origin: { file: '0.json' }, issue: { code: 'duplicate' } }]);
    expect(notes).toEqual([
      'warning: 0.json Questionnaire.item[0]: The text under the question (sdf-sublabel) would not be shown. (and in 1 more places)',
    ]);
  });

  test('must be in one that is known', () => {
    expect(dialectNamed(undefined)).toBeUndefined();
    expect(() => dialectNamed('redcap')).toThrow('There is no dialect redcap. There are: helsenorge.');
  });
});
