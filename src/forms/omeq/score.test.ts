import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { validateResource } from '../../conformance/validate-resource.ts';
import { compileForm } from '../form.ts';
import { tablesOf } from '../score/library.ts';
import { parseScoreRules } from '../score/read-score-rules.ts';
import { scoreObservation } from '../score/score-observation.ts';
import { compileScorer } from '../score/scorer.ts';
import { parseTable } from '../score/table.ts';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const source: Questionnaire = JSON.parse(read('questionnaires/forms/smertereg/smertereg-b11.json'));
const rules = parseScoreRules(read('questionnaires/forms/smertereg/smertereg-b11.scores.rules.json'), 'omeq');
const libraries = 'https://svar.example.org/fhir/Library/';
const helsedirektoratet = `${libraries}omeq-helsedirektoratet|1.0.0`;
const helfo = `${libraries}omeq-helfo|1.0.0`;
const csv = (canonical: string) => read(`terminology/tables/${canonical.slice(libraries.length).split('|')[0]}.csv`);
const tables = new Map(
  tablesOf(rules.scores).map((canonical) => [canonical, parseTable(csv(canonical), canonical)] as const),
);
const scorer = compileScorer(rules, compileForm(source), { tables });

function omeq(doses: Record<string, number>) {
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    id: 'r',
    status: 'completed',
    authored: '2026-03-02T09:00:00+01:00',
    subject: { reference: 'Patient/p' },
    item: [
      { linkId: 'Analgetika4b', answer: [{ valueCoding: { code: 'Opioid4b' } }] },
      {
        linkId: 'Opioider4b',
        item: Object.entries(doses).map(([linkId, valueDecimal]) => ({ linkId, answer: [{ valueDecimal }] })),
      },
    ],
  };
  const [score] = scorer.score(response);
  if (score === undefined) throw new Error('there is no score');
  return { score, observation: scoreObservation(response, score, `${libraries}smertereg-b11-scores`) };
}

/** Field of SmerteReg, dose, its equivalent by hand, and the table that must have given it. */
const fields: [linkId: string, dose: number, expected: number | undefined, table?: string][] = [
  ['DDMoTbl', 30, 30],
  ['DDMoDep', 60, 60],
  ['DDMoIv', 10, 30, helfo],
  ['DDOxKps', 20, 30],
  ['DDOxDep', 40, 60],
  ['DDOxIv', 10, 30, helfo],
  ['DDBuvWDepIn', 24, undefined],
  ['DDBuvMDepIn', 64, 432],
  ['DDBuPl', 13.5, 30],
  ['DDBuTbl', 0.625, 30],
  ['DDFePl', 12.5, 30],
  ['DDFeTblSpray', 0.1, 25],
  ['DDFeIV', 0.2, 30, helfo],
  ['DDHyKps', 6, 30],
  ['DDHyDepKps', 8, 40],
  ['DDHyIv', 2, 30, helfo],
  ['DDKeIv', 10, 30, helfo],
  ['DDKeTbl', 30, 30],
  ['DDPeSupp', 300, 30],
  ['DDPeIm', 100, 30, helfo],
  ['DDCoTbl', 300, 30],
  ['DDTrKps', 200, 30],
  ['DDTrDepTbl', 400, 60],
  ['DDTaDepTbl', 150, 30],
  ['DDTaMiksTbl', 100, 20],
  ['DDMetMikst', 16, 80],
  ['DDMetIv', 10, undefined],
];

describe('each of the 27 dose fields has the factor of its drug and route', () => {
  it('and none is left out', () => {
    expect(fields.map(([linkId]) => linkId)).toEqual(rules.scores[0]?.items);
    expect(fields).toHaveLength(27);
  });

  it.each(fields)('%s %d is %s mg of oral morphine', (linkId, dose, expected, table = helsedirektoratet) => {
    const { score } = omeq({ [linkId]: dose });
    expect(score.value).toBe(expected);
    if (expected === undefined) expect(score.absent).toMatchObject({ reason: 'no-equivalent', part: linkId });
    else expect(score.tables).toEqual([table]);
  });
});

it('no dose of a field without an equivalent stands in nobody’s way', () => {
  expect(omeq({ DDOxKps: 20, DDBuvWDepIn: 0, DDBuvMDepIn: 0, DDMetIv: 0 }).score.value).toBe(30);
});

