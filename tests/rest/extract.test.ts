import { readFileSync } from 'node:fs';
import type {
  Bundle,
  CapabilityStatement,
  Extension,
  Observation,
  OperationOutcome,
  Parameters,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
  StructureDefinition,
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
      status: 'draft',
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
    expect((await client.post(`${await stored()}/$extract`, response())).status).toBe(400);
  });

  test('fetches as the caller what the form extracts by: profiles, and what its variables ask for', async () => {
    const profile = 'http://example.org/StructureDefinition/own-flag';
    const structure: StructureDefinition = {
      resourceType: 'StructureDefinition',
      url: profile,
      name: 'OwnFlag',
      status: 'draft',
      kind: 'resource',
      abstract: false,
      type: 'Flag',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Flag',
      derivation: 'constraint',
      differential: { element: [{ id: 'Flag.status', path: 'Flag.status', fixedCode: 'inactive' }] },
    };
    expect((await client.post('StructureDefinition', structure)).status).toBe(201);
    const url = 'http://example.org/Questionnaire/by-profile';
    const valueExpression = { language: 'text/fhirpath' as const, expression: '%found.entry.resource.id' };
    const query = {
      language: 'application/x-fhir-query' as const,
      name: 'found',
      expression: `Patient?_id={{%patient.id}}`,
    };
    const { extension: _, ...plain } = form;
    const extension: Extension[] = [
      {
        url: `${SDC}launchContext`,
        extension: [
          { url: 'name', valueCoding: { code: 'patient' } },
          { url: 'type', valueCode: 'Patient' },
        ],
      },
      { url: 'http://hl7.org/fhir/StructureDefinition/variable', valueExpression: query },
      { url: `${SDC}definitionExtract`, extension: [{ url: 'definition', valueCanonical: profile }] },
      {
        url: `${SDC}definitionExtractValue`,
        extension: [
          { url: 'definition', valueUri: `${profile}#Flag.identifier.value` },
          { url: 'expression', valueExpression },
        ],
      },
    ];
    expect((await client.post('Questionnaire', { ...plain, url, extension })).status).toBe(201);
    const { body } = await client.post<Bundle>(
      'QuestionnaireResponse/$extract',
      response({ questionnaire: `${url}|1.0.0` }),
    );
    expect(body.entry?.map(({ resource }) => resource)).toEqual([
      {
        resourceType: 'Flag',
        meta: { profile: [profile] },
        identifier: [{ value: patient.slice('Patient/'.length) }],
        status: 'inactive',
      },
    ]);
  });

  test('refuses to store a form whose rules can not be carried out', async () => {
    const url = 'http://example.org/Questionnaire/wrong';
    const entry = { url: `${SDC}observationExtractEntry`, extension: [{ url: 'fullUrl', valueString: 'where(' }] };
    const item = form.item?.map((each) => (each.linkId === 'hurts' ? { ...each, extension: [entry] } : each));
    const { status, body } = await client.post<OperationOutcome>('Questionnaire', { ...form, url, item });
    expect(status).toBe(422);
    expect(body.issue?.map(({ code, expression }) => [code, expression])).toEqual([
      ['invalid', ['Questionnaire.item[1].extension[0].extension[0]']],
    ]);
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

describe("SDC's form that is extracted in four ways", () => {
  const answers = response({
    item: [
      {
        linkId: 'patient',
        item: [
          { linkId: 'name', item: [{ linkId: 'family', answer: [{ valueString: 'Extracted' }] }] },
          {
            linkId: 'gender',
            answer: [{ valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', code: 'other' } }],
          },
        ],
      },
      { linkId: 'contacts', item: [{ linkId: 'contact-name', answer: [{ valueString: 'Contact' }] }] },
      { linkId: 'obs', item: [{ linkId: 'height', answer: [{ valueDecimal: 1.8 }] }] },
    ],
  });

  test.each(['template', 'template2'])('is stored, answered, and its extract carried out: %s', async (name) => {
    const file = `../../node_modules/hl7.fhir.uv.sdc/Questionnaire-extract-complex-${name}.json`;
    // The narrative that the IG publisher makes has attributes that FHIR does not allow (txt-1).
    const { text: _, ...published }: Questionnaire = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
    expect((await client.put(`Questionnaire/${published.id}`, { ...published, status: 'active' })).body).toMatchObject({
      id: published.id,
    });
    const { status: posted, body: kept } = await client.post<QuestionnaireResponse>('QuestionnaireResponse', {
      ...answers,
      questionnaire: `${published.url}|${published.version}`,
      subject: undefined,
    });
    expect(posted, JSON.stringify(kept)).toBe(201);
    const { status, body } = await client.post<Parameters>(`QuestionnaireResponse/${kept.id}/$extract?store=true`, {
      resourceType: 'Parameters',
    });
    expect([status, JSON.stringify(body.parameter?.map(({ name: each }) => each))]).toEqual([
      200,
      '["return","stored"]',
    ]);
    const [found] = await client.search<Patient>('Patient?family=Extracted&_sort=-_lastUpdated');
    expect(found?.gender).toBe('other');
    expect(await client.search(`RelatedPerson?patient=Patient/${found?.id}`)).toHaveLength(1);
    const [height] = await client.search<Observation>(`Observation?subject=Patient/${found?.id}`);
    expect(height?.valueQuantity).toEqual({ value: 180, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' });
  });
});

describe('a resource that a form was populated from', () => {
  test('is updated by what is extracted from the form', async () => {
    const file = '../../node_modules/hl7.fhir.uv.sdc/example/Questionnaire-demographics.json';
    const { text: _, ...demographics }: Questionnaire = JSON.parse(
      readFileSync(new URL(file, import.meta.url), 'utf8'),
    );
    expect((await client.put('Questionnaire/demographics', demographics)).status).toBe(201);
    const born = { resourceType: 'Patient', birthDate: '1970-01-31', name: [{ family: 'Before', given: ['A', 'B'] }] };
    const { body: person } = await client.post<Patient>('Patient', born);
    const reference = `Patient/${person.id}`;
    const populated = await client.post<Parameters>('Questionnaire/demographics/$populate', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'subject', valueReference: { reference } },
        {
          name: 'context',
          part: [
            { name: 'name', valueString: 'patient' },
            { name: 'content', valueReference: { reference } },
          ],
        },
      ],
    });
    const filled = populated.body.parameter?.[0]?.resource as QuestionnaireResponse;
    const answers: QuestionnaireResponse = JSON.parse(JSON.stringify(filled).replace('"Before"', '"After"'));
    const { status, body } = await client.post<Parameters>('QuestionnaireResponse/$extract?store=true', {
      ...answers,
      status: 'completed',
      // Nobody was known, and nobody is named.
      item: answers.item?.filter(({ linkId }) => linkId !== 'relative'),
    });
    expect([status, JSON.stringify(body.parameter?.[0]?.resource)]).toEqual([
      200,
      expect.stringContaining(`{"method":"PUT","url":"${reference}"}`),
    ]);
    expect((await client.get<Patient>(reference)).body).toMatchObject({
      meta: { versionId: '2' },
      birthDate: '1970-01-31',
      name: [{ family: 'After', given: ['A', 'B'] }],
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

  test('stores all or nothing, and refuses what any write of the caller would be refused for', async () => {
    const url = 'http://example.org/Questionnaire/refers';
    const mark = (name: string, parts: Extension[]): Extension => ({ url: `${SDC}${name}`, extension: parts });
    const definition = `http://hl7.org/fhir/StructureDefinition/Flag`;
    const value = (path: string, fixed: Omit<Extension, 'url'>): Extension =>
      mark('definitionExtractValue', [
        { url: 'definition', valueUri: `${definition}#${path}` },
        { url: 'fixed-value', ...fixed },
      ]);
    const refers: Questionnaire = {
      ...form,
      url,
      extension: [
        ...(form.extension ?? []),
        mark('definitionExtract', [{ url: 'definition', valueCanonical: definition }]),
        value('Flag.status', { valueCode: 'active' }),
        value('Flag.code.text', { valueString: 'in the ledger' }),
        value('Flag.subject.reference', { valueString: 'Patient/not-here' }),
      ],
    };
    expect((await client.post('Questionnaire', refers)).status).toBe(201);
    const id = await stored({ questionnaire: `${url}|1.0.0` });
    expect(observations((await client.get<Bundle>(`${id}/$extract`)).body)).toHaveLength(3);
    const { status, body } = await client.post<OperationOutcome>(`${id}/$extract`, storing);
    expect(status).toBe(422);
    expect(body.issue?.[0]?.expression?.[0]).toMatch(/^Bundle\.entry\[0\]\.resource\.subject/);
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
    expect(await client.search('Flag')).toEqual([]);
  });

  test('stores nothing of what could be extracted in part only', async () => {
    const url = 'http://example.org/Questionnaire/in-part';
    const item = [...(form.item ?? []), { ...form.item?.[1], linkId: 'file', type: 'attachment' as const }];
    expect((await client.post('Questionnaire', { ...form, url, item })).status).toBe(201);
    const answers = [
      ...(response().item ?? []),
      { linkId: 'file', answer: [{ valueAttachment: { contentType: 'text/plain', url: 'http://example.org/file' } }] },
    ];
    const id = await stored({ questionnaire: `${url}|1.0.0`, item: answers });
    const { body: shown } = await client.get<Parameters>(`${id}/$extract`);
    expect(shown.parameter?.map(({ name }) => name)).toEqual(['return', 'issues']);
    const { status, body } = await client.post<OperationOutcome>(`${id}/$extract`, storing);
    expect(status).toBe(422);
    expect(body.issue?.map(({ severity, code }) => [severity, code])).toEqual([
      ['error', 'incomplete'],
      ['warning', 'not-supported'],
    ]);
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
  });

  test('neither shows nor stores anything for a caller without access', async () => {
    const id = await stored();
    const stranger = await testServer({
      packages: false,
      background: false,
      database: server.database,
      caller: { access: 'none' },
    });
    const their = rest(stranger.base);
    expect((await their.post(`${id}/$extract`, storing)).status).toBe(403);
    expect((await their.post('QuestionnaireResponse/$extract?store=true', response())).status).toBe(422);
    await stranger.close();
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
  });

  test('takes POST only', async () => {
    const id = await stored();
    expect((await client.get(`${id}/$extract?store=true`)).status).toBe(405);
    expect(await client.search(`Observation?derived-from=${id}`)).toEqual([]);
  });
});
