import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '../../src/model/resource-types.ts';
import { role } from '../access/policy-world.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { signedInAs } from '../kit/sign-in.ts';
import {
  type Asked,
  type Attacked,
  attacked,
  batch,
  differences,
  numberOf,
  patchInBinary,
  patching,
  transaction,
  type Victim,
  words,
} from './kit.ts';

let world: Attacked;
let patientOfLocal: Rest;

beforeAll(async () => {
  world = await attacked();
  patientOfLocal = await world.patient(world.local);
});
afterAll(() => world.server.close());

/** Whom somebody is not to know of. */
const hidden = (): readonly (readonly [string, Rest, Victim])[] => [
  ['a local user of another hospital', world.as.lu2, world.national],
  ['a local user', world.as.lu, world.elsewhere],
  ['a local coordinator', world.as.lc, world.elsewhere],
  ['a hospital’s system', world.as.ehr, world.elsewhere],
  ['the national coordinator, of a local course', world.as.sc, world.local],
  ['another patient', patientOfLocal, world.national],
];

/** Asks all of them about whom they are not to know, and of nobody; both must be told the same. */
async function tellsNothing(...asked: ((one: Victim) => Asked)[]): Promise<void> {
  for (const [who, client, victim] of hidden()) expect(await differences(client, victim, asked), who).toEqual([]);
}

const get =
  (path: (one: Victim) => string, headers: Record<string, string> = {}) =>
  (one: Victim): Asked => ['GET', path(one), undefined, headers];

const RESOURCES = (one: Victim): readonly string[] => [
  `Patient/${one.patient}`,
  `EpisodeOfCare/${one.episode}`,
  `ServiceRequest/${one.referral}`,
  `QuestionnaireResponse/${one.to}`,
  `QuestionnaireResponse/${one.answer}`,
  `Observation/${one.score}`,
  `Task/${one.task}`,
];
const each = (path: (resource: string) => string, headers?: Record<string, string>) =>
  [0, 1, 2, 3, 4, 5, 6].map((index) => get((one) => path(RESOURCES(one)[index] ?? ''), headers));

describe('A1 what is out of reach', () => {
  test('A1 is not read by its id, nor found to be there by conditions of a read', async () => {
    await tellsNothing(
      ...each((resource) => resource),
      ...each((resource) => resource, { 'if-none-match': 'W/"1"' }),
      ...each((resource) => resource, { 'if-modified-since': 'Mon, 01 Jan 2035 00:00:00 GMT' }),
      ...each((resource) => `${resource}?_summary=true&_elements=id`),
      ...each((resource) => `${resource}/$meta`),
    );
  });

  test('A1 is not read by its versions or its history, before or after it is deleted', async () => {
    await tellsNothing(...each((resource) => `${resource}/_history/1`), ...each((resource) => `${resource}/_history`));
    const { admin, lu2 } = world.as;
    expect((await admin.send('DELETE', `Observation/${world.national.observation}`)).status).toBeLessThan(300);
    expect((await admin.get(`Observation/${world.national.observation}`)).status).toBe(410);
    await tellsNothing(
      get(({ observation }) => `Observation/${observation}`),
      get(({ observation }) => `Observation/${observation}/_history`),
      get(({ observation }) => `Observation/${observation}/_history/1`),
    );
    expect((await lu2.get(`Observation/${world.national.observation}`)).status).toBe(404);
  });

  test('A1 is not read as it was before it came to another hospital', async () => {
    const { admin, lu, lu2 } = world.as;
    const { body } = await admin.post('Observation', {
      ...{ resourceType: 'Observation', status: 'final', code: { text: 'before it moved' } },
      subject: { reference: `Patient/${world.national.patient}` },
      basedOn: [{ reference: `ServiceRequest/${world.national.referral}` }],
    });
    const moved = {
      ...body,
      code: { text: 'after it moved' },
      subject: { reference: `Patient/${world.elsewhere.patient}` },
      basedOn: [{ reference: `ServiceRequest/${world.elsewhere.referral}` }],
    };
    expect((await lu.get(`Observation/${body.id}/_history/1`)).status).toBe(200);
    expect((await admin.put(`Observation/${body.id}`, moved)).status).toBe(200);
    expect((await lu2.get(`Observation/${body.id}`)).status).toBe(200);
    expect((await lu2.get(`Observation/${body.id}/_history/1`)).status).toBe(404);
    expect((await lu.get(`Observation/${body.id}/_history/1`)).status).toBe(404);
    const { body: history } = await lu2.get<Bundle>(`Observation/${body.id}/_history`);
    expect(JSON.stringify(history)).not.toContain('before it moved');
  });
});

