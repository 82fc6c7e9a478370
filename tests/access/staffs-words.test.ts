import type {
  Bundle,
  OperationOutcome,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
  SearchParameter,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Identity } from '../../src/identity/identity.ts';
import { type Course, response } from '../kit/course.ts';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { AT, order, request, stored, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';

/* What staff write among themselves, in each way that somebody reads: docs/decisions/0080-staffs-own-words.md. */

const STAFF = 'Ring moren først.';
const INTERNAL = 'Virker redd for ektefellen.';
const OWN = 'Jeg klarer ikke å lese skjermen.';

let world: World;
let roles: RoleServer;
let course: Course;
let task: Task & { readonly id: string };
let form: QuestionnaireResponse & { readonly id: string };

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  for (const [base, code, expression] of [
    ['Task', 'note-words', 'Task.note.text'],
    ['QuestionnaireResponse', 'answer-words', "QuestionnaireResponse.item.where(linkId = 'IntKomTO').answer.value"],
  ] as const) {
    await world.put<SearchParameter>({
      ...{ resourceType: 'SearchParameter', id: code, url: `urn:x:${code}`, status: 'active', name: 'Words' },
      ...{ description: 'Words', code, base: [base], type: 'string', expression },
    });
  }
  await world.server.fhir.refresh();
  course = await world.course('haukeland', 'national');
  const authorReference = { reference: `Patient/${course.patient}` };
  const first = await world.post({ ...order(course), note: [{ authorReference, text: OWN }] });
  const staff = { authorReference: { reference: 'Practitioner/demo-lu' }, text: STAFF };
  roles = await roleServer(world.server);
  task = stored(
    await as('lu').put<typeof task>(`Task/${first.id}`, {
      ...first,
      note: [...(first.note ?? []), staff, { text: STAFF }],
    }),
  );
  const [answered] = await world.all.search<typeof form>(
    `QuestionnaireResponse?patient=${course.patient}&questionnaire=https://svar.example.org/fhir/Questionnaire/smertereg-to|1.0.0`,
  );
  if (answered === undefined) throw new Error('there is no TO');
  form = await world.put({
    ...answered,
    item: [...(answered.item ?? []), { linkId: 'IntKomTO', answer: [{ valueString: INTERNAL }] }],
  });
}, 60_000);

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

const identity = (column: 'lu' | 'self'): Identity => identityOf(column, course.patient, '');
const as = (column: 'lu' | 'self'): Rest => roles.as(identity(column));
const byLink = (): Rest => roles.as({ ...identity('self'), strength: 'link', order: task.id });

const ofTask = () => {
  const own = `Task/${task.id}`;
  return [
    own,
    `${own}/_history/2`,
    ...['', '&_elements=status,note', '&_summary=data'].map((view) => `Task?_id=${task.id}${view}`),
  ];
};
const ofForm = () => {
  const own = `QuestionnaireResponse/${form.id}`;
  const found = `QuestionnaireResponse?_id=${form.id}`;
  return [own, `${own}/_history/${form.meta?.versionId}`, found, `${found}&_elements=item`, `${found}&_summary=data`];
};
const wide = () => [
  ...['Task', `Task/${task.id}`, 'QuestionnaireResponse', `QuestionnaireResponse/${form.id}`].map(
    (at) => `${at}/_history`,
  ),
  `Patient?_id=${course.patient}&_revinclude=Task:patient&_revinclude=QuestionnaireResponse:patient`,
  `Provenance?patient=${course.patient}&_include=Provenance:target`,
  `AuditEvent?patient=Patient/${course.patient}`,
];

