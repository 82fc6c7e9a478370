import type {
  Element,
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { FormData } from '../expressions/data.ts';
import { compileForm } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { confirmation } from './confirmation.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/test';
const system = 'https://svar.example.org/fhir/CodeSystem/test';
const data: FormData = {
  now: new Date('2026-03-02T08:00:00Z'),
  valueSets: (canonical) => (canonical.endsWith('colours') ? [{ system, code: 'red' }] : undefined),
};
const fhirpath = (expression: string) => ({ valueExpression: { language: 'text/fhirpath' as const, expression } });
const cqf = (expression: string): Element => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/cqf-expression', ...fhirpath(expression) }],
});
const extension = (url: string, value: object): Extension => ({ url, ...value });
const core = (name: string, value: object) => extension(`http://hl7.org/fhir/StructureDefinition/${name}`, value);
const sdc = (name: string, value: object) =>
  extension(`http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-${name}`, value);

function rules(
  item: QuestionnaireItem[],
  given: QuestionnaireResponseItem[],
  form: Partial<Questionnaire> = {},
  fetched: FormData = data,
): string[] {
  const compiled = compileForm({ resourceType: 'Questionnaire', url, status: 'active', item, ...form });
  const response = {
    ...{ resourceType: 'QuestionnaireResponse' as const, status: 'completed' as const },
    ...{ questionnaire: url, authored: '2026-03-02', item: given },
  };
  return validateResponse(compiled, response, fetched).map(({ details }) => details?.code ?? 'none');
}

const asked: QuestionnaireItem = { linkId: 'asked', type: 'boolean' };
const yes: QuestionnaireResponseItem = { linkId: 'asked', answer: [{ valueBoolean: true }] };
const no: QuestionnaireResponseItem = { linkId: 'asked', answer: [{ valueBoolean: false }] };
const whether = "%resource.item.where(linkId='asked').answer.value = true";
const coded = (code: string): QuestionnaireResponseItem => ({
  linkId: 'q',
  answer: [{ valueCoding: { system, code } }],
});

describe('what the form calculates is enforced as what it says', () => {
  it('limits that go with the day', () => {
    const date = (valueDate: string): QuestionnaireResponseItem[] => [{ linkId: 'q', answer: [{ valueDate }] }];
    const item: QuestionnaireItem[] = [
      {
        ...{ linkId: 'q', type: 'date' },
        extension: [
          core('maxValue', { _valueDate: cqf('today()') }),
          core('minValue', { _valueDate: cqf('today() - 1 year') }),
        ],
      },
    ];
    expect(rules(item, date('2026-03-02'))).toEqual([]);
    expect(rules(item, date('2026-03-03'))).toEqual(['maxValue']);
    expect(rules(item, date('2025-03-01'))).toEqual(['minValue']);
  });

  it('usual values', () => {
    const item: QuestionnaireItem[] = [
      {
        ...{ linkId: 'q', type: 'integer' },
        extension: [
          extension('https://svar.example.org/fhir/StructureDefinition/questionnaire-softMaxValue', {
            _valueInteger: cqf('2 + 3'),
          }),
        ],
      },
    ];
    const given = (valueInteger: number): QuestionnaireResponseItem[] => [{ linkId: 'q', answer: [{ valueInteger }] }];
    expect(rules(item, given(5))).toEqual([]);
    expect(rules(item, given(6))).toEqual(['softMaxValue']);
  });

  it('required, and the number of answers', () => {
    const item = Object.assign({ linkId: 'q', type: 'string' as const, repeats: true }, { _required: cqf(whether) });
    const q: QuestionnaireResponseItem = { linkId: 'q', answer: [{ valueString: 'x' }] };
    expect(rules([asked, item], [yes])).toEqual(['required']);
    expect(rules([asked, item], [no])).toEqual([]);
    expect(rules([asked, item], [yes, q])).toEqual([]);
    const group: QuestionnaireItem = { linkId: 'g', type: 'group', item: [item] };
    expect(rules([asked, group], [yes])).toEqual(['required']);
    const most = core('questionnaire-maxOccurs', { _valueInteger: cqf(`iif(${whether}, 1, 2)`) });
    const twice: QuestionnaireResponseItem = { linkId: 'q', answer: [{ valueString: 'x' }, { valueString: 'y' }] };
    expect(rules([asked, { linkId: 'q', type: 'string', repeats: true, extension: [most] }], [yes, twice])).toEqual([
      'maxCount',
    ]);
    expect(rules([asked, { linkId: 'q', type: 'string', repeats: true, extension: [most] }], [no, twice])).toEqual([]);
  });

  it('the text of an item', () => {
    const item = Object.assign(
      { linkId: 'q', type: 'string' as const, text: 'Pain?' },
      { _text: cqf("'Pain today?'") },
    );
    expect(rules([item], [{ linkId: 'q', text: 'Pain today?' }])).toEqual([]);
  });

  it('enablement by expression', () => {
    const item: QuestionnaireItem = {
      ...{ linkId: 'q', type: 'string', required: true },
      extension: [sdc('enableWhenExpression', fhirpath(whether))],
    };
    const q: QuestionnaireResponseItem = { linkId: 'q', answer: [{ valueString: 'x' }] };
    expect(rules([asked, item], [no, q])).toEqual(['disabledItem']);
    expect(rules([asked, item], [yes])).toEqual(['required']);
    expect(rules([asked, item], [yes, q])).toEqual([]);
    expect(rules([asked, item], [no])).toEqual([]);
  });

  it('options: answerExpression, answerOptionsToggleExpression, a value set named by an expression', () => {
    const calculated: QuestionnaireItem = {
      ...{ linkId: 'q', type: 'choice' },
      extension: [sdc('answerExpression', fhirpath("%resource.item.where(linkId='medicine').answer.value"))],
    };
    const medicine: QuestionnaireItem = { linkId: 'medicine', type: 'open-choice', repeats: true };
    const given: QuestionnaireResponseItem = {
      linkId: 'medicine',
      answer: [{ valueCoding: { system, code: 'a' } }, { valueCoding: { system, code: 'c' } }],
    };
    expect(rules([medicine, calculated], [given, coded('a')])).toEqual([]);
    expect(rules([medicine, calculated], [given, coded('b')])).toEqual(['invalidAnswerOption']);

    const toggled: QuestionnaireItem = {
      ...{ linkId: 'q', type: 'choice', answerOption: ['a', 'b'].map((code) => ({ valueCoding: { system, code } })) },
      extension: [
        {
          url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-answerOptionsToggleExpression',
          extension: [
            { url: 'option', valueCoding: { system, code: 'b' } },
            { url: 'expression', ...fhirpath(whether) },
          ],
        },
      ],
    };
    expect(rules([asked, toggled], [no, coded('a')])).toEqual([]);
    expect(rules([asked, toggled], [no, coded('b')])).toEqual(['invalidAnswerOption']);
    expect(rules([asked, toggled], [yes, coded('b')])).toEqual([]);

    const named = Object.assign(
      { linkId: 'q', type: 'choice' as const },
      { _answerValueSet: cqf(`iif(${whether}, 'http://example.org/ValueSet/colours', 'http://example.org/none')`) },
    );
    expect(rules([asked, named], [yes, coded('red')])).toEqual([]);
    expect(rules([asked, named], [yes, coded('blue')])).toEqual(['invalidCoding']);
    expect(rules([asked, named], [no, coded('red')])).toEqual(['tsError']);
  });
});