/** Nothing of whom the caller may not know stands in any answer. */
async function holdsNothing(...paths: string[]): Promise<void> {
  for (const [who, client, victim] of hidden()) {
    for (const path of paths) {
      const { body } = await client.get<Resource>(path);
      const text = JSON.stringify(body);
      for (const id of [victim.patient, victim.episode, victim.referral, victim.to, victim.score, victim.fnr]) {
        expect(text.includes(id), `${who}: ${path}`).toBe(false);
      }
    }
  }
}

describe('A2 what is included', () => {
  test('A2 _include, _revinclude, :iterate and wildcards bring nothing of other patients', () =>
    holdsNothing(
      'Organization?_id=haukeland,st-olavs&_revinclude=*',
      'Organization?_revinclude=EpisodeOfCare:organization&_include:iterate=EpisodeOfCare:patient',
      'Questionnaire?_revinclude=QuestionnaireResponse:questionnaire&_include:iterate=QuestionnaireResponse:subject',
      'ResearchStudy?_revinclude=ResearchSubject:study&_include:iterate=ResearchSubject:individual',
      'PlanDefinition?_revinclude:iterate=*&_include:iterate=*',
    ));

  test('A2 a resource of one’s own that names what is out of reach includes none of it', async () => {
    const { ehr } = world.as;
    const subject = { reference: `Patient/${world.national.patient}` };
    const item = { reference: `Observation/${world.elsewhere.observation}` };
    const { body } = await ehr.post('List', {
      ...{ resourceType: 'List', status: 'current', mode: 'working', subject, entry: [{ item }] },
      contained: [{ resourceType: 'Patient', id: 'p', link: [{ other: { reference: '#p' }, type: 'seealso' }] }],
      source: { reference: '#p' },
    });
    const { body: found } = await ehr.get<Bundle>(`List?_id=${body.id}&_include=*&_include:iterate=*&_revinclude=*`);
    const types = found.entry?.map(({ resource }) => resource?.resourceType);
    expect(types?.filter((type) => type !== 'OperationOutcome')).toEqual(['List', 'Patient']);
    const lists = await ehr.get<Bundle>(`Observation?_list=${body.id}&_total=accurate`);
    expect([lists.body.total, lists.body.entry]).toEqual([0, undefined]);
  });

  test('A2 $everything of another is not there, and of one’s own holds nothing of another', async () => {
    await tellsNothing(
      get(({ patient }) => `Patient/${patient}/$everything`),
      get(({ patient }) => `Patient/${patient}/$everything?_type=Observation&_count=1`),
    );
    const text = JSON.stringify((await patientOfLocal.get(`Patient/${world.local.patient}/$everything`)).body);
    expect(text).toContain(world.local.to);
    expect(text).not.toMatch(new RegExp(`${world.national.patient}|${world.elsewhere.patient}`));
  });
});

describe('A3 searches as oracles', () => {
  test('A3 no chain, _has, _filter, _list, composite or text finds out what is out of reach', () =>
    tellsNothing(
      get(({ patient }) => `Patient?_id=${patient}&_total=accurate`),
      get((one) => `Patient?identifier=${encodeURIComponent(numberOf(one))}&_total=accurate`),
      (one) => [
        'POST',
        'Patient/_search',
        `identifier=${encodeURIComponent(numberOf(one))}`,
        { 'content-type': 'application/x-www-form-urlencoded' },
      ],
      get(({ patient }) => `Organization?_has:EpisodeOfCare:organization:patient=${patient}&_total=accurate`),
      get(({ fnr }) => `Organization?_has:EpisodeOfCare:organization:patient.identifier=${fnr}&_summary=count`),
      get(({ patient }) => `ResearchStudy?_has:ResearchSubject:study:individual=Patient/${patient}&_total=accurate`),
      get(({ answer }) => `Questionnaire?_has:QuestionnaireResponse:questionnaire:_id=${answer}`),
      get(({ episode }) => `Patient?_has:EpisodeOfCare:patient:_id=${episode}&_total=accurate`),
      get(({ fnr }) => `Observation?subject:Patient.identifier=${fnr}&_summary=count`),
      get(({ patient }) => `Patient?_filter=${encodeURIComponent(`_id eq "${patient}"`)}`),
      get(({ answer }) => `Organization?_list=${answer}`),
      get(({ patient }) => `Observation?code-value-quantity=hads-anxiety$ge0&patient=${patient}&_total=accurate`),
      get(({ patient }) => `QuestionnaireResponse?_content=${patient}&_summary=count`),
      get(({ patient }) => `?_type=Patient,Observation,Task&_id=${patient}`),
    ));

  test('A3 no count, next link or page tells how much is out of reach', async () => {
    const all = await world.as.admin.get<Bundle>('Patient?_total=accurate');
    for (const [who, client] of hidden()) {
      for (const path of ['Patient', 'Observation', 'QuestionnaireResponse', 'EpisodeOfCare']) {
        const { body } = await client.get<Bundle>(`${path}?_total=accurate&_count=1000`);
        expect(body.total, `${who}: ${path}`).toBe(body.entry?.length ?? 0);
        expect(body.link?.some(({ relation }) => relation === 'next')).toBe(false);
        if (path === 'Patient') expect(body.total).toBeLessThan(all.body.total ?? 0);
      }
    }
  });
});

