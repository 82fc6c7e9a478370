import type {
  Bundle,
  Extension,
  Observation,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FormData } from '../expressions/data.ts';
import { compileForm } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { type Populated, populate, startResponse } from './populate.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const core = 'http://hl7.org/fhir/StructureDefinition/';
const ucum = 'http://unitsofmeasure.org';
const now = new Date('2026-03-31T08:00:00Z');
const subject = { reference: 'Patient/p' };
type Expression = NonNullable<Extension['valueExpression']>;
const path = (expression: string, name?: string): Expression => ({
  language: 'text/fhirpath',
  expression,
  ...(name === undefined ? {} : { name }),
});
const query = (expression: string, name: string): Expression => ({
  language: 'application/x-fhir-query',
  expression,
  name,
});
const initial = (expression: string): Extension => ({
  url: `${sdc}initialExpression`,
  valueExpression: path(expression),
});
const context = (valueExpression: Expression): Extension => ({ url: `${sdc}itemPopulationContext`, valueExpression });
const searchset = (...resources: Resource[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
});

function done(
  item: QuestionnaireItem[],
  data: Partial<FormData> = {},
  more: Partial<Questionnaire> = {},
  contexts?: ReadonlyMap<string, readonly Resource[]>,
): Populated {
  const form = compileForm({
    resourceType: 'Questionnaire',
    url: 'https://svar.example.org/fhir/Questionnaire/p',
    status: 'active',
    ...more,
    item,
  });
  const all: FormData = { now, ...data };
  const populated = populate(form, startResponse(form, subject, now), all, contexts);
  // What was given by name, a validation does not know.
  if (contexts === undefined)
    expect(validateResponse(form, populated.response, all).filter(({ severity }) => severity === 'error')).toEqual([]);
  return populated;
}

function answers({ item = [] }: { item?: QuestionnaireResponseItem[] }): [string, unknown][] {
  return item.flatMap((each) => [
    ...(each.answer ?? []).flatMap(({ item: inner = [], ...value }): [string, unknown][] => [
      [each.linkId, Object.values(value)[0]],
      ...answers({ item: inner }),
    ]),
    ...answers(each),
  ]);
}

describe('what is asked of the store', () => {
  const nested: QuestionnaireItem[] = [
    {
      linkId: 'stays',
      type: 'group',
      repeats: true,
      extension: [context(query('Encounter?subject=Patient/p', 'stay'))],
      item: [
        {
          linkId: 'findings',
          type: 'group',
          repeats: true,
          extension: [context(query('Observation?encounter=Encounter/{{%stay.id}}', 'finding'))],
          item: [{ linkId: 'what', type: 'string', extension: [initial("%stay.id + ' ' + %finding.id")] }],
        },
      ],
    },
  ];
  const stay = (id: string): Resource => ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { code: 'IMP' },
  });
  const finding = (id: string): Observation => ({ resourceType: 'Observation', id, status: 'final', code: {} });

  test('a query inside a repeated group is asked for each repetition, once what repeats it is known', () => {
    const known: Record<string, Bundle> = {};
    const queries = (text: string) => known[text];
    expect(done(nested, { queries }).wanted).toEqual(['Encounter?subject=Patient/p']);
    known['Encounter?subject=Patient/p'] = searchset(stay('s1'), stay('s2'));
    expect(done(nested, { queries }).wanted).toEqual([
      'Observation?encounter=Encounter/s1',
      'Observation?encounter=Encounter/s2',
    ]);
    known['Observation?encounter=Encounter/s1'] = searchset(finding('f1'), finding('f2'));
    known['Observation?encounter=Encounter/s2'] = searchset(finding('f3'));
    const { wanted, response, issues } = done(nested, { queries });
    expect(wanted).toEqual([]);
    expect(issues).toEqual([]);
    expect(answers(response)).toEqual([
      ['what', 's1 f1'],
      ['what', 's1 f2'],
      ['what', 's2 f3'],
    ]);
  });

  test('a query that is not answered is told by the place that asks, without its text', () => {
    const { issues } = done(nested);
    expect(issues).toEqual([
      expect.objectContaining({
        severity: 'warning',
        expression: ['Questionnaire.item[0].extension[0].value.expression'],
      }),
    ]);
    expect(JSON.stringify(issues)).not.toContain('Patient/p');
  });
});

test('a form whose expressions work without end is given up, and told', () => {
  const endless = '1.repeat($this + 1).count()';
  const item = Array.from({ length: 300 }, (_, index): QuestionnaireItem => {
    return { linkId: `q${index}`, type: 'integer', extension: [initial(endless)] };
  });
  const before = performance.now();
  const { response, issues } = done(item);
  expect(performance.now() - before).toBeLessThan(15_000);
  expect(answers(response)).toEqual([]);
  expect(issues).toHaveLength(300);
});

