import { readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileForm, type Form, type FormItem } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { askedIn, containedForm } from './contained-form.ts';
import { nextQuestion } from './next-question.ts';

const EXAMPLES = path.join(import.meta.dirname, '../../../node_modules/hl7.fhir.uv.sdc/example');
const data = { now: new Date('2026-03-02T08:00:00Z') };
const adaptive: Extension = {
  url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive',
  valueBoolean: true,
};
const url = 'https://svar.example.org/fhir/Questionnaire/adaptive';

function compiled(item: QuestionnaireItem[]): Form {
  return compileForm({ resourceType: 'Questionnaire', url, status: 'active', extension: [adaptive], item });
}

function start(): QuestionnaireResponse {
  const contained: Questionnaire = { resourceType: 'Questionnaire', id: 'q', status: 'active', derivedFrom: [url] };
  return {
    resourceType: 'QuestionnaireResponse',
    contained: [contained],
    questionnaire: '#q',
    status: 'in-progress',
    authored: '2026-03-02T08:00:00Z',
  };
}

const asked = (response: QuestionnaireResponse): string[] => {
  const form = containedForm(response);
  return form === undefined ? [] : [...askedIn(form)];
};

/** Answers every question of the contained form that has no answer yet. */
function answering(
  response: QuestionnaireResponse,
  answer: (item: QuestionnaireItem) => QuestionnaireResponseItemAnswer[],
): QuestionnaireResponse {
  const fill = (
    items: readonly QuestionnaireItem[],
    before: readonly QuestionnaireResponseItem[],
  ): QuestionnaireResponseItem[] =>
    items.flatMap((item): QuestionnaireResponseItem[] => {
      const { linkId, type, item: inner = [] } = item;
      const known = before.find((each) => each.linkId === linkId);
      if (type === 'display') return [];
      if (type === 'group') return [{ linkId, item: fill(inner, known?.item ?? []) }];
      const answers = known?.answer ?? answer(item);
      const within = (each: QuestionnaireResponseItemAnswer) =>
        inner.length === 0 ? each : { ...each, item: fill(inner, each.item ?? []) };
      return answers.length === 0 ? [] : [{ linkId, answer: answers.map(within) }];
    });
  return { ...response, item: fill(containedForm(response)?.item ?? [], response.item ?? []) };
}

describe('the next question', () => {
  test('is the first that is enabled and was not asked; an optional one may be left out', () => {
    const form = compiled([
      { linkId: 'a', type: 'boolean' },
      { linkId: 'b', type: 'string', enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }] },
      { linkId: 'c', type: 'integer' },
    ]);
    const first = nextQuestion(form, start(), data);
    expect(asked(first)).toEqual(['a']);
    expect(asked(nextQuestion(form, first, data))).toEqual(['a', 'c']);
    const yes = answering(first, () => [{ valueBoolean: true }]);
    expect(asked(nextQuestion(form, yes, data))).toEqual(['a', 'b']);
  });

  test('may stand before what was asked, where an answer has made it so', () => {
    const form = compiled([
      { linkId: 'early', type: 'string', enableWhen: [{ question: 'late', operator: '>', answerInteger: 1 }] },
      { linkId: 'late', type: 'integer' },
    ]);
    const second = nextQuestion(
      form,
      answering(nextQuestion(form, start(), data), () => [{ valueInteger: 2 }]),
      data,
    );
    expect(asked(second)).toEqual(['early', 'late']);
    expect(
      nextQuestion(
        form,
        answering(second, () => [{ valueString: 'x' }]),
        data,
      ).status,
    ).toBe('completed');
  });

  test('inside an answer comes once there is one, and in a group that repeats for all of its repetitions', () => {
    const form = compiled([
      { linkId: 'a', type: 'boolean', item: [{ linkId: 'why', type: 'string' }] },
      {
        linkId: 'g',
        type: 'group',
        repeats: true,
        item: [
          { linkId: 'x', type: 'integer', required: true },
          {
            linkId: 'y',
            type: 'integer',
            required: true,
            enableWhen: [{ question: 'x', operator: '>', answerInteger: 1 }],
          },
        ],
      },
    ]);
    const first = nextQuestion(form, start(), data);
    const second = nextQuestion(
      form,
      answering(first, () => [{ valueBoolean: true }]),
      data,
    );
    expect(asked(second)).toEqual(['a', 'why']);
    const third = nextQuestion(form, second, data);
    expect(asked(third)).toEqual(['a', 'why', 'g', 'x']);
    const group = (x: number, ...more: QuestionnaireResponseItem[]): QuestionnaireResponseItem => ({
      linkId: 'g',
      item: [{ linkId: 'x', answer: [{ valueInteger: x }] }, ...more],
    });
    const item = [...(third.item ?? []), group(1), group(2)];
    const fourth = nextQuestion(form, { ...third, item }, data);
    expect(asked(fourth)).toEqual(['a', 'why', 'g', 'x', 'y']);
    expect(() => nextQuestion(form, fourth, data)).toThrow("'y' must be answered");
    const y = { linkId: 'y', answer: [{ valueInteger: 3 }] };
    const last = nextQuestion(form, { ...fourth, item: [...item.slice(0, -1), group(2, y)] }, data);
    expect(last.status).toBe('completed');
  });

  test('is none that is hidden; where the form demands an answer to such, the response can not be completed', () => {
    const hidden: Extension = {
      url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden',
      valueBoolean: true,
    };
    const item: QuestionnaireItem = { linkId: 'h', type: 'string', extension: [hidden] };
    expect(nextQuestion(compiled([item]), start(), data).status).toBe('completed');
    expect(() => nextQuestion(compiled([{ ...item, required: true }]), start(), data)).toThrow();
  });
});

