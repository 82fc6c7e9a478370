import { Writable } from 'node:stream';
import type {
  Extension,
  OperationOutcome,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const BASE = 'https://svar.example.org/fhir/Questionnaire/hostile-';
const system = 'https://svar.example.org/fhir/CodeSystem/hostile';
/** Stands in what is answered, and must be seen nowhere else. */
const SECRET = 'kari.normann';

const core = (name: string, value: object): Extension => ({
  url: `http://hl7.org/fhir/StructureDefinition/${name}`,
  ...value,
});
const sdc = (name: string, value: object): Extension => ({
  url: `http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-${name}`,
  ...value,
});
const fhirpath = (expression: string, name?: string) => ({
  valueExpression: { language: 'text/fhirpath' as const, expression, ...(name && { name }) },
});
const context = (name: string, type: string) =>
  sdc('launchContext', {
    extension: [
      { url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: name } },
      { url: 'type', valueCode: type },
    ],
  });
const unit = (value: number, code = 'mg', from = 'http://unitsofmeasure.org') => ({
  valueQuantity: { value, code, system: from },
});
const coding = (code: string, from: string | undefined = system) => ({ valueCoding: { system: from, code } });
const options = (...codes: string[]) => codes.map((code) => coding(code));
const question = (linkId: string, type: QuestionnaireItem['type'], more: Partial<QuestionnaireItem> = {}) => ({
  ...{ linkId, type, text: `Text of ${linkId}` },
  ...more,
});
const calculated = (linkId: string, expression: string) =>
  question(linkId, 'integer', {
    readOnly: true,
    extension: [sdc('calculatedExpression', fhirpath(expression))],
  });
const given = (linkId: string, ...answer: object[]): QuestionnaireResponseItem => ({ linkId, answer });
const group = (linkId: string, ...item: QuestionnaireResponseItem[]): QuestionnaireResponseItem => ({
  linkId,
  ...(item.length > 0 && { item }),
});
const yes = { valueBoolean: true };
const no = { valueBoolean: false };
const text = (valueString: string) => ({ valueString });

/** A group in a group, so deep, around a question. */
function deep(levels: number): [QuestionnaireItem, QuestionnaireResponseItem] {
  let item: QuestionnaireItem = question(`q${levels}`, 'string');
  let answer = given(`q${levels}`, text('x'));
  for (let level = 0; level < levels; level += 1) {
    item = question(`g${level}`, 'group', { item: [item] });
    answer = group(`g${level}`, answer);
  }
  return [item, answer];
}
const [deepItem, deepAnswer] = deep(50);

