import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { validateSchema } from '../r4.generated.js';
import { readStructures } from '../read-structures-in-browser.ts';
import { structures } from '../structures.ts';
import { requiredValueSet } from '../value-sets.ts';
import { definition, definitionsOfType, objects, text } from './definitions-package.ts';
import { generatedModule } from './generated-module.ts';
import { generatedTypes } from './generated-types.ts';
import { officialSchema } from './schema-validator.ts';

describe('r4-types.generated.js', () => {
  test('is what the generator makes of the packages', () => {
    const committed = readFileSync(new URL('../r4-types.generated.js', import.meta.url), 'utf8');
    expect(generatedTypes() === committed, 'run `npm run generate`').toBe(true);
  }, 60_000);

  test('is read as the types and elements that the server knows', () => {
    const bare = [...structures().values()].map(({ name, kind, base, elements }) => ({
      ...{ name, kind, base },
      elements: elements.map(({ name: element, types, choice }) => ({
        ...{ name: element, choice },
        types: new Set(types.map(({ type }) => type)),
      })),
    }));
    const read = readStructures().map(({ name, kind, base, elements }) => ({
      ...{ name, kind, base },
      elements: elements.map(({ name: element, types, choice }) => ({
        ...{ name: element, choice },
        types: new Set(types.map(({ type }) => type)),
      })),
    }));
    expect(read).toEqual(bare);
  });
});

describe('r4.generated.js', () => {
  test('is what the generator makes of the packages', () => {
    const committed = readFileSync(new URL('../r4.generated.js', import.meta.url), 'utf8');
    // Compared as a truth value: a difference of 2 MB has no readable diff.
    expect(generatedModule() === committed, 'run `npm run generate`').toBe(true);
  }, 60_000);

  test('names only types that it holds', () => {
    const types = structures();
    const named = [...types.values()].flatMap((structure) => [
      structure.base ?? 'Element',
      ...structure.elements.flatMap((element) =>
        element.types.flatMap(({ type, targets, profile }) => [
          type,
          ...(targets ?? []),
          ...(profile ? [profile] : []),
        ]),
      ),
    ]);
    expect(named.filter((name) => !types.has(name))).toEqual([]);
  });

  test('lists the same codes as the expansions that HL7 publishes', () => {
    const codes = (contains: ReturnType<typeof objects>): string[] =>
      contains.flatMap((each) => [
        ...(each.abstract === true ? [] : [`${text(each, 'system')}|${text(each, 'code')}`]),
        ...codes(objects(each, 'contains')),
      ]);
    let compared = 0;
    for (const entry of objects(definition('Bundle', 'valueset-expansions'), 'entry')) {
      const [valueSet] = objects({ of: [entry.resource] }, 'of');
      const ours = requiredValueSet(text(valueSet ?? {}, 'url') ?? '');
      const [expansion] = objects({ of: [valueSet?.expansion ?? {}] }, 'of');
      if (ours !== undefined) {
        compared += 1;
        const flat = ours.flatMap(([system, listed]) => listed.map((code) => `${system}|${code}`));
        expect(new Set(flat), text(valueSet ?? {}, 'url')).toEqual(
          new Set(codes(objects(expansion ?? {}, 'contains'))),
        );
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});

describe('the precompiled JSON schema', () => {
  const schema = officialSchema();
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ definitions: schema.definitions }, 'r4');
  // The published schema, for the types tried here, as ajv itself reads it.
  const published = (type: string) => ajv.compile({ $ref: `r4#/definitions/${type}` });

  test.each(['Patient', 'QuestionnaireResponse', 'Questionnaire', 'Task', 'Consent'])(
    'takes every %s example, and with one member renamed or wrapped in an array refuses what the published one refuses',
    (type) => {
      const validate = published(type);
      for (const example of definitionsOfType(type)) {
        expect([validate(example), validateSchema(example)]).toEqual([true, true]);
        for (const name of Object.keys(example)) {
          const { [name]: value, ...rest } = example;
          expect(validateSchema({ ...rest, [`${name}x`]: value }), `${name} renamed`).toBe(false);
          const wrapped = { ...example, [name]: [value] };
          expect(validateSchema(wrapped) && !validate(wrapped), `${name} wrapped`).toBe(false);
        }
      }
    },
  );

  test.each([
    ['a no-break space in a string', { resourceType: 'Patient', name: [{ family: 'de\u00a0Vries' }] }, true],
    [
      'null beside a primitive extension',
      { resourceType: 'Patient', name: [{ given: [null], _given: [{ id: 'a' }] }] },
      true,
    ],
    ['null where an object stands', { resourceType: 'Patient', name: [null] }, false],
    ['a string where an object stands', { resourceType: 'Patient', name: ['x'] }, false],
    ['a fraction in an integer', { resourceType: 'Patient', multipleBirthInteger: 1.5 }, false],
    ['a data type instead of a resource', { resourceType: 'Attachment' }, false],
    ['no resourceType', {}, false],
    ['an own member named __proto__', JSON.parse('{"resourceType":"Patient","__proto__":{}}'), false],
  ])('%s', (_, resource, valid) => {
    expect(validateSchema(resource)).toBe(valid);
  });
});
