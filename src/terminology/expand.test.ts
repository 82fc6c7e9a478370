import type { CodeSystem, ValueSet, ValueSetCompose, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { codeSystem, finderOf, valueSet } from '../../tests/kit/terminology-in-memory.ts';
import { listOf } from './codes.ts';
import { expand } from './expand.ts';

const URL = 'http://example.org/ValueSet/asked';
const SYSTEM = 'http://example.org/fruit';
const fruit = codeSystem(
  SYSTEM,
  [
    { code: 'fruit', concept: [{ code: 'pome', concept: [{ code: 'apple' }, { code: 'pear' }] }, { code: 'berry' }] },
    { code: 'quince', property: [{ code: 'inactive', valueBoolean: true }] },
    { code: 'nut', property: [{ code: 'shell', valueString: 'hard' }] },
  ],
  { property: [{ code: 'shell', type: 'string' }] },
);

const of = async (compose: ValueSetCompose, ...others: (CodeSystem | ValueSet)[]) =>
  listOf(await expand(URL, finderOf(valueSet(URL, compose), fruit, ...others)));

const refusal = async (compose: ValueSetCompose, ...others: (CodeSystem | ValueSet)[]) =>
  of(compose, ...others).then(
    () => 'no refusal',
    (error) => `${error.status} ${error.issues[0].code} ${error.message}`,
  );

const filtered = (...filter: ValueSetComposeIncludeFilter[]) => of({ include: [{ system: SYSTEM, filter }] });

describe('compose', () => {
  test('lists concepts by system, each once', async () => {
    const listed = [{ code: 'a' }, { code: 'b' }];
    expect(
      await of({
        include: [
          { system: 'urn:x', concept: listed },
          { system: 'urn:y', concept: [{ code: 'a' }] },
          { system: 'urn:x', concept: [{ code: 'b' }, { code: 'c' }] },
        ],
      }),
    ).toEqual([
      ['urn:x', ['a', 'b', 'c']],
      ['urn:y', ['a']],
    ]);
  });

  test('a system alone stands for all codes of the code system, in their order', async () => {
    expect(await of({ include: [{ system: SYSTEM }] })).toEqual([
      [SYSTEM, ['fruit', 'pome', 'apple', 'pear', 'berry', 'quince', 'nut']],
    ]);
  });

  test('takes away what it excludes', async () => {
    expect(
      await of({
        include: [{ system: SYSTEM }],
        exclude: [
          { system: SYSTEM, filter: [{ property: 'concept', op: 'is-a', value: 'fruit' }] },
          { system: 'urn:other', concept: [{ code: 'nut' }] },
        ],
      }),
    ).toEqual([[SYSTEM, ['quince', 'nut']]]);
  });

  test('inactive codes are left out where the value set says so, listed ones too', async () => {
    const listed = [{ code: 'apple' }, { code: 'quince' }];
    expect(await of({ inactive: false, include: [{ system: SYSTEM }] })).toEqual([
      [SYSTEM, ['fruit', 'pome', 'apple', 'pear', 'berry', 'nut']],
    ]);
    expect(await of({ inactive: false, include: [{ system: SYSTEM, concept: listed }] })).toEqual([
      [SYSTEM, ['apple']],
    ]);
    expect(await of({ include: [{ system: SYSTEM, concept: listed }] })).toEqual([[SYSTEM, ['apple', 'quince']]]);
  });

  test('of a system and value sets in one include, the codes that all have', async () => {
    const one = valueSet('urn:one', { include: [{ system: SYSTEM, concept: [{ code: 'apple' }, { code: 'nut' }] }] });
    const two = valueSet('urn:two', {
      include: [
        { system: SYSTEM, concept: [{ code: 'nut' }, { code: 'pear' }] },
        { system: 'urn:x', concept: [{ code: 'nut' }] },
      ],
    });
    expect(await of({ include: [{ valueSet: ['urn:one', 'urn:two'] }] }, one, two)).toEqual([[SYSTEM, ['nut']]]);
    expect(await of({ include: [{ system: SYSTEM, valueSet: ['urn:two'] }] }, two)).toEqual([
      [SYSTEM, ['pear', 'nut']],
    ]);
  });

  test('value sets may stand in value sets, more than once, but not in themselves', async () => {
    const leaf = valueSet('urn:leaf', { include: [{ system: 'urn:x', concept: [{ code: 'a' }] }] });
    const node = valueSet('urn:node', { include: [{ valueSet: ['urn:leaf'] }] });
    expect(await of({ include: [{ valueSet: ['urn:node'] }, { valueSet: ['urn:leaf'] }] }, leaf, node)).toEqual([
      ['urn:x', ['a']],
    ]);
    const loop = valueSet('urn:loop', { include: [{ valueSet: [URL] }] });
    expect(await refusal({ include: [{ valueSet: ['urn:loop'] }] }, loop)).toBe(
      `400 processing The value set ${URL} cannot be listed: ${URL} refers to itself.`,
    );
  });

  test('many value sets that all contain each other of the next layer are each worked out once', async () => {
    const layer = (n: number): ValueSet[] =>
      ['l', 'r'].map((side) =>
        valueSet(`urn:${side}${n}`, {
          include:
            n === 40
              ? [{ system: 'urn:x', concept: [{ code: side }] }]
              : [{ valueSet: [`urn:l${n + 1}`] }, { valueSet: [`urn:r${n + 1}`] }],
        }),
      );
    const layers = Array.from({ length: 41 }, (_, n) => layer(n)).flat();
    expect(await of({ include: [{ valueSet: ['urn:l0'] }] }, ...layers)).toEqual([['urn:x', ['l', 'r']]]);
  });

  test('the version of a code system or value set counts', async () => {
    const old = codeSystem('urn:v', [{ code: 'old' }], { version: '1' });
    const young = codeSystem('urn:v', [{ code: 'young' }], { version: '2' });
    expect(await of({ include: [{ system: 'urn:v', version: '2' }] }, old, young)).toEqual([['urn:v', ['young']]]);
    expect(await refusal({ include: [{ system: 'urn:v', version: '3' }] }, old, young)).toMatch(
      /code system urn:v\|3 is not known/,
    );
  });
});

describe('filters', () => {
  test.each<[string, ValueSetComposeIncludeFilter, string[]]>([
    ['is-a', { property: 'concept', op: 'is-a', value: 'pome' }, ['pome', 'apple', 'pear']],
    ['descendent-of', { property: 'concept', op: 'descendent-of', value: 'pome' }, ['apple', 'pear']],
    ['is-not-a', { property: 'concept', op: 'is-not-a', value: 'fruit' }, ['quince', 'nut']],
    ['generalizes', { property: 'concept', op: 'generalizes', value: 'pear' }, ['fruit', 'pome', 'pear']],
    ['=', { property: 'code', op: '=', value: 'pear' }, ['pear']],
    ['in', { property: 'code', op: 'in', value: 'pear, nut' }, ['pear', 'nut']],
    ['not-in', { property: 'code', op: 'not-in', value: 'pear,nut' }, ['fruit', 'pome', 'apple', 'berry', 'quince']],
    ['regex', { property: 'code', op: 'regex', value: '.*(pp|ea).*' }, ['apple', 'pear']],
    ['regex on the whole code', { property: 'code', op: 'regex', value: 'p' }, []],
    ['= of a declared property', { property: 'shell', op: '=', value: 'hard' }, ['nut']],
    ['in of a declared property', { property: 'shell', op: 'in', value: 'soft,hard' }, ['nut']],
    ['regex of a declared property', { property: 'shell', op: 'regex', value: 'h.*' }, ['nut']],
    ['exists', { property: 'shell', op: 'exists', value: 'true' }, ['nut']],
    [
      'exists not',
      { property: 'shell', op: 'exists', value: 'false' },
      ['fruit', 'pome', 'apple', 'pear', 'berry', 'quince'],
    ],
  ])('%s', async (_, filter, codes) => {
    expect(await filtered(filter)).toEqual([[SYSTEM, codes]]);
  });

  test('of several all must hold', async () => {
    expect(
      await filtered(
        { property: 'concept', op: 'is-a', value: 'fruit' },
        { property: 'concept', op: 'is-not-a', value: 'pome' },
      ),
    ).toEqual([[SYSTEM, ['fruit', 'berry']]]);
  });

  test.each<[string, ValueSetComposeIncludeFilter]>([
    ['what is no regex', { property: 'code', op: 'regex', value: '(' }],
    ['a property that is not declared', { property: 'colour', op: '=', value: 'red' }],
    ['a code that the code system lacks', { property: 'concept', op: 'is-a', value: 'fish' }],
  ])('%s is refused', async (_, filter) => {
    await expect(filtered(filter)).rejects.toMatchObject({
      status: 400,
      message: `The value set ${URL} cannot be listed: the filter ${filter.property} ${filter.op} on ${SYSTEM} cannot be worked out.`,
    });
  });

  test('is-a is refused where the hierarchy does not mean kinds', async () => {
    const grouped: CodeSystem = { ...fruit, url: 'urn:grouped', hierarchyMeaning: 'grouped-by' };
    const filter: ValueSetComposeIncludeFilter[] = [{ property: 'concept', op: 'is-a', value: 'pome' }];
    expect(await refusal({ include: [{ system: 'urn:grouped', filter }] }, grouped)).toMatch(/cannot be worked out/);
  });
});

describe('an expansion', () => {
  const stored = (expansion: ValueSet['expansion']) =>
    expand(URL, finderOf({ resourceType: 'ValueSet', url: URL, status: 'active', expansion })).then(listOf);
  const contains = [
    { display: 'A group', contains: [{ system: 'urn:x', code: 'a' }] },
    { system: 'urn:x', code: 'b', abstract: true, contains: [{ system: 'urn:x', code: 'c' }] },
  ];

  test('is taken where there is no compose, groups and abstract codes left out', async () => {
    expect(await stored({ timestamp: '2026-01-01', total: 3, contains })).toEqual([['urn:x', ['a', 'c']]]);
  });

  test.each([
    ['lists fewer than its total', { total: 4 }],
    ['is a later page', { offset: 3 }],
    [
      'says that it is open',
      { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed', valueBoolean: true }] },
    ],
  ])('is refused where it %s', async (_, more) => {
    await expect(stored({ timestamp: '2026-01-01', contains, ...more })).rejects.toThrow(
      /its expansion is not complete/,
    );
  });
});

describe('what cannot be listed is refused with its name', () => {
  test('a value set that nobody knows', async () => {
    await expect(expand('urn:nobody', finderOf())).rejects.toMatchObject({
      status: 400,
      message: 'The value set urn:nobody is not known here.',
    });
  });

  test('one that needs a value set that nobody knows', async () => {
    expect(await refusal({ include: [{ valueSet: ['urn:nobody'] }] })).toBe(
      `400 not-found The value set ${URL} cannot be listed: the value set urn:nobody in it is not known here.`,
    );
  });

  test('all of a code system that is not here, or here in part', async () => {
    expect(await refusal({ include: [{ system: 'http://snomed.info/sct' }] })).toBe(
      `400 not-supported The value set ${URL} cannot be listed: the code system http://snomed.info/sct is not known here.`,
    );
    const part = codeSystem('urn:part', [{ code: 'a' }], { content: 'fragment' });
    expect(await refusal({ include: [{ system: 'urn:part' }] }, part)).toMatch(/urn:part only a part is here/);
  });

  test('one with neither compose nor expansion', async () => {
    const finder = finderOf({ resourceType: 'ValueSet', url: URL, status: 'active' });
    await expect(expand(URL, finder)).rejects.toThrow(/neither compose nor expansion/);
  });

  test('one with more codes than the limit, not one with as many', async () => {
    const finder = finderOf(valueSet(URL, { include: [{ system: SYSTEM }] }), fruit);
    await expect(expand(URL, finder, 6)).rejects.toMatchObject({ status: 400, issues: [{ code: 'too-costly' }] });
    expect(listOf(await expand(URL, finder, 7))).toHaveLength(1);
  });
});

test('the value sets that R4 binds as required need not be loaded, but a loaded one comes first', async () => {
  const url = 'http://hl7.org/fhir/ValueSet/observation-status';
  const [[system, codes] = ['', []]] = listOf(await expand(`${url}|4.0.1`, finderOf()));
  expect(system).toBe('http://hl7.org/fhir/observation-status');
  expect(codes).toContain('final');
  await expect(expand(`${url}|5.0.0`, finderOf())).rejects.toThrow(/is not known here/);
  const own = valueSet(url, { include: [{ system: 'urn:x', concept: [{ code: 'own' }] }] });
  expect(listOf(await expand(url, finderOf(own)))).toEqual([['urn:x', ['own']]]);
});
