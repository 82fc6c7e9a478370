import type {
  Bundle,
  CapabilityStatement,
  Observation,
  OperationOutcome,
  Parameters,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const FORM = 'http://example.org/Questionnaire/measures';

const form: Questionnaire = {
  resourceType: 'Questionnaire',
  url: FORM,
  version: '1.0.0',
  status: 'active',
  subjectType: ['Patient'],
  extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }],
  item: [
    {
      linkId: 'weight',
      type: 'decimal',
      code: [{ system: 'http://loinc.org', code: '29463-7' }],
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
          valueCoding: { system: 'http://unitsofmeasure.org', code: 'kg', display: 'kg' },
        },
      ],
    },
    {
      linkId: 'hurts',
      type: 'boolean',
      code: [{ system: 'http://snomed.info/sct', code: '22253000' }],
    },
    { linkId: 'remark', type: 'string' },
  ],
};

let server: TestServer;
let client: Rest;
let patient: string;

beforeAll(async () => {
  server = await testServer({ packages: false, background: false });
  client = rest(server.base);
  const { body } = await client.post<Patient>('Patient', { resourceType: 'Patient' });
  patient = `Patient/${body.id}`;
  expect((await client.post('Questionnaire', form)).status).toBe(201);
});

afterAll(() => server.close());

function response(more: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${FORM}|1.0.0`,
    status: 'completed',
    subject: { reference: patient },
    authored: '2026-03-02T08:00:00Z',
    item: [
      { linkId: 'weight', answer: [{ valueDecimal: 71.5 }] },
      { linkId: 'hurts', answer: [{ valueBoolean: false }] },
      { linkId: 'remark', answer: [{ valueString: 'none' }] },
    ],
    ...more,
  };
}

async function stored(more: Partial<QuestionnaireResponse> = {}): Promise<string> {
  const { status, body } = await client.post<QuestionnaireResponse>('QuestionnaireResponse', response(more));
  expect(status).toBe(201);
  return `QuestionnaireResponse/${body.id}`;
}

const observations = (bundle: Bundle): readonly Observation[] =>
  (bundle.entry ?? []).map(({ resource }) => resource as Observation);

describe('QuestionnaireResponse/$extract', () => {
  test('answers a transaction of Observations for a stored response, which refer to it, and stores nothing', async () => {
    const id = await stored();
    const { status, body } = await client.get<Bundle>(`${id}/$extract`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ resourceType: 'Bundle', type: 'transaction' });
    expect(body.entry?.map(({ request }) => request)).toEqual([
      { method: 'POST', url: 'Observation' },
      { method: 'POST', url: 'Observation' },
    ]);
    expect(observations(body)[0]).toEqual({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
      subject: { reference: patient },
      effectiveDateTime: '2026-03-02T08:00:00Z',
      issued: '2026-03-02T08:00:00Z',
      valueQuantity: { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
      derivedFrom: [{ reference: id }],
    });
    expect(observations(body)[1]?.valueBoolean).toBe(false);
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
  });

  test('takes a response as it is, bare or as a parameter', async () => {
    const bare = await client.post<Bundle>('QuestionnaireResponse/$extract', response());
    expect(observations(bare.body)).toHaveLength(2);
    const parameter = [{ name: 'questionnaire-response', resource: response() }];
    const wrapped = await client.post<Bundle>('QuestionnaireResponse/$extract', {
      resourceType: 'Parameters',
      parameter,
    });
    expect(observations(wrapped.body).map(({ code }) => code)).toEqual(observations(bare.body).map(({ code }) => code));
  });

  test('extracts by a form that is derived from the one that was answered, if that is given', async () => {
    const { extension: marked, ...unmarked } = form;
    const derived: Questionnaire = {
      ...unmarked,
      url: `${FORM}-derived`,
      derivedFrom: [FORM],
      item: form.item?.map((item) => (item.linkId === 'hurts' ? { ...item, extension: marked } : item)),
    };
    const { body } = await client.post<Bundle>('QuestionnaireResponse/$extract', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'questionnaire-response', resource: response() },
        { name: 'questionnaire', resource: derived },
      ],
    });
    expect(observations(body).map(({ valueBoolean }) => valueBoolean)).toEqual([false]);
  });

  test('tells where there is nothing to extract', async () => {
    const remark = [{ linkId: 'remark', answer: [{ valueString: 'only this' }] }];
    const { status, body } = await client.post<Parameters>(
      'QuestionnaireResponse/$extract',
      response({ item: remark }),
    );
    expect(status).toBe(200);
    expect(body.parameter).toMatchObject([
      {
        name: 'issues',
        resource: { issue: [{ severity: 'information', diagnostics: 'There is nothing to extract.' }] },
      },
    ]);
  });

  test('refuses what is not finished, not valid, or answers a form that is not known', async () => {
    const refusal = async (more: Partial<QuestionnaireResponse>) => {
      const { status, body } = await client.post<OperationOutcome>('QuestionnaireResponse/$extract', response(more));
      return [status, body.issue?.[0]?.expression];
    };
    expect(await refusal({ status: 'in-progress' })).toEqual([422, ['QuestionnaireResponse.status']]);
    expect(await refusal({ item: [{ linkId: 'weight', answer: [{ valueString: 'heavy' }] }] })).toEqual([
      422,
      ['QuestionnaireResponse.item[0].answer[0].value'],
    ]);
    expect(await refusal({ questionnaire: 'http://example.org/unknown' })).toEqual([
      422,
      ['QuestionnaireResponse.questionnaire'],
    ]);
    expect((await client.post('QuestionnaireResponse/$extract', undefined)).status).toBe(400);
    expect((await client.get('QuestionnaireResponse/none/$extract')).status).toBe(404);
  });

  test('is listed in /metadata', async () => {
    const { body } = await client.get<CapabilityStatement>('metadata');
    const own = body.rest?.[0]?.resource?.find(({ type }) => type === 'QuestionnaireResponse');
    expect(own?.operation).toContainEqual({
      name: 'extract',
      definition: 'http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract',
    });
  });
});

describe('QuestionnaireResponse/$extract with store', () => {
  const storing = { resourceType: 'Parameters', parameter: [{ name: 'store', valueBoolean: true }] };

  test('carries the transaction out and tells what was stored', async () => {
    const id = await stored();
    const { status, body } = await client.post<Parameters>(`${id}/$extract`, storing);
    expect(status).toBe(200);
    expect(body.parameter?.map(({ name }) => name)).toEqual(['return', 'stored']);
    const done = body.parameter?.[1]?.resource as Bundle;
    expect(done.entry?.map(({ response: each }) => each?.status)).toEqual(['201', '201']);
    const found = await client.search<Observation>(`Observation?derived-from=${id}`);
    expect(found.map(({ valueQuantity }) => valueQuantity?.value)).toEqual([71.5, undefined]);
  });

  test('takes POST only', async () => {
    const id = await stored();
    expect((await client.get(`${id}/$extract?store=true`)).status).toBe(405);
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
  });
});
