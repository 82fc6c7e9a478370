import { createRequire } from 'node:module';
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

const require = createRequire(import.meta.url);
const EXAMPLES = 'hl7.fhir.uv.sdc/example';
const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const base = 'https://svar.example.org/fhir/Questionnaire/';
const own = 'https://svar.example.org/fhir/StructureDefinition/';

type Expression = NonNullable<Extension['valueExpression']>;
const named = (language: Expression['language'], expression: string, name: string | undefined): Expression =>
  name === undefined ? { language, expression } : { language, expression, name };
const path = (expression: string, name?: string) => named('text/fhirpath', expression, name);
const query = (expression: string, name?: string) => named('application/x-fhir-query', expression, name);
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
  server = await testServer({ testClock: '2026-03-02T08:00:00Z', packages: false });
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

async function put<T extends { readonly resourceType: string; readonly id?: string }>(resource: T): Promise<void> {
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

  test('a group is repeated for each resource that its context finds, with what is known of each', async () => {
    for (const [id, text, onset] of [
      ['pop-back', 'Back pain', '2020-01-01'],
      ['pop-head', 'Headache', '2022-01-01'],
    ]) {
      await put({
        resourceType: 'Condition',
        id,
        subject: { reference: 'Patient/kari' },
        code: { text },
        onsetDateTime: onset,
      });
    }
    await put(
      form(
        'pop-repeats',
        [
          {
            linkId: 'conditions',
            type: 'group',
            repeats: true,
            extension: [
              {
                url: `${sdc}itemPopulationContext`,
                valueExpression: query('Condition?subject=Patient/{{%patient.id}}&_sort=_id', 'condition'),
              },
            ],
            item: [
              { linkId: 'what', type: 'string', extension: [initial('%condition.code.text')] },
              {
                linkId: 'since',
                type: 'dateTime',
                enableWhen: [{ question: 'what', operator: 'exists', answerBoolean: true }],
                extension: [initial('%condition.onset')],
              },
              { linkId: 'note', type: 'string', text: 'Note' },
            ],
          },
          { linkId: 'count', type: 'integer', extension: [initial('%found.count()')] },
        ],
        [
          launch('patient', 'Patient'),
          {
            url: `${core}variable`,
            valueExpression: path("%resource.item.where(linkId='conditions')", 'found'),
          },
        ],
      ),
    );
    const { response, issues } = await populated('pop-repeats');
    expect(issues).toBeUndefined();
    expect(answers(response)).toEqual([
      ['what', 'Back pain'],
      ['since', '2020-01-01'],
      ['what', 'Headache'],
      ['since', '2022-01-01'],
      ['count', 2],
    ]);
    expect(response.item?.[0]?.item?.map(({ linkId }) => linkId)).toEqual(['what', 'since', 'note']);
    await isStorable(response);
  });

  test('one query may need what another found, by variables of the form and of a group', async () => {
    await put(
      form(
        'pop-chain',
        [
          {
            linkId: 'g',
            type: 'group',
            extension: [
              {
                url: `${core}variable`,
                valueExpression: query("Patient?_id={{%first.subject.reference.replace('Patient/','')}}", 'whom'),
              },
            ],
            item: [
              {
                linkId: 'name',
                type: 'string',
                extension: [initial('%whom.entry.resource.name.given')],
              },
            ],
          },
        ],
        [
          launch('patient', 'Patient'),
          { url: `${core}variable`, valueExpression: query('Condition?subject=Patient/{{%patient.id}}', 'all') },
          { url: `${core}variable`, valueExpression: path('%all.entry.resource.first()', 'first') },
        ],
      ),
    );
    const { response, issues } = await populated('pop-chain');
    expect(issues).toBeUndefined();
    expect(answers(response)).toEqual([['name', 'Kari']]);
  });

  test('what is disabled is left out, and what an answer enables is filled in', async () => {
    const smokes = (answer: boolean): QuestionnaireItem[] => [
      {
        linkId: 'amount',
        type: 'integer',
        enableWhen: [{ question: 'smokes', operator: '=', answerBoolean: true }],
        initial: [{ valueInteger: 10 }],
      },
      { linkId: 'smokes', type: 'boolean', extension: [initial(String(answer))] },
    ];
    await put(form('pop-enabled', smokes(true)));
    await put({
      ...form('pop-disabled', smokes(false)),
      identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3' }],
    });
    expect(answers((await populated('pop-enabled')).response)).toEqual([
      ['amount', 10],
      ['smokes', true],
    ]);
    const { response } = await populated('pop-disabled');
    expect(response.item).toEqual([{ linkId: 'smokes', answer: [{ valueBoolean: false }] }]);
    await isStorable(response);
  });

  test('what is calculated is filled in last, also where it depends on what was found', async () => {
    await put(
      form('pop-calculated', [
        { linkId: 'a', type: 'integer', initial: [{ valueInteger: 2 }] },
        {
          linkId: 'double',
          type: 'integer',
          readOnly: true,
          extension: [
            {
              url: `${sdc}calculatedExpression`,
              valueExpression: path("%resource.item.where(linkId='a').answer.value * 2"),
            },
          ],
        },
        { linkId: 'none', type: 'integer', extension: [initial("%resource.item.where(linkId='double').answer.value")] },
      ]),
    );
    const { response } = await populated('pop-calculated');
    expect(answers(response)).toEqual([
      ['a', 2],
      ['double', 4],
      ['none', 4],
    ]);
    await isStorable(response);
  });

  test('what does not suit its question is left out and told by the item, never by the value', async () => {
    await put(
      form(
        'pop-misfit',
        [
          {
            linkId: 'short',
            type: 'string',
            maxLength: 3,
            extension: [initial('%patient.name.family')],
            initial: [{ valueString: 'abc' }],
          },
          { linkId: 'number', type: 'integer', extension: [initial('%patient.name.family')] },
          { linkId: 'broken', type: 'string', extension: [initial('%patient.name.family + 1')] },
        ],
        [launch('patient', 'Patient')],
      ),
    );
    const { response, issues } = await populated('pop-misfit');
    expect(answers(response)).toEqual([['short', 'abc']]);
    expect(issues?.issue?.map(({ severity, expression }) => [severity, expression])).toEqual(
      expect.arrayContaining([
        ['warning', ['Questionnaire.item[0]']],
        ['warning', ['Questionnaire.item[1].extension[0].value.expression']],
        ['warning', ['Questionnaire.item[2].extension[0].value.expression']],
      ]),
    );
    expect(JSON.stringify(issues)).not.toContain('Prøve');
    await isStorable(response);
  });

  test('contexts that are sent stand before what is stored, and a missing one is told once', async () => {
    await put(
      form(
        'pop-contexts',
        [
          { linkId: 'patient', type: 'string', extension: [initial('%patient.name.given')] },
          { linkId: 'user', type: 'string', extension: [initial('%user.name.family')] },
          { linkId: 'role', type: 'string', extension: [initial('%user.title')] },
        ],
        [launch('patient', 'Patient'), launch('user', 'Practitioner')],
      ),
    );
    const sent = await populated('pop-contexts', {
      name: 'context',
      part: [
        { name: 'name', valueString: 'patient' },
        { name: 'content', resource: { resourceType: 'Patient', name: [{ given: ['Sent'] }] } },
      ],
    });
    expect(answers(sent.response)).toEqual([['patient', 'Sent']]);
    expect(sent.issues?.issue).toMatchObject([{ severity: 'warning', diagnostics: expect.stringContaining("'user'") }]);
    const referred = await populated('pop-contexts', {
      name: 'context',
      part: [
        { name: 'name', valueString: 'patient' },
        { name: 'content', valueReference: { reference: 'Patient/ola' } },
      ],
    });
    expect(answers(referred.response)).toEqual([['patient', 'Ola']]);
  });

  test('with local false, nothing that is stored about the subject is used', async () => {
    const { response } = await populated('pop-contexts', { name: 'local', valueBoolean: false });
    expect(answers(response)).toEqual([]);
  });
});

