import type { QuestionnaireItem } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openForm } from '../../src/forms/expressions/form-state.ts';
import {
  type Given,
  instrument,
  instrumentNames,
  questionnaireOf,
  responseTo,
  rulesOf,
} from './test-kit/instrument.ts';
import { isCalculated } from './test-kit/texts.ts';

const minValue = 'http://hl7.org/fhir/StructureDefinition/minValue';
const maxValue = 'http://hl7.org/fhir/StructureDefinition/maxValue';

function questions(items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] {
  return (items ?? []).flatMap((item) =>
    item.type === 'group' ? questions(item.item) : isCalculated(item) || item.type === 'display' ? [] : [item],
  );
}

/** Any answer that the form takes, or none; more than one where it repeats. */
function anyAnswer(item: QuestionnaireItem): fc.Arbitrary<string | number | readonly string[] | undefined> {
  const codes = (item.answerOption ?? []).flatMap(({ valueCoding }) => valueCoding?.code ?? []);
  const limit = (url: string) => item.extension?.find((extension) => extension.url === url)?.valueInteger ?? 0;
  if (item.type === 'integer') return unanswered(fc.integer({ min: limit(minValue), max: limit(maxValue) }));
  if (codes.length === 0) return fc.constant(undefined);
  const one = fc.constantFrom(...codes);
  return item.repeats === true ? unanswered(fc.uniqueArray(one, { minLength: 1 })) : unanswered(one);
}

function unanswered<T>(answer: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(answer, { nil: undefined, freq: 8 });
}

const calculated = instrumentNames.filter((name) => questionnaireOf(name).item?.some(isCalculated));

it('every score is calculated by the form, but for those that are an answer, or a choice of a registry', () => {
  const elsewhere = instrumentNames.flatMap((name) => {
    const items = new Set(questionnaireOf(name).item?.map(({ linkId }) => linkId));
    return rulesOf(name).scores.filter(({ code }) => !items.has(code));
  });
  for (const { code, aggregate, table, choice } of elsewhere) {
    const isAnswer = aggregate.kind === 'value' && table === undefined;
    expect([code, isAnswer || choice === 'onRequest']).toEqual([code, true]);
  }
});

describe.each(calculated)('%s', (name) => {
  const { form, questionnaire, scores } = instrument(name);
  const given: fc.Arbitrary<Given> = fc.record(
    Object.fromEntries(questions(questionnaire.item).map((item) => [item.linkId, anyAnswer(item)])),
  );

  it('calculates in FHIRPath what the rules give', () => {
    fc.assert(
      fc.property(given, (answers) => {
        const state = openForm(form, responseTo(questionnaire, answers), { now: new Date(0) });
        const byRule = scores(answers);
        for (const { item, answers: found } of state.calculated()) {
          const expected = byRule.get(item.linkId)?.value;
          const value = found?.[0]?.valueDecimal;
          if (expected === undefined) expect([item.linkId, found]).toEqual([item.linkId, []]);
          else if (typeof expected === 'string') expect(found).toEqual([{ valueString: expected }]);
          else expect([item.linkId, value?.toFixed(9)]).toEqual([item.linkId, expected.toFixed(9)]);
        }
        expect(state.issues).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
