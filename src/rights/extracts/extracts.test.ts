import { randomBytes } from 'node:crypto';
import type { Questionnaire } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretsOf } from '../../runtime/secrets.ts';
import { csv } from './csv.ts';
import { ageGroup, givenDate } from './dates.ts';
import { Pseudonyms } from './pseudonym.ts';
import { ANY, type Cell, withoutSmallCells } from './small-cells.ts';
import { cellOf, type Variable, variablesOf } from './variables.ts';

describe('pseudonyms', () => {
  const secrets = secretsOf(randomBytes(32));
  const one = new Pseudonyms(secrets, 'one');

  test('are the same in every extract of a project, and others in another project or under another secret', () => {
    const again = new Pseudonyms(secrets, 'one');
    expect(again.of('patient', '1')).toBe(one.of('patient', '1'));
    const others = [
      one.of('patient', '2'),
      one.of('course', '1'),
      new Pseudonyms(secrets, 'two').of('patient', '1'),
      new Pseudonyms(secretsOf(randomBytes(32)), 'one').of('patient', '1'),
    ];
    expect(new Set([one.of('patient', '1'), ...others]).size).toBe(5);
    expect(one.of('patient', '1')).toMatch(/^[a-z2-7]{20}$/);
  });

  test('shift all dates of a patient by one number of days, within the limit, either way', () => {
    const shifts = Array.from({ length: 2000 }, (_, rid) => one.dayShift(String(rid), 7));
    expect(new Set(shifts)).toEqual(new Set([-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]));
    expect(one.dayShift('5', 7)).toBe(shifts[5]);
  });
});

describe('dates', () => {
  test('are shifted over months and leap days, or coarsened; times of day are never given', () => {
    expect(givenDate('2028-02-28', 'shift', 2)).toBe('2028-03-01');
    expect(givenDate('2026-01-03T10:11:12+01:00', 'shift', -5)).toBe('2025-12-29');
    expect(givenDate('2026-03-31', 'month', 5)).toBe('2026-03');
    expect(givenDate('2026-04-01', 'quarter', 5)).toBe('2026-Q2');
    expect(givenDate('2026-12-31', 'quarter', 5)).toBe('2026-Q4');
    expect(givenDate('2026-12-31', 'year', 5)).toBe('2026');
  });

  test('that are partial are not made finer, and what is no date is not given', () => {
    expect(givenDate('2026-05', 'shift', 1)).toBeUndefined();
    expect(givenDate('2026', 'month', 1)).toBeUndefined();
    expect(givenDate('2026', 'quarter', 1)).toBeUndefined();
    expect(givenDate('2026-05', 'month', 1)).toBe('2026-05');
    expect(givenDate('13916900281'.slice(7), 'shift', 1)).toBeUndefined();
    expect(givenDate('', 'year', 1)).toBeUndefined();
  });

  test.each([
    ['2008-03-02', '2026-03-01', '0-17'],
    ['2008-03-02', '2026-03-02', '18-29'],
    ['1996-03-02', '2026-03-02', '30-39'],
    ['1946-03-03', '2026-03-02', '70-79'],
    ['1946-03-02', '2026-03-02', '80-'],
    ['1900-01-01', '2026-03-02', '80-'],
    [undefined, '2026-03-02', ''],
    ['1946', undefined, ''],
  ])('who is born %s is at %s in the group %s', (birthDate, at, group) => {
    expect(ageGroup(birthDate, at)).toBe(group);
  });
});

test('a CSV holds no formula, and breaks at no value', () => {
  const row = ['=1+1', '+47', '-1', '-1.5', '@x', '\tx', 'a,b', 'a"b', 'a\r\nb', '-2+3', ''];
  expect(csv([row])).toBe(`'=1+1,'+47,-1,-1.5,'@x,"'\tx","a,b","a""b","a\r\nb",'-2+3,\r\n`);
});

