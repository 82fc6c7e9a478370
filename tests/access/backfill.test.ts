import type { Observation } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillAnchors } from '../../src/interactions/fill-anchors.ts';
import { ridOfId } from '../../src/model/rid.ts';
import { type AsCaller, asCaller, hospitalSystem, ridOfGiven } from '../kit/as-caller.ts';
import { type Course, refer, response, toItems } from '../kit/course.ts';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';

const CONSENTED = {
  ...{ Tilsett: '1', Norsktalende: '1', KognSvekket: '0', SkriftligSamtyk: '1' },
  DatoSamtykke: '2026-03-02',
};

let server: TestServer;
let admin: AsCaller;
let course: Course;
const score: Observation[] = [];

beforeAll(async () => {
  server = await testServer({ background: false });
  admin = asCaller(server, { name: 'admin', kind: 'client', access: 'all' });
  course = await refer(rest(server.base));
  const form = response(course, 'smertereg-to', 'in-progress', toItems(CONSENTED), '2026-03-02T09:00:00+01:00');
  const { body: answer } = await admin.post('QuestionnaireResponse', form);
  const about = {
    ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
    subject: { reference: `Patient/${course.patient}` },
  };
  // one is derived from the other, which has a higher rid
  const late = (await admin.post<Observation>('Observation', about)).body;
  const first = await admin.post<Observation>('Observation', {
    ...about,
    derivedFrom: [{ reference: `QuestionnaireResponse/${answer.id}` }],
  });
  const derivedFrom = [{ reference: `Observation/${first.body.id}` }];
  score.push((await admin.put<Observation>(`Observation/${late.id}`, { ...late, derivedFrom })).body, first.body);
  const gone = (
    await admin.post('Observation', { ...about, basedOn: [{ reference: `ServiceRequest/${course.referral}` }] })
  ).body;
  await admin.send('DELETE', `Observation/${gone.id}`);
});
afterAll(() => server.close());

type Rows = readonly Record<string, unknown>[];
async function state(): Promise<{ resource: Rows; history: Rows; tie: Rows }> {
  const rows = async (sql: string): Promise<Rows> => (await server.database.pool.query(sql)).rows;
  return {
    resource: await rows('select rid, patient, anchor from resource order by rid'),
    history: await rows('select rid, version, patient, anchor from history order by rid, version'),
    tie: await rows('select * from tie order by rid, label'),
  };
}

/** As an earlier version left it: it knew no anchors, and a tombstone of no patient. */
async function forget(): Promise<void> {
  for (const sql of [
    'update resource set anchor = null',
    'update resource set patient = null where deleted',
    'update history set anchor = null, patient = null',
    'delete from tie',
    "delete from setting where name = 'anchors'",
  ]) {
    await server.database.pool.query(sql);
  }
}

describe('a database from before there were anchors', () => {
  test('has afterwards what it would have been stored with', async () => {
    const before = await state();
    await forget();
    const ehr = asCaller(
      server,
      hospitalSystem({ reference: 'Organization/haukeland', rid: await ridOfGiven(server, 'haukeland') }),
    );
    expect((await ehr.get(`Patient/${course.patient}`)).status).toBe(404);
    await fillAnchors(server.fhir.engine);
    expect((await ehr.get(`Patient/${course.patient}`)).status).toBe(200);
    const after = await state();
    expect(after.tie).toEqual(before.tie);
    expect(after.resource).toEqual(before.resource);
    // the version that named no course is its patient's, as it was when it was stored
    expect(after.history).toEqual(before.history);
    const anchors = new Map(after.resource.map(({ rid, anchor }) => [rid, anchor]));
    expect(score.map(({ id }) => anchors.get(ridOfId(id ?? '')))).toEqual([
      ridOfId(course.referral),
      ridOfId(course.referral),
    ]);
  });

  test('that was broken off goes on with what is left, and is left alone once it is done', async () => {
    const before = await state();
    await forget();
    const failing = {
      ...server.fhir.engine,
      definitions: () => ({
        ...server.fhir.engine.definitions(),
        patientOf: (resource: { resourceType: string }) => {
          if (resource.resourceType === 'ResearchSubject') throw new Error('killed');
          return server.fhir.engine.definitions().patientOf(resource as Observation);
        },
      }),
    };
    await expect(fillAnchors(failing)).rejects.toThrow('killed');
    const half = await state();
    expect(half.tie).toEqual([]);
    expect(half.resource.some(({ anchor }) => anchor !== null)).toBe(true);
    await fillAnchors(server.fhir.engine);
    expect(await state()).toEqual(before);
    await server.database.pool.query("delete from tie where label like 'Organization%'");
    const less = await state();
    await fillAnchors(server.fhir.engine);
    expect(await state()).toEqual(less);
  });

  test('is given anchors before a server answers', async () => {
    await forget();
    const second = await testServer({ background: false, packages: false, database: server.database });
    const { rows } = await server.database.pool.query(
      'select count(*) as n from resource where patient is not null and anchor is null',
    );
    await second.close();
    expect(rows).toEqual([{ n: '0' }]);
  });
});