async function text(client: Rest, path: string): Promise<string> {
  const { status, body } = await client.get<Task | Bundle>(path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.stringify(body);
}

test('staff read all notes of an order, and what is answered internally', async () => {
  for (const path of [...ofTask(), `Task/${task.id}/_history`]) {
    const told = await text(as('lu'), path);
    expect([path, told.includes(STAFF), told.includes(OWN)]).toEqual([path, true, true]);
  }
  for (const path of [...ofForm(), `QuestionnaireResponse/${form.id}/_history`]) {
    const told = await text(as('lu'), path);
    expect([path, told.includes(INTERNAL), told.includes('Norsktalende')]).toEqual([path, true, true]);
  }
});

test('its patient reads none of staff’s, whichever way, and is told that something is left out', async () => {
  for (const path of ofTask()) {
    for (const client of [as('self'), byLink()]) {
      const told = await text(client, path);
      expect([path, told.includes(STAFF), told.includes(OWN)]).toEqual([path, false, true]);
      expect(told.match(/SUBSETTED/g)).toHaveLength(1);
    }
  }
  for (const path of ofForm()) {
    const told = await text(as('self'), path);
    expect([path, told.includes(INTERNAL), told.includes('IntKomTO'), told.includes('Norsktalende')]).toEqual([
      ...[path, false, false, true],
    ]);
    expect(told.match(/SUBSETTED/g)).toHaveLength(1);
  }
  for (const path of wide()) {
    for (const client of [as('self'), byLink()]) {
      const { status, body } = await client.get(path);
      const told = JSON.stringify(body);
      expect([path, [200, 403, 404].includes(status), told.includes(STAFF), told.includes(INTERNAL)]).toEqual([
        ...[path, true, false, false],
      ]);
    }
  }
  const everything = await text(as('self'), `Patient/${course.patient}/$everything`);
  expect([everything.includes(INTERNAL), everything.includes('Norsktalende')]).toEqual([false, true]);
  for (const type of ['batch', 'transaction'] as const) {
    const entry = [...ofTask(), ...ofForm()].map((url) => ({ request: { method: 'GET' as const, url } }));
    const { status, body } = await as('self').post<Bundle>('', { resourceType: 'Bundle', type, entry });
    const told = JSON.stringify(body);
    expect([status, told.includes(STAFF), told.includes(INTERNAL), told.includes(OWN)]).toEqual([
      200,
      false,
      false,
      true,
    ]);
  }
});

/** Searches that would tell whether a word stands in what staff wrote. */
const guesses = (word: string) => [
  `Task?_content=${word}`,
  `Task?_text=${word}`,
  `Task?note-words:contains=${word}`,
  `Task?_filter=note-words co "${word}"`,
  'Task?_sort=note-words',
  `Task?part-of:Task.note-words=${word}`,
  `QuestionnaireResponse?_content=${word}`,
  `QuestionnaireResponse?answer-words:contains=${word}`,
  `QuestionnaireResponse?answer-words:missing=false`,
  'QuestionnaireResponse?_sort=answer-words',
  'QuestionnaireResponse?item-subject:missing=true',
  `Observation?derived-from:QuestionnaireResponse._content=${word}`,
  `Patient?_has:Task:patient:_content=${word}`,
  `Patient?_has:QuestionnaireResponse:patient:answer-words:contains=${word}`,
  `Provenance?target:Task._content=${word}`,
  `?_type=Task,QuestionnaireResponse&_content=${word}`,
  `?_content=${word}`,
  `?_text=${word}`,
];

test('no search of the patient’s tells a word of it', async () => {
  for (const path of [
    'Task?_content=moren',
    'Task?note-words:contains=moren',
    'QuestionnaireResponse?_content=ektefellen',
  ]) {
    expect([path, (await as('lu').get<Bundle>(path)).body.entry?.length]).toEqual([path, 1]);
  }
  for (const [place, path] of guesses('moren').entries()) {
    const { status } = await as('self').get<OperationOutcome>(path);
    expect([path, status]).toEqual([path, 400]);
    // what is not known is passed over for who asks so: it finds the same, whatever the word
    const lenient = { prefer: 'handling=lenient' };
    const found = await Promise.all(
      [path, guesses('finnes-ikke')[place] ?? ''].map((one) => as('self').get<Bundle>(one, lenient)),
    );
    const [right, wrong] = found.map((one) => [one.status, one.body.entry?.map(({ fullUrl }) => fullUrl)]);
    expect([path, right]).toEqual([path, wrong]);
    expect([path, (await byLink().get(path)).status]).toEqual([
      path,
      expect.toSatisfy((one) => one === 400 || one === 403),
    ]);
  }
  const created = await as('self').post(`QuestionnaireResponse`, response(course, 'hads', 'in-progress', [], AT), {
    'if-none-exist': '_content=ektefellen',
  });
  expect(created.status).toBe(400);
});

test('no app’s scope makes a condition of it', async () => {
  for (const word of ['Ring moren først.', 'noe annet']) {
    const scope = `patient/Task.rs?note-words=${encodeURIComponent(word)}`;
    const app = roles.as({ ...identity('self'), patient: course.patient, scope });
    expect((await app.get(`Task/${task.id}`)).status).toBe(403);
  }
});

test('a form that the patient sends is filled in with what the patient is shown', async () => {
  const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
  const asking = (query: string, expression: string): Questionnaire => ({
    ...{ resourceType: 'Questionnaire', status: 'active' },
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: { name: 'x', language: 'application/x-fhir-query', expression: query },
      },
    ],
    item: [
      {
        ...{ linkId: 'a', type: 'string', repeats: true },
        extension: [{ url: `${sdc}initialExpression`, valueExpression: { language: 'text/fhirpath', expression } }],
      },
    ],
  });
  const fill = async (client: Rest, questionnaire: Questionnaire) => {
    const parameter = [{ name: 'questionnaire', resource: questionnaire }];
    const { status, body } = await client.post<Resource>('Questionnaire/$populate', {
      resourceType: 'Parameters',
      parameter,
    });
    expect(status).toBe(200);
    return JSON.stringify(body);
  };
  const answers = "%x.entry.resource.item.where(linkId = 'IntKomTO').answer.value";
  for (const [query, expression, word, shown] of [
    [`Task?_id=${task.id}`, '%x.entry.resource.note.text', STAFF, OWN],
    [`Task/${task.id}`, '%x.note.text', STAFF, OWN],
    [`QuestionnaireResponse?_id=${form.id}`, answers, INTERNAL, ''],
  ] as const) {
    expect([query, (await fill(as('lu'), asking(query, expression))).includes(word)]).toEqual([query, true]);
    const told = await fill(as('self'), asking(query, expression));
    expect([query, told.includes(word), told.includes(shown)]).toEqual([query, false, true]);
  }
});

