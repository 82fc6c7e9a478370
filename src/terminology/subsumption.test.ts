import type { CodeSystem } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { codeSystem, finderOf } from '../../tests/kit/terminology-in-memory.ts';
import { subsumption } from './subsumption.ts';

const SYSTEM = 'http://example.org/pain';
/** Nested, and by properties: burning stands below both neuropathic and skin. */
const pain = codeSystem(
  SYSTEM,
  [
    {
      code: 'pain',
      concept: [{ code: 'neuropathic', concept: [{ code: 'burning' }, { code: 'shooting' }] }, { code: 'skin' }],
    },
    { code: 'itching', property: [{ code: 'partOf', valueCode: 'skin' }] },
    { code: 'scald', property: [{ code: 'parent', valueCode: 'skin' }] },
    { code: 'mixed', property: [{ code: 'under', valueCode: 'burning' }] },
    { code: 'surface', property: [{ code: 'child', valueCode: 'skin' }] },
  ],
  { property: [{ code: 'under', uri: 'http://hl7.org/fhir/concept-properties#parent', type: 'code' }] },
);

const ask = async (relation: 'above' | 'below', code: string, definition: CodeSystem = pain) =>
  [...(await subsumption(relation, SYSTEM, code, finderOf(definition)))].sort();

describe('subsumption', () => {
  test('below a code are the code itself and all nested in it, at whatever depth', async () => {
    expect(await ask('below', 'neuropathic')).toEqual(['burning', 'mixed', 'neuropathic', 'shooting']);
    expect(await ask('below', 'shooting')).toEqual(['shooting']);
  });

  test('above a code are the code itself and all that it is nested in', async () => {
    expect(await ask('above', 'shooting')).toEqual(['neuropathic', 'pain', 'shooting']);
    expect(await ask('above', 'pain')).toEqual(['pain']);
  });

  test('properties parent and child place a concept too, by name or by uri; others do not', async () => {
    expect(await ask('below', 'skin')).toEqual(['scald', 'skin']);
    expect(await ask('above', 'scald')).toEqual(['pain', 'scald', 'skin', 'surface']);
    expect(await ask('above', 'mixed')).toEqual(['burning', 'mixed', 'neuropathic', 'pain']);
  });

  test('a circle of parents comes to an end', async () => {
    const circle = codeSystem(SYSTEM, [
      { code: 'a', property: [{ code: 'parent', valueCode: 'b' }] },
      { code: 'b', property: [{ code: 'parent', valueCode: 'a' }] },
    ]);
    expect(await ask('below', 'a', circle)).toEqual(['a', 'b']);
  });

  test('a hierarchy 50,000 levels deep is read', async () => {
    const deep = codeSystem(
      SYSTEM,
      Array.from({ length: 50_000 }, (_, i) => ({
        code: `c${i}`,
        property: i === 0 ? [] : [{ code: 'parent', valueCode: `c${i - 1}` }],
      })),
    );
    expect(await ask('below', 'c0', deep)).toHaveLength(50_000);
  });

  test.each([
    ['is not known', finderOf(), /code system http:\/\/example.org\/pain is not known/],
    ['is here in part', finderOf({ ...pain, content: 'fragment' }), /example.org\/pain only a part.*fragment/],
    [
      'groups otherwise',
      finderOf({ ...pain, hierarchyMeaning: 'part-of' }),
      /example.org\/pain is not one of kinds.*part-of/,
    ],
    ['lacks the code', finderOf({ ...pain, concept: [{ code: 'other' }] }), /example.org\/pain does not have the code/],
  ])('is refused, naming the code system, where that %s', async (_, finder, text) => {
    await expect(subsumption('below', SYSTEM, 'pain', finder)).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(text),
    });
  });
});