describe('$populate by observations', () => {
  const weight = (id: string, value: number, unit: string, at: string, status = 'final', subject = 'kari') => ({
    resourceType: 'Observation',
    id,
    status,
    code: { coding: [{ system: loinc, code: '29463-7' }] },
    subject: { reference: `Patient/${subject}` },
    effectiveDateTime: at,
    valueQuantity: { value, unit, system: ucum, code: unit },
  });
  const linked = (linkId: string, type: 'decimal' | 'quantity', unit: string, length: ReturnType<typeof period>) => ({
    linkId,
    type,
    code: [{ system: loinc, code: '29463-7' }],
    extension: [
      { url: `${core}questionnaire-unit`, valueCoding: { system: ucum, code: unit } },
      { url: `${sdc}observationLinkPeriod`, valueDuration: length },
    ],
  });

  beforeAll(async () => {
    await put(weight('pop-w1', 70, 'kg', '2026-01-10T10:00:00Z'));
    await put(weight('pop-w2', 72, 'kg', '2026-02-10T10:00:00Z'));
    await put(weight('pop-w3', 99, 'kg', '2026-02-20T10:00:00Z', 'entered-in-error'));
    await put(weight('pop-w4', 98, 'kg', '2026-02-21T10:00:00Z', 'final', 'ola'));
  });

  test("the newest final one of the subject within the period answers, in the question's unit", async () => {
    await put(
      form('pop-observed', [
        linked('kg', 'decimal', 'kg', period(1, 'a')),
        linked('g', 'quantity', 'g', period(2, 'mo')),
        linked('recent', 'decimal', 'kg', period(1, 'wk')),
        linked('length', 'decimal', 'cm', period(1, 'a')),
      ]),
    );
    const { response, issues } = await populated('pop-observed');
    expect(answers(response)).toEqual([
      ['kg', 72],
      ['g', { value: 72000, unit: 'g', system: ucum, code: 'g' }],
    ]);
    expect(issues?.issue).toMatchObject([{ severity: 'warning', expression: ['Questionnaire.item[3]'] }]);
    await isStorable(response);
  });
});

