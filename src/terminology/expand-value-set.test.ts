import type { ValueSet } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { codeSystem, finderOf, valueSet } from '../../tests/kit/terminology-in-memory.ts';
import { type ExpandOptions, expandValueSet } from './expand-value-set.ts';
import { validateInValueSet } from './validate-code.ts';

const SYSTEM = 'http://example.org/fruit';
const URL = 'http://example.org/ValueSet/asked';
const MARK = { identifier: 'urn:uuid:00000000-0000-4000-8000-000000000000', timestamp: '2026-01-01T00:00:00Z' };
const old = codeSystem(SYSTEM, [{ code: 'apple', display: 'Old apple' }], { version: '1', status: 'retired' });
const fruit = codeSystem(
  SYSTEM,
  [
    { code: 'apple', display: 'Apple', designation: [{ language: 'nb', value: 'Eple' }] },
    { code: 'pear', display: 'Pear' },
  ],
  { version: '2', language: 'en' },
);
const finder = (...others: ValueSet[]) => finderOf(fruit, old, ...others);

const displays = async (asked: ValueSet, options: ExpandOptions = {}, ...others: ValueSet[]) =>
  (await expandValueSet(asked, finder(...others), options, MARK)).expansion?.contains?.map(({ display }) => display);

describe('what a code is called', () => {
  const listed = (display?: string): ValueSet =>
    valueSet(URL, { include: [{ system: SYSTEM, concept: [{ code: 'apple', ...(display && { display }) }] }] });

  test('the value set says before the code system', async () => {
    expect(await displays(listed('An apple a day'))).toEqual(['An apple a day']);
    expect(await displays(listed())).toEqual(['Apple']);
  });

  test('a value set that another is made of says so too', async () => {
    const outer = valueSet('urn:outer', { include: [{ valueSet: [URL] }] });
    expect(await displays(outer, {}, listed('An apple a day'))).toEqual(['An apple a day']);
  });

  test('the version of the code system counts that codes are taken from', async () => {
    expect(await displays(valueSet(URL, { include: [{ system: SYSTEM, version: '1' }] }))).toEqual(['Old apple']);
  });

  test.each([
    ['nb', 'Eple'],
    ['nb-NO', 'Apple'],
    ['en', 'Apple'],
    ['fr', 'Apple'],
  ])('in language %s: %s', async (displayLanguage, display) => {
    expect(await displays(listed(), { displayLanguage })).toEqual([display]);
  });

  test('a code of an unknown system has what the value set says, or nothing', async () => {
    const foreign = valueSet(URL, {
      include: [{ system: 'urn:x', concept: [{ code: 'a', display: 'A' }, { code: 'b' }] }],
    });
    expect(await displays(foreign)).toEqual(['A', undefined]);
  });
});

test('a stored expansion is listed as it is where there is no definition', async () => {
  const contains = [{ system: 'urn:x', code: 'a', display: 'A' }];
  const stored: ValueSet = {
    resourceType: 'ValueSet',
    status: 'active',
    expansion: { timestamp: '2020', contains },
  };
  expect((await expandValueSet(stored, finder(), {}, MARK)).expansion).toMatchObject({ ...MARK, contains });
});

test('an answer tells what it was asked', async () => {
  const asked = valueSet(URL, { include: [{ system: SYSTEM }] });
  const { expansion } = await expandValueSet(asked, finder(), { filter: 'a', count: 1, activeOnly: true }, MARK);
  expect(expansion?.parameter).toEqual([
    { name: 'filter', valueString: 'a' },
    { name: 'count', valueInteger: 1 },
    { name: 'activeOnly', valueBoolean: true },
    { name: 'version', valueUri: `${SYSTEM}|2` },
    { name: 'excludeNested', valueBoolean: true },
  ]);
});

describe('codes below codes', () => {
  const tree = codeSystem('urn:tree', [
    { code: 'a', concept: [{ code: 'b', concept: [{ code: 'c' }, { code: 'd' }] }] },
    { code: 'e', property: [{ code: 'parent', valueCode: 'c' }] },
  ]);
  const expanded = async (compose: ValueSet['compose'], options: ExpandOptions) =>
    (await expandValueSet({ ...valueSet(URL, { include: [] }), compose }, finderOf(tree), options, MARK)).expansion;

  test('are nested only where that is asked for, and not on a page', async () => {
    const whole = { include: [{ system: 'urn:tree' }] };
    const system = 'urn:tree';
    expect((await expanded(whole, { excludeNested: false }))?.contains).toEqual([
      {
        system,
        code: 'a',
        contains: [
          {
            system,
            code: 'b',
            contains: [
              { system, code: 'c' },
              { system, code: 'd' },
            ],
          },
        ],
      },
      { system, code: 'e' },
    ]);
    for (const options of [{}, { excludeNested: true }, { excludeNested: false, count: 10 }]) {
      expect((await expanded(whole, options))?.contains).toHaveLength(5);
    }
  });

  test('stand below the nearest ancestor that is listed', async () => {
    const some = { include: [{ system: 'urn:tree', concept: [{ code: 'd' }, { code: 'a' }, { code: 'x' }] }] };
    const found = await expanded(some, { excludeNested: false });
    expect(found?.contains).toMatchObject([{ code: 'a', contains: [{ code: 'd' }] }, { code: 'x' }]);
  });
});

test('codes of more code systems than can be looked into are too costly', async () => {
  const include = Array.from({ length: 101 }, (_, n) => ({ system: `urn:${n}`, concept: [{ code: 'a' }] }));
  await expect(displays(valueSet(URL, { include }))).rejects.toMatchObject({
    status: 422,
    issues: [{ code: 'too-costly' }],
  });
});

describe('a code in a value set', () => {
  const asked = valueSet(URL, { include: [{ system: SYSTEM }] });
  const validate = (coding: object) => validateInValueSet(asked, [coding], finder(), {});

  test('is found by system and code, its display apart from case, accents and blanks', async () => {
    expect(await validate({ system: SYSTEM, code: 'apple', display: ' éPLE ' })).toEqual({
      result: true,
      display: 'Apple',
    });
    expect(await validate({ system: SYSTEM, code: 'apple', display: 'Pear' })).toMatchObject({ result: false });
    expect(await validate({ system: 'urn:x', code: 'apple' })).toMatchObject({ result: false });
  });

  test('needs a system and a code', async () => {
    await expect(validate({ code: 'apple' })).rejects.toMatchObject({ status: 400 });
    await expect(validateInValueSet(asked, [], finder(), {})).rejects.toMatchObject({ status: 400 });
  });
});