test('no change of the patient’s tells of it, or takes it away', async () => {
  const begun = await world.put({ ...form, status: 'in-progress' as const });
  const patch = (value: string) => [
    { op: 'test', path: `/item/${(begun.item ?? []).length - 1}/answer/0/valueString`, value },
  ];
  const json = { 'content-type': 'application/json-patch+json' };
  const at = `QuestionnaireResponse/${form.id}`;
  for (const guess of [INTERNAL, 'noe annet']) {
    const { status, body } = await as('self').send<OperationOutcome>('PATCH', at, patch(guess), json);
    expect([guess, status, body.issue[0]?.diagnostics]).toEqual([guess, 403, expect.stringContaining('not shown all')]);
    const entry = {
      request: { method: 'PATCH' as const, url: at },
      resource: {
        ...{ resourceType: 'Binary', contentType: 'application/json-patch+json' },
        data: Buffer.from(JSON.stringify(patch(guess))).toString('base64'),
      },
    };
    const inBundle = await as('self').post('', { resourceType: 'Bundle', type: 'transaction', entry: [entry] });
    expect([guess, inBundle.status]).toEqual([guess, 403]);
  }
  const shown = (await as('self').get<typeof form>(at)).body;
  for (const sent of [shown, begun]) expect((await as('self').put(at, sent)).status).toBe(403);
  expect((await as('lu').get<typeof form>(at)).body).toEqual(begun);
});

test('the whole record, to which they have a right, and the answer to a request of theirs hold them', async () => {
  const data = await text(as('self'), `Patient/${course.patient}/$my-data`);
  expect([data.includes(STAFF), data.includes(INTERNAL)]).toEqual([true, true]);
  const asked = await world.post({ ...request(course), note: [{ text: 'Avslått, fordi …' }] });
  expect(await text(as('self'), `Task/${asked.id}`)).toContain('Avslått');
  expect((await as('self').get<Patient>(`Patient/${course.patient}`)).body.meta?.tag).toBeUndefined();
});
