import type {
  Extension,
  Group,
  Patient,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Reference,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { FormData } from '../expressions/data.ts';
import { compileForm } from '../form.ts';
import { type ResponseRule, responseRules } from '../messages/response-rules.ts';
import { validateResponse } from '../validate-response.ts';
import { confirmation } from './confirmation.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/test';
const system = 'https://svar.example.org/fhir/CodeSystem/test';
const UCUM = 'http://unitsofmeasure.org';
const core = (name: string, value: object): Extension => ({
  url: `http://hl7.org/fhir/StructureDefinition/${name}`,
  ...value,
});
const sdc = (name: string, value: object): Extension => ({
  url: `http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-${name}`,
  ...value,
});
const own = (name: string, value: object): Extension => ({
  url: `https://svar.example.org/fhir/StructureDefinition/questionnaire-${name}`,
  ...value,
});

const data: FormData = {
  now: new Date('2026-03-02T08:00:00Z'),
  valueSets: (canonical) => {
    if (canonical === 'http://example.org/ValueSet/colours') return [{ system, code: 'red' }];
    return canonical === 'http://example.org/ValueSet/units' ? [{ system: UCUM, code: 'mg' }] : undefined;
  },
};

interface Case {
  readonly item: QuestionnaireItem[];
  readonly form?: Partial<Questionnaire>;
  readonly wrong: Partial<QuestionnaireResponse>;
  readonly at: string;
  readonly right: Partial<QuestionnaireResponse>;
  /** Where it is the form that makes it right. */
  readonly rightForm?: Partial<Questionnaire>;
}

/** A form of one question, one wrong answer and one right. */
function question(
  q: Omit<QuestionnaireItem, 'linkId'>,
  wrong: QuestionnaireResponseItemAnswer,
  right: QuestionnaireResponseItemAnswer,
  form?: Partial<Questionnaire>,
): Case {
  const items = (given: QuestionnaireResponseItemAnswer): QuestionnaireResponseItem[] => [
    { linkId: 'q', answer: [given] },
  ];
  return {
    item: [{ linkId: 'q', ...q }],
    form,
    wrong: { item: items(wrong) },
    at: 'QuestionnaireResponse.item[0].answer[0].value',
    right: { item: items(right) },
  };
}

function ofStatus(status: Questionnaire['status']): Case {
  const at = 'QuestionnaireResponse.questionnaire';
  return { item: [], form: { status }, wrong: {}, at, right: {}, rightForm: { status: 'active' } };
}

const text: QuestionnaireItem = { linkId: 'q', type: 'string', text: 'How?' };
const options = ['1', '2', '9'].map((code) => ({ valueCoding: { system, code } }));
const answered = (value: string): QuestionnaireResponseItem => ({ linkId: 'q', answer: [{ valueString: value }] });
const mg = (value: number, code = 'mg', from = UCUM) => ({ valueQuantity: { value, code, system: from } });

const number = (linkId: string): QuestionnaireItem => ({ linkId, type: 'integer' });
const integer = (linkId: string, valueInteger: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger }],
});
const decimal = (linkId: string, valueDecimal: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueDecimal }],
});
const [two, three] = [integer('a', 2), integer('b', 3)];
const fhirpath = (expression: string, name?: string) => ({
  valueExpression: { language: 'text/fhirpath' as const, expression, ...(name === undefined ? {} : { name }) },
});
/** A value that an expression gives. */
const byExpression = (type: string, expression: string) => ({
  [`_value${type}`]: { extension: [core('cqf-expression', fhirpath(expression))] },
});
const variable = (name: string, expression: string) => core('variable', fhirpath(expression, name));

/** Two numbers and what is calculated of them. */
function sums(how: Partial<QuestionnaireItem>, expression = '%a + %b'): QuestionnaireItem[] {
  return [
    number('a'),
    number('b'),
    {
      ...{ linkId: 'sum', type: 'decimal', ...how },
      extension: [
        ...['a', 'b'].map((name) => variable(name, `%resource.item.where(linkId='${name}').answer.value`)),
        sdc('calculatedExpression', fhirpath(expression)),
        ...(how.extension ?? []),
      ],
    },
  ];
}

function targetConstraint(key: string, severity: 'error' | 'warning', expression: string): Extension {
  return {
    url: 'http://hl7.org/fhir/StructureDefinition/targetConstraint',
    extension: [
      { url: 'key', valueId: key },
      { url: 'severity', valueCode: severity },
      { url: 'human', valueString: 'Look again.' },
      { url: 'expression', ...fhirpath(expression) },
    ],
  };
}

function oldConstraint(key: string, expression: string): Extension {
  return {
    url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-constraint',
    extension: [
      { url: 'key', valueId: key },
      { url: 'severity', valueCode: 'error' },
      { url: 'human', valueString: 'Look again.' },
      { url: 'expression', valueString: expression },
    ],
  };
}

