import type {
  OperationOutcome,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const url = 'https://svar.example.org/fhir/Questionnaire/test-adaptive';
const system = 'https://svar.example.org/fhir/CodeSystem/test-adaptive';
const path = (expression: string) => ({ language: 'text/fhirpath', expression }) as const;

const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'adaptive',
  url,
  version: '1.0.0',
  title: 'Pain, question by question',
  status: 'active',
  subjectType: ['Patient'],
  contained: [
    {
      resourceType: 'ValueSet',
      id: 'places',
      status: 'active',
      compose: {
        include: [
          {
            system,
            concept: [
              { code: 'back', display: 'Back' },
              { code: 'head', display: 'Head' },
            ],
          },
        ],
      },
    },
  ],
  extension: [{ url: `${sdc}questionnaireAdaptive`, valueBoolean: true }],
  item: [
    { linkId: 'intro', type: 'display', text: 'About your pain' },
    { linkId: 'pain', type: 'integer', text: 'How strong?', required: true },
    {
      linkId: 'more',
      type: 'group',
      text: 'More',
      enableWhen: [{ question: 'pain', operator: '>', answerInteger: 0 }],
      extension: [
        {
          url: `${core}questionnaire-itemControl`,
          valueCodeableConcept: {
            coding: [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code: 'page' }],
          },
        },
      ],
      item: [
        { linkId: 'where', type: 'choice', text: 'Where?', required: true, answerValueSet: '#places' },
        { linkId: 'note', type: 'string', text: 'Anything else?' },
      ],
    },
    {
      linkId: 'help',
      type: 'boolean',
      text: 'Do you want to be called?',
      extension: [
        {
          url: `${sdc}enableWhenExpression`,
          valueExpression: path("%resource.item.where(linkId='double').answer.value > 14"),
        },
      ],
    },
    {
      linkId: 'double',
      type: 'integer',
      readOnly: true,
      extension: [
        {
          url: `${sdc}calculatedExpression`,
          valueExpression: path("%resource.item.where(linkId='pain').answer.value * 2"),
        },
      ],
    },
  ],
};

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00Z', packages: false });
  client = rest(server.base);
  const { extension: _, ...still } = form;
  for (const resource of [
    form,
    { ...still, id: 'still', url: `${url}-still` },
    { resourceType: 'Patient', id: 'p' },
  ] as const) {
    expect(await client.put(`${resource.resourceType}/${resource.id}`, resource)).toMatchObject({ status: 201 });
  }
});
afterAll(() => server.close());

function start(base = `${url}|1.0.0`): QuestionnaireResponse {
  const contained: Questionnaire = {
    resourceType: 'Questionnaire',
    id: 'asked',
    status: 'active',
    derivedFrom: [base],
  };
  return {
    resourceType: 'QuestionnaireResponse',
    contained: [contained],
    questionnaire: '#asked',
    status: 'in-progress',
    subject: { reference: 'Patient/p' },
    authored: '2026-03-02T08:00:00Z',
  };
}

async function next(response: QuestionnaireResponse): Promise<QuestionnaireResponse> {
  const { status, body } = await client.post<QuestionnaireResponse>('Questionnaire/$next-question', response);
  expect({ status, issue: (body as { issue?: unknown }).issue }).toEqual({ status: 200, issue: undefined });
  return body;
}

const asked = ({ contained }: QuestionnaireResponse): Questionnaire | undefined =>
  contained?.find((each): each is Questionnaire => each.resourceType === 'Questionnaire');
const linkIds = (items: readonly QuestionnaireItem[] = []): string[] =>
  items.flatMap(({ linkId, item }) => [linkId, ...linkIds(item)]);
const steps = (response: QuestionnaireResponse): string[] => linkIds(asked(response)?.item);
const answered = (linkId: string, ...answer: QuestionnaireResponseItemAnswer[]): QuestionnaireResponseItem => ({
  linkId,
  answer,
});
const where = answered('where', { valueCoding: { system, code: 'back' } });

