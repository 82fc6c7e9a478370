import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../score/table.ts';
import { readFactorTable } from './factor-table.ts';
import { type DoseField, type OmeqRule, omeq } from './omeq.ts';

const table = (name: string) =>
  readFactorTable(
    `https://svar.example.org/fhir/Library/${name}|1.0.0`,
    parseTable(readFileSync(new URL(`../../../terminology/tables/${name}.csv`, import.meta.url), 'utf8'), name),
  );
const helsedirektoratet = table('omeq-helsedirektoratet');
const helfo = table('omeq-helfo');

const field = (linkId: string, drug: string, route: string, unit = 'mg/d'): DoseField => ({
  linkId,
  drug,
  route,
  unit,
});
const rule: OmeqRule = {
  fields: [
    field('morphine', 'morphine', 'oral'),
    field('morphine-iv', 'morphine', 'parenteral'),
    field('codeine', 'codeine', 'oral'),
    field('tramadol', 'tramadol', 'oral'),
    field('tapentadol', 'tapentadol', 'oral'),
    field('oxycodone', 'oxycodone', 'oral'),
    field('buprenorphine-patch', 'buprenorphine', 'transdermal', 'ug/h'),
    field('fentanyl-patch', 'fentanyl', 'transdermal', 'ug/h'),
    field('buvidal-monthly', 'buprenorphine', 'depot-monthly', 'mg'),
    field('buvidal-weekly', 'buprenorphine', 'depot-weekly', 'mg'),
    field('methadone', 'methadone', 'oral'),
  ],
  equivalents: [
    [64, 9],
    [96, 14],
    [128, 20],
  ].map(([dose = 0, daily = 0]) => ({
    drug: 'buprenorphine',
    route: 'depot-monthly',
    dose,
    as: { route: 'sublingual', dose: daily, unit: 'mg/d' },
  })),
  bandRule: 'lowest',
};

const total = (doses: Record<string, number>, tables = [helsedirektoratet], by: Partial<OmeqRule> = {}) =>
  omeq({ ...rule, ...by }, tables, new Map(Object.entries(doses))).total;
const value = (...args: Parameters<typeof total>) => {
  const found = total(...args);
  return 'absent' in found ? found.absent : found.value;
};

describe('oral morphine equivalents by Helsedirektoratet', () => {
  it.each([
    ['oxycodone', 20, 30],
    ['tramadol', 200, 30],
    ['codeine', 300, 30],
    ['tapentadol', 150, 30],
    ['buprenorphine-patch', 13.5, 30],
    ['fentanyl-patch', 12.5, 30],
    ['oxycodone', 0.3, 0.5],
    ['morphine', 0.05, 0.1],
    ['morphine', 0.04, 0],
    ['morphine', 0, 0],
  ])('%s %d gives %d mg, to one decimal', (drug, dose, expected) => {
    expect(value({ [drug]: dose })).toBe(expected);
  });

  it('adds up the fields as they are shown, with the range of the table', () => {
    expect(total({ oxycodone: 20, morphine: 15, 'fentanyl-patch': 12.5 })).toEqual({
      value: 75,
      low: 71,
      high: 85,
      tables: [helsedirektoratet.canonical],
    });
  });

  it('counts a monthly depot of buprenorphine as its daily sublingual dose, and knows no other dose', () => {
    expect([64, 96, 128].map((dose) => value({ 'buvidal-monthly': dose }))).toEqual([432, 672, 960]);
    expect(total({ 'buvidal-monthly': 160 })).toEqual({ absent: 'unknown-depot-dose', linkId: 'buvidal-monthly' });
    expect(total({ 'buvidal-weekly': 24 })).toEqual({ absent: 'no-factor', linkId: 'buvidal-weekly' });
    expect(value({ 'buvidal-monthly': 0 })).toBe(0);
  });
});

