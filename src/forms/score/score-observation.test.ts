import { readdirSync } from 'node:fs';
import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Answer, instrument, toResponse } from '../../../tests/kit/instrument.ts';
import { validateResource } from '../../conformance/validate-resource.ts';
import { scoreEssence, scoreObservation } from './score-observation.ts';

const library = 'https://svar.example.org/fhir/Library/x';

function observation(
  name: string,
  code: string,
  answers: Record<string, Answer>,
  more: Partial<QuestionnaireResponse> = {},
): Observation {
  const { questionnaire, scorer } = instrument(name);
  const response = { ...toResponse(questionnaire, answers), ...more };
  const score = scorer.score(response).find(({ rule }) => rule.code === code);
  if (score === undefined) throw new Error(code);
  return scoreObservation(response, score, library);
}

const hads = (codes: string, more?: Partial<QuestionnaireResponse>) =>
  observation(
    'hads',
    'hads-anxiety',
    Object.fromEntries([...codes].flatMap((code, index) => (code === '-' ? [] : [[`HADSSpm${2 * index + 1}`, code]]))),
    more,
  );

describe('the Observation of a score', () => {
  it('names response, subject, time, method, version, rules and interpretation', () => {
    const context = {
      authored: '2026-03-02T10:00:00+01:00',
      subject: { reference: 'Patient/p', display: 'P' },
      basedOn: [{ reference: 'ServiceRequest/s' }],
    };
    expect(hads('1111112', context)).toMatchObject({
      status: 'final',
      identifier: [{ system: 'https://svar.example.org/fhir/sid/score', value: 'r/hads-anxiety' }],
      basedOn: [{ reference: 'ServiceRequest/s' }],
      subject: { reference: 'Patient/p' },
      effectiveDateTime: '2026-03-02T10:00:00+01:00',
      code: { coding: [{ code: 'hads-anxiety', display: 'HADS angst' }] },
      valueQuantity: { value: 8, code: '{score}' },
      interpretation: [{ coding: [{ code: 'hads-possible-case' }], text: 'Mulig tilfelle' }],
      method: { coding: [{ code: 'sum-prorated', version: '2.0.0' }] },
      extension: [{ valueRelatedArtifact: { type: 'depends-on', resource: library } }],
      derivedFrom: [{ reference: 'QuestionnaireResponse/r' }],
    });
  });

  it('has its standard error, its raw sum and its table with version', () => {
    const answers = { EDANX01: '3', EDANX40: '3', EDANX41: '3', EDANX53: '3' };
    const anxiety = observation('promis-29-v2.0', 'promis-anxiety-t', answers);
    expect(anxiety).toMatchObject({
      code: { coding: [{ code: 'promis-anxiety-t' }, { system: 'http://loinc.org', code: '71967-4' }] },
      valueQuantity: { value: 63.4, code: '{Tscore}' },
      component: [
        { code: { coding: [{ code: 'standard-error' }] }, valueQuantity: { code: '{Tscore}' } },
        { code: { coding: [{ code: 'raw-score' }] }, valueQuantity: { value: 12, code: '{score}' } },
      ],
    });
    expect(anxiety.extension?.map(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource)).toEqual([
      library,
      'https://svar.example.org/fhir/Library/promis-anxiety-4a-v1.0|1.0.0',
    ]);
  });

  it('of an EQ-5D index says which value set, in which version, for which state', () => {
    const state = { EqMobility: '2', EqSelfCare: '1', EqUsualActivities: '2', EqPain: '3', EqAnxiety: '2' };
    expect(observation('eq-5d-5l', 'eq-5d-5l-state', state)).toMatchObject({ valueString: '21232' });
    expect(observation('eq-5d-5l', 'eq-5d-5l-index-norway-2024', state)).toMatchObject({
      valueQuantity: { value: 0.7459 },
      component: [{ code: { coding: [{ code: 'state' }] }, valueString: '21232' }],
      method: { coding: [{ code: 'value-set', version: '1.0.0' }] },
      extension: [
        {},
        { valueRelatedArtifact: { resource: 'https://svar.example.org/fhir/Library/eq-5d-5l-norway-2024|1.0.0' } },
      ],
    });
  });

  it('without a score says that the value is absent, and why, in three languages', () => {
    const absent = hads('111----');
    expect(absent.valueQuantity).toBeUndefined();
    expect(absent.interpretation).toBeUndefined();
    expect(absent.dataAbsentReason).toMatchObject({
      coding: [{ code: 'unknown' }],
      text: '3 av 7 besvart; minst 4 trengs',
      _text: {
        extension: [
          { extension: [{ valueCode: 'sv' }, { valueString: '3 av 7 besvarade; minst 4 krävs' }] },
          { extension: [{ valueCode: 'en' }, { valueString: '3 of 7 answered; at least 4 are needed' }] },
        ],
      },
    });
  });

  it('says of one answer that it is lacking, and of an index why its state is', () => {
    const vas = observation('eq-5d-5l', 'eq-5d-5l-vas', { EqMobility: '1' });
    expect(vas.dataAbsentReason?.text).toBe('Ikke besvart');
    const index = observation('eq-5d-5l', 'eq-5d-5l-index-norway-2024', { EqMobility: '1' });
    expect(index.dataAbsentReason?.text).toBe('1 av 5 besvart; minst 5 trengs');
  });

  it.each([
    ['in-progress', 'preliminary'],
    ['amended', 'amended'],
    ['entered-in-error', 'entered-in-error'],
  ] as const)('of a response that is %s is %s', (status, expected) => {
    expect(hads('1111111', { status }).status).toBe(expected);
  });
});