test('groups that repeat in groups that repeat have an end', () => {
  const repeated = (depth: number): QuestionnaireItem => ({
    linkId: `g${depth}`,
    type: 'group',
    repeats: true,
    extension: [context(path('1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10', `n${depth}`))],
    item: depth === 0 ? [{ linkId: 'x', type: 'string' }] : [repeated(depth - 1)],
  });
  expect(() => done([repeated(4)])).toThrow('10000 items');
});

describe('where answers come from', () => {
  const observed = (valueQuantity: Observation['valueQuantity']): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
    ...(valueQuantity && { valueQuantity }),
  });
  const linked = (more: Partial<QuestionnaireItem>, unit: string, duration: string): QuestionnaireItem => ({
    linkId: 'q',
    type: 'decimal',
    code: [{ system: 'http://loinc.org', code: '8310-5' }],
    ...more,
    extension: [
      { url: `${core}questionnaire-unit`, valueCoding: { system: ucum, code: unit } },
      { url: `${sdc}observationLinkPeriod`, valueDuration: { value: 1, system: ucum, code: duration } },
      ...(more.extension ?? []),
    ],
  });

  test('an expression before an Observation, that before the initial value of the form', () => {
    const item = linked({ initial: [{ valueDecimal: 1 }] }, 'Cel', 'a');
    const found = { queries: () => searchset(observed({ value: 37, system: ucum, code: 'Cel' })) };
    expect(answers(done([item]).response)).toEqual([['q', 1]]);
    expect(answers(done([item], found).response)).toEqual([['q', 37]]);
    const both = { ...item, extension: [...(item.extension ?? []), initial('38.5')] };
    expect(answers(done([both], found).response)).toEqual([['q', 38.5]]);
    const nothing = { ...item, extension: [...(item.extension ?? []), initial('{}')] };
    expect(answers(done([nothing], found).response)).toEqual([['q', 37]]);
  });

  test.each<[string, number, string, string, number[]]>([
    ['a temperature, whose units differ by a constant too', 98.6, '[degF]', 'Cel', [37]],
    ['a mass, without the digits that floats add', 70.1, 'kg', 'g', [70_100]],
    ['nothing of another dimension', 70, 'kg', 'cm', []],
    ['nothing in a unit that is none', 70, 'nonsense', 'cm', []],
  ])('converts %s', (_, value, from, to, expected) => {
    const { response } = done([linked({}, to, 'mo')], {
      queries: () => searchset(observed({ value, system: ucum, code: from })),
    });
    expect(answers(response).map(([, answer]) => answer)).toEqual(expected);
  });

  test('no more decimals than the question takes; an integer takes no fraction', () => {
    const found = { queries: () => searchset(observed({ value: 98.7, system: ucum, code: '[degF]' })) };
    const one = { url: `${core}maxDecimalPlaces`, valueInteger: 1 };
    expect(answers(done([linked({ extension: [one] }, 'Cel', 'd')], found).response)).toEqual([['q', 37.1]]);
    const { response, issues } = done([linked({ type: 'integer' }, 'Cel', 'd')], found);
    expect(answers(response)).toEqual([]);
    expect(issues).toMatchObject([{ severity: 'warning', expression: ['Questionnaire.item[0]'] }]);
  });

  test('what is only known to be less than a number is no number, and the next newest is taken', () => {
    const queries = () =>
      searchset(
        observed({ value: 30, comparator: '<', system: ucum, code: 'Cel' }),
        observed(undefined),
        observed({ value: 36, system: ucum, code: 'Cel' }),
      );
    expect(answers(done([linked({}, 'Cel', 'wk')], { queries }).response)).toEqual([['q', 36]]);
  });

  test('a month before the 31st of March is the last of February', () => {
    const [wanted = ''] = done([linked({}, 'Cel', 'mo')]).wanted;
    expect(decodeURIComponent(wanted)).toContain('date=ge2026-02-28T08:00:00.000Z');
  });

  test('options that the form selects, and the coding of a bare code by its value set', () => {
    const colours = [{ system: 's', code: 'r', display: 'Red' }];
    const { response } = done(
      [
        {
          linkId: 'a',
          type: 'choice',
          answerOption: [{ valueString: 'x' }, { valueString: 'y', initialSelected: true }],
        },
        { linkId: 'b', type: 'choice', answerValueSet: 'https://x.example/vs', extension: [initial("'r'")] },
      ],
      { valueSets: () => colours },
    );
    expect(answers(response)).toEqual([
      ['a', 'y'],
      ['b', colours[0]],
    ]);
  });
});

