import type { Extension, Questionnaire, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { openForm } from '../expressions/form-state.ts';
import { compileForm } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { importHelsenorge } from './import.ts';

const ehelse = 'http://ehelse.no/fhir/StructureDefinition/';
const helsenorge = 'http://helsenorge.no/fhir/StructureDefinition/';
const core = 'http://hl7.org/fhir/StructureDefinition/';
const now = new Date('2026-03-02T10:00:00Z');

function form(item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire {
  return { resourceType: 'Questionnaire', url: 'https://example.org/q', status: 'active', item, ...more };
}

function calculation(valueString: string): Extension {
  return { url: `${ehelse}sdf-calculatedExpression`, valueString };
}

function control(...codes: string[]): Extension {
  const system = 'http://hl7.org/fhir/ValueSet/questionnaire-item-control';
  return {
    url: `${core}questionnaire-itemControl`,
    valueCodeableConcept: { coding: codes.map((code) => ({ system, code })) },
  };
}

function answerOf(linkId: string, member = 'value'): string {
  return `QuestionnaireResponse.descendants().where(linkId='${linkId}').answer.${member}`;
}

/** What the imported form calculates, by linkId. */
function calculated(questionnaire: Questionnaire, item: QuestionnaireResponseItem[]): Record<string, unknown> {
  const imported = importHelsenorge(questionnaire).questionnaire;
  const state = openForm(
    compileForm(imported),
    { resourceType: 'QuestionnaireResponse', status: 'completed', item },
    { now },
  );
  return Object.fromEntries(state.calculated().map(({ item: { linkId }, answers }) => [linkId, answers]));
}

function itemOf(questionnaire: Questionnaire): QuestionnaireItem {
  const [item] = importHelsenorge(questionnaire).questionnaire.item ?? [];
  if (item === undefined) throw new Error('no item');
  return item;
}

function warnings(questionnaire: Questionnaire): string[] {
  return importHelsenorge(questionnaire).issues.flatMap(({ severity, diagnostics }) =>
    severity === 'warning' ? [diagnostics] : [],
  );
}

describe('calculated answers', () => {
  const unit = { system: 'http://unitsofmeasure.org', code: 'kg/m2', display: 'kg/m²' };
  const quantity = (linkId: string): QuestionnaireItem => ({ linkId, type: 'quantity' });
  const bmi = form([
    { linkId: 'body', type: 'group', item: [quantity('height'), quantity('weight')] },
    {
      linkId: 'bmi',
      type: 'quantity',
      readOnly: true,
      extension: [
        { url: `${core}questionnaire-unit`, valueCoding: unit },
        calculation(`${answerOf('weight', 'value.value')} / ((${answerOf('height', 'value.value')} / 100).power(2))`),
      ],
    },
  ]);
  const measured = (value: number): QuestionnaireResponseItem['answer'] => [{ valueQuantity: { value } }];
  const body: QuestionnaireResponseItem = {
    linkId: 'body',
    item: [
      { linkId: 'height', answer: measured(200) },
      { linkId: 'weight', answer: measured(80) },
    ],
  };

  it('are calculated here as in Refero, in the unit of the question', () => {
    expect(calculated(bmi, [body]).bmi).toEqual([
      { valueQuantity: { value: 20, unit: 'kg/m²', system: unit.system, code: 'kg/m2' } },
    ]);
  });

  it('are rounded where a whole number is asked for, as in Refero', () => {
    const half = form([
      { linkId: 'a', type: 'integer' },
      { linkId: 'b', type: 'integer', readOnly: true, extension: [calculation(`${answerOf('a')} / 2`)] },
    ]);
    expect(calculated(half, [{ linkId: 'a', answer: [{ valueInteger: 5 }] }]).b).toEqual([{ valueInteger: 3 }]);
  });

  it('copy another answer, in a group too (data-receiver)', () => {
    const copy = form([
      { linkId: 'a', type: 'choice', answerOption: [{ valueCoding: { system: 's', code: 'x' } }] },
      {
        linkId: 'g',
        type: 'group',
        item: [
          {
            linkId: 'b',
            type: 'choice',
            readOnly: true,
            extension: [control('data-receiver'), { url: `${core}cqf-expression`, valueString: answerOf('a') }],
          },
        ],
      },
    ]);
    const answer = [{ valueCoding: { system: 's', code: 'x' } }];
    const given = [
      { linkId: 'a', answer },
      { linkId: 'g', item: [{ linkId: 'b', answer }] },
    ];
    expect(calculated(copy, given).b).toEqual(answer);
  });

  it('that can not be run stay, and it is told what is missed', () => {
    const broken = form([{ linkId: 'a', type: 'integer', extension: [calculation("1 + 'a")] }]);
    expect(itemOf(broken).extension).toEqual(broken.item?.[0]?.extension);
    expect(warnings(broken)).toEqual(['sdf-calculatedExpression is no FHIRPath; the answer would not be calculated.']);
  });
});

describe('scores by codes', () => {
  const score = { system: 'http://ehelse.no/Score', code: 'score', display: 'score' };
  const formula = (code: string) => [score, { system: 'http://ehelse.no/scoringFormulas', code }];
  const question = (linkId: string, repeats = false): QuestionnaireItem => ({
    linkId,
    type: 'choice',
    repeats,
    code: formula('QS'),
    answerOption: [0, 1, 2, undefined].map((weight, index) => ({
      valueCoding: {
        system: 's',
        code: `${index}`,
        ...(weight !== undefined && { extension: [{ url: `${core}ordinalValue`, valueDecimal: weight }] }),
      },
    })),
  });
  const sum = (linkId: string, code: string): QuestionnaireItem => ({
    linkId,
    type: 'decimal',
    readOnly: true,
    code: formula(code),
  });
  const scored = form([
    {
      linkId: 'g1',
      type: 'group',
      item: [question('a'), { linkId: 'sub', type: 'group', item: [question('b', true)] }, sum('s1', 'SS')],
    },
    { linkId: 'g2', type: 'group', item: [question('c'), sum('s2', 'SS')] },
    question('d'),
    sum('total', 'TS'),
  ]);
  const answer = (linkId: string, ...codes: string[]): QuestionnaireResponseItem => ({
    linkId,
    answer: codes.map((code) => ({ valueCoding: { system: 's', code } })),
  });
  const group = (linkId: string, ...item: QuestionnaireResponseItem[]) => ({ linkId, item });

  it('are sums of the weights in the section and in the form', () => {
    const given = [
      group('g1', answer('a', '2'), group('sub', answer('b', '1', '2')), { linkId: 's1' }),
      group('g2', answer('c', '1'), { linkId: 's2' }),
      answer('d', '2'),
      { linkId: 'total' },
    ];
    expect(calculated(scored, given)).toEqual({
      s1: [{ valueDecimal: 5 }],
      s2: [{ valueDecimal: 1 }],
      total: [{ valueDecimal: 8 }],
    });
  });

  it('count a question that holds a section by its section only', () => {
    const holding = form([{ ...question('a'), item: [question('b'), sum('s', 'SS')] }, sum('total', 'TS')]);
    const value = { valueCoding: { system: 's', code: '2' } };
    const given = [{ linkId: 'a', answer: [{ ...value, item: [answer('b', '1'), { linkId: 's' }] }] }];
    expect(calculated(holding, given)).toEqual({ s: [{ valueDecimal: 1 }], total: [{ valueDecimal: 1 }] });
  });

  it('are absent without answers, and 0 where what was answered has no weight', () => {
    const given = [group('g1', { linkId: 's1' }), group('g2', answer('c', '3'), { linkId: 's2' }), { linkId: 'total' }];
    expect(calculated(scored, given)).toMatchObject({
      s1: [],
      s2: [{ valueDecimal: 0 }],
      total: [{ valueDecimal: 0 }],
    });
  });
});

describe('the rest of an item', () => {
  it('a date has the limits of its expressions', () => {
    const dated = form([
      {
        linkId: 'd',
        type: 'date',
        extension: [
          { url: `${ehelse}sdf-minvalue`, valueString: 'today() - 1 month' },
          { url: `${ehelse}sdf-maxvalue`, valueString: 'today()' },
        ],
      },
    ]);
    const faults = (valueDate: string) =>
      validateResponse(
        compileForm(importHelsenorge(dated).questionnaire),
        {
          resourceType: 'QuestionnaireResponse',
          questionnaire: 'https://example.org/q',
          authored: '2026-03-02T10:00:00Z',
          status: 'completed',
          item: [{ linkId: 'd', answer: [{ valueDate }] }],
        },
        { now },
      ).length;
    expect(['2026-01-31', '2026-02-10', '2026-03-03'].map(faults)).toEqual([1, 0, 1]);
  });

  it('help is no question, and what R4 permits no display item to have is set aside', () => {
    const help = form([
      { linkId: 'h', type: 'text', text: 'Slik gjør du', required: false, extension: [control('help')] },
    ]);
    expect(itemOf(help)).toMatchObject({ linkId: 'h', type: 'display', text: 'Slik gjør du' });
    expect(itemOf(help)).not.toHaveProperty('required');
  });

  it.each([
    ['2', 'display'],
    ['3', 'capture'],
  ])('RenderOptions %s is SDC’s usageMode %s', (code, mode) => {
    const system = 'http://helsenorge.no/fhir/CodeSystem/RenderOptions';
    const item = itemOf(form([{ linkId: 'a', type: 'string', code: [{ system, code }] }]));
    expect(item.extension).toEqual([
      { url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-usageMode', valueCode: mode },
    ]);
  });

  it('receivers to choose between are options, and references to Helsenorge’s resources lead nowhere here', () => {
    const url = `${ehelse}sdf-optionReference`;
    const receivers = form(
      [
        {
          linkId: 'r',
          type: 'choice',
          extension: ['1', '2'].map((id) => ({
            url,
            valueReference: { reference: `Endpoint/${id}`, display: `Mottak ${id}` },
          })),
        },
      ],
      { extension: [{ url: `${ehelse}sdf-endpoint`, valueReference: { reference: 'Endpoint/3' } }] },
    );
    const { questionnaire } = importHelsenorge(receivers);
    expect([...compileForm(questionnaire).items.get('r')!.options!.byCode.keys()]).toEqual([
      'Endpoint/1',
      'Endpoint/2',
    ]);
    expect(JSON.stringify(questionnaire)).not.toContain('"reference"');
  });

  it('codes of how it is shown get their code system; those of the dialect stay', () => {
    const [extension] =
      itemOf(form([{ linkId: 'g', type: 'group', extension: [control('step', 'table-hn1')] }])).extension ?? [];
    expect(extension?.valueCodeableConcept?.coding).toEqual([
      { system: 'http://hl7.org/fhir/questionnaire-item-control', code: 'page' },
      { system: 'http://hl7.org/fhir/ValueSet/questionnaire-item-control', code: 'table-hn1' },
    ]);
  });

  it('the patient is asked for by SDC’s launch context', () => {
    const prefilled = form([
      { linkId: 'p', type: 'date', extension: [{ url: `${ehelse}sdf-fhirpath`, valueString: 'Patient.birthDate' }] },
    ]);
    const { questionnaire } = importHelsenorge(prefilled);
    expect(questionnaire.item?.[0]?.extension?.[0]?.valueExpression?.expression).toBe('%patient.birthDate');
    expect(compileForm(questionnaire).launchContexts).toEqual([
      { name: 'patient', types: ['Patient'], multiple: false },
    ]);
  });

  it('attachments have Helsenorge’s limits where the form tells none', () => {
    const { constraints } = compileForm(
      importHelsenorge(form([{ linkId: 'f', type: 'attachment' }])).questionnaire,
    ).items.get('f')!;
    expect(constraints.attachment).toEqual({
      megabytesMax: 5,
      mimeTypes: ['image/jpeg', 'image/png', 'application/pdf'],
    });
  });

  it('attachments may together have 25 MB', () => {
    const files = importHelsenorge(form([{ linkId: 'f', type: 'attachment', repeats: true }])).questionnaire;
    const faults = (count: number) =>
      validateResponse(
        compileForm(files),
        {
          resourceType: 'QuestionnaireResponse',
          questionnaire: 'https://example.org/q',
          authored: '2026-03-02T10:00:00Z',
          status: 'completed',
          item: [
            {
              linkId: 'f',
              answer: Array.from({ length: count }, () => ({
                valueAttachment: { contentType: 'image/png', url: 'https://x.example.org/f', size: 5 * 1024 * 1024 },
              })),
            },
          ],
        },
        { now },
      ).length;
    expect([5, 6].map(faults)).toEqual([0, 1]);
  });

  it('a regular expression that can not be run in linear time does not keep the form out', () => {
    const looking = form([
      { linkId: 'r', type: 'string', extension: [{ url: `${core}regex`, valueString: '(?=a)b' }] },
    ]);
    expect(() => compileForm(importHelsenorge(looking).questionnaire)).not.toThrow();
    expect(warnings(looking)[0]).toMatch(/^A regular expression with look-around/);
  });
});

describe('what is told', () => {
  it('once for all places, and what the person would miss as a warning', () => {
    const sublabel = { url: `${helsenorge}sdf-sublabel`, valueMarkdown: 'Under' };
    const validation = { url: `${ehelse}validationtext`, valueString: 'Egne ord' };
    const { issues } = importHelsenorge(
      form([
        { linkId: 'a', type: 'string', extension: [sublabel, validation] },
        { linkId: 'b', type: 'string', extension: [sublabel] },
      ]),
    );
    expect(issues).toMatchObject([
      { severity: 'warning', expression: ['Questionnaire.item[0]', 'Questionnaire.item[1]'] },
      { severity: 'information', expression: ['Questionnaire.item[0]'] },
    ]);
  });

  it('an extension of the dialect that is not known here', () => {
    const url = 'http://helsenorge.no/fhir/StructureDefinition/sdf-invented';
    expect(warnings(form([{ linkId: 'a', type: 'string', extension: [{ url, valueBoolean: true }] }]))).toEqual([
      `The extension ${url} is not known here.`,
    ]);
  });

  it('as an error, what keeps the form from being run', () => {
    const twice = form([
      { linkId: 'a', type: 'string' },
      { linkId: 'a', type: 'string' },
    ]);
    expect(importHelsenorge(twice).issues).toMatchObject([{ severity: 'error', code: 'duplicate' }]);
  });
});