describe('$next-question', () => {
  test('begins with the first question and the text before it, in a form that says what it is derived from', async () => {
    const first = await next(start());
    expect(steps(first)).toEqual(['intro', 'pain']);
    expect(asked(first)).toMatchObject({ derivedFrom: [`${url}|1.0.0`], title: form.title });
    expect(first).toMatchObject({ status: 'in-progress', questionnaire: '#asked' });
    expect(first.item).toBeUndefined();
  });

  test('asks a page at once, with the value sets that it needs and without conditions that are decided', async () => {
    const first = await next(start());
    const second = await next({ ...first, item: [answered('pain', { valueInteger: 5 })] });
    expect(steps(second)).toEqual(['intro', 'pain', 'more', 'where', 'note']);
    expect(second.contained?.map((each) => each.resourceType)).toEqual(['Questionnaire', 'ValueSet']);
    expect(JSON.stringify(asked(second))).not.toContain('enableWhen');
    const last = await next({
      ...second,
      item: [answered('pain', { valueInteger: 5 }), { linkId: 'more', item: [where] }],
    });
    expect(last.status).toBe('completed');
    expect(steps(last)).toEqual(['intro', 'pain', 'more', 'where', 'note', 'double']);
    expect(last.item?.at(-1)).toEqual({ linkId: 'double', answer: [{ valueInteger: 10 }] });
  });

  test('what is calculated decides too, and the finished response can be stored as it is', async () => {
    const first = await next(start());
    const item = [answered('pain', { valueInteger: 9 }), { linkId: 'more', item: [where] }];
    const third = await next({ ...(await next({ ...first, item: item.slice(0, 1) })), item });
    expect(steps(third)).toEqual(['intro', 'pain', 'more', 'where', 'note', 'help']);
    const last = await next({ ...third, item: [...item, answered('help', { valueBoolean: true })] });
    expect(last.status).toBe('completed');
    const stored = await client.post<OperationOutcome>('QuestionnaireResponse', last);
    expect({ status: stored.status, issue: stored.body.issue }).toEqual({ status: 201, issue: undefined });
    const wrong = await client.post<OperationOutcome>('QuestionnaireResponse', {
      ...last,
      item: last.item?.slice(0, 1),
    });
    expect(wrong.status).toBe(422);
  });

  test('none of the questions that an answer has made pointless is left, nor what was answered to them', async () => {
    const first = await next(start());
    const second = await next({ ...first, item: [answered('pain', { valueInteger: 5 })] });
    const last = await next({
      ...second,
      item: [answered('pain', { valueInteger: 0 }), { linkId: 'more', item: [where] }],
    });
    expect(last.status).toBe('completed');
    expect(steps(last)).toEqual(['intro', 'pain', 'double']);
    expect(last.item?.map(({ linkId }) => linkId)).toEqual(['pain', 'double']);
  });

  test.each<[string, (first: QuestionnaireResponse) => QuestionnaireResponse, string]>([
    ['a required question is not answered', (first) => first, "'pain'"],
    [
      'an answer is wrong',
      (first) => ({ ...first, item: [answered('pain', { valueString: 'much' })] }),
      'item[0].answer[0]',
    ],
    ['it is finished', (first) => ({ ...first, status: 'completed' }), 'QuestionnaireResponse.status'],
    ['its form is not known', () => start(`${url}-nowhere`), 'QuestionnaireResponse.contained'],
    ['its form is not adaptive', () => start(`${url}-still`), 'QuestionnaireResponse.contained'],
    [
      'it was asked what the form does not ask',
      (first) => ({
        ...first,
        contained: [{ ...(asked(first) as Questionnaire), item: [{ linkId: 'other', type: 'string' }] }],
      }),
      'QuestionnaireResponse.contained',
    ],
  ])('refuses a response where %s', async (_, make, told) => {
    const { status, body } = await client.post('Questionnaire/$next-question', make(await next(start())));
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(told);
  });
});