test('a component of an Observation answers the question that has its code', async () => {
  const coding = (code: string) => ({ coding: [{ system: loinc, code }] });
  const measured = (code: string, value: number) => ({
    code: coding(code),
    valueQuantity: { value, unit: 'mm[Hg]', system: ucum, code: 'mm[Hg]' },
  });
  await put({
    resourceType: 'Observation',
    id: 'pop-pressure',
    status: 'final',
    code: coding('85354-9'),
    subject: { reference: 'Patient/kari' },
    effectiveDateTime: '2026-02-01T08:00:00Z',
    component: [measured('8480-6', 120), measured('8462-4', 80)],
  });
  const asked = (linkId: string, code: string): QuestionnaireItem => ({
    linkId,
    type: 'integer',
    code: [{ system: loinc, code }],
    extension: [{ url: `${sdc}observationLinkPeriod`, valueDuration: period(6, 'mo') }],
  });
  await put(form('pop-pressures', [asked('diastolic', '8462-4'), asked('systolic', '8480-6')]));
  expect(answers((await populated('pop-pressures')).response)).toEqual([
    ['diastolic', 80],
    ['systolic', 120],
  ]);
});

describe('$populate by earlier answers', () => {
  test('only questions that ask for it take the newest finished answer, if it is not too old', async () => {
    const carried = (length: ReturnType<typeof period>): Extension[] => [
      { url: `${own}questionnaire-previousAnswer`, valueDuration: length },
    ];
    await put(
      form('pop-previous', [
        { linkId: 'job', type: 'string', extension: carried(period(1, 'a')) },
        { linkId: 'school', type: 'string', extension: carried(period(1, 'wk')) },
        { linkId: 'pain', type: 'integer' },
      ]),
    );
    const response = (status: string, authored: string, job: string) => ({
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${base}pop-previous|1.0.0`,
      status,
      authored,
      subject: { reference: 'Patient/kari' },
      item: [
        { linkId: 'job', answer: [{ valueString: job }] },
        { linkId: 'school', answer: [{ valueString: 'yes' }] },
        { linkId: 'pain', answer: [{ valueInteger: 5 }] },
      ],
    });
    await client.post('QuestionnaireResponse', response('completed', '2025-11-01T10:00:00Z', 'older'));
    await client.post('QuestionnaireResponse', response('completed', '2026-01-01T10:00:00Z', 'newest'));
    await client.post('QuestionnaireResponse', response('in-progress', '2026-02-01T10:00:00Z', 'unfinished'));
    const { response: found, issues } = await populated('pop-previous');
    expect(issues).toBeUndefined();
    expect(answers(found)).toEqual([['job', 'newest']]);
    await isStorable(found);
  });
});

test('a caller who may read nothing is given no form, and none of what is stored for one that is sent', async () => {
  const stranger = await testServer({
    testClock: '2026-03-02T08:00:00Z',
    packages: false,
    database: server.database,
    caller: { access: 'none' },
    background: false,
  });
  try {
    const other = rest(stranger.base);
    const parameter = [{ name: 'subject', valueReference: { reference: 'Patient/kari' } }];
    const stored = await other.post('Questionnaire/pop-names/$populate', { resourceType: 'Parameters', parameter });
    expect(stored.status).toBe(403);
    const { status, body } = await other.post<Parameters>('Questionnaire/$populate', {
      resourceType: 'Parameters',
      parameter: [
        ...parameter,
        {
          name: 'questionnaire',
          resource: form(
            'stolen',
            [
              { linkId: 'a', type: 'string', extension: [initial('%patient.name.family')] },
              { linkId: 'b', type: 'string', extension: [initial('%all.entry.resource.code.text')] },
            ],
            [
              launch('patient', 'Patient'),
              { url: `${core}variable`, valueExpression: query('Condition?subject=Patient/kari', 'all') },
            ],
          ),
        },
      ],
    });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/Prøve|pain/);
  } finally {
    await stranger.close();
  }
});

describe('$populate is told its form', () => {
  test.each<[string, ParametersParameter]>([
    ['canonical', { name: 'canonical', valueUri: `${base}pop-disabled|1.0.0` }],
    ['questionnaire as a canonical', { name: 'questionnaire', valueCanonical: `${base}pop-disabled` }],
    ['identifier', { name: 'identifier', valueIdentifier: { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3' } }],
    ['questionnaireRef', { name: 'questionnaireRef', valueReference: { reference: 'Questionnaire/pop-disabled' } }],
  ])('by %s', async (_, parameter) => {
    const { status, body } = await client.post<Parameters>('Questionnaire/$populate', {
      resourceType: 'Parameters',
      parameter: [parameter],
    });
    expect(status).toBe(200);
    expect(body.parameter?.[0]?.resource).toMatchObject({ questionnaire: `${base}pop-disabled|1.0.0` });
  });

  test('and by GET, in the query', async () => {
    const { status, body } = await client.get<Parameters>(
      `Questionnaire/$populate?canonical=${encodeURIComponent(`${base}pop-names`)}&subject=Patient/kari`,
    );
    expect(status).toBe(200);
    expect(answers(body.parameter?.[0]?.resource as QuestionnaireResponse)).toContainEqual(['family', 'Prøve']);
  });

  test("by SDC's own request", async () => {
    const { text: _, ...example } = require(
      `${EXAMPLES}/Questionnaire-questionnaire-sdc-profile-example-ussg-fht.json`,
    );
    await put(example);
    const { status, body } = await client.post<Parameters>(
      'Questionnaire/$populate',
      require(`${EXAMPLES}/Parameters-populate-request.json`),
    );
    expect(status).toBe(200);
    expect(body.parameter?.[0]).toMatchObject({
      name: 'response',
      resource: { status: 'in-progress', subject: { reference: 'http://hl7.org/fhir/Patient/proband' } },
    });
  });

  test('or sent whole; without a form 400, and 404 for one that is not known', async () => {
    const whole = await client.post<Parameters>(
      'Questionnaire/$populate',
      form('sent', [{ linkId: 'a', type: 'string' }]),
    );
    expect(whole.body.parameter?.[0]?.resource).toMatchObject({ item: [{ linkId: 'a' }] });
    const none = await client.post('Questionnaire/$populate', { resourceType: 'Parameters', parameter: [] });
    expect(none.status).toBe(400);
    const unknown = await client.post('Questionnaire/$populate', {
      resourceType: 'Parameters',
      parameter: [{ name: 'canonical', valueUri: `${base}nowhere` }],
    });
    expect(unknown.status).toBe(404);
  });
});

test('every form of the product is populated to a response that can be stored', async () => {
  const product = await testServer({ testClock: '2026-03-02T08:00:00Z', background: false });
  try {
    const own = rest(product.base);
    expect((await own.put('Patient/kari', { resourceType: 'Patient', id: 'kari', gender: 'female' })).status).toBe(201);
    const forms = await own.search<Questionnaire>('Questionnaire?_count=200&status=active');
    expect(forms.length).toBeGreaterThan(20);
    const refused: unknown[] = [];
    for (const { id, url } of forms) {
      const parameter = [{ name: 'subject', valueReference: { reference: 'Patient/kari' } }];
      const { body } = await own.post<Parameters>(`Questionnaire/${id}/$populate`, {
        resourceType: 'Parameters',
        parameter,
      });
      const response = body.parameter?.find(({ name }) => name === 'response')?.resource;
      const judged = await own.post<OperationOutcome>('QuestionnaireResponse/$validate', response);
      const faults = (judged.body.issue ?? []).filter(({ severity }) => severity === 'error');
      if (response === undefined || faults.length > 0) refused.push([url, faults]);
    }
    expect(refused).toEqual([]);
  } finally {
    await product.close();
  }
});
