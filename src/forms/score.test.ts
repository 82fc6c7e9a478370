import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../model/issue.ts';
import { compileForm } from './form.ts';
import { scoreResponse } from './score.ts';
import { scoreObservation } from './score-observation.ts';
import { scoreExtensionUrl } from './score-rule.ts';

const system = 'https://svar.example.org/fhir/CodeSystem/level';
const url = 'https://svar.example.org/fhir/Questionnaire/seven';

/** Seven items of 0 to 3 and 9 (don't know, no weight), scored by the half rule. */
function seven(
  items = [1, 2, 3, 4, 5, 6, 7].map((n) => `q${n}`),
  weightUrl = 'itemWeight',
  onOption = false,
): Questionnaire {
  const weight = (value: number) => [
    { url: `http://hl7.org/fhir/StructureDefinition/${weightUrl}`, valueDecimal: value },
  ];
  return {
    resourceType: 'Questionnaire',
    url,
    status: 'active',
    extension: [
      {
        url: scoreExtensionUrl,
        extension: [
          { url: 'code', valueCodeableConcept: { coding: [{ code: 'seven' }] } },
          { url: 'method', valueCodeableConcept: { coding: [{ code: 'sum-half-rule' }] } },
          { url: 'version', valueString: '1.0.0' },
          ...items.map((item) => ({ url: 'item', valueString: item })),
          { url: 'minimumAnswered', valueInteger: 4 },
        ],
      },
    ],
    item: [1, 2, 3, 4, 5, 6, 7].map((n) => ({
      linkId: `q${n}`,
      type: 'choice' as const,
      answerOption: [
        ...[0, 1, 2, 3].map((value) =>
          onOption
            ? { extension: weight(value), valueCoding: { system, code: String(value) } }
            : { valueCoding: { extension: weight(value), system, code: String(value) } },
        ),
        { valueCoding: { system, code: '9' } },
      ],
    })),
  };
}

function answers(codes: string, more: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    id: 'r',
    questionnaire: url,
    status: 'completed',
    item: [...codes].flatMap((code, index) =>
      code === '-' ? [] : [{ linkId: `q${index + 1}`, answer: [{ valueCoding: { system, code } }] }],
    ),
    ...more,
  };
}

describe('a score is the sum of weights, with the half rule for what is missing', () => {
  it.each([
    ['0000000', 0, 7],
    ['3333333', 21, 7],
    ['0123210', 9, 7],
    ['333333-', 21, 6],
    ['1111---', 7, 4],
    ['2111---', 8.75, 4],
    ['111----', undefined, 3],
    ['9999999', undefined, 0],
    ['1119999', undefined, 3],
    ['1111999', 7, 4],
    ['-------', undefined, 0],
  ])('%s gives %s of %i answered', (codes, value, answered) => {
    expect(scoreResponse(compileForm(seven()), answers(codes))).toMatchObject([{ value, answered }]);
  });

  it('finds weights as SDC and as R4 write them, on the option and on its coding', () => {
    for (const name of ['itemWeight', 'ordinalValue']) {
      for (const onOption of [true, false]) {
        const form = compileForm(seven(undefined, name, onOption));
        expect(scoreResponse(form, answers('3333333'))[0]?.value).toBe(21);
      }
    }
  });

  it('agrees with addition for every answer to the first items', () => {
    const form = compileForm(seven());
    for (let n = 0; n < 4 ** 4; n += 1) {
      const digits = [...n.toString(4).padStart(4, '0')];
      const sum = digits.reduce((total, digit) => total + Number(digit), 0);
      expect(scoreResponse(form, answers(`${digits.join('')}000`))[0]?.value).toBe(sum);
    }
  });

  it('refuses a form whose score adds up an item that is not there', () => {
    expect(() => compileForm(seven(['q1', 'q8']))).toThrow(FhirError);
    expect(() => compileForm({ ...seven(), extension: [{ url: scoreExtensionUrl }] })).toThrow(FhirError);
  });
});

describe('the Observation of a score', () => {
  const form = compileForm(seven());
  const observation = (response: QuestionnaireResponse) =>
    scoreObservation(response, scoreResponse(form, response)[0]!);

  it('names response, subject, time, method and version', () => {
    expect(
      observation(
        answers('1111111', {
          authored: '2026-03-02T10:00:00+01:00',
          subject: { reference: 'Patient/p' },
          basedOn: [{ reference: 'ServiceRequest/s' }],
        }),
      ),
    ).toMatchObject({
      status: 'final',
      identifier: [{ value: 'r/seven' }],
      basedOn: [{ reference: 'ServiceRequest/s' }],
      subject: { reference: 'Patient/p' },
      effectiveDateTime: '2026-03-02T10:00:00+01:00',
      valueQuantity: { value: 7, code: '{score}' },
      method: { coding: [{ code: 'sum-half-rule', version: '1.0.0' }] },
      derivedFrom: [{ reference: 'QuestionnaireResponse/r' }],
    });
  });

  it('without a score it says that the value is absent, and why', () => {
    const absent = observation(answers('111----'));
    expect(absent.valueQuantity).toBeUndefined();
    expect(absent.dataAbsentReason?.text).toBe('3 of 7 items answered; at least 4 are needed');
  });
});