describe('the Observation of an OMEQ', () => {
  const tablesIn = ({ observation }: ReturnType<typeof omeq>) =>
    observation.extension?.slice(1).map(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource);
  const range = ({ observation }: ReturnType<typeof omeq>) =>
    observation.component?.map(({ code, valueQuantity }) => [code.coding?.[0]?.code, valueQuantity?.value]);

  it('names the tables that gave its factors, and the range that they allow', () => {
    const tablets = omeq({ DDOxKps: 20 });
    expect([tablesIn(tablets), range(tablets)]).toEqual([
      [helsedirektoratet],
      [
        ['lowest', 26],
        ['highest', 40],
      ],
    ]);
    expect(tablesIn(omeq({ DDOxKps: 20, DDMoIv: 10 }))?.sort()).toEqual([helfo, helsedirektoratet].sort());
    expect(range(omeq({ DDMetMikst: 45 }))).toEqual([
      ['lowest', 270],
      ['highest', 360],
    ]);
  });

  it('is valid R4, with and without a value', () => {
    for (const doses of [{ DDOxKps: 20 }, { DDMetIv: 5 }, {}] as Record<string, number>[]) {
      const faults = validateResource(omeq(doses).observation);
      expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  it.each([
    [1000, undefined],
    [1000.1, 'omeq-unlikely'],
    [9999.9, 'omeq-unlikely'],
  ])('%d mg of morphine has the mark %s', (dose, band) => {
    const { score } = omeq({ DDMoTbl: dose });
    expect([score.value, score.band?.code]).toEqual([dose, band]);
  });

  it('above 10 000 mg there is none', () => {
    expect(omeq({ DDMoTbl: 9999, DDMoDep: 1 }).score.value).toBe(10_000);
    expect(omeq({ DDMoTbl: 9999, DDMoDep: 1.1 }).score).toMatchObject({ absent: { reason: 'out-of-range' } });
    expect(range(omeq({ DDMoTbl: 9999, DDMoDep: 1.1 }))).toEqual([['raw-score', 10_000.1]]);
  });

  it('one dose without an equivalent leaves the total without value, by the name of its field and its words', () => {
    const { observation } = omeq({ DDOxKps: 20, DDBuvMDepIn: 100 });
    expect(observation.valueQuantity).toBeUndefined();
    expect(observation.dataAbsentReason).toMatchObject({
      coding: [{ code: 'unsupported' }],
      text: 'Ingen tabell har en ekvivalent for dosen i «Buvidal månedlig depotinjeksjon (mg)» (DDBuvMDepIn)',
    });
    expect(omeq({}).score.absent).toMatchObject({ reason: 'too-few-answered', answered: 0, of: 27, minimum: 1 });
  });
});

/** Factors as their sources print them, a line a table row, apart from the tables: drug, route, factor, range. */
const printed: Record<string, string> = {
  'omeq-helsedirektoratet':
    'morphine oral 1 1-1, codeine oral .1 .05-.15, codeine rectal .1 .05-.15, tramadol oral .15 .1-.2, ' +
    'tapentadol oral .2 .1-.4, oxycodone oral 1.5 1.3-2, hydromorphone oral 5 3.6-8, ketobemidone oral 1 1-1, ' +
    'pethidine rectal .1 .03-.13, fentanyl transdermal 2.4 2.4-2.4, fentanyl sublingual 250 200-300, ' +
    'fentanyl intranasal 250 200-300, buprenorphine transdermal 2.22 1.8-2.64, buprenorphine sublingual 48 33-60, ' +
    'methadone oral 5 -, methadone oral 6 -, methadone oral 8 -, methadone oral 10 -, methadone oral 12 -',
  'omeq-helfo':
    'morphine oral 1 -, morphine parenteral 3 -, morphine rectal .94 -, codeine oral .1 -, codeine rectal .1 -, ' +
    'dihydrocodeine oral .05 -, tramadol oral .15 -, tapentadol oral .2 -, oxycodone oral 1.5 -, ' +
    'oxycodone parenteral 3 -, hydromorphone oral 5 -, hydromorphone parenteral 15 -, ketobemidone oral 1 -, ' +
    'ketobemidone parenteral 3 -, ketobemidone rectal .3 -, pethidine rectal .1 -, pethidine parenteral .3 -, ' +
    'fentanyl transdermal 2.4 -, fentanyl sublingual 250 -, fentanyl intranasal 250 -, fentanyl parenteral 150 -, ' +
    'buprenorphine transdermal 2.22 -, buprenorphine sublingual 48 -, methadone oral 6 -',
  'omeq-anzca-2021':
    'morphine oral 1 -, oxycodone oral 1.5 -, hydromorphone oral 5 -, codeine oral .13 -, dextropropoxyphene oral .1 -, ' +
    'tramadol oral .2 -, tapentadol oral .3 -, buprenorphine sublingual 40 -, oxycodone rectal 1.5 -, ' +
    'buprenorphine transdermal 2 -, fentanyl transdermal 3 -, morphine parenteral 3 -, oxycodone parenteral 3 -, ' +
    'hydromorphone parenteral 15 -, codeine parenteral .25 -, pethidine parenteral .4 -, fentanyl parenteral .2 -',
  'omeq-cdc-2022':
    'codeine oral .15 -, hydrocodone oral 1 -, hydromorphone oral 5 -, methadone oral 4.7 -, morphine oral 1 -, ' +
    'oxycodone oral 1.5 -, oxymorphone oral 3 -, tapentadol oral .4 -, tramadol oral .2 -, fentanyl transdermal 2.4 -',
};

it.each(Object.entries(printed))('%s: every factor and range is as printed', (name, lines) => {
  const rows = parseTable(read(`terminology/tables/${name}.csv`), name).rows.map(
    ([drug, route, , factor, low, high]) => `${drug} ${route} ${factor} ${low}-${high}`,
  );
  const plain = (row: string) => row.replace(/\b0\./g, '.');
  expect(rows.map(plain)).toEqual(lines.split(', '));
});
