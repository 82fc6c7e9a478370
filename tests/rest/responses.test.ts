import type {
  Bundle,
  OperationOutcome,
  OperationOutcomeIssue,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/test-responses';
const system = 'https://svar.example.org/fhir/CodeSystem/test-responses';
const own = 'https://svar.example.org/fhir/StructureDefinition';
const translated = (nb: string, sv: string, en: string) => ({
  valueString: nb,
  _valueString: {
    extension: Object.entries({ sv, en }).map(([lang, content]) => ({
      url: 'http://hl7.org/fhir/StructureDefinition/translation',
      extension: [
        { url: 'lang', valueCode: lang },
        { url: 'content', valueString: content },
      ],
    })),
  },
});

const items: QuestionnaireItem[] = [
  {
    linkId: 'NRS',
    type: 'integer',
    required: true,
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueInteger: 0 },
      { url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueInteger: 10 },
      { url: `${own}/questionnaire-softMaxValue`, valueInteger: 8 },
      {
        url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-shortText',
        ...translated('Smerte nå', 'Smärta nu', 'Pain now'),
      },
    ],
  },
  {
    linkId: 'since',
    type: 'date',
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/maxValue',
        ...{
          _valueDate: {
            extension: [
              {
                url: 'http://hl7.org/fhir/StructureDefinition/cqf-expression',
                valueExpression: { language: 'text/fhirpath', expression: 'today()' },
              },
            ],
          },
        },
      },
    ],
  },
  { linkId: 'colour', type: 'choice', answerValueSet: `${system}/stored` },
  { linkId: 'shade', type: 'choice', answerValueSet: '#shades' },
  { linkId: 'note', type: 'string', maxLength: 20 },
];

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition';
const fhirpath = (expression: string) => ({ language: 'text/fhirpath' as const, expression });
/** A form that looks at what is stored: the patient, and earlier observations. */
const looking = {
  ...{ resourceType: 'Questionnaire', id: 'looking', url: `${url}-looking`, status: 'active' },
  extension: [
    {
      url: `${sdc}/sdc-questionnaire-launchContext`,
      extension: [
        {
          url: 'name',
          valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
        },
        { url: 'type', valueCode: 'Patient' },
      ],
    },
    {
      url: 'http://hl7.org/fhir/StructureDefinition/variable',
      valueExpression: {
        ...{ name: 'weights', language: 'application/x-fhir-query' },
        expression: 'Observation?code=weight&patient={{%patient.id}}',
      },
    },
  ],
  item: [
    {
      ...{ linkId: 'born', text: 'Born', type: 'date', readOnly: true },
      extension: [
        { url: `${sdc}/sdc-questionnaire-calculatedExpression`, valueExpression: fhirpath('%patient.birthDate') },
      ],
    },
    {
      ...{ linkId: 'kg', text: 'Weight', type: 'decimal', readOnly: true },
      extension: [
        {
          url: `${sdc}/sdc-questionnaire-calculatedExpression`,
          valueExpression: fhirpath('%weights.entry.resource.value.value'),
        },
      ],
    },
    {
      ...{ linkId: 'kind', text: 'Kind', type: 'choice' },
      _answerValueSet: {
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/cqf-expression',
            valueExpression: fhirpath(`'${system}/' & 'stored'`),
          },
        ],
      },
    },
  ],
};

let server: TestServer;
let client: Rest;

const nrs = (value: number, ...more: object[]): QuestionnaireResponseItem => ({
  linkId: 'NRS',
  answer: [Object.assign({ valueInteger: value }, ...more)],
});
const coded = (linkId: string, code: string): QuestionnaireResponseItem => ({
  linkId,
  answer: [{ valueCoding: { system, code } }],
});

