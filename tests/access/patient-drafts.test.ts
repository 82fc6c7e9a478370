import type { Bundle, Patient, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Identity } from '../../src/identity/identity.ts';
import type { Course } from '../kit/course.ts';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { COLUMNS, type Column } from './policy-table.ts';
import { hads, order, stored, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';

/** Who reaches the course, and what else is in it. */
const REACHING = ['lu', 'lc', 'sc', 'ehr'] as const satisfies readonly Column[];
const OTHERS = COLUMNS.filter((column) => !['self', 'admin'].includes(column));

let world: World;
let roles: RoleServer;
let stranger = '';

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  stranger = (await world.course('haukeland', 'national')).patient;
  roles = await roleServer(world.server);
}, 60_000);

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

let course: Course;
let task: Task & { readonly id: string };
/** What the patient has begun: two versions of it. */
let draft: QuestionnaireResponse & { readonly id: string };

const as = (column: Column): Rest => roles.as(identityOf(column, course.patient, stranger));
const byLink = (): Rest => {
  const identity: Identity = { ...identityOf('self', course.patient, stranger), strength: 'link', order: task.id };
  return roles.as(identity);
};

beforeEach(async () => {
  course = await world.course('haukeland', 'national');
  task = await world.post(order(course));
  const who = { reference: `Patient/${course.patient}` };
  const patient = byLink();
  const begun = { ...hads(course, 'in-progress', '0'), author: who, source: who };
  const first = stored(await patient.post<typeof draft>('QuestionnaireResponse', begun));
  draft = stored(
    await patient.put<typeof draft>(`QuestionnaireResponse/${first.id}`, {
      ...first,
      ...hads(course, 'in-progress', '2'),
    }),
  );
});

async function ids(client: Rest, path: string): Promise<readonly string[] | number> {
  const { status, body } = await client.get<Bundle>(path);
  return status === 200
    ? (body.entry ?? []).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
    : status;
}

/** Every way to a response; what of them shows it. */
async function shown(client: Rest, { id } = draft): Promise<readonly string[]> {
  const own = `QuestionnaireResponse/${id}`;
  const ways = [
    `QuestionnaireResponse?_id=${id}`,
    `QuestionnaireResponse?subject=Patient/${course.patient}`,
    `QuestionnaireResponse?based-on=ServiceRequest/${course.referral}&status=in-progress`,
    `QuestionnaireResponse?author=Patient/${course.patient}`,
    `QuestionnaireResponse?_lastUpdated=gt2000-01-01&_sort=-_lastUpdated&_count=500`,
    `Patient?_id=${course.patient}&_revinclude=QuestionnaireResponse:subject`,
    `ServiceRequest?_id=${course.referral}&_revinclude:iterate=*`,
    `QuestionnaireResponse/_history?_count=500`,
    `_history?_count=500`,
    `Patient/${course.patient}/$everything?_count=500`,
    `Patient/${course.patient}/QuestionnaireResponse`,
  ];
  const found: string[] = [];
  for (const way of ways) {
    const listed = await ids(client, way);
    if (typeof listed !== 'number' && listed.includes(own)) found.push(way);
  }
  for (const path of [own, `${own}/_history`, `${own}/_history/1`, `${own}/_history/2`]) {
    const { status } = await client.get<Resource>(path);
    if (status === 200) found.push(path);
    else expect([path, [403, 404].includes(status)]).toEqual([path, true]);
  }
  const has = await ids(client, `Patient?_id=${course.patient}&_has:QuestionnaireResponse:subject:status=in-progress`);
  if (typeof has !== 'number' && has.length > 0) found.push('_has');
  const count = await client.get<Bundle>(
    `QuestionnaireResponse?subject=Patient/${course.patient}&status=in-progress&_summary=count`,
  );
  if (count.status === 200 && count.body.total !== 0) found.push('total');
  return found;
}

const send = async (): Promise<typeof draft> =>
  stored(await byLink().put<typeof draft>(`QuestionnaireResponse/${draft.id}`, { ...draft, status: 'completed' }));

