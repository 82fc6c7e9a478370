import type {
  Extension,
  OperationOutcome,
  Parameters,
  ParametersParameter,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const base = 'https://svar.example.org/fhir/Questionnaire/';
const own = 'https://svar.example.org/fhir/StructureDefinition/';

const path = (expression: string, name?: string) => ({ language: 'text/fhirpath', expression, ...(name && { name }) });
const query = (expression: string, name?: string) => ({
  language: 'application/x-fhir-query',
  expression,
  ...(name && { name }),
});
const initial = (expression: string): Extension => ({
  url: `${sdc}initialExpression`,
  valueExpression: path(expression),
});
const launch = (name: string, type: string): Extension => ({
  url: `${sdc}launchContext`,
  extension: [
    { url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: name } },
    { url: 'type', valueCode: type },
  ],
});
const period = (value: number, code: string) => ({ value, system: ucum, code });

function form(id: string, item: QuestionnaireItem[], extension: Extension[] = []): Questionnaire {
  return {
    resourceType: 'Questionnaire',
    id,
    url: base + id,
    version: '1.0.0',
    status: 'active',
    subjectType: ['Patient'],
    ...(extension.length === 0 ? {} : { extension }),
    item,
  };
}

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00Z' });
  client = rest(server.base);
  await put({
    resourceType: 'Patient',
    id: 'kari',
    name: [{ family: 'Prøve', given: ['Kari'] }],
    gender: 'female',
    birthDate: '1980-05-17',
  });
  await put({ resourceType: 'Patient', id: 'ola', name: [{ family: 'Test', given: ['Ola'] }] });
});
afterAll(() => server.close());

async function put(resource: { resourceType: string; id: string }): Promise<void> {
  const { status, body } = await client.put(`${resource.resourceType}/${resource.id}`, resource);
  expect({ status, body }).toMatchObject({ status: expect.toSatisfy((code: number) => code < 300) });
}

interface Result {
  readonly status: number;
  readonly response: QuestionnaireResponse;
  readonly issues: OperationOutcome | undefined;
}

async function populated(id: string, ...parameter: ParametersParameter[]): Promise<Result> {
  const { status, body } = await client.post<Parameters>(`Questionnaire/${id}/$populate`, {
    resourceType: 'Parameters',
    parameter: [{ name: 'subject', valueReference: { reference: 'Patient/kari' } }, ...parameter],
  });
  const of = (name: string) => body.parameter?.find((each) => each.name === name)?.resource;
  return {
    status,
    response: of('response') as QuestionnaireResponse,
    issues: of('issues') as OperationOutcome | undefined,
  };
}

/** Every answer by the linkId of its question, in order. */
function answers(response: { item?: QuestionnaireResponseItem[] }): [string, unknown][] {
  return (response.item ?? []).flatMap((item) => [
    ...(item.answer ?? []).flatMap((answer): [string, unknown][] => {
      const { item: inner, ...value } = answer;
      return [[item.linkId, Object.values(value)[0]], ...answers({ item: inner ?? [] })];
    }),
    ...answers(item),
  ]);
}

async function isStorable(response: QuestionnaireResponse): Promise<void> {
  const { status, body } = await client.post('QuestionnaireResponse', response);
  expect({ status, issue: (body as { issue?: unknown }).issue }).toEqual({ status: 201, issue: undefined });
}

describe('$populate by expressions', () => {
  test('what the subject is known by is filled in, the rest is asked, in the order and words of the form', async () => {
    await put(
      form(
        'pop-names',
        [
          { linkId: 'intro', type: 'display', text: 'About you' },
          {
            linkId: 'who',
            type: 'group',
            text: 'Who',
            item: [
              { linkId: 'family', type: 'string', text: 'Family name', extension: [initial('%patient.name.family')] },
              { linkId: 'born', type: 'date', text: 'Born', extension: [initial('%patient.birthDate')] },
              { linkId: 'today', type: 'date', text: 'Today', extension: [initial('today()')] },
            ],
          },
          { linkId: 'pain', type: 'integer', text: 'Pain', initial: [{ valueInteger: 3 }] },
          { linkId: 'open', type: 'string', text: 'Anything else' },
        ],
        [launch('patient', 'Patient')],
      ),
    );
    const { status, response, issues } = await populated('pop-names');
    expect(status).toBe(200);
    expect(issues).toBeUndefined();
    expect(response).toEqual({
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${base}pop-names|1.0.0`,
      status: 'in-progress',
      subject: { reference: 'Patient/kari' },
      authored: '2026-03-02T08:00:00.000Z',
      item: [
        { linkId: 'intro', text: 'About you' },
        {
          linkId: 'who',
          text: 'Who',
          item: [
            { linkId: 'family', text: 'Family name', answer: [{ valueString: 'Prøve' }] },
            { linkId: 'born', text: 'Born', answer: [{ valueDate: '1980-05-17' }] },
            { linkId: 'today', text: 'Today', answer: [{ valueDate: '2026-03-02' }] },
          ],
        },
        { linkId: 'pain', text: 'Pain', answer: [{ valueInteger: 3 }] },
        { linkId: 'open', text: 'Anything else' },
      ],
    });
    await isStorable(response);
  });
});
