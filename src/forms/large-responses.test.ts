import type { Extension, QuestionnaireItem, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { DistinctItems } from '../fhirpath/distinct.ts';
import { compileForm } from './form.ts';
import { validateResponse } from './validate-response.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/large';
const number = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  linkId,
  type: 'integer',
  ...more,
});
const group = (linkId: string, item: QuestionnaireItem[], extension?: Extension[]): QuestionnaireItem => ({
  ...{ linkId, type: 'group', repeats: true, item },
  ...(extension && { extension }),
});
const given = (linkId: string, valueInteger: number): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueInteger }],
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const fhirpath = (expression: string) => ({ language: 'text/fhirpath' as const, expression });
const constraint = (expression: string): Extension => ({
  url: 'http://hl7.org/fhir/StructureDefinition/targetConstraint',
  extension: [
    { url: 'key', valueId: 'k' },
    { url: 'severity', valueCode: 'error' },
    { url: 'human', valueString: 'Look again.' },
    { url: 'expression', valueExpression: fhirpath(expression) },
  ],
});

/** The rules, or what else was said, that a response of `item` breaks; and how long it took in ms. */
function validated(form: QuestionnaireItem[], item: QuestionnaireResponseItem[]) {
  const compiled = compileForm({ resourceType: 'Questionnaire', url, status: 'active', item: form });
  const start = performance.now();
  const issues = validateResponse(
    compiled,
    {
      ...{ resourceType: 'QuestionnaireResponse', questionnaire: url, status: 'completed' },
      ...{ authored: '2026-03-02T08:00:00Z', item },
    },
    { now: new Date('2026-03-02T08:00:00Z') },
  );
  return {
    told: issues.map(({ details, diagnostics }) => details?.code ?? diagnostics),
    ms: performance.now() - start,
  };
}

describe('a response of thousands of items is validated in seconds', () => {
  it('where what is enabled depends on groups that repeat elsewhere', () => {
    const form = [
      group('a', [number('a1')]),
      group('b', [number('b1', { enableWhen: [{ question: 'a1', operator: '=', answerInteger: 1 }] })]),
    ];
    const items = (last: number) => [
      ...times(10_000, (index) => ({ linkId: 'a', item: [given('a1', index === 9999 ? last : 0)] })),
      ...times(10_000, (index) => ({ linkId: 'b', item: [given('b1', index)] })),
    ];
    const enabled = validated(form, items(1));
    expect(enabled.told).toEqual([]);
    const disabled = validated(form, items(0));
    expect([disabled.told.length, new Set(disabled.told)]).toEqual([10_000, new Set(['disabledItem'])]);
    expect(enabled.ms + disabled.ms).toBeLessThan(5000);
  });

  it('where each of its groups asks by an expression whether a question is enabled', () => {
    const form = [
      group(
        'g',
        [
          number('a'),
          number('b', {
            extension: [
              {
                url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression',
                valueExpression: fhirpath('%a > 0'),
              },
            ],
          }),
        ],
        [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/variable',
            valueExpression: { ...fhirpath("%context.item.where(linkId='a').answer.value"), name: 'a' },
          },
        ],
      ),
    ];
    const { told, ms } = validated(
      form,
      times(10_000, (index) => ({ linkId: 'g', item: [given('a', index % 2), given('b', 1)] })),
    );
    expect([told.length, new Set(told)]).toEqual([5000, new Set(['disabledItem'])]);
    expect(ms).toBeLessThan(5000);
  });

  it('where its answers must be different', () => {
    const form = [number('a', { repeats: true, extension: [constraint('answer.value.isDistinct()')] })];
    const answers = (last: number) => [
      { linkId: 'a', answer: [...times(30_000, (valueInteger) => ({ valueInteger })), { valueInteger: last }] },
    ];
    const [same, unlike] = [validated(form, answers(7)), validated(form, answers(-1))];
    expect([same.told, unlike.told]).toEqual([['constraint'], []]);
    expect(same.ms + unlike.ms).toBeLessThan(3000);
  });

  it('and expressions that look through all of it in each of its groups are given up, and told', () => {
    const walk = constraint("%resource.repeat(item).where(linkId='a').answer.value.sum() >= 0");
    const items = (count: number) => times(count, (index) => ({ linkId: 'g', item: [given('a', index)] }));
    expect(validated([group('g', [number('a')], [walk])], items(1000)).told).toEqual([]);
    const { told, ms } = validated([group('g', [number('a')], [walk])], items(10_000));
    expect(told).toEqual(['The expression could not be evaluated: the expression takes more work than is permitted.']);
    expect(ms).toBeLessThan(10_000);
  });
});

describe('items of which none equals another', () => {
  const count = (type: string, values: readonly unknown[]) => {
    const known = new DistinctItems(type);
    return values.filter((value) => known.add(value)).length;
  };

  it('are told apart by all that they hold, in whatever order', () => {
    const entries = times(50, (index) => ({ linkId: 'g', item: [given('a', index)] }));
    expect(count('QuestionnaireResponse.item', [...entries, ...structuredClone(entries)])).toBe(50);
    expect(
      count('QuestionnaireResponse.item', [
        ...entries,
        ...entries.map(({ linkId, item }) => ({ item: item.map((each) => ({ ...each, text: 'x' })), linkId })),
        ...entries.map(({ linkId, item }) => ({ item, linkId })),
      ]),
    ).toBe(100);
  });

  it('are equal as quantities and moments', () => {
    const UCUM = 'http://unitsofmeasure.org';
    const mg = times(50, (value) => ({ value, system: UCUM, code: 'mg' }));
    const inGrams = times(50, (value) => ({ code: 'g', value: value / 1000, system: UCUM }));
    expect(count('Quantity', [...mg, ...inGrams])).toBe(50);
    const hours = times(20, (hour) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`);
    const later = times(20, (hour) => `2026-03-02T${String(hour + 1).padStart(2, '0')}:00:00+01:00`);
    expect(count('dateTime', [...hours, ...later])).toBe(20);
  });
});