describe('A4 what is hidden in what is shown', () => {
  test('A4 _sort, :missing and :not count and order only what is in reach', () =>
    holdsNothing(
      'Patient?_sort=birthdate&_count=50',
      'Patient?_sort=-_lastUpdated&_elements=id',
      'Patient?identifier:missing=false',
      'Patient?_id:not=nobody',
      'Observation?patient:missing=false&_sort=-date',
      'EpisodeOfCare?organization:not=Organization/nowhere',
      'Organization?_sort=name&_revinclude=EpisodeOfCare:organization',
    ));

  test('A4 a page whose order depends on hidden resources does not exist: no sort by a chain', async () => {
    const { status } = await world.as.lu.get('Organization?_sort=EpisodeOfCare.date');
    expect(status).toBe(400);
  });
});

describe('A5 page links', () => {
  const nextOf = ({ link }: Bundle): string => link?.find(({ relation }) => relation === 'next')?.url ?? '';

  test('A5 of another user, hospital or role are refused', async () => {
    const { body } = await world.as.admin.get<Bundle>('Patient?_count=1');
    for (const [who, client] of hidden()) expect((await client.get(nextOf(body))).status, who).toBe(400);
    const own = await world.as.lu.get<Bundle>('Patient?_count=1');
    expect((await world.as.lu.get(nextOf(own.body))).status).toBe(200);
    for (const client of [world.as.lu2, world.as.sc, patientOfLocal]) {
      expect((await client.get(nextOf(own.body))).status).toBe(400);
    }
  });

  test('A5 that were tampered with are refused', async () => {
    const { body } = await world.as.lu.get<Bundle>('Patient?_count=1');
    const next = new URL(nextOf(body));
    const token = next.searchParams.get('_page') ?? '';
    for (const other of [`${token}A`, token.slice(1), token.split('').reverse().join(''), 'null']) {
      next.searchParams.set('_page', other);
      expect((await world.as.lu.get(next.href)).status, other).toBe(400);
    }
  });
});

describe('A6 histories, tombstones and exports', () => {
  test('A6 the histories of a type and of the system hold nothing that is out of reach, deleted or not', () =>
    holdsNothing(
      '_history?_count=1000',
      'Patient/_history?_count=1000',
      'Observation/_history?_count=1000',
      '_history?_at=2026',
    ));

  test('A6 there is no bulk export, and no job or file of one to fetch', async () => {
    for (const [who, client] of hidden()) {
      for (const path of ['$export', 'Patient/$export', 'Group/x/$export', '$export-poll-status?_jobId=1']) {
        expect((await client.get(path)).status, `${who}: ${path}`).toBe(404);
      }
    }
  });

  test('A6 who has seen a record, what is asked by right and my-data are not for others', () =>
    tellsNothing(
      get(({ patient }) => `Patient/${patient}/$access-log`),
      get(({ patient }) => `AuditEvent?patient=Patient/${patient}`),
      get(({ patient }) => `Patient/${patient}/$my-data`),
      (one) => ['POST', `Patient/${one.patient}/$my-data`, { resourceType: 'Parameters' }],
    ));
});

describe('A6 roles without patients', () => {
  const ROLES = ['researcher', 'operator'] as const;

  test('A6 researchers, operators and who has no role see nothing of any patient, of any type, by any way', async () => {
    const { server, as, national, local, elsewhere } = world;
    await as.admin.put('Practitioner/attacker', { resourceType: 'Practitioner', id: 'attacker', active: true });
    const held: (string | undefined)[] = [undefined];
    for (const code of ROLES) {
      const given = role(code, code, undefined, code === 'researcher' ? 'smertereg' : undefined, 'attacker');
      expect((await as.admin.put(`PractitionerRole/${given.id}`, given)).status).toBe(201);
      held.push(given.id);
    }
    const people = [national, local, elsewhere].flatMap(({ patient, episode, fnr }) => [patient, episode, fnr]);
    for (const id of held) {
      const who = { fhirUser: 'Practitioner/attacker', ...(id === undefined ? {} : { role: id }) };
      const client = rest(server.base, await signedInAs(server, who));
      const asked = resourceTypes.flatMap((type) => [`${type}?_count=1000`, `${type}/_history?_count=100`]);
      for (const path of [...asked, '_history?_count=1000', '?_type=Patient,Organization', '$meta']) {
        const text = JSON.stringify((await client.get(path)).body);
        expect(
          people.some((one) => text.includes(one)),
          `${id}: ${path}`,
        ).toBe(false);
      }
      for (const one of [national, local]) {
        for (const resource of [
          ...RESOURCES(one),
          `Patient/${one.patient}/$everything`,
          `Patient/${one.patient}/$my-data`,
        ]) {
          expect((await client.get(resource)).status, `${id}: ${resource}`).toBe(403);
        }
      }
    }
  });
});

