import type { QuestionnaireItem, QuestionnaireItemEnableWhen, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { compileForm } from './form.ts';
import { validateResponse } from './validate-response.ts';

const data = { now: new Date('2026-03-02T08:00:00Z') };
const url = 'https://svar.example.org/fhir/Questionnaire/test';

function refuses(item: QuestionnaireItem[], answers: QuestionnaireResponseItem[]): boolean {
  const form = compileForm({ resourceType: 'Questionnaire', url, status: 'active', item });
  const issues = validateResponse(
    form,
    {
      resourceType: 'QuestionnaireResponse',
      questionnaire: url,
      status: 'in-progress',
      item: answers,
    },
    data,
  );
  return issues.some((issue) => issue.code === 'business-rule');
}

const dependent = (enableWhen: QuestionnaireItemEnableWhen[], enableBehavior?: 'all' | 'any'): QuestionnaireItem => ({
  linkId: 'why',
  type: 'string',
  enableWhen,
  enableBehavior,
});
const why: QuestionnaireResponseItem = { linkId: 'why', answer: [{ valueString: 'x' }] };

describe('an item is answered only where it is enabled', () => {
  const number: QuestionnaireItem = { linkId: 'n', type: 'integer' };
  it.each([
    ['=', 5, [4, 5, 6], [false, true, false]],
    ['!=', 5, [4, 5, 6], [true, false, true]],
    ['>', 5, [4, 5, 6], [false, false, true]],
    ['<', 5, [4, 5, 6], [true, false, false]],
    ['>=', 5, [4, 5, 6], [false, true, true]],
    ['<=', 5, [4, 5, 6], [true, true, false]],
  ] as const)('operator %s', (operator, wanted, given, enabled) => {
    const item = [number, dependent([{ question: 'n', operator, answerInteger: wanted }])];
    expect(given.map((value) => !refuses(item, [{ linkId: 'n', answer: [{ valueInteger: value }] }, why]))).toEqual(
      enabled,
    );
  });

  it('an unanswered question satisfies only != and exists=false', () => {
    for (const operator of ['=', '>', '<', '>=', '<='] as const) {
      expect(refuses([number, dependent([{ question: 'n', operator, answerInteger: 5 }])], [why])).toBe(true);
    }
    expect(refuses([number, dependent([{ question: 'n', operator: '!=', answerInteger: 5 }])], [why])).toBe(false);
    expect(refuses([number, dependent([{ question: 'n', operator: 'exists', answerBoolean: false }])], [why])).toBe(
      false,
    );
    expect(refuses([number, dependent([{ question: 'n', operator: 'exists', answerBoolean: true }])], [why])).toBe(
      true,
    );
  });

  it('all means every condition, any means one', () => {
    const conditions = [3, 5].map((answerInteger) => ({ question: 'n', operator: '>' as const, answerInteger }));
    const four: QuestionnaireResponseItem = { linkId: 'n', answer: [{ valueInteger: 4 }] };
    expect(refuses([number, dependent(conditions, 'all')], [four, why])).toBe(true);
    expect(refuses([number, dependent(conditions, 'any')], [four, why])).toBe(false);
    expect(refuses([number, dependent(conditions, 'all')], [why])).toBe(true);
  });

  it('compares codings by system and code, references by where they lead, dates, times and quantities by value', () => {
    const system = 'https://svar.example.org/fhir/CodeSystem/x';
    const cases: [QuestionnaireItem['type'], Partial<QuestionnaireItemEnableWhen>, object, object][] = [
      [
        'choice',
        { operator: '=', answerCoding: { system, code: '1' } },
        { valueCoding: { system, code: '1' } },
        { valueCoding: { system: 'http://other', code: '1' } },
      ],
      ['date', { operator: '>', answerDate: '2026-01-01' }, { valueDate: '2026-01-02' }, { valueDate: '2026-01-01' }],
      ['time', { operator: '<', answerTime: '12:00:00' }, { valueTime: '11:00:00' }, { valueTime: '13:00:00' }],
      [
        'dateTime',
        { operator: '=', answerDateTime: '2026-01-01T12:00:00Z' },
        { valueDateTime: '2026-01-01T13:00:00+01:00' },
        { valueDateTime: '2026-01-01T12:00:00+01:00' },
      ],
      [
        'quantity',
        { operator: '>=', answerQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'mg' } },
        { valueQuantity: { value: 0.002, system: 'http://unitsofmeasure.org', code: 'g' } },
        { valueQuantity: { value: 3, system: 'http://unitsofmeasure.org', code: 'ug' } },
      ],
      [
        'quantity',
        { operator: '=', answerQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'mg' } },
        { valueQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'mg' } },
        { valueQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'mL' } },
      ],
      [
        'reference',
        { operator: '=', answerReference: { reference: 'Patient/1' } },
        { valueReference: { reference: 'Patient/1', display: 'One' } },
        { valueReference: { reference: 'Patient/2' } },
      ],
      ['decimal', { operator: '>', answerDecimal: 1.5 }, { valueDecimal: 1.6 }, { valueDecimal: 1.5 }],
      ['string', { operator: '=', answerString: 'a' }, { valueString: 'a' }, { valueString: 'A' }],
      ['boolean', { operator: '=', answerBoolean: true }, { valueBoolean: true }, { valueBoolean: false }],
    ];
    for (const [type, condition, yes, no] of cases) {
      const item = [{ linkId: 'q', type }, dependent([{ question: 'q', operator: '=', ...condition }])];
      expect([type, refuses(item, [{ linkId: 'q', answer: [yes] }, why])]).toEqual([type, false]);
      expect([type, refuses(item, [{ linkId: 'q', answer: [no] }, why])]).toEqual([type, true]);
    }
  });

  it('looks for the question in the same occurrence of a repeating group', () => {
    const item: QuestionnaireItem[] = [
      {
        linkId: 'g',
        type: 'group',
        repeats: true,
        item: [number, dependent([{ question: 'n', operator: '=', answerInteger: 1 }])],
      },
    ];
    const occurrence = (value: number, ...more: QuestionnaireResponseItem[]) => ({
      linkId: 'g',
      item: [{ linkId: 'n', answer: [{ valueInteger: value }] }, ...more],
    });
    expect(refuses(item, [occurrence(2), occurrence(1, why)])).toBe(false);
    expect(refuses(item, [occurrence(1), occurrence(2, why)])).toBe(true);
  });

  it('whatever stands in a disabled group is disabled', () => {
    const item: QuestionnaireItem[] = [
      number,
      {
        linkId: 'g',
        type: 'group',
        enableWhen: [{ question: 'n', operator: '=', answerInteger: 1 }],
        item: [{ linkId: 'why', type: 'string', required: true }],
      },
    ];
    expect(refuses(item, [{ linkId: 'g', item: [why] }])).toBe(true);
    expect(
      refuses(item, [
        { linkId: 'n', answer: [{ valueInteger: 1 }] },
        { linkId: 'g', item: [why] },
      ]),
    ).toBe(false);
  });

  it('a required question that is disabled may be left out, and enabled must not', () => {
    const form = compileForm({
      resourceType: 'Questionnaire',
      url,
      status: 'active',
      item: [number, { ...dependent([{ question: 'n', operator: '=', answerInteger: 1 }]), required: true }],
    });
    const whole = (value: number) =>
      validateResponse(
        form,
        {
          resourceType: 'QuestionnaireResponse',
          questionnaire: url,
          status: 'completed',
          authored: '2026-03-02',
          item: [{ linkId: 'n', answer: [{ valueInteger: value }] }],
        },
        data,
      ).map((issue) => issue.code);
    expect(whole(2)).toEqual([]);
    expect(whole(1)).toEqual(['required']);
  });
});