function response(item: QuestionnaireResponseItem[], more: Partial<QuestionnaireResponse> = {}): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${url}|1`,
    status: 'completed',
    subject: { reference: 'Patient/responder' },
    authored: '2026-03-02T08:00:00+01:00',
    ...(item.length > 0 ? { item } : {}),
    ...more,
  };
}

beforeAll(async () => {
  server = await testServer({ packages: false, background: false, testClock: '2026-03-02T08:00:00+01:00' });
  client = rest(server.base);
  const stored = [
    { resourceType: 'Patient', id: 'responder', birthDate: '1970-01-01' },
    {
      ...{ resourceType: 'Observation', id: 'weight', status: 'final', code: { coding: [{ code: 'weight' }] } },
      ...{ subject: { reference: 'Patient/responder' }, valueQuantity: { value: 70.5 } },
    },
    looking,
    {
      ...{ resourceType: 'CodeSystem', id: 'colours', url: system, status: 'active', content: 'complete' },
      concept: [{ code: 'red' }, { code: 'blue' }, { code: 'dark' }],
    },
    {
      ...{ resourceType: 'ValueSet', id: 'colours', url: `${system}/stored`, status: 'active' },
      compose: { include: [{ system }], exclude: [{ system, concept: [{ code: 'dark' }] }] },
    },
    {
      ...{ resourceType: 'Questionnaire', id: 'test-responses', url, version: '1', status: 'active', language: 'nb' },
      subjectType: ['Patient'],
      contained: [
        {
          ...{ resourceType: 'ValueSet', id: 'shades', status: 'active' },
          compose: { include: [{ valueSet: [`${system}/stored`] }] },
        },
      ],
      item: items,
    },
    {
      ...{ resourceType: 'Questionnaire', id: 'draft', url: `${url}-draft`, status: 'draft' },
      item: [{ linkId: 'q', text: 'q', type: 'string' }],
    },
  ];
  for (const resource of stored) {
    const { status, body } = await client.put(`${resource.resourceType}/${resource.id}`, resource);
    expect([status, JSON.stringify(body)]).toEqual([201, expect.any(String)]);
  }
});

afterAll(() => server.close());

async function stored(): Promise<number | undefined> {
  return (await client.get<Bundle>('QuestionnaireResponse?_summary=count')).body.total;
}

const told = ({ issue }: OperationOutcome) => issue.map(describeIssue);
function describeIssue({ severity, details, expression }: OperationOutcomeIssue): string {
  return `${severity} ${details?.coding?.[0]?.code} ${expression?.[0]}`;
}

describe('a response that does not fit its form', () => {
  const wrong = response([nrs(11), { linkId: 'note', answer: [{ valueString: 'x'.repeat(21) }] }, coded('shade', 'x')]);
  const faults = [
    'error maxValue QuestionnaireResponse.item[0].answer[0].value',
    'error maxLength QuestionnaireResponse.item[1].answer[0].value',
    'error itemOrder QuestionnaireResponse.item[2]',
    'error invalidCoding QuestionnaireResponse.item[2].answer[0].value',
  ];

  test('is refused with 422, one issue a fault, and nothing is stored', async () => {
    const before = await stored();
    const refused = await client.post<OperationOutcome>('QuestionnaireResponse', wrong);
    expect([refused.status, told(refused.body)]).toEqual([422, faults]);
    const put = await client.put('QuestionnaireResponse/wrong', { ...wrong, id: 'wrong' });
    expect(put.status).toBe(422);
    expect(await stored()).toBe(before);
    expect((await client.get('QuestionnaireResponse/wrong')).status).toBe(404);
  });

  test('is told the same by $validate, which answers 200', async () => {
    const before = await stored();
    const { status, body } = await client.post<OperationOutcome>('QuestionnaireResponse/$validate', wrong);
    expect([status, told(body)]).toEqual([200, faults]);
    expect(await stored()).toBe(before);
  });

  test('refuses the whole transaction', async () => {
    const before = await stored();
    const { status, body } = await client.post<OperationOutcome>('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [response([nrs(1)]), wrong].map((resource) => ({
        resource,
        request: { method: 'POST', url: 'QuestionnaireResponse' },
      })),
    });
    expect(status).toBe(422);
    expect(body.issue.map(({ details }) => details?.coding?.[0]?.code)).toEqual(expect.arrayContaining(['maxValue']));
    expect(await stored()).toBe(before);
  });

  test('is told in the language that is asked for, else in that of the response, else in English', async () => {
    const tooMuch = response([nrs(11)]);
    const text = async (body: object, language?: string) => {
      const answer = await client.post<OperationOutcome>('QuestionnaireResponse', body, {
        'accept-language': language ?? '*',
      });
      return answer.body.issue[0]?.details?.text;
    };
    expect(await text(tooMuch, 'nb-NO,nb;q=0.9,en;q=0.5')).toBe('Smerte nå: største verdi er 10.');
    expect(await text(tooMuch, 'sv')).toBe('Smärta nu: största värde är 10.');
    expect(await text(tooMuch, 'en')).toBe('Pain now: the greatest value is 10.');
    expect(await text({ ...tooMuch, language: 'sv-SE' })).toBe('Smärta nu: största värde är 10.');
    expect(await text({ ...tooMuch, language: 'sv-SE' }, 'no')).toBe('Smerte nå: største verdi er 10.');
    expect(await text(tooMuch)).toBe('Pain now: the greatest value is 10.');
    const batch = await client.post<Bundle>(
      '',
      {
        ...{ resourceType: 'Bundle', type: 'batch' },
        entry: [{ resource: tooMuch, request: { method: 'POST', url: 'QuestionnaireResponse' } }],
      },
      { 'accept-language': 'sv' },
    );
    const outcome = batch.body.entry?.[0]?.response?.outcome as OperationOutcome;
    expect(outcome.issue[0]?.details?.text).toBe('Smärta nu: största värde är 10.');
  });

  test('is never quoted', async () => {
    const secret = 'kari.normann@example.org';
    const { body } = await client.post('QuestionnaireResponse', {
      ...response([{ linkId: secret }, { ...nrs(3), text: secret }]),
      ...{ subject: { reference: 'Patient/responder' } },
    });
    expect(JSON.stringify(body)).not.toContain('kari');
    const long = await client.post(
      'QuestionnaireResponse',
      response([nrs(3), { linkId: 'note', answer: [{ valueString: secret }] }]),
    );
    expect(long.status).toBe(422);
    expect(JSON.stringify(long.body)).not.toContain('kari');
  });
});

describe('the form of a response', () => {
  test.each([
    ['is named', { questionnaire: undefined }, 'questionnaireMissing'],
    ['is named by a canonical', { questionnaire: 'test-responses' }, 'invalidQuestionnaire'],
    ['is known', { questionnaire: `${url}-nowhere` }, 'questionnaireNotFound'],
    ['is known in this version', { questionnaire: `${url}|2` }, 'questionnaireNotFound'],
    ['is published', { questionnaire: `${url}-draft`, item: undefined }, 'questionnaireDraft'],
    ['is about such a subject', { subject: { reference: 'Group/1' } }, 'invalidSubjectType'],
  ] as const)('%s', async (_, more, rule) => {
    const { status, body } = await client.post<OperationOutcome>(
      'QuestionnaireResponse/$validate',
      response([nrs(1)], more as Partial<QuestionnaireResponse>),
    );
    expect([status, body.issue.map(({ details }) => details?.coding?.[0]?.code)]).toEqual([
      200,
      expect.arrayContaining([rule]),
    ]);
  });
});

test('a retired form takes no new response, and corrections of those that it has', async () => {
  const old = {
    ...{ resourceType: 'Questionnaire', id: 'old', url: `${url}-old`, version: '1', status: 'active' },
    item: [{ linkId: 'q', text: 'q', type: 'string' }],
  };
  await client.put('Questionnaire/old', old);
  const given = (answer: string, status: QuestionnaireResponse['status'] = 'completed') => ({
    ...response([{ linkId: 'q', answer: [{ valueString: answer }] }], { status, questionnaire: `${url}-old|1` }),
    id: 'given',
  });
  expect((await client.put('QuestionnaireResponse/given', given('a'))).status).toBe(201);
  expect((await client.put('Questionnaire/old', { ...old, status: 'retired' })).status).toBe(200);
  const { id: _, ...fresh } = given('a');
  const refused = await client.post<OperationOutcome>('QuestionnaireResponse', fresh);
  expect([refused.status, told(refused.body)]).toEqual([
    422,
    ['error questionnaireRetired QuestionnaireResponse.questionnaire'],
  ]);
  expect((await client.put('QuestionnaireResponse/given', given('b', 'amended'))).status).toBe(200);
});

describe('a response that fits', () => {
  test('is stored, unfinished or whole', async () => {
    const unfinished = response([], { status: 'in-progress', authored: undefined });
    expect((await client.post('QuestionnaireResponse', unfinished)).status).toBe(201);
    expect((await client.post('QuestionnaireResponse', response([]))).status).toBe(422);
    expect((await client.post('QuestionnaireResponse', response([nrs(3)]))).status).toBe(201);
  });

  test('by value sets that are stored, and by one that the form contains and that leads to them', async () => {
    for (const linkId of ['colour', 'shade']) {
      expect((await client.post('QuestionnaireResponse', response([nrs(1), coded(linkId, 'red')]))).status).toBe(201);
      for (const code of ['dark', 'green']) {
        const { status, body } = await client.post<OperationOutcome>(
          'QuestionnaireResponse',
          response([nrs(1), coded(linkId, code)]),
        );
        expect([status, told(body)]).toEqual([
          422,
          ['error invalidCoding QuestionnaireResponse.item[1].answer[0].value'],
        ]);
      }
    }
  });

  test('by what is stored: the patient, what queries find, value sets that an expression names', async () => {
    const given = (...item: QuestionnaireResponseItem[]) => response(item, { questionnaire: looking.url });
    const born = (valueDate: string): QuestionnaireResponseItem => ({ linkId: 'born', answer: [{ valueDate }] });
    const kg = (valueDecimal: number): QuestionnaireResponseItem => ({ linkId: 'kg', answer: [{ valueDecimal }] });
    const right = await client.post('QuestionnaireResponse', given(born('1970-01-01'), kg(70.5), coded('kind', 'red')));
    expect([right.status, JSON.stringify(right.body)]).toEqual([201, expect.any(String)]);
    const wrong = await client.post<OperationOutcome>(
      'QuestionnaireResponse',
      given(born('1970-01-02'), kg(71), coded('kind', 'dark')),
    );
    expect([wrong.status, told(wrong.body).toSorted()]).toEqual([
      422,
      [
        'error calculatedAnswer QuestionnaireResponse.item[0].answer',
        'error calculatedAnswer QuestionnaireResponse.item[1].answer',
        'error invalidCoding QuestionnaireResponse.item[2].answer[0].value',
      ],
    ]);
  });

  test('by the profiles of what it refers to', async () => {
    const profile = {
      ...{ resourceType: 'StructureDefinition', id: 'named', url: `${own}/named`, name: 'Named', status: 'active' },
      ...{ kind: 'resource', abstract: false, type: 'Practitioner', derivation: 'constraint', fhirVersion: '4.0.1' },
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Practitioner',
      differential: {
        element: [
          { id: 'Practitioner', path: 'Practitioner' },
          { id: 'Practitioner.name', path: 'Practitioner.name', min: 1 },
        ],
      },
    };
    const form = {
      ...{ resourceType: 'Questionnaire', id: 'referring', url: `${url}-referring`, status: 'active' },
      item: [
        {
          ...{ linkId: 'who', text: 'Who', type: 'reference' },
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-referenceProfile',
              valueCanonical: profile.url,
            },
          ],
        },
      ],
    };
    const named = { resourceType: 'Practitioner', id: 'with-name', name: [{ family: 'Testlege' }] };
    for (const resource of [profile, form, named, { resourceType: 'Practitioner', id: 'without-name' }]) {
      expect((await client.put(`${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
    }
    const who = (reference: string) =>
      response([{ linkId: 'who', answer: [{ valueReference: { reference } }] }], { questionnaire: form.url });
    expect((await client.post('QuestionnaireResponse', who('Practitioner/with-name'))).status).toBe(201);
    const { status, body } = await client.post<OperationOutcome>(
      'QuestionnaireResponse',
      who('Practitioner/without-name'),
    );
    expect([status, told(body)]).toEqual([
      422,
      ['error invalidRefProfile QuestionnaireResponse.item[0].answer[0].value'],
    ]);
  });

  test('by the clock and the calendar of the server', async () => {
    const since = (valueDate: string) => response([nrs(1), { linkId: 'since', answer: [{ valueDate }] }]);
    expect((await client.post('QuestionnaireResponse', since('2026-03-02'))).status).toBe(201);
    const { status, body } = await client.post<OperationOutcome>('QuestionnaireResponse', since('2026-03-03'));
    expect([status, told(body)]).toEqual([422, ['error maxValue QuestionnaireResponse.item[1].answer[0].value']]);
    // In UTC it is still the day before.
    const night = await fetch(`${server.url}/test-clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now: '2026-03-03T00:30:00+01:00' }),
    });
    expect(night.status).toBe(200);
    expect((await client.post('QuestionnaireResponse', since('2026-03-03'))).status).toBe(201);
    expect((await client.post('QuestionnaireResponse', since('2026-03-04'))).status).toBe(422);
  });

  test('is stored with a warning where it is unusual, and without once that is confirmed', async () => {
    const prefer = { prefer: 'return=OperationOutcome', 'accept-language': 'nb' };
    const unusual = await client.post<OperationOutcome>('QuestionnaireResponse', response([nrs(9)]), prefer);
    expect([unusual.status, told(unusual.body)]).toEqual([
      201,
      ['information undefined undefined', 'warning softMaxValue QuestionnaireResponse.item[0].answer[0].value'],
    ]);
    expect(unusual.body.issue[1]?.details?.text).toBe(
      'Smerte nå: høyere enn vanlig (vanligvis høyst 8). Bekreft verdien hvis den er riktig.',
    );
    const confirmed = nrs(9, {
      extension: [{ url: `${own}/confirmed-warning`, extension: [{ url: 'rule', valueCode: 'softMaxValue' }] }],
    });
    const { status, body } = await client.post<OperationOutcome>(
      'QuestionnaireResponse',
      response([confirmed]),
      prefer,
    );
    expect([status, told(body)]).toEqual([201, ['information undefined undefined']]);
  });
});