describe('is valid R4, with and without a value', () => {
  const folder = new URL('../../../questionnaires/instruments/', import.meta.url);
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.scores\.rules\.json$/.exec(file)?.[1] ?? []);

  it.each(names)('%s', (name) => {
    const { questionnaire, form, scorer } = instrument(name);
    const all = [...form.items.values()].flatMap((item): [string, Answer][] => {
      const [code] = item.options?.byCode.keys() ?? [];
      if (item.expressions.calculated !== undefined) return [];
      return code !== undefined ? [[item.linkId, code]] : item.type === 'integer' ? [[item.linkId, 1]] : [];
    });
    for (const answers of [Object.fromEntries(all), {}]) {
      const response = { ...toResponse(questionnaire, answers), subject: { reference: 'Patient/p' } };
      const scores = scorer.score(response);
      const isAnswered = Object.keys(answers).length > 0;
      expect(scores.filter(({ value }) => (value !== undefined) !== isAnswered)).toEqual([]);
      for (const score of scores) {
        const faults = validateResource(scoreObservation(response, score, library));
        expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
      }
    }
  });
});

describe('two Observations are the same score', () => {
  const given = hads('1111112');
  it('whatever ids and wording they have', () => {
    expect(scoreEssence({ ...given, id: 'x', meta: { versionId: '2' }, code: { text: 'x' } })).toBe(
      scoreEssence(given),
    );
  });
  it.each([
    ['value', { valueQuantity: { ...given.valueQuantity, value: 9 } }],
    ['status', { status: 'amended' }],
    ['time', { effectiveDateTime: '2026-03-03' }],
    ['subject', { subject: { reference: 'Patient/q' } }],
    ['rule version', { method: { coding: [{ code: 'sum-prorated', version: '2.0.1' }] } }],
    ['table', { extension: [] }],
    ['interpretation', { interpretation: [] }],
    ['reason', { dataAbsentReason: { text: 'x' } }],
    ['standard error', { component: [{ code: {}, valueQuantity: { value: 1 } }] }],
  ] as [string, Partial<Observation>][])('unless they differ in %s', (_, difference) => {
    expect(scoreEssence({ ...given, ...difference })).not.toBe(scoreEssence(given));
  });
});