describe('what a patient has not sent', () => {
  test.each(OTHERS)('%s does not see, whichever way', async (column) => {
    expect(await shown(as(column))).toEqual([]);
  });

  test('its patient sees, by a sign-in in every way and by the link that opened the order', async () => {
    const own = await shown(as('self'));
    expect(own).toEqual(expect.arrayContaining(['_has', 'total', `QuestionnaireResponse/${draft.id}/_history/1`]));
    expect(await ids(byLink(), `QuestionnaireResponse?_id=${draft.id}`)).toEqual([`QuestionnaireResponse/${draft.id}`]);
  });

  test.each(['lu', 'lc', 'ehr'] as const)('%s neither changes nor deletes, nor refers to', async (column) => {
    const client = as(column);
    const path = `QuestionnaireResponse/${draft.id}`;
    expect((await client.put(path, { ...draft, status: 'completed' })).status).toBe(403);
    const gone = await client.send('DELETE', path);
    expect([204, 403]).toContain(gone.status);
    const derived = { ...(await note()), derivedFrom: [{ reference: path }] };
    expect((await client.post('Observation', derived)).status).toBe(422);
    const { body } = await as('self').get<QuestionnaireResponse>(path);
    expect([body.status, body.meta?.versionId]).toEqual(['in-progress', draft.meta?.versionId]);
  });

  async function note() {
    return {
      resourceType: 'Observation' as const,
      status: 'final' as const,
      code: { text: 'NRS' },
      subject: { reference: `Patient/${course.patient}` },
    };
  }

  test('is there for all who reach the course once it is sent, as of that version', async () => {
    await send();
    for (const column of REACHING) {
      const client = as(column);
      const own = `QuestionnaireResponse/${draft.id}`;
      expect([column, (await client.get<QuestionnaireResponse>(own)).body.status]).toEqual([column, 'completed']);
      expect([column, await ids(client, `QuestionnaireResponse?_id=${draft.id}`)]).toEqual([column, [own]]);
      const { body: history } = await client.get<Bundle>(`${own}/_history`);
      expect([column, history.total, history.entry?.map(({ resource }) => resource?.meta?.versionId)]).toEqual([
        ...[column, 1, ['3']],
      ]);
      for (const version of [1, 2]) expect((await client.get(`${own}/_history/${version}`)).status).toBe(404);
    }
    expect(await ids(as('self'), `QuestionnaireResponse/${draft.id}/_history`)).toHaveLength(3);
  });

  test('stays hidden in each version before, in the histories of the type and the server, in Bundles, in the audit and to apps', async () => {
    const own = `QuestionnaireResponse/${draft.id}`;
    const since = `_count=1000&_since=${encodeURIComponent(draft.meta?.lastUpdated ?? '')}`;
    const entry = [1, 2].map((version) => ({ request: { method: 'GET' as const, url: `${own}/_history/${version}` } }));
    const app = (column: Column): Rest => {
      const staff = { ...identityOf(column, course.patient, stranger), patient: course.patient };
      return roles.as({ ...staff, scope: 'patient/*.cruds user/*.cruds system/*.cruds' });
    };
    const clients = [...[...REACHING, 'researcher' as const].map(as), app('lu'), app('ehr')];
    for (const sent of [false, true]) {
      if (sent) await send();
      for (const [place, client] of clients.entries()) {
        for (const path of ['QuestionnaireResponse/_history', '_history']) {
          const { body } = await client.get<Bundle>(`${path}?${since}`);
          const told = (body.entry ?? []).flatMap(({ resource }) => (resource?.id === draft.id ? resource : []));
          expect([place, path, told.filter(({ meta }) => meta?.versionId !== '3')]).toEqual([place, path, []]);
        }
        const { body } = await client.post<Bundle>('', { resourceType: 'Bundle', type: 'batch', entry });
        expect([place, JSON.stringify(body).includes('linkId')]).toEqual([place, false]);
        const events = await client.get(`AuditEvent?patient=Patient/${course.patient}&_count=500`);
        expect(JSON.stringify(events.body)).not.toContain('linkId');
      }
    }
  });

  test('answers no condition, no criterion and no lookup of staff’s otherwise than if it were not there', async () => {
    const never = '0ca9000000000006';
    const form = 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0';
    const json = { 'content-type': 'application/json-patch+json' };
    const operation = [{ op: 'test', path: '/status', value: 'in-progress' }];
    const criteria = (id: string) => [
      `_id=${id}`,
      `_id=${id}&status=in-progress`,
      `_id=${id}&questionnaire=${encodeURIComponent(form)}`,
      `_id=${id}&_content=hads`,
      `_id=${id}&_filter=${encodeURIComponent('status eq in-progress')}`,
    ];
    for (const column of ['lu', 'lc', 'ehr'] as const) {
      const client = as(column);
      const answers = async (id: string) => {
        const all: unknown[] = [];
        const ask = async (...[method, path, body, headers]: Parameters<Rest['send']>) => {
          const { status, body: told } = await client.send(method, path, body, headers);
          const text = JSON.stringify(told ?? null)
            .replaceAll(id, '{id}')
            .replace(/"lastUpdated":"[^"]*"/g, '');
          all.push([method, path.replaceAll(id, '{id}'), status, text.replace(/127\.0\.0\.1:\d+/g, '')]);
        };
        for (const each of criteria(id)) {
          await ask('PATCH', `QuestionnaireResponse?${each}`, operation, json);
          await ask('DELETE', `QuestionnaireResponse?${each}`);
          await ask('GET', `QuestionnaireResponse?${each}&_total=accurate`);
          await ask('GET', `Patient?_has:QuestionnaireResponse:patient:${each}`);
          const body = { ...(await note()), derivedFrom: [{ reference: `QuestionnaireResponse?${each}` }] };
          const entry = [{ resource: body, request: { method: 'POST', url: 'Observation' } }];
          await ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
        }
        const own = `QuestionnaireResponse/${id}`;
        await ask('PATCH', own, operation, json);
        await ask('PATCH', own, [{ ...operation[0], value: 'completed' }], json);
        for (const tag of ['W/"1"', 'W/"2"', 'W/"9"', '*']) {
          await ask('PATCH', own, operation, { ...json, 'if-match': tag });
          await ask('DELETE', own, undefined, { 'if-match': tag });
          await ask('GET', own, undefined, { 'if-none-match': tag });
        }
        for (const path of [`${own}/$extract`, `${own}/$validate`, `${own}/$meta`, `Observation?derived-from=${own}`]) {
          await ask('GET', path);
        }
        const derived = { ...(await note()), derivedFrom: [{ reference: own }] };
        await ask('POST', 'Observation', derived);
        await ask('POST', 'Observation/$validate', derived);
        return all;
      };
      expect(await answers(draft.id)).toEqual(await answers(never));
    }
  });

  test('stays the patient’s where the server stops it because staff enter the form from paper, which is staff’s own', async () => {
    await world.put({ ...draft, status: 'stopped' });
    for (const column of REACHING) expect(await shown(as(column))).toEqual([]);
    expect((await as('self').get<QuestionnaireResponse>(`QuestionnaireResponse/${draft.id}`)).body.status).toBe(
      'stopped',
    );
    const paper = stored(await as('lu').post<typeof draft>('QuestionnaireResponse', hads(course, 'in-progress')));
    for (const column of REACHING) {
      expect(await shown(as(column), paper)).toContain(`QuestionnaireResponse/${paper.id}`);
    }
  });

  test('is staff’s again where they open what was sent', async () => {
    const sent = await send();
    const opened = await world.put({ ...sent, status: 'in-progress' });
    expect(opened.status).toBe('in-progress');
    for (const column of REACHING) {
      expect((await as(column).get(`QuestionnaireResponse/${draft.id}`)).status).toBe(200);
    }
  });

  test('tells staff nothing by what is derived, and goes with a course that is taken away', async () => {
    await world.server.fhir.runner.drain();
    expect(await ids(as('lu'), `Observation?subject=Patient/${course.patient}`)).toEqual([]);
    const begun = await world.course('haukeland', 'in no registry yet');
    await world.post(order(begun));
    const patient = roles.as(identityOf('self', begun.patient, stranger));
    const own = stored(await patient.post<typeof draft>('QuestionnaireResponse', hads(begun, 'in-progress')));
    expect((await as('lc').send('DELETE', `EpisodeOfCare/${begun.episode}`)).status).toBe(204);
    expect((await as('lc').get(`QuestionnaireResponse/${own.id}`)).status).toBe(404);
    expect((await patient.get(`QuestionnaireResponse/${own.id}`)).status).toBe(410);
  });

  test('keeps nobody from making two records of one person one', async () => {
    const other = await world.course('haukeland', 'national');
    const merge = {
      resourceType: 'Parameters',
      parameter: [{ name: 'duplicate', valueReference: { reference: `Patient/${course.patient}` } }],
    };
    const { status, body } = await as('lc').post<Patient>(`Patient/${other.patient}/$merge`, merge as never);
    expect([status, body.resourceType]).toEqual([200, 'Patient']);
    expect((await as('lc').get(`QuestionnaireResponse/${draft.id}`)).status).toBe(404);
    const own = roles.as(identityOf('self', other.patient, stranger));
    expect((await own.get(`QuestionnaireResponse/${draft.id}`)).status).toBe(200);
  });
});

test('what staff save in a patient’s name is theirs to see', async () => {
  const named = { ...hads(course, 'in-progress'), author: { reference: `Patient/${course.patient}` } };
  const saved = stored(await as('lu').post<typeof draft>('QuestionnaireResponse', named));
  expect((await as('lc').get(`QuestionnaireResponse/${saved.id}`)).status).toBe(200);
});