test('what is known is filled in as it is asked, and what is hidden at once, where it decides', () => {
  const core = 'http://hl7.org/fhir/StructureDefinition/';
  const initial = (expression: string): Extension => ({
    url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression',
    valueExpression: { language: 'text/fhirpath', expression },
  });
  const form = compiled([
    {
      linkId: 'kind',
      type: 'string',
      required: true,
      extension: [{ url: `${core}questionnaire-hidden`, valueBoolean: true }, initial("'long'")],
    },
    {
      linkId: 'g',
      type: 'group',
      enableWhen: [{ question: 'kind', operator: '=', answerString: 'long' }],
      item: [{ linkId: 'day', type: 'date', extension: [initial('today()')] }],
    },
    { linkId: 'short', type: 'string', enableWhen: [{ question: 'kind', operator: '=', answerString: 'short' }] },
    { linkId: 'last', type: 'integer', initial: [{ valueInteger: 3 }] },
  ]);
  const first = nextQuestion(form, start(), data);
  expect(asked(first)).toEqual(['kind', 'g', 'day']);
  expect(first.item).toEqual([
    { linkId: 'kind', answer: [{ valueString: 'long' }] },
    { linkId: 'g', item: [{ linkId: 'day', answer: [{ valueDate: '2026-03-02' }] }] },
  ]);
  // What a person takes away is not put back.
  const second = nextQuestion(form, { ...first, item: (first.item ?? []).slice(0, 1) }, data);
  expect(second.item?.map(({ linkId }) => linkId)).toEqual(['kind', 'last']);
  const done = nextQuestion(form, second, data);
  expect(done.status).toBe('completed');
  expect(asked(done)).toEqual(['kind', 'g', 'day', 'last']);
});

test("SDC's PHQ-9 is asked question by question, with its value set, and completes", () => {
  const source: Questionnaire = JSON.parse(
    readFileSync(path.join(EXAMPLES, 'Questionnaire-questionnaire-sdc-profile-example-PHQ9.json'), 'utf8'),
  );
  const form = compileForm({ ...source, extension: [...(source.extension ?? []), adaptive] });
  const [option] = [{ system: 'http://example.org/CodeSystem/CSPHQ9', code: 'Several-days' }];
  let response = nextQuestion(form, { ...start(), subject: { reference: 'Patient/p' } }, data);
  let steps = 1;
  while (response.status === 'in-progress' && steps < 20) {
    const whole = answering(response, ({ type }) => (type === 'choice' ? [{ valueCoding: option }] : []));
    response = nextQuestion(form, whole, data);
    steps += 1;
  }
  expect(response.status).toBe('completed');
  expect(steps).toBeGreaterThanOrEqual(9);
  expect(response.contained?.map(({ resourceType }) => resourceType)).toEqual(['Questionnaire', 'ValueSet']);
});

test('whatever is answered, each form ends in a response that is valid by it, after each question once', () => {
  const rule = fc.option(fc.record({ of: fc.nat(9), at: fc.integer({ min: 0, max: 3 }) }), { nil: undefined });
  const question = fc.record({ rule, required: fc.boolean(), group: fc.boolean() });
  const answerOf = fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 10 }), answerOf, (questions, given) => {
      const form = compiled(
        questions.map((each, index): QuestionnaireItem => {
          const on = each.rule && each.rule.of < index ? each.rule : undefined;
          const item: QuestionnaireItem = { linkId: `q${index}`, type: 'integer', required: each.required };
          const enabled: Partial<QuestionnaireItem> =
            on === undefined ? {} : { enableWhen: [{ question: `q${on.of}`, operator: '>', answerInteger: on.at }] };
          return each.group
            ? { linkId: `g${index}`, type: 'group', ...enabled, item: [item] }
            : { ...item, ...enabled };
        }),
      );
      const answer = ({ linkId }: QuestionnaireItem): QuestionnaireResponseItemAnswer[] => {
        const valueInteger = given[Number(linkId.slice(1))] ?? (requiredOf(form.items.get(linkId)) ? 1 : undefined);
        return valueInteger === undefined ? [] : [{ valueInteger }];
      };
      let response = start();
      let steps = 0;
      const seen = new Set<string>();
      while (response.status === 'in-progress') {
        steps += 1;
        expect(steps).toBeLessThanOrEqual(questions.length + 1);
        response = nextQuestion(form, answering(response, answer), data);
        for (const linkId of asked(response)) seen.add(linkId);
      }
      expect(validateResponse(form, response, data).filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(new Set(asked(response))).toEqual(seen);
    }),
    { numRuns: 200 },
  );
});

function requiredOf(item: FormItem | undefined): boolean {
  return item?.required === true;
}