describe('what could not be fetched', () => {
  const weight = (name: string, calculation: string): QuestionnaireItem => ({
    ...{ linkId: 'q', type: 'decimal', readOnly: true },
    extension: [
      core('variable', {
        valueExpression: { name, language: 'application/x-fhir-query', expression: 'Observation?code=weight' },
      }),
      sdc('calculatedExpression', fhirpath(calculation)),
    ],
  });
  const given: QuestionnaireResponseItem[] = [{ linkId: 'q', answer: [{ valueDecimal: 70 }] }];
  const found = {
    ...{ resourceType: 'Bundle', type: 'searchset' },
    entry: [{ resource: { resourceType: 'Observation', valueQuantity: { value: 71 } } }],
  };

  it('is not known, so what is calculated from it is not compared', () => {
    const item = [weight('weights', '%weights.entry.resource.value.value')];
    expect(rules(item, given)).toEqual([]);
    expect(rules(item, given, {}, { ...data, queries: () => undefined })).toEqual([]);
    expect(rules(item, given, {}, { ...data, queries: () => found })).toEqual(['calculatedAnswer']);
  });

  it('is told as a warning where a name is not known', () => {
    const item: QuestionnaireItem = {
      ...{ linkId: 'q', type: 'decimal', readOnly: true },
      extension: [sdc('calculatedExpression', fhirpath('%user.id.length()'))],
    };
    expect(rules([item], given)).toEqual(['none']);
    expect(rules([item], given, {}, { ...data, launch: { user: { resourceType: 'Practitioner', id: 'ab' } } })).toEqual(
      ['calculatedAnswer'],
    );
  });
});

describe('a warning', () => {
  const soft = (name: string, value: object) =>
    extension(`https://svar.example.org/fhir/StructureDefinition/questionnaire-${name}`, value);
  const dose: QuestionnaireItem = {
    ...{ linkId: 'dose', type: 'decimal' },
    extension: [soft('softMaxValue', { valueDecimal: 300 }), core('maxValue', { valueDecimal: 10_000 })],
  };
  const given = (valueDecimal: number, confirmed: Extension[] = []): QuestionnaireResponseItem[] => [
    { linkId: 'dose', answer: [{ valueDecimal, ...(confirmed.length > 0 ? { extension: confirmed } : {}) }] },
  ];

  it('is told until it is confirmed, and what is wrong can not be confirmed', () => {
    expect(rules([dose], given(300))).toEqual([]);
    expect(rules([dose], given(301))).toEqual(['softMaxValue']);
    expect(rules([dose], given(301, [confirmation('softMaxValue')]))).toEqual([]);
    expect(rules([dose], given(301, [confirmation('softMinValue')]))).toEqual(['softMaxValue']);
    expect(rules([dose], given(10_001, [confirmation('softMaxValue')]))).toEqual(['maxValue']);
  });
});

it('a disabled item may be there with its text, but without answers', () => {
  const group: QuestionnaireItem = {
    ...{ linkId: 'g', type: 'group', enableWhen: [{ question: 'asked', operator: '=', answerBoolean: true }] },
    item: [{ linkId: 'q', type: 'string', text: 'Why?', required: true }],
  };
  const shown = (answer?: QuestionnaireResponseItem['answer']): QuestionnaireResponseItem => ({
    linkId: 'g',
    item: [{ linkId: 'q', text: 'Why?', ...(answer ? { answer } : {}) }],
  });
  expect(rules([asked, group], [no, shown()])).toEqual([]);
  expect(rules([asked, group], [no, shown([{ valueString: 'x' }])])).toEqual(['disabledItem']);
  expect(rules([asked, group], [yes, shown()])).toEqual(['required']);
});

describe('a form that demands what can not be checked is refused', () => {
  it.each(['(', '(?=a)b', '(a)\\1'])('regex %s', (regex) => {
    expect(() =>
      rules([{ linkId: 'q', type: 'string', extension: [core('regex', { valueString: regex })] }], []),
    ).toThrow(/regular expression/);
  });
});