describe('A7 batches, transactions and conditions', () => {
  const observationOf = (subject: string) => ({
    ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: subject } },
  });

  test('A7 an entry of a batch is told no more than it would be alone', () =>
    tellsNothing((one) => [
      'POST',
      '',
      batch(
        ...RESOURCES(one).map((url) => ({ request: { method: 'GET', url } })),
        { request: { method: 'GET', url: `Patient?identifier=${one.fnr}` } },
        { request: { method: 'GET', url: `Patient/${one.patient}`, ifNoneMatch: 'W/"1"' } },
        { request: { method: 'GET', url: `Patient/${one.patient}/$everything` } },
        { request: { method: 'PATCH', url: `Patient/${one.patient}` }, resource: patchInBinary([]) },
        { request: { method: 'DELETE', url: `Observation?patient=${one.patient}` } },
      ),
    ]));

  test('A7 references, conditional ones too, to what is out of reach are to nothing', () =>
    tellsNothing(
      (one) => ['POST', 'Observation', observationOf(`Patient/${one.patient}`)],
      (one) => ['POST', 'Observation', observationOf(`Patient/${one.patient}/_history/1`)],
      (one) => ['POST', 'Observation', observationOf(`${world.server.base}/Patient/${one.patient}`)],
      (one) => ['POST', 'Observation/$validate', observationOf(`Patient/${one.patient}`)],
      (one) => ['POST', '', transaction(post(observationOf(`Patient?identifier=${numberOf(one)}`)))],
      (one) => ['POST', '', transaction(post(observationOf(`Patient?_id=${one.patient}`)))],
    ));

  test('A7 conditional updates, patches and deletions find nothing that is out of reach', () =>
    tellsNothing(
      (one) => ['PATCH', `Patient?identifier=${encodeURIComponent(numberOf(one))}`, [], patching],
      (one) => ['PATCH', `Observation/${one.score}`, [], patching],
      (one) => ['PUT', `Task?_id=${one.task}`, { resourceType: 'Task' }],
      (one) => ['DELETE', `Observation?patient=${one.patient}`],
      (one) => ['DELETE', `Observation/${one.score}`],
      (one) => ['DELETE', `QuestionnaireResponse/${one.answer}`],
    ));

  test('A7 If-None-Exist does not tell that another hospital has the person', async () => {
    const given = { resourceType: 'Patient', identifier: [{ value: world.elsewhere.fnr }] };
    const { status, body } = await world.as.lu.post('Patient', given, {
      'if-none-exist': `identifier=${numberOf(world.elsewhere)}`,
    });
    expect(status).toBe(201);
    expect(body.id).not.toBe(world.elsewhere.patient);
  });

  test('A7 nothing of all this was changed', async () => {
    for (const one of [world.elsewhere, world.local]) {
      for (const resource of RESOURCES(one)) {
        const { status, body } = await world.as.admin.get(resource);
        expect([resource, status, body.meta?.versionId]).toEqual([resource, 200, expect.any(String)]);
      }
    }
  });

  const post = (resource: object) => ({ request: { method: 'POST', url: 'Observation' }, resource });
});

describe('A8 GraphQL', () => {
  test('A8 is not there for data: no query, alias, fragment or mutation but the one of MedplumClient’s schema', async () => {
    for (const query of [
      `{ Patient(id: "${world.elsewhere.patient}") { name { family } } }`,
      '{ PatientList { id } }',
      '{ StructureDefinitionList(name: "Patient") { name } a: PatientList { id } }',
      'query { ...f } fragment f on Query { PatientList { id } }',
      'mutation { PatientDelete(id: "x") { id } }',
      `{${'a{'.repeat(5000)}${'}'.repeat(5001)}`,
    ]) {
      const { status, body } = await world.as.lu.post('$graphql', { query });
      expect([status, words(body)]).toEqual([400, expect.stringContaining('GraphQL is not offered')]);
    }
    expect((await world.as.lu.get('$graphql?query={PatientList{id}}')).status).toBe(404);
    expect((await world.as.lu.get(`Patient/${world.national.patient}/$graphql?query={id}`)).status).toBe(404);
    expect((await world.as.nobody.post('$graphql', { query: '{ PatientList { id } }' })).status).toBe(401);
  });
});