const forms: Readonly<Record<string, Partial<Questionnaire>>> = {
  types: {
    item: [
      ...(['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'dateTime', 'time', 'url'] as const).map((type) =>
        question(type, type),
      ),
      question('choice', 'choice', { answerOption: options('1', '2') }),
      question('open', 'open-choice', { answerOption: options('1', '2') }),
      ...(['quantity', 'reference', 'attachment', 'display'] as const).map((type) => question(type, type)),
      question('group', 'group', { item: [question('inner', 'string')] }),
    ],
  },
  required: {
    item: [
      question('a', 'quantity', { required: true }),
      question('g', 'group', { item: [question('x', 'string', { required: true })] }),
    ],
  },
  enabled: {
    item: [
      question('on', 'boolean'),
      question('g', 'group', {
        enableWhen: [{ question: 'on', operator: '=', answerBoolean: true }],
        item: [
          question('h', 'group', {
            enableWhen: [{ question: 'on', operator: 'exists', answerBoolean: false }],
            item: [question('x', 'string', { required: true })],
          }),
          question('y', 'string', { required: true }),
        ],
      }),
      question('z', 'string', { enableWhen: [{ question: 'x', operator: '=', answerString: 'go' }] }),
    ],
  },
  repeats: {
    item: [
      question('g', 'group', {
        repeats: true,
        extension: [
          core('questionnaire-minOccurs', { valueInteger: 2 }),
          core('questionnaire-maxOccurs', { valueInteger: 3 }),
        ],
        item: [
          question('has', 'boolean'),
          question('x', 'string', {
            required: true,
            enableWhen: [{ question: 'has', operator: '=', answerBoolean: true }],
          }),
        ],
      }),
      question('c', 'choice', {
        repeats: true,
        answerOption: [
          ...options('1', '2'),
          { ...coding('none'), extension: [core('questionnaire-optionExclusive', { valueBoolean: true })] },
        ],
        item: [question('why', 'string', { maxLength: 2 })],
      }),
    ],
  },
  units: {
    item: [
      question('dose', 'quantity', {
        extension: [sdc('minQuantity', unit(1)), sdc('maxQuantity', unit(1, 'g'))],
      }),
      question('warm', 'quantity', { extension: [sdc('maxQuantity', unit(42, 'Cel'))] }),
    ],
  },
  days: {
    item: [
      question('in2026', 'date', {
        extension: [core('minValue', { valueDate: '2026-01-01' }), core('maxValue', { valueDate: '2026-12-31' })],
      }),
      question('past', 'date', {
        extension: [
          {
            ...core('maxValue', {}),
            _valueDate: { extension: [core('cqf-expression', fhirpath('today()'))] },
          } as Extension,
        ],
      }),
    ],
  },
  codes: {
    contained: [
      {
        ...{ resourceType: 'ValueSet', id: 'v', status: 'active' },
        compose: {
          include: [
            { system, concept: [{ code: 'a' }, { code: 'b' }] },
            { system: 'https://other.example.org', concept: [{ code: 'b' }] },
          ],
        },
      },
    ],
    item: [
      question('c', 'choice', { answerValueSet: '#v' }),
      question('word', 'string', { repeats: true }),
      question('picked', 'choice', {
        extension: [sdc('answerExpression', fhirpath("%resource.item.where(linkId='word').answer.value"))],
      }),
    ],
  },
  scopes: {
    extension: [core('variable', fhirpath('1', 'v'))],
    item: [
      question('g', 'group', {
        extension: [core('variable', fhirpath('2', 'v'))],
        item: [calculated('inside', '%v')],
      }),
      calculated('outside', '%v'),
    ],
  },
  asking: {
    extension: [
      ...[context('patient', 'Patient'), context('encounter', 'Encounter')],
      core('variable', {
        valueExpression: {
          ...{ name: 'found', language: 'application/x-fhir-query' },
          expression: 'Observation?encounter={{%encounter.id}}&patient={{%patient.id}}',
        },
      }),
    ],
    item: [calculated('n', '%found.entry.count()')],
  },
  evil: {
    item: [
      question('regex', 'string', { extension: [core('regex', { valueString: '^(a+)+$' })] }),
      question('file', 'attachment', {
        extension: [core('mimeType', { valueCode: 'image/png' }), core('maxSize', { valueDecimal: 0.001 })],
      }),
    ],
  },
  many: {
    item: Array.from({ length: 5000 }, (_, index) =>
      question(`i${index}`, 'integer', { extension: [core('maxValue', { valueInteger: 10 })] }),
    ),
  },
  deep: { item: [deepItem] },
};

const at = (path: string) => `QuestionnaireResponse.${path}`;
const FIRST = at('item[0].answer[0].value');
type Wrong = readonly [form: string, why: string, item: QuestionnaireResponseItem[], ...faults: string[]];
type Right = readonly [form: string, why: string, item: QuestionnaireResponseItem[]];

const wrong: readonly Wrong[] = [
  ['types', 'text for a whole number', [given('integer', text(SECRET))], `invalidAnswerType ${FIRST}`],
  ['types', 'a decimal for a whole number', [given('integer', { valueDecimal: 5 })], `invalidAnswerType ${FIRST}`],
  ['types', 'a whole number for a decimal', [given('decimal', { valueInteger: 5 })], `invalidAnswerType ${FIRST}`],
  ['types', 'a number beyond 32 bits', [given('integer', { valueInteger: 2 ** 31 })], `invalidAnswerType ${FIRST}`],
  ['types', 'text for yes or no', [given('boolean', text('true'))], `invalidAnswerType ${FIRST}`],
  ['types', 'a day that does not exist', [given('date', { valueDate: '2025-02-29' })], `invalidAnswerType ${FIRST}`],
  ['types', 'a dateTime for a date', [given('date', { valueDateTime: '2026-01-01' })], `invalidAnswerType ${FIRST}`],
  [
    'types',
    'a time without zone',
    [given('dateTime', { valueDateTime: '2026-01-01T10:00:00' })],
    `invalidAnswerType ${FIRST}`,
  ],
  ['types', 'the hour 24', [given('time', { valueTime: '24:00:00' })], `invalidAnswerType ${FIRST}`],
  ['types', 'blanks alone', [given('string', text('   '))], `emptyAnswer ${at('item[0].answer[0]')}`],
  ['types', 'two lines', [given('string', text('a\nb'))], `invalidNewLine ${FIRST}`],
  ['types', 'half an address', [given('url', { valueUri: `example.org/${SECRET}` })], `invalidUrlValue ${FIRST}`],
  ['types', 'no option', [given('choice', coding('01'))], `invalidAnswerOption ${FIRST}`],
  [
    'types',
    'an option of another system',
    [given('choice', coding('1', `http://${SECRET}`))],
    `invalidAnswerOption ${FIRST}`,
  ],
  ['types', 'words for a code', [given('choice', { valueCoding: { display: '1' } })], `invalidAnswerOption ${FIRST}`],
  ['types', 'text for a choice', [given('choice', text('1'))], `invalidAnswerType ${FIRST}`],
  ['types', 'another code for an open choice', [given('open', coding('3'))], `invalidAnswerOption ${FIRST}`],
  ['types', 'a number for an open choice', [given('open', { valueInteger: 1 })], `invalidAnswerType ${FIRST}`],
  [
    'types',
    'a reference to nothing',
    [given('reference', { valueReference: { display: SECRET } })],
    `invalidRefValue ${FIRST}`,
  ],
  ['types', 'two answers', [given('string', text('a'), text('b'))], `repeats ${at('item[0].answer[1]')}`],
  [
    'types',
    'a question twice',
    [given('string', text('a')), given('string', text('b'))],
    `duplicateItem ${at('item[1]')}`,
  ],
  ['types', 'another order', [given('text', text('a')), given('string', text('b'))], `itemOrder ${at('item[1]')}`],
  ['types', 'an answer to a group', [given('group', text('x'))], `groupShouldNotHaveAnswers ${at('item[0].answer')}`],
  ['types', 'an answer to a display', [given('display', text('x'))], `displayAnswer ${at('item[0].answer')}`],
  ['types', 'an inner item outside', [given('inner', text('x'))], `misplacedItem ${at('item[0].linkId')}`],
  ['types', 'an unknown item', [given(SECRET, text('x'))], `invalidLinkId ${at('item[0].linkId')}`],
  ['types', 'an item called constructor', [{ linkId: 'constructor' }], `invalidLinkId ${at('item[0].linkId')}`],
  ['types', 'other words', [{ ...given('string', text('a')), text: SECRET }], `itemText ${at('item[0].text')}`],
  [
    'types',
    'an answer without value',
    [given('string', { extension: [{ url: 'http://a', valueCode: 'x' }] })],
    `emptyAnswer ${at('item[0].answer[0]')}`,
  ],
  ['required', 'nothing', [], `required QuestionnaireResponse`, `required QuestionnaireResponse`],
  [
    'required',
    'items without answers',
    [{ linkId: 'a' }, group('g', { linkId: 'x' })],
    `required ${at('item[1].item[0]')}`,
    `required ${at('item[0]')}`,
  ],
  [
    'required',
    'a unit without a number',
    [given('a', { valueQuantity: { unit: 'mg' } }), group('g', given('x', text('y')))],
    `required ${at('item[0]')}`,
  ],
  [
    'enabled',
    'what stands enabled in what is disabled',
    [group('g', group('h', given('x', text('a'))))],
    `disabledItem ${at('item[0]')}`,
  ],
  [
    'enabled',
    'what a disabled answer would enable',
    [group('g', group('h', given('x', text('go')))), given('z', text('1'))],
    `disabledItem ${at('item[0]')}`,
    `disabledItem ${at('item[1]')}`,
  ],
  ['enabled', 'a gap that was just enabled', [given('on', yes)], 'required QuestionnaireResponse'],
  ['repeats', 'too few groups', [group('g', given('has', no))], 'minCount QuestionnaireResponse'],
  [
    'repeats',
    'too many groups',
    Array.from({ length: 4 }, () => group('g', given('has', no))),
    `maxCount ${at('item[3]')}`,
  ],
  [
    'repeats',
    'an answer that another occurrence enables',
    [group('g', given('has', no), given('x', text('a'))), group('g', given('has', yes))],
    ...[`disabledItem ${at('item[0].item[1]')}`, `required ${at('item[1]')}`],
  ],
  [
    'repeats',
    'what excludes all others, beside another',
    [group('g'), group('g'), given('c', coding('1'), coding('none'))],
    `exclusiveAnswerOption ${at('item[2].answer[1].value')}`,
  ],
  [
    'repeats',
    'inside the second answer',
    [group('g'), group('g'), given('c', coding('1'), { ...coding('2'), item: [given('why', text('abc'))] })],
    `maxLength ${at('item[2].answer[1].item[0].answer[0].value')}`,
  ],
  ['units', 'too little in another unit', [given('dose', unit(500, 'ug'))], `minValue ${FIRST}`],
  [
    'units',
    'less than the least',
    [given('dose', { valueQuantity: { ...unit(1).valueQuantity, comparator: '<' } })],
    `minValue ${FIRST}`,
  ],
  ['units', 'too much in another unit', [given('dose', unit(1001))], `maxValue ${FIRST}`],
  ['units', 'too warm in Fahrenheit', [given('warm', unit(110, '[degF]'))], `maxValue ${FIRST}`],
  ...['mL', '[[['].map(
    (code): Wrong => [
      'units',
      `the unit ${code}`,
      [given('dose', unit(1, code))],
      `minValueIncompatUnits ${FIRST}`,
      `maxValueIncompatUnits ${FIRST}`,
    ],
  ),
  ...['2025-12-31', '2025', '0001-01-01'].map(
    (valueDate): Wrong => ['days', valueDate, [given('in2026', { valueDate })], `minValue ${FIRST}`],
  ),
  ...['2027-01-01', '2027', '9999-12-31'].map(
    (valueDate): Wrong => ['days', valueDate, [given('in2026', { valueDate })], `maxValue ${FIRST}`],
  ),
  ['days', 'tomorrow', [given('past', { valueDate: '2026-03-03' })], `maxValue ${FIRST}`],
  ['codes', 'no code of the contained value set', [given('c', coding('c'))], `invalidCoding ${FIRST}`],
  [
    'codes',
    'a code that two systems have, without system',
    [given('c', { valueCoding: { code: 'b' } })],
    `invalidCoding ${FIRST}`,
  ],
  [
    'codes',
    'what was not answered before',
    [given('word', text('x')), given('picked', text('z'))],
    `invalidAnswerOption ${at('item[1].answer[0].value')}`,
  ],
  [
    'scopes',
    'the value of the other variable',
    [group('g', given('inside', { valueInteger: 1 })), given('outside', { valueInteger: 2 })],
    ...[`calculatedAnswer ${at('item[0].item[0].answer')}`, `calculatedAnswer ${at('item[1].answer')}`],
  ],
  ['evil', 'what makes a regex backtrack', [given('regex', text(`${'a'.repeat(100_000)}!`))], `regex ${FIRST}`],
  [
    'evil',
    'a file of another type',
    [given('file', { valueAttachment: { contentType: 'text/html', data: 'AAAA' } })],
    `invalidAttachmentType ${FIRST}`,
  ],
  [
    'evil',
    'a file that is too large',
    [given('file', { valueAttachment: { contentType: 'image/png', data: 'A'.repeat(4000) } })],
    `maxAttachmentSize ${FIRST}`,
  ],
  [
    'many',
    'five thousand wrong answers',
    Array.from({ length: 5000 }, (_, index) => given(`i${index}`, { valueInteger: 11 })),
    ...Array.from({ length: 5000 }, (_, index) => `maxValue ${at(`item[${index}].answer[0].value`)}`),
  ],
];

const right: readonly Right[] = [
  ['types', 'letters of all kinds', [given('string', text('e\u0301 😀 \u202E אבג'))]],
  ['types', 'lines', [given('text', text('a\nb'))]],
  ['types', 'the greatest number', [given('integer', { valueInteger: 2 ** 31 - 1 })]],
  ['types', 'a huge decimal', [given('decimal', { valueDecimal: 1e300 })]],
  ['types', 'a leap day', [given('date', { valueDate: '2024-02-29' })]],
  ['types', 'a leap second', [given('time', { valueTime: '23:59:60' })]],
  ['types', 'the far east', [given('dateTime', { valueDateTime: '2026-01-01T10:00:00+14:00' })]],
  ['types', 'a code without system', [given('choice', { valueCoding: { code: '1' } })]],
  ['types', 'a million letters', [given('text', text('x'.repeat(1_000_000)))]],
  ['types', 'something else', [given('open', text('other'))]],
  ['required', 'all', [given('a', unit(1)), group('g', given('x', text('y')))]],
  ['enabled', 'nothing', []],
  [
    'enabled',
    'a disabled item without answer',
    [given('on', yes), group('g', group('h', { linkId: 'x' }), given('y', text('a')))],
  ],
  [
    'repeats',
    'occurrences by themselves',
    [group('g', given('has', no)), group('g', given('has', yes), given('x', text('a')))],
  ],
  ['repeats', 'what excludes all others, alone', [group('g'), group('g'), given('c', coding('none'))]],
  ['units', 'Fahrenheit', [given('warm', unit(100, '[degF]'))]],
  ...['2026-01-01', '2026-12-31', '2026', '2026-12'].map(
    (valueDate): Right => ['days', valueDate, [given('in2026', { valueDate })]],
  ),
  ['days', 'today', [given('past', { valueDate: '2026-03-02' })]],
  [
    'codes',
    'what was answered before',
    [given('c', coding('b')), given('word', text('x'), text('y')), given('picked', text('y'))],
  ],
  ['scopes', 'each its own', [group('g', given('inside', { valueInteger: 2 })), given('outside', { valueInteger: 1 })]],
  ['asking', 'what cannot be asked for is not known', [given('n', { valueInteger: 3 })]],
  ['many', 'five thousand', Array.from({ length: 5000 }, (_, index) => given(`i${index}`, { valueInteger: 10 }))],
  ['deep', 'fifty groups deep', [deepAnswer]],
];

let server: TestServer;
let client: Rest;
let log = '';

beforeAll(async () => {
  const lines = new Writable({
    write(chunk, _, done) {
      log += String(chunk);
      done();
    },
  });
  server = await testServer({ packages: false, background: false, testClock: '2026-03-02T08:00:00+01:00', log: lines });
  client = rest(server.base);
  await client.put('Patient/answering', { resourceType: 'Patient', id: 'answering' });
  for (const [name, form] of Object.entries(forms)) {
    const id = `hostile-${name}`;
    const { status, body } = await client.put(`Questionnaire/${id}`, {
      ...{ resourceType: 'Questionnaire', id, url: BASE + name, version: '1', status: 'active' },
      ...form,
    });
    expect([name, status, status === 201 ? '' : body]).toEqual([name, 201, '']);
  }
});

afterAll(() => server.close());

const response = (form: string, item: QuestionnaireResponseItem[], more: Partial<QuestionnaireResponse> = {}) => ({
  ...{ resourceType: 'QuestionnaireResponse', questionnaire: `${BASE}${form}|1`, status: 'completed' },
  ...{ subject: { reference: 'Patient/answering' }, authored: '2026-03-02T08:00:00+01:00' },
  ...(item.length > 0 && { item }),
  ...more,
});

describe('a wrong response is refused by what is wrong with it, in the words of the person', () => {
  test.each(wrong.map(([form, why, item, ...faults]) => ({ form, why, item, faults })))('$form: $why', async (each) => {
    const { form, item, faults } = each;
    const sent = response(form, item);
    const { status, body } = await client.post<OperationOutcome>('QuestionnaireResponse', sent, {
      'accept-language': 'nb',
    });
    expect([
      status,
      body.issue.map(({ details, expression }) => `${details?.coding?.[0]?.code} ${expression}`),
    ]).toEqual([422, faults]);
    expect(JSON.stringify(body)).not.toContain(SECRET);
    const words = [body.issue[0]?.details?.text ?? ''];
    for (const language of ['sv', 'en']) {
      const told = await client.post<OperationOutcome>('QuestionnaireResponse/$validate', sent, {
        'accept-language': language,
      });
      words.push(told.body.issue[0]?.details?.text ?? '');
    }
    expect(words.every((each) => each.length > 10)).toBe(true);
    expect(new Set(words).size).toBe(3);
    if (!faults[0]?.startsWith('invalidLinkId')) expect(words.join()).toContain('Text of ');
  });
});

describe('a right response is stored', () => {
  test.each(right)('%s: %s', async (form, _, item) => {
    const { status, body } = await client.post('QuestionnaireResponse', response(form, item));
    expect([status, status === 201 ? '' : body]).toEqual([201, '']);
  });

  test.each(['in-progress', 'stopped', 'entered-in-error'] as const)('with gaps where it is %s', async (status) => {
    expect((await client.post('QuestionnaireResponse', response('required', [], { status }))).status).toBe(201);
    const broken = response('required', [given('a', text('x'))], { status });
    expect((await client.post('QuestionnaireResponse', broken)).status).toBe(422);
  });
});

test('the canonical of a form is taken by the letter', async () => {
  for (const questionnaire of [`${BASE}types|2`, `${BASE}types#x`, `${BASE}types|`, `${BASE}TYPES`, '#types']) {
    const { status, body } = await client.post<OperationOutcome>(
      'QuestionnaireResponse',
      response('types', [], { questionnaire }),
    );
    expect([questionnaire, status]).toEqual([questionnaire, 422]);
    expect(body.issue[0]?.expression).toEqual([at('questionnaire')]);
  }
});

test('nothing of what was answered is in the log', () => {
  expect(log).toContain('QuestionnaireResponse');
  expect(log).not.toContain(SECRET);
});