/** For each rule a form with a response that breaks it and one that does not. */
const cases: Partial<Record<ResponseRule, Case | readonly Case[]>> = {
  invalidQuestionnaire: {
    item: [],
    wrong: { questionnaire: `${url}|1.0.0|2` },
    at: 'QuestionnaireResponse.questionnaire',
    right: {},
  },
  questionnaireMissing: {
    item: [],
    wrong: { questionnaire: undefined },
    at: 'QuestionnaireResponse.questionnaire',
    right: {},
  },
  otherQuestionnaire: ['https://other.example.org', `${url}|2.0.0`].map((questionnaire) => ({
    item: [],
    wrong: { questionnaire },
    at: 'QuestionnaireResponse.questionnaire',
    right: { questionnaire: url },
  })),
  questionnaireDraft: ofStatus('draft'),
  questionnaireInactive: ofStatus('unknown'),
  questionnaireRetired: ofStatus('retired'),
  subjectMissing: {
    item: [],
    form: { subjectType: ['Patient'] },
    wrong: { subject: undefined },
    at: 'QuestionnaireResponse.subject',
    right: { status: 'in-progress', subject: undefined },
  },
  invalidSubjectType: [
    { reference: 'Group/1' },
    { reference: 'https://elsewhere.example.org/fhir/Group/1' },
    { identifier: { value: '1' }, type: 'Group' as const },
  ].map((subject: Reference<Patient | Group>) => ({
    item: [],
    form: { subjectType: ['Patient' as const] },
    wrong: { subject },
    at: 'QuestionnaireResponse.subject',
    right: { subject: { reference: 'Patient/1' } },
  })),
  authoredMissing: {
    item: [],
    wrong: { authored: undefined },
    at: 'QuestionnaireResponse.authored',
    right: { status: 'in-progress', authored: undefined },
  },
  invalidContainedReference: [
    {
      item: [],
      wrong: { subject: { reference: '#p' } },
      at: 'QuestionnaireResponse.subject',
      right: { subject: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p' }] },
    },
    question(
      { type: 'reference' },
      { valueReference: { reference: '#p' } },
      { valueReference: { reference: 'Patient/1' } },
    ),
  ],
  invalidLinkId: {
    item: [text],
    wrong: { item: [{ linkId: 'x' }] },
    at: 'QuestionnaireResponse.item[0].linkId',
    right: { item: [{ linkId: 'q' }] },
  },
  misplacedItem: {
    item: [{ linkId: 'g', type: 'group', item: [text] }],
    wrong: { item: [answered('x')] },
    at: 'QuestionnaireResponse.item[0].linkId',
    right: { item: [{ linkId: 'g', item: [answered('x')] }] },
  },
  duplicateItem: {
    item: [{ ...text, repeats: true }],
    wrong: { item: [answered('x'), answered('y')] },
    at: 'QuestionnaireResponse.item[1]',
    right: { item: [{ linkId: 'q', answer: [{ valueString: 'x' }, { valueString: 'y' }] }] },
  },
  itemOrder: {
    item: [{ linkId: 'first', type: 'string' }, text],
    wrong: { item: [answered('x'), { linkId: 'first', answer: [{ valueString: 'x' }] }] },
    at: 'QuestionnaireResponse.item[1]',
    right: { item: [{ linkId: 'first', answer: [{ valueString: 'x' }] }, answered('x')] },
  },
  itemText: {
    item: [text],
    wrong: { item: [{ ...answered('x'), text: 'Why?' }] },
    at: 'QuestionnaireResponse.item[0].text',
    right: { item: [{ ...answered('x'), text: ' How?\n' }] },
  },
  displayAnswer: {
    item: [{ linkId: 'q', type: 'display' }],
    wrong: { item: [answered('x')] },
    at: 'QuestionnaireResponse.item[0].answer',
    right: { item: [{ linkId: 'q' }] },
  },
  groupShouldNotHaveAnswers: {
    item: [{ linkId: 'q', type: 'group', item: [{ ...text, linkId: 'inner' }] }],
    wrong: { item: [answered('x')] },
    at: 'QuestionnaireResponse.item[0].answer',
    right: { item: [{ linkId: 'q', item: [{ linkId: 'inner' }] }] },
  },
  answerNesting: {
    item: [{ ...text, item: [{ linkId: 'why', type: 'string' }] }],
    wrong: { item: [{ ...answered('x'), item: [{ linkId: 'why' }] }] },
    at: 'QuestionnaireResponse.item[0].item',
    right: { item: [{ linkId: 'q', answer: [{ valueString: 'x', item: [{ linkId: 'why' }] }] }] },
  },
  emptyAnswer: {
    item: [text],
    wrong: { item: [{ linkId: 'q', answer: [{}] }] },
    at: 'QuestionnaireResponse.item[0].answer[0]',
    right: { item: [{ linkId: 'q' }] },
  },
  invalidType: {
    item: [{ linkId: 'q', type: 'question' as 'string' }],
    wrong: { item: [answered('x')] },
    at: 'QuestionnaireResponse.item[0].answer[0].value',
    right: { item: [{ linkId: 'q' }] },
  },
  disabledItem: {
    item: [
      { linkId: 'asked', type: 'boolean' },
      { ...text, enableWhen: [{ question: 'asked', operator: '=', answerBoolean: true }] },
    ],
    wrong: { item: [{ linkId: 'asked', answer: [{ valueBoolean: false }] }, answered('x')] },
    at: 'QuestionnaireResponse.item[1]',
    right: { item: [{ linkId: 'asked', answer: [{ valueBoolean: true }] }, answered('x')] },
  },
  retiredItem: [
    {
      item: [{ ...text, extension: [own('retired', { valueBoolean: true })] }],
      wrong: { item: [answered('x')] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [{ linkId: 'q' }] },
    },
    {
      item: [{ linkId: 'g', type: 'group', item: [text], extension: [own('retired', { valueBoolean: true })] }],
      wrong: { status: 'in-progress', item: [{ linkId: 'g', item: [answered('x')] }] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [{ linkId: 'g', item: [answered('x')] }] },
      rightForm: {
        item: [{ linkId: 'g', type: 'group', item: [text], extension: [own('retired', { valueBoolean: false })] }],
      },
    },
  ],
  required: [
    {
      item: [{ ...text, required: true }],
      wrong: { item: [] },
      at: 'QuestionnaireResponse',
      right: { item: [answered('x')] },
    },
    {
      item: [{ ...text, required: true }],
      wrong: { status: 'amended', item: [{ linkId: 'q' }] },
      at: 'QuestionnaireResponse.item[0]',
      right: { status: 'in-progress', item: [] },
    },
    {
      // A unit alone, as renderers preset it, is no answer.
      item: [{ linkId: 'q', type: 'quantity', required: true }],
      wrong: { item: [{ linkId: 'q', answer: [{ valueQuantity: { unit: 'mg' } }] }] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [{ linkId: 'q', answer: [{ valueQuantity: { value: 0, unit: 'mg' } }] }] },
    },
    {
      // How many are asked for is calculated.
      item: [
        {
          ...{ linkId: 'g', type: 'group' },
          item: [{ ...text, extension: [core('questionnaire-minOccurs', byExpression('Integer', '3 - 2'))] }],
        },
      ],
      wrong: { item: [] },
      at: 'QuestionnaireResponse',
      right: { item: [{ linkId: 'g', item: [answered('x')] }] },
    },
    {
      // Inside groups that are left out.
      item: [
        { linkId: 'g', type: 'group', item: [{ linkId: 'h', type: 'group', item: [{ ...text, required: true }] }] },
      ],
      wrong: { item: [] },
      at: 'QuestionnaireResponse',
      right: { item: [{ linkId: 'g', item: [{ linkId: 'h', item: [answered('x')] }] }] },
    },
    {
      item: [{ linkId: 'g', type: 'group', required: true, item: [text] }],
      wrong: { item: [] },
      at: 'QuestionnaireResponse',
      right: { item: [{ linkId: 'g', item: [answered('x')] }] },
    },
  ],
  repeats: {
    item: [text],
    wrong: { item: [{ linkId: 'q', answer: [{ valueString: 'x' }, { valueString: 'y' }] }] },
    at: 'QuestionnaireResponse.item[0].answer[1]',
    right: { item: [answered('x')] },
  },
  minCount: {
    item: [{ ...text, repeats: true, extension: [core('questionnaire-minOccurs', { valueInteger: 2 })] }],
    wrong: { item: [answered('x')] },
    at: 'QuestionnaireResponse.item[0]',
    right: { item: [{ linkId: 'q', answer: [{ valueString: 'x' }, { valueString: 'y' }] }] },
  },
  maxCount: [
    {
      item: [{ ...text, repeats: true, extension: [core('questionnaire-maxOccurs', { valueInteger: 1 })] }],
      wrong: { item: [{ linkId: 'q', answer: [{ valueString: 'x' }, { valueString: 'y' }] }] },
      at: 'QuestionnaireResponse.item[0].answer[1]',
      right: { item: [answered('x')] },
    },
    {
      item: [
        {
          ...{ linkId: 'g', type: 'group', repeats: true, item: [text] },
          extension: [core('questionnaire-maxOccurs', { valueInteger: 1 })],
        },
      ],
      wrong: { item: [{ linkId: 'g' }, { linkId: 'g' }] },
      at: 'QuestionnaireResponse.item[1]',
      right: { item: [{ linkId: 'g' }] },
    },
  ],
  invalidAnswerType: [
    question({ type: 'boolean' }, { valueString: 'x' }, { valueBoolean: true }),
    question({ type: 'decimal' }, { valueInteger: 1 }, { valueDecimal: 1.5 }),
    question({ type: 'integer' }, { valueInteger: 1.5 }, { valueInteger: 1 }),
    question({ type: 'date' }, { valueDate: '2026-02-30' }, { valueDate: '2028-02-29' }),
    question({ type: 'dateTime' }, { valueDateTime: '2026-01-01T10:00' }, { valueDateTime: '2026-01-01T10:00Z' }),
    question({ type: 'time' }, { valueTime: '24:00:00' }, { valueTime: '23:59:59' }),
    question({ type: 'string' }, { valueInteger: 1 }, { valueString: 'x' }),
    question({ type: 'text' }, { valueCoding: { code: 'x' } }, { valueString: 'x\ny' }),
    question({ type: 'url' }, { valueString: 'http://a' }, { valueUri: 'http://a.example' }),
    question({ type: 'choice' }, { valueString: '1' }, { valueCoding: { code: '1' } }),
    question({ type: 'open-choice' }, { valueBoolean: true }, { valueString: 'other' }),
    question({ type: 'attachment' }, { valueUri: 'http://a' }, { valueAttachment: { url: 'http://a' } }),
    question({ type: 'reference' }, { valueString: 'Patient/1' }, { valueReference: { reference: 'Patient/1' } }),
    question({ type: 'quantity' }, { valueDecimal: 1 }, mg(1)),
    question(
      { type: 'choice', answerOption: [{ valueInteger: 1 }] },
      { valueCoding: { code: '1' } },
      { valueInteger: 1 },
    ),
  ],
  invalidNewLine: question({ type: 'string' }, { valueString: 'a\nb' }, { valueString: 'a b' }),
  invalidUrlValue: [
    question({ type: 'url' }, { valueUri: 'www.example.org' }, { valueUri: 'https://www.example.org/a?b=c#d' }),
    question({ type: 'url' }, { valueUri: 'http://a b' }, { valueUri: 'urn:oid:1.2.3' }),
  ],
  invalidAnswerOption: [
    question({ type: 'choice', answerOption: options }, { valueCoding: { system, code: '3' } }, options[0]!),
    question({ type: 'choice', answerOption: options }, { valueCoding: { system: 'x', code: '1' } }, options[0]!),
    question(
      { type: 'open-choice', answerOption: options },
      { valueCoding: { system, code: '3' } },
      { valueString: '3' },
    ),
    question({ type: 'choice', answerOption: [{ valueString: 'a' }] }, { valueString: 'b' }, { valueString: 'a' }),
    question({ type: 'choice', answerOption: [{ valueInteger: 1 }] }, { valueInteger: 2 }, { valueInteger: 1 }),
    question(
      { type: 'choice', answerOption: [{ valueDate: '2026-01-01' }] },
      { valueDate: '2026-01-02' },
      { valueDate: '2026-01-01' },
    ),
    question(
      { type: 'choice', answerOption: [{ valueTime: '10:00:00' }] },
      { valueTime: '11:00:00' },
      { valueTime: '10:00:00' },
    ),
    question(
      { type: 'choice', answerOption: [{ valueReference: { reference: 'Patient/1' } }] },
      { valueReference: { reference: 'Patient/2' } },
      { valueReference: { reference: 'Patient/1', display: 'One' } },
    ),
  ],
  exclusiveAnswerOption: [
    {
      item: [
        {
          ...{ linkId: 'q', type: 'choice', repeats: true },
          answerOption: [
            ...options.slice(0, 2),
            {
              valueCoding: { system, code: '9' },
              extension: [core('questionnaire-optionExclusive', { valueBoolean: true })],
            },
          ],
        },
      ],
      wrong: { item: [{ linkId: 'q', answer: [options[0]!, options[2]!] }] },
      at: 'QuestionnaireResponse.item[0].answer[1].value',
      right: { item: [{ linkId: 'q', answer: [options[0]!, options[1]!] }] },
    },
    {
      // As other forms carry it: on the coding.
      item: [
        {
          ...{ linkId: 'q', type: 'choice', repeats: true },
          answerOption: [
            ...options.slice(0, 2),
            {
              valueCoding: {
                ...{ system, code: '9' },
                extension: [core('questionnaire-optionExclusive', { valueBoolean: true })],
              },
            },
          ],
        },
      ],
      wrong: { item: [{ linkId: 'q', answer: [options[2]!, options[0]!] }] },
      at: 'QuestionnaireResponse.item[0].answer[0].value',
      right: { item: [{ linkId: 'q', answer: [options[2]!] }] },
    },
  ],
  invalidCoding: [
    // What else than the options may be answered can be told in R5's way.
    question(
      {
        ...{ type: 'choice', answerValueSet: 'http://example.org/ValueSet/colours' },
        extension: [
          {
            url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item.answerConstraint',
            valueCode: 'optionsOrString',
          },
        ],
      },
      { valueCoding: { system, code: 'blue' } },
      { valueString: 'blue' },
    ),
    question(
      { type: 'choice', answerValueSet: '#colours' },
      { valueCoding: { system, code: 'blue' } },
      { valueCoding: { system, code: 'red' } },
      {
        contained: [
          {
            ...{ resourceType: 'ValueSet', id: 'colours', status: 'active' },
            compose: { include: [{ system, concept: [{ code: 'red' }] }] },
          },
        ],
      },
    ),
    question(
      { type: 'choice', answerValueSet: '#colours' },
      { valueCoding: { system, code: 'warm' } },
      { valueCoding: { system, code: 'red' } },
      {
        contained: [
          {
            ...{ resourceType: 'ValueSet', id: 'colours', status: 'active' },
            expansion: {
              timestamp: '2026-01-01',
              contains: [{ system, code: 'warm', abstract: true, contains: [{ system, code: 'red' }] }],
            },
          },
        ],
      },
    ),
    question(
      { type: 'choice', answerValueSet: 'http://example.org/ValueSet/colours' },
      { valueCoding: { system, code: 'blue' } },
      { valueCoding: { code: 'red' } },
    ),
  ],
  tsError: [
    question(
      { type: 'open-choice', answerValueSet: 'http://example.org/ValueSet/unknown' },
      { valueCoding: { system, code: 'red' } },
      { valueString: 'red' },
    ),
    {
      // What a contained value set excludes is not worked out from the form alone.
      item: [{ linkId: 'q', type: 'choice', answerValueSet: '#v' }],
      form: {
        contained: [
          {
            ...{ resourceType: 'ValueSet', id: 'v', status: 'active' },
            compose: {
              include: [{ system, concept: [{ code: 'red' }, { code: 'blue' }] }],
              exclude: [{ system, concept: [{ code: 'red' }] }],
            },
          },
        ],
      },
      wrong: { item: [{ linkId: 'q', answer: [{ valueCoding: { system, code: 'red' } }] }] },
      at: 'QuestionnaireResponse.item[0].answer[0].value',
      right: {},
    },
  ],
  minLength: question(
    { type: 'string', extension: [core('minLength', { valueInteger: 2 })] },
    { valueString: '😀' },
    { valueString: 'ab' },
  ),
  maxLength: question({ type: 'string', maxLength: 2 }, { valueString: 'abc' }, { valueString: '😀😀' }),
  regex: [
    question(
      { type: 'string', extension: [core('regex', { valueString: '[0-9]{4}' })] },
      { valueString: '12345' },
      { valueString: '1234' },
    ),
    question(
      { type: 'integer', extension: [core('regex', { valueString: '[1-9]0*' })] },
      { valueInteger: 11 },
      { valueInteger: 100 },
    ),
  ],
  minValue: [
    {
      item: [
        { linkId: 'least', type: 'quantity' },
        {
          ...{ linkId: 'q', type: 'quantity' },
          extension: [
            sdc('minQuantity', byExpression('Quantity', "%resource.item.where(linkId='least').answer.value")),
            core('minValue', { valueQuantity: mg(9).valueQuantity }),
          ],
        },
      ],
      wrong: {
        item: [
          { linkId: 'least', answer: [mg(5)] },
          { linkId: 'q', answer: [mg(4)] },
        ],
      },
      at: 'QuestionnaireResponse.item[1].answer[0].value',
      right: {
        item: [
          { linkId: 'least', answer: [mg(5)] },
          { linkId: 'q', answer: [mg(5)] },
        ],
      },
    },
    question(
      { type: 'integer', extension: [core('minValue', { valueInteger: 0 })] },
      { valueInteger: -1 },
      { valueInteger: 0 },
    ),
    question(
      { type: 'decimal', extension: [core('minValue', { valueDecimal: 0.5 })] },
      { valueDecimal: 0.4 },
      { valueDecimal: 0.5 },
    ),
    question(
      { type: 'date', extension: [core('minValue', { valueDate: '2026-03-01' })] },
      { valueDate: '2026-02-28' },
      { valueDate: '2026-03' },
    ),
    question(
      { type: 'dateTime', extension: [core('minValue', { valueDateTime: '2026-03-01T12:00:00Z' })] },
      { valueDateTime: '2026-03-01T12:00:00+01:00' },
      { valueDateTime: '2026-03-01T13:00:00+01:00' },
    ),
    question(
      { type: 'dateTime', extension: [core('minValue', { valueDate: '2026-03-01' })] },
      { valueDateTime: '2026-02-28T23:59:59+01:00' },
      { valueDateTime: '2026-03-01T00:00:00+01:00' },
    ),
    question(
      { type: 'time', extension: [core('minValue', { valueTime: '08:00:00' })] },
      { valueTime: '07:59:59' },
      { valueTime: '08:00:00' },
    ),
    question(
      { type: 'quantity', extension: [sdc('minQuantity', mg(1))] },
      { valueQuantity: { value: 999, code: 'ug', system: UCUM } },
      { valueQuantity: { value: 1000, code: 'ug', system: UCUM } },
    ),
    question(
      { type: 'quantity', extension: [sdc('minQuantity', mg(1))] },
      { valueQuantity: { ...mg(1).valueQuantity, comparator: '<' } },
      { valueQuantity: { ...mg(1).valueQuantity, comparator: '>' } },
    ),
  ],
  maxValue: [
    {
      item: [
        { linkId: 'most', type: 'quantity' },
        {
          ...{ linkId: 'q', type: 'quantity' },
          extension: [
            sdc('maxQuantity', byExpression('Quantity', "%resource.item.where(linkId='most').answer.value")),
            core('maxValue', { valueQuantity: mg(1).valueQuantity }),
          ],
        },
      ],
      wrong: {
        item: [
          { linkId: 'most', answer: [mg(5)] },
          { linkId: 'q', answer: [mg(6)] },
        ],
      },
      at: 'QuestionnaireResponse.item[1].answer[0].value',
      right: {
        item: [
          { linkId: 'most', answer: [mg(5)] },
          { linkId: 'q', answer: [mg(5)] },
        ],
      },
    },
    question(
      { type: 'integer', extension: [core('maxValue', { valueInteger: 10 })] },
      { valueInteger: 11 },
      { valueInteger: 10 },
    ),
    question(
      { type: 'date', extension: [core('maxValue', { valueDate: '2026-03-01' })] },
      { valueDate: '2026-03-02' },
      { valueDate: '2026-03-01' },
    ),
    question(
      { type: 'quantity', extension: [sdc('maxQuantity', mg(5.4))] },
      { valueQuantity: { value: 0.00541, code: 'g', system: UCUM } },
      { valueQuantity: { value: 0.0054, code: 'g', system: UCUM } },
    ),
  ],
  minValueIncompatUnits: question(
    { type: 'quantity', extension: [sdc('minQuantity', mg(1))] },
    { valueQuantity: { value: 5, code: 'mL', system: UCUM } },
    mg(1),
  ),
  maxValueIncompatUnits: question(
    { type: 'quantity', extension: [sdc('maxQuantity', mg(1))] },
    { valueQuantity: { value: 0.5, unit: 'tablets' } },
    mg(1),
  ),
  maxDecimalPlaces: [
    question(
      { type: 'decimal', extension: [core('maxDecimalPlaces', { valueInteger: 1 })] },
      { valueDecimal: 1.25 },
      { valueDecimal: 1.5 },
    ),
    question({ type: 'quantity', extension: [core('maxDecimalPlaces', { valueInteger: 7 })] }, mg(1.5e-7), mg(1e-7)),
  ],
  invalidUnit: [
    question(
      { type: 'quantity', extension: [core('questionnaire-unit', { valueCoding: { system: UCUM, code: 'mg' } })] },
      mg(1, 'g'),
      mg(1),
    ),
    question(
      {
        type: 'quantity',
        extension: [core('questionnaire-unitOption', { valueCoding: { code: 'mg', display: 'milligram' } })],
      },
      { valueQuantity: { value: 1 } },
      { valueQuantity: { value: 1, unit: 'milligram' } },
    ),
    question(
      {
        type: 'quantity',
        extension: [
          core('questionnaire-unitOption', { valueCoding: { system: UCUM, code: 'mg' } }),
          sdc('unitOpen', { valueCode: 'optionsOrType' }),
          sdc('unitSupplementalSystem', { valueCanonical: UCUM }),
        ],
      },
      mg(1, 'g', 'http://other.example.org'),
      mg(1, 'g'),
    ),
    question(
      {
        type: 'quantity',
        extension: [
          core('questionnaire-unitOption', { valueCoding: { system: UCUM, code: 'mg' } }),
          sdc('unitOpen', { valueCode: 'optionsOrString' }),
        ],
      },
      { valueQuantity: { value: 1 } },
      { valueQuantity: { value: 1, unit: 'spoons' } },
    ),
  ],
  invalidUnitValueSet: question(
    {
      type: 'quantity',
      extension: [core('questionnaire-unitValueSet', { valueCanonical: 'http://example.org/ValueSet/units' })],
    },
    mg(1, 'g'),
    mg(1),
  ),
  invalidAttachmentType: question(
    {
      type: 'attachment',
      extension: ['image/*', 'application/pdf'].map((type) => core('mimeType', { valueCode: type })),
    },
    { valueAttachment: { url: 'http://a', contentType: 'text/html' } },
    { valueAttachment: { url: 'http://a', contentType: 'image/png' } },
  ),
  maxAttachmentSize: question(
    { type: 'attachment', extension: [core('maxSize', { valueDecimal: 0.000003 })] },
    { valueAttachment: { data: 'AAAAAAAA' } },
    { valueAttachment: { data: 'AAAA' } },
  ),
  attachmentSizeInconsistent: question(
    { type: 'attachment' },
    { valueAttachment: { data: 'AAAAAA==', size: 6 } },
    { valueAttachment: { data: 'AAAA AA==', size: 4 } },
  ),
  invalidRefValue: [
    question(
      { type: 'reference' },
      { valueReference: { reference: 'Kari' } },
      { valueReference: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000001' } },
    ),
    question(
      { type: 'reference' },
      { valueReference: { display: 'x' } },
      { valueReference: { identifier: { value: '1' } } },
    ),
  ],
  invalidRefResourceType: [
    question(
      { type: 'reference' },
      { valueReference: { reference: 'Persona/1' } },
      { valueReference: { reference: 'Person/1' } },
    ),
    question(
      { type: 'reference' },
      { valueReference: { reference: 'Patient/1', type: 'Group' } },
      { valueReference: { reference: 'Patient/1', type: 'Patient' } },
    ),
  ],
  invalidRefResourceTypeRestriction: [
    question(
      { type: 'reference', extension: [core('questionnaire-referenceResource', { valueCode: 'Practitioner' })] },
      { valueReference: { reference: 'Patient/1' } },
      { valueReference: { reference: 'Practitioner/1' } },
    ),
    question(
      {
        type: 'reference',
        extension: [
          core('questionnaire-referenceProfile', {
            valueCanonical: 'http://hl7.org/fhir/StructureDefinition/Practitioner',
          }),
        ],
      },
      { valueReference: { identifier: { value: '1' }, type: 'Patient' } },
      { valueReference: { identifier: { value: '1' } } },
    ),
  ],
  calculatedAnswer: [
    {
      item: sums({ readOnly: true }),
      wrong: { item: [two, three, decimal('sum', 5.5)] },
      at: 'QuestionnaireResponse.item[2].answer',
      right: { item: [two, three, decimal('sum', 5)] },
    },
    {
      item: sums({ extension: [core('questionnaire-hidden', { valueBoolean: true })] }),
      wrong: { item: [two, three, decimal('sum', 6)] },
      at: 'QuestionnaireResponse.item[2].answer',
      right: { item: [two, three] },
    },
    {
      // What can't be calculated has no value.
      item: sums({ readOnly: true }),
      wrong: { item: [two, decimal('sum', 2)] },
      at: 'QuestionnaireResponse.item[1].answer',
      right: { item: [two] },
    },
    {
      // Rounded as the form permits.
      item: sums({ readOnly: true, extension: [core('maxDecimalPlaces', { valueInteger: 1 })] }, '(%a / 3).first()'),
      wrong: { item: [two, decimal('sum', 0.8)] },
      at: 'QuestionnaireResponse.item[1].answer',
      right: { item: [two, decimal('sum', 0.7)] },
    },
    {
      // In the digits that two engines may differ in, and no others.
      item: sums({ readOnly: true }, '(%a / 3).first()'),
      wrong: { item: [two, decimal('sum', 0.666)] },
      at: 'QuestionnaireResponse.item[1].answer',
      right: { item: [two, decimal('sum', 0.66666667)] },
    },
    {
      // The same in another unit.
      item: [
        { linkId: 'dose', type: 'quantity' },
        {
          ...{ linkId: 'same', type: 'quantity', readOnly: true },
          extension: [sdc('calculatedExpression', fhirpath("%resource.item.where(linkId='dose').answer.value"))],
        },
      ],
      wrong: {
        item: [
          { linkId: 'dose', answer: [mg(1, 'g')] },
          { linkId: 'same', answer: [mg(1001)] },
        ],
      },
      at: 'QuestionnaireResponse.item[1].answer',
      right: {
        item: [
          { linkId: 'dose', answer: [mg(1, 'g')] },
          { linkId: 'same', answer: [mg(1000)] },
        ],
      },
    },
    {
      // Where the person may enter it, the person has the last word.
      item: sums({ readOnly: true }),
      wrong: { status: 'in-progress', item: [two, three, decimal('sum', 4)] },
      at: 'QuestionnaireResponse.item[2].answer',
      right: { item: [two, three, decimal('sum', 4)] },
      rightForm: { item: sums({}) },
    },
  ],
  constraint: [
    {
      item: [{ ...number('a'), extension: [targetConstraint('even', 'error', 'answer.value mod 2 = 0')] }],
      wrong: { item: [integer('a', 3)] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [two] },
    },
    {
      item: [number('a'), number('b')],
      form: { extension: [oldConstraint('order', "%resource.item.where(linkId='a').answer.value < 3")] },
      wrong: { item: [integer('a', 3)] },
      at: 'QuestionnaireResponse',
      right: { status: 'in-progress', item: [integer('a', 3)] },
    },
    {
      // Of an item that is enabled only.
      item: [
        number('a'),
        {
          ...number('b'),
          enableWhen: [{ question: 'a', operator: '=', answerInteger: 1 }],
          extension: [targetConstraint('there', 'error', 'answer.exists()')],
        },
      ],
      wrong: { item: [integer('a', 1), { linkId: 'b' }] },
      at: 'QuestionnaireResponse.item[1]',
      right: { item: [integer('a', 2), { linkId: 'b' }] },
    },
    {
      // What yields nothing is not known.
      item: [number('a'), { ...number('b'), extension: [targetConstraint('k', 'error', 'answer.value > %a')] }],
      form: { extension: [variable('a', "%resource.item.where(linkId='a').answer.value")] },
      wrong: { item: [integer('a', 3), integer('b', 1)] },
      at: 'QuestionnaireResponse.item[1]',
      right: { item: [integer('b', 1)] },
    },
  ],
  constraintWarning: [
    {
      item: [{ ...number('a'), extension: [targetConstraint('low', 'warning', 'answer.value > 2')] }],
      wrong: { item: [two] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [{ ...two, extension: [confirmation('constraintWarning', 'low')] }] },
    },
    {
      // Told while the form is being filled in.
      item: [{ ...number('a'), extension: [targetConstraint('low', 'warning', 'answer.value > 2')] }],
      wrong: { status: 'in-progress', item: [two] },
      at: 'QuestionnaireResponse.item[0]',
      right: { status: 'in-progress', item: [integer('a', 3)] },
    },
    {
      // Another warning was confirmed.
      item: [{ ...number('a'), extension: [targetConstraint('low', 'warning', 'answer.value > 2')] }],
      wrong: { item: [{ ...two, extension: [confirmation('constraintWarning', 'high')] }] },
      at: 'QuestionnaireResponse.item[0]',
      right: { item: [{ ...two, extension: [confirmation('constraintWarning', 'low')] }] },
    },
  ],
  softMinValue: [
    question(
      { type: 'integer', extension: [own('softMinValue', { valueInteger: 5 })] },
      { valueInteger: 4 },
      { valueInteger: 5 },
    ),
    question(
      { type: 'integer', extension: [own('softMinValue', byExpression('Integer', '2 + 3'))] },
      { valueInteger: 4 },
      { valueInteger: 5 },
    ),
  ],
  softMaxValue: question(
    { type: 'quantity', extension: [own('softMaxValue', mg(300))] },
    { valueQuantity: { value: 1, code: 'g', system: UCUM } },
    mg(300),
  ),
  entryFormat: [
    question(
      { type: 'string', extension: [core('entryFormat', { valueString: 'nnn-nnn' })] },
      { valueString: '12-3456' },
      { valueString: '123-456' },
    ),
    {
      // A mask is for one line.
      item: [{ linkId: 'q', type: 'string', extension: [core('entryFormat', { valueString: 'nnn-nnn' })] }],
      wrong: { item: [answered('12')] },
      at: 'QuestionnaireResponse.item[0].answer[0].value',
      right: { item: [answered('12')] },
      rightForm: {
        item: [{ linkId: 'q', type: 'text', extension: [core('entryFormat', { valueString: 'nnn-nnn' })] }],
      },
    },
  ],
};

/** The rules and places of the faults that are found. */
function faults({ item, form }: Pick<Case, 'item' | 'form'>, response: Partial<QuestionnaireResponse>): string[] {
  const compiled = compileForm({
    ...{ resourceType: 'Questionnaire', url, version: '1.0.0', status: 'active', item },
    ...form,
  });
  const given: QuestionnaireResponse = {
    ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: `${url}|1.0.0` },
    ...{ subject: { reference: 'Patient/1' }, authored: '2026-03-02T08:00:00Z' },
    ...response,
  };
  return validateResponse(compiled, given, data).map(
    ({ details, expression }) => `${details?.code} ${expression?.join(' ')}`,
  );
}

/** These are told by whoever looks up the form, or what an answer refers to: tests/rest/responses.test.ts. */
const ELSEWHERE: ReadonlySet<string> = new Set(['questionnaireNotFound', 'invalidRefProfile']);

describe('each rule', () => {
  it.each(Object.keys(responseRules).filter((rule) => !ELSEWHERE.has(rule)) as ResponseRule[])('%s', (rule) => {
    const found = cases[rule];
    const all = found === undefined ? [] : 'item' in found ? [found] : found;
    expect(all.length).toBeGreaterThan(0);
    for (const { item, form, wrong, at, right, rightForm } of all) {
      expect(faults({ item, form }, wrong)).toEqual([`${rule} ${at}`]);
      expect(faults({ item, form: rightForm ?? form }, right)).toEqual([]);
    }
  });
});

it('a constraint is told where it says that the fault lies, in the language of the person', () => {
  const [{ extension: parts = [], ...constraint }] = [targetConstraint('even', 'error', 'answer.value mod 2 = 0')];
  const human = {
    ...{ url: 'human', valueString: 'Give an even number.' },
    _valueString: {
      extension: [
        core('translation', {
          extension: [
            { url: 'lang', valueCode: 'nb' },
            { url: 'content', valueString: 'Oppgi et partall.' },
          ],
        }),
      ],
    },
  };
  const told = {
    ...constraint,
    extension: [
      ...parts.filter(({ url: name }) => name !== 'human'),
      human,
      { url: 'location', valueString: 'answer' },
    ],
  };
  const form = compileForm({
    ...{ resourceType: 'Questionnaire', url, status: 'active' },
    item: [{ ...number('a'), text: 'A', extension: [told] }],
  });
  const response: QuestionnaireResponse = {
    ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: url },
    ...{ authored: '2026-03-02T08:00:00Z', item: [integer('a', 3)] },
  };
  const [issue] = validateResponse(form, response, data, { language: 'nb' });
  expect(issue?.expression).toEqual(['QuestionnaireResponse.item[0].answer']);
  expect(issue?.details?.text).toBe('A: Oppgi et partall.');
  expect(validateResponse(form, response, data, { language: 'sv' })[0]?.details?.text).toBe('A: Give an even number.');
});