describe('small cells', () => {
  const cell = fc.record({
    patient: fc.nat(30).map(String),
    hospital: fc.constantFrom('a', 'b', 'c'),
    sex: fc.constantFrom('f', 'm'),
    ageGroup: fc.constantFrom('18-29', '30-39', '80-'),
  });

  test('never come out with fewer than k patients, and no row is invented', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), fc.integer({ min: 2, max: 8 }), (all, k) => {
        const { rows, generalised, suppressed } = withoutSmallCells(all, k);
        const cells = Map.groupBy(rows, ({ hospital, sex, ageGroup }) => [hospital, sex, ageGroup].join());
        for (const members of cells.values()) {
          expect(new Set(members.map(({ patient }) => patient)).size).toBeGreaterThanOrEqual(k);
        }
        expect(rows.length + suppressed).toBe(all.length);
        expect(rows.filter((row) => Object.values(row).includes(ANY))).toHaveLength(generalised);
      }),
    );
  });

  test('lose the hospital first, so that most is kept', () => {
    const of = (hospital: string, from: number, count: number): Cell[] =>
      Array.from({ length: count }, (_, index) => ({
        patient: `${from + index}`,
        hospital,
        sex: 'f',
        ageGroup: '18-29',
      }));
    const { rows, generalised, suppressed } = withoutSmallCells(
      [...of('a', 0, 5), ...of('b', 10, 3), ...of('c', 20, 2)],
      5,
    );
    expect([generalised, suppressed]).toEqual([5, 0]);
    expect(rows.map(({ hospital }) => hospital).join('')).toBe('aaaaa*****');
    expect(rows.every(({ ageGroup }) => ageGroup === '18-29')).toBe(true);
  });

  test('of many courses of few patients are small all the same', () => {
    const rows = Array.from({ length: 50 }, () => ({ patient: '1', hospital: 'a', sex: 'f', ageGroup: '18-29' }));
    expect(withoutSmallCells(rows, 5)).toEqual({ rows: [], generalised: 0, suppressed: 50 });
  });
});

describe('variables', () => {
  const form: Questionnaire = {
    resourceType: 'Questionnaire',
    id: 'f',
    status: 'active',
    item: [
      {
        linkId: 'g',
        type: 'group',
        item: [
          { linkId: 'n', type: 'integer' },
          { linkId: 't', type: 'text' },
          { linkId: 's', type: 'string' },
          { linkId: 'o', type: 'open-choice' },
          { linkId: 'r', type: 'reference' },
          { linkId: 'a', type: 'attachment' },
          { linkId: 'u', type: 'url' },
        ],
      },
    ],
  };
  const names = (variables: string[], freeText: boolean) =>
    variablesOf(form, { variables, freeText }).map(({ linkId }) => linkId);

  test('of free text are given only where they are named and free text is approved; what leads elsewhere never', () => {
    expect(names([], false)).toEqual(['n', 'o']);
    expect(names([], true)).toEqual(['n', 'o']);
    expect(names(['t', 'n', 'r', 'a', 'u'], false)).toEqual(['n']);
    expect(names(['t', 'r', 'a', 'u'], true)).toEqual(['t']);
  });

  test('what is internal, and what stands inside it, is given to nobody', () => {
    const internal = {
      url: 'https://svar.example.org/fhir/StructureDefinition/questionnaire-internal',
      valueBoolean: true,
    };
    const marked: Questionnaire = {
      ...form,
      item: [
        { linkId: 'k', type: 'text', extension: [internal] },
        { linkId: 'i', type: 'group', extension: [internal], item: [{ linkId: 'c', type: 'choice' }] },
        { linkId: 'n', type: 'integer', extension: [{ ...internal, valueBoolean: false }] },
      ],
    };
    const given = (variables: string[]) =>
      variablesOf(marked, { variables, freeText: true }).map(({ linkId }) => linkId);
    expect(given([])).toEqual(['n']);
    expect(given(['k', 'c', 'n'])).toEqual(['n']);
  });

  test('words that a person wrote beside a list of choices are free text', () => {
    const variable = variablesOf(form, { variables: [], freeText: false })[1] as Variable;
    const response = {
      resourceType: 'QuestionnaireResponse' as const,
      status: 'completed' as const,
      item: [
        { linkId: 'g', item: [{ linkId: 'o', answer: [{ valueString: 'Ola' }, { valueCoding: { code: '9' } }] }] },
      ],
    };
    expect(cellOf(response, variable, false, 'year', 0)).toBe('9');
    expect(cellOf(response, variable, true, 'year', 0)).toBe('Ola|9');
  });
});