describe('what is given by name', () => {
  const asks: QuestionnaireItem[] = [{ linkId: 'n', type: 'integer', extension: [initial('%all.entry.count()')] }];
  const variable: Extension = { url: `${core}variable`, valueExpression: query('Condition?subject=Patient/p', 'all') };

  test('may be a variable of the form, which is then not asked for', () => {
    const given = new Map([['all', [searchset({ resourceType: 'Patient' })]]]);
    const { response, wanted, issues } = done(asks, {}, { extension: [variable] }, given);
    expect([answers(response), wanted, issues]).toEqual([[['n', 1]], [], []]);
  });

  test('a given variable is the same to what is enabled and what is calculated', () => {
    const seen: Extension[] = ['enableWhenExpression', 'calculatedExpression'].map((name) => ({
      url: `${sdc}${name}`,
      valueExpression: path(name === 'enableWhenExpression' ? '%all.entry.exists()' : '%all.entry.count()'),
    }));
    const given = new Map([['all', [searchset({ resourceType: 'Patient' })]]]);
    const item: QuestionnaireItem = { linkId: 'n', type: 'integer', readOnly: true, extension: seen };
    const { response, wanted } = done([item], {}, { extension: [variable] }, given);
    expect([answers(response), wanted]).toEqual([[['n', 1]], []]);
  });

  test('may be the answers to the sourceQueries', () => {
    const batch: Bundle = {
      resourceType: 'Bundle',
      id: 'batch',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Condition?subject=Patient/p' } }],
    };
    const source: Extension = { url: `${sdc}sourceQueries`, valueReference: { reference: '#batch' } };
    const item: QuestionnaireItem[] = [
      { linkId: 'n', type: 'integer', extension: [initial('%batch.entry.resource.entry.count()')] },
    ];
    const more = { contained: [batch], extension: [source] };
    expect(done(item, {}, more).wanted).toEqual(['Condition?subject=Patient/p']);
    const answered: Bundle = {
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: [{ resource: searchset(batch) }],
    };
    const { response, wanted } = done(item, {}, more, new Map([['sourceQueries', [answered]]]));
    expect([answers(response), wanted]).toEqual([[['n', 1]], []]);
  });

  test('is told where the form has no such name', () => {
    const { issues } = done(
      [{ linkId: 'n', type: 'integer' }],
      {},
      {},
      new Map([['other', [{ resourceType: 'Patient' }]]]),
    );
    expect(issues).toMatchObject([{ severity: 'warning' }]);
  });
});

test('a text that an expression makes is made for the person', () => {
  const made: Extension = {
    url: `${core}cqf-expression`,
    valueExpression: path("'About ' + %patient.name.given.first()"),
  };
  const item = { linkId: 'a', type: 'display', text: 'About the patient', _text: { extension: [made] } } as const;
  const patient: Resource = { resourceType: 'Patient', name: [{ given: ['Kari'] }] };
  expect(done([{ ...item }], { launch: { patient } }).response.item).toEqual([{ linkId: 'a', text: 'About Kari' }]);
  expect(done([{ ...item }]).response.item).toEqual([{ linkId: 'a', text: 'About the patient' }]);
});

test('questions in answers are filled in where their question is answered', () => {
  const { response } = done([
    {
      linkId: 'a',
      type: 'boolean',
      initial: [{ valueBoolean: true }],
      item: [{ linkId: 'b', type: 'string', text: 'Why?', initial: [{ valueString: 'x' }] }],
    },
    { linkId: 'c', type: 'boolean', item: [{ linkId: 'd', type: 'string', initial: [{ valueString: 'y' }] }] },
  ]);
  expect(response.item).toEqual([
    {
      linkId: 'a',
      answer: [{ valueBoolean: true, item: [{ linkId: 'b', text: 'Why?', answer: [{ valueString: 'x' }] }] }],
    },
    { linkId: 'c' },
  ]);
});

test('whatever expressions yield, the response is valid by its form', () => {
  const types = ['boolean', 'integer', 'decimal', 'string', 'date', 'choice', 'quantity', 'reference'] as const;
  const value = fc.constantFrom("'x'", '1', '1.5', 'true', '@2026-01-01', "1 'kg'", '{}', '(1 | 2)', '%missing', "'r'");
  const question = fc.record({ type: fc.constantFrom(...types), value, repeats: fc.boolean(), limited: fc.boolean() });
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 8 }), (questions) => {
      const item = questions.map((each, index): QuestionnaireItem => {
        const rule = { question: `q${index - 1}`, operator: 'exists', answerBoolean: true } as const;
        return {
          linkId: `q${index}`,
          type: each.type,
          repeats: each.repeats,
          ...(index % 3 === 2 ? { enableWhen: [rule] } : {}),
          ...(each.type === 'choice' ? { answerOption: [{ valueCoding: { system: 's', code: 'r' } }] } : {}),
          ...(each.limited && each.type === 'string' ? { maxLength: 0 } : {}),
          extension: [
            initial(each.value),
            ...(each.limited && each.type === 'integer' ? [{ url: `${core}maxValue`, valueInteger: 0 }] : []),
          ],
        };
      });
      const { response } = done(item);
      const linkIds = (response.item ?? []).map((each) => Number(each.linkId.slice(1)));
      expect(linkIds).toEqual(linkIds.toSorted((a, b) => a - b));
      const stored: QuestionnaireResponse = JSON.parse(JSON.stringify(response));
      expect(stored).toEqual(response);
    }),
    { numRuns: 300 },
  );
});