describe('methadone, whose ratio depends on the morphine dose that it leads to', () => {
  it.each([
    [1, 5],
    [6, 30],
    [16, 80],
    [17.9, 89.5],
    [18, 108],
    [45, 270],
    [49.9, 299.4],
    [50, 400],
    [74.9, 599.2],
    [75, 750],
    [99.9, 999],
    [100, 1200],
    [120, 1440],
  ])('%d mg is %d mg by the lowest ratio that leads into its own band', (dose, expected) => {
    expect(value({ methadone: dose })).toBe(expected);
  });

  it.each([
    [14.9, 74.5],
    [15, 90],
    [37.4, 224.4],
    [37.5, 300],
    [59.9, 479.2],
    [60, 600],
    [83.3, 833],
    [83.4, 1000.8],
  ])('%d mg is %d mg by the highest', (dose, expected) => {
    expect(value({ methadone: dose }, [helsedirektoratet], { bandRule: 'highest' })).toBe(expected);
  });

  it('tells the range where more than one ratio holds', () => {
    expect(total({ methadone: 16 })).toMatchObject({ value: 80, low: 80, high: 96 });
    expect(total({ methadone: 45 })).toMatchObject({ value: 270, low: 270, high: 360 });
    expect(total({ methadone: 6 })).toMatchObject({ low: 30, high: 30 });
  });

  it('rises with the dose, whichever rule is chosen', () => {
    for (const bandRule of ['lowest', 'highest'] as const) {
      let before = 0;
      for (let tenths = 1; tenths < 2000; tenths += 1) {
        const now = value({ methadone: tenths / 10 }, [helsedirektoratet], { bandRule });
        expect(Number(now)).toBeGreaterThan(before);
        before = Number(now);
      }
    }
  });
});

describe('what has no equivalent has a reason, never 0', () => {
  it('no dose, no factor, a dose that is none', () => {
    expect(total({})).toEqual({ absent: 'no-dose' });
    expect(total({ 'morphine-iv': 10, oxycodone: 20 })).toEqual({ absent: 'no-factor', linkId: 'morphine-iv' });
    expect(total({ morphine: -1 })).toEqual({ absent: 'not-a-dose', linkId: 'morphine' });
    expect(total({ morphine: Number.NaN })).toEqual({ absent: 'not-a-dose', linkId: 'morphine' });
  });

  it('a second table fills in what the first is silent about, and each value names its own', () => {
    const found = omeq(
      rule,
      [helsedirektoratet, helfo],
      new Map([
        ['morphine-iv', 10],
        ['oxycodone', 20],
      ]),
    );
    expect(found.total).toMatchObject({ value: 60, tables: [helfo.canonical, helsedirektoratet.canonical] });
    expect(found.fields.get('oxycodone')).toMatchObject({ table: helsedirektoratet.canonical });
    expect(found.fields.get('morphine-iv')).toMatchObject({ value: 30, table: helfo.canonical });
  });
});

describe('a factor table', () => {
  const read = (...lines: string[]) =>
    readFactorTable(
      't',
      parseTable(['drug,route,unit,factor,low,high,morphine_from,morphine_below', ...lines].join('\n'), 't'),
    );
  it('is refused with the line that is wrong', () => {
    expect(() => readFactorTable('t', parseTable('drug,factor\nmorphine,1', 't'))).toThrow('the columns must be');
    expect(() => read('morphine,oral,mg/d,1,1,1,,', 'codeine,oral,mg/d,x,,,,')).toThrow('Table t, row 2');
    expect(() => read('codeine,oral,mg/d,0.1,0.2,0.3,,')).toThrow('outside its range');
    expect(() => read('m,oral,mg/d,5,,,30,90', 'm,oral,mg/d,6,,,100,300')).toThrow('next band');
    expect(() => read('m,oral,mg/d,6,,,30,90', 'm,oral,mg/d,5,,,90,')).toThrow('higher factor');
    expect(() => read('m,oral,mg/d,5,,,,', 'm,oral,ug/d,6,,,,')).toThrow('next band');
  });

  it('all that are shipped can be read', () => {
    const sizes = ['helsedirektoratet', 'helfo', 'anzca-2021', 'cdc-2022'].map(
      (name) => table(`omeq-${name}`).factors.size,
    );
    expect(sizes).toEqual([15, 24, 17, 10]);
  });
});
