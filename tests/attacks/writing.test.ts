import type { EpisodeOfCare, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observation, role } from '../access/policy-world.ts';
import { refer } from '../kit/course.ts';
import type { Rest } from '../kit/rest.ts';
import { type Attacked, attacked, form, patchInBinary, patching, transaction, type Victim, words } from './kit.ts';

let world: Attacked;
let patient: Rest;
let all: readonly (readonly [string, Rest])[];

beforeAll(async () => {
  world = await attacked();
  patient = await world.patient(world.national);
  const { lu, lc, lu2, sc, ehr } = world.as;
  all = Object.entries({ lu, lc, lu2, sc, ehr, patient });
});
afterAll(() => world.server.close());

const refused = (status: number): boolean => status >= 400 && status < 500;
const SCORES = 'https://svar.example.org/fhir/CodeSystem/score';

/** All that is stored of a type, so that a test can tell that nothing was. */
async function state(...types: string[]): Promise<unknown> {
  const found = await Promise.all(
    types.map((type) => world.as.admin.search<Resource>(`${type}?_count=1000&_elements=id`)),
  );
  return found.flat().map(({ resourceType, id, meta }) => `${resourceType}/${id} ${meta?.versionId}`);
}

/** Every way in which a resource can be stored. */
async function stored(client: Rest, resource: Resource): Promise<number[]> {
  const { resourceType: type, id = 'chosen-by-an-attacker' } = resource;
  const { id: _, ...fresh } = resource;
  const answers = [
    await client.post(type, fresh),
    await client.put(`${type}/${id}`, { ...resource, id }),
    await client.put(`${type}?_id=${id}`, { ...resource, id }),
    await client.post('', transaction({ request: { method: 'POST', url: type }, resource: fresh })),
    await client.post(
      '',
      transaction({ request: { method: 'PUT', url: `${type}/${id}` }, resource: { ...resource, id } }),
    ),
  ];
  return answers.map(({ status }) => status);
}

describe('A11 what is written in another’s record or name', () => {
  test('A11 a patient’s app answers for nobody else: neither as subject nor as author nor as source', async () => {
    const { national, local } = world;
    const other = { reference: `Patient/${local.patient}` };
    const before = await state('QuestionnaireResponse');
    for (const fields of [
      { subject: other },
      { author: other },
      { source: other },
      { author: { reference: 'Practitioner/demo-lu' } },
    ]) {
      expect((await patient.post('QuestionnaireResponse', form(national, fields))).status).toSatisfy(refused);
    }
    expect((await patient.post('QuestionnaireResponse', form(local))).status).toBe(422);
    expect(await state('QuestionnaireResponse')).toEqual(before);
  });

  test('A11 nobody moves a resource to another patient, course or hospital, by PUT, PATCH or a Bundle', async () => {
    const { national, local, elsewhere } = world;
    for (const [who, client] of [
      ['lu', world.as.lu],
      ['lc', world.as.lc],
    ] as const) {
      const { body } = await client.get<Resource>(`Observation/${national.observation}`);
      for (const to of [local, elsewhere]) {
        const subject = { reference: `Patient/${to.patient}` };
        const patch = [{ op: 'replace', path: '/subject', value: subject }];
        const path = `Observation/${national.observation}`;
        const statuses = [
          (await client.put(path, { ...body, subject })).status,
          (await client.send('PATCH', path, patch, patching)).status,
          (
            await client.post(
              '',
              transaction({ request: { method: 'PATCH', url: path }, resource: patchInBinary(patch) }),
            )
          ).status,
        ];
        expect(statuses.every(refused), `${who}: ${statuses}`).toBe(true);
      }
    }
    const { body: course } = await world.as.lc.get<EpisodeOfCare>(`EpisodeOfCare/${national.episode}`);
    for (const reference of [
      'Organization/st-olavs',
      'Organization/st-olavs/_history/1',
      `${world.server.base}/Organization/st-olavs`,
    ]) {
      const moved = { ...course, managingOrganization: { reference } };
      for (const client of [world.as.lu, world.as.lc, world.as.ehr]) {
        expect((await client.put(`EpisodeOfCare/${course.id}`, moved)).status).toBe(403);
      }
    }
    expect((await world.as.lu2.get(`EpisodeOfCare/${course.id}`)).status).toBe(404);
  });

  test('A11 a system that may leave references open names no referral of another hospital as its own', async () => {
    // one patient treated at two hospitals: what each of them holds is its own
    const { admin, ehr, lu } = world.as;
    const shared = await refer(admin, { hospital: 'st-olavs', fnr: '13916900605' });
    const course = (referral?: string) => ({
      ...{ resourceType: 'EpisodeOfCare', status: 'active', patient: { reference: `Patient/${shared.patient}` } },
      managingOrganization: { reference: 'Organization/haukeland' },
      ...(referral === undefined ? {} : { referralRequest: [{ reference: `ServiceRequest/${referral}` }] }),
    });
    const own = await admin.post<EpisodeOfCare>('EpisodeOfCare', course());
    expect((await ehr.get(`Patient/${shared.patient}`)).status).toBe(200);
    const named = { ...own.body, ...course(shared.referral) };
    const answers = [
      await ehr.post('EpisodeOfCare', course(shared.referral)),
      await ehr.put(`EpisodeOfCare/${own.body.id}`, named),
      await ehr.post(
        '',
        transaction({ request: { method: 'POST', url: 'EpisodeOfCare' }, resource: course(shared.referral) }),
      ),
      await lu.put(`EpisodeOfCare/${own.body.id}`, named),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(words(answers[0]?.body)).toBe('There is no such ServiceRequest.');
    for (const client of [ehr, lu]) expect((await client.get(`ServiceRequest/${shared.referral}`)).status).toBe(404);
  });

  test('A11 what was left open in one element does not come into another by an update', async () => {
    const { ehr } = world.as;
    const { national, elsewhere } = world;
    const list = (fields: object) => ({
      ...{
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        subject: { reference: `Patient/${national.patient}` },
      },
      entry: [{ item: { reference: `Patient/${elsewhere.patient}` } }],
      ...fields,
    });
    const { status, body } = await ehr.post<Resource>('List', list({}));
    expect(status).toBe(201);
    const moved = list({ id: body.id, subject: { reference: `Patient/${elsewhere.patient}` } });
    expect((await ehr.put(`List/${body.id}`, moved)).status).toBe(422);
    const theirs = await world.patient(elsewhere);
    expect((await theirs.get(`List/${body.id}`)).status).toBe(404);
  });

  test('A11 what a system names beside its own patient comes into nobody’s record', async () => {
    const { ehr, lu2 } = world.as;
    const other = { reference: `Patient/${world.elsewhere.patient}` };
    const subject = { reference: `Patient/${world.national.patient}` };
    const course = { reference: `EpisodeOfCare/${world.elsewhere.episode}` };
    const code = { coding: [{ system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp', code: 'complete-questionnaire' }] };
    const theirs = await world.patient(world.elsewhere);
    for (const resource of [
      { ...{ resourceType: 'Appointment', status: 'proposed' }, participant: [{ actor: other, status: 'accepted' }] },
      { ...observation(world.national), performer: [other], focus: [other] },
      { ...{ resourceType: 'Task', status: 'requested', intent: 'order', code, for: subject, focus: course } },
      {
        ...{ resourceType: 'Patient', managingOrganization: { reference: 'Organization/st-olavs' } },
        link: [{ other, type: 'replaces' }],
      },
      {
        ...{ resourceType: 'Provenance', target: [other], recorded: '2026-01-01T00:00:00Z' },
        agent: [{ who: { reference: 'Organization/haukeland' } }],
      },
      { ...{ resourceType: 'Encounter', status: 'finished', class: { code: 'x' }, subject }, episodeOfCare: [course] },
    ]) {
      const { status, body } = await ehr.post<Resource>(resource.resourceType, resource);
      if (status !== 201) continue;
      await world.server.fhir.runner.drain();
      for (const client of [theirs, lu2]) {
        expect((await client.get(`${resource.resourceType}/${body.id}`)).status, resource.resourceType).toSatisfy(
          refused,
        );
      }
      const everything = JSON.stringify(
        (await theirs.get(`Patient/${world.elsewhere.patient}/$everything?_count=1000`)).body,
      );
      expect(everything.includes(`"${body.id}"`), resource.resourceType).toBe(false);
    }
  });

  test('A11 version, time and id of a body are not believed', async () => {
    const { status, body } = await world.as.lu.post<Resource>('Observation', {
      ...{ resourceType: 'Observation', id: world.elsewhere.observation, status: 'final', code: { text: 'x' } },
      subject: { reference: `Patient/${world.national.patient}` },
      meta: { versionId: '99', lastUpdated: '1999-01-01T00:00:00Z' },
    });
    expect([status, body.meta?.versionId]).toEqual([201, '1']);
    expect(body.id).not.toBe(world.elsewhere.observation);
    expect(Date.parse(body.meta?.lastUpdated ?? '')).toBeGreaterThan(Date.parse('2020-01-01'));
    for (const id of [world.elsewhere.observation, '0ca9000000000001']) {
      expect((await world.as.lu.put(`Observation/${id}`, { ...body, id })).status).toBe(403);
    }
  });

  test('A11 tags and labels in meta open nothing and hide nothing', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }];
    const historic = [{ system: 'https://svar.example.org/fhir/CodeSystem/historic', code: 'historic' }];
    const observation = (meta: object) => ({
      ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' }, meta },
      subject: { reference: `Patient/${world.national.patient}` },
    });
    const { body } = await world.as.lu.post<Resource>('Observation', observation({ security, tag: historic }));
    expect((await world.as.lu2.get(`Observation/${body.id}`)).status).toBe(404);
  });

  test('A11 a Binary of another patient is not read, and none is put in another’s record by securityContext', async () => {
    const context = (course: { patient: string }) => ({ reference: `Patient/${course.patient}` });
    const binary = (course: { patient: string }) => ({
      ...{ resourceType: 'Binary', contentType: 'text/plain', data: 'eHh4', securityContext: context(course) },
    });
    const theirs = await world.as.admin.post<Resource>('Binary', binary(world.elsewhere));
    for (const accept of ['application/fhir+json', 'text/plain', '*/*']) {
      expect((await world.as.ehr.get(`Binary/${theirs.body.id}`, { accept })).status).toSatisfy(refused);
    }
    for (const [who, client] of all) {
      if (client !== world.as.ehr)
        expect((await client.get(`Binary/${theirs.body.id}`)).status, who).toSatisfy(refused);
    }
    const mine = await world.as.ehr.post<Resource>('Binary', binary(world.elsewhere));
    if (mine.status === 201) {
      const patientThere = await world.patient(world.elsewhere);
      expect((await patientThere.get(`Binary/${mine.body.id}`)).status).toSatisfy(refused);
    }
  });

  test('A11 nobody writes, changes or deletes an AuditEvent, nor a Provenance in another’s name', async () => {
    const event = {
      ...{ resourceType: 'AuditEvent' as const, type: { code: 'rest' }, recorded: '2026-01-01T00:00:00Z' },
      ...{ agent: [{ requestor: true }], source: { observer: { display: 'x' } } },
    };
    const provenance = (who: string) => ({
      ...{
        resourceType: 'Provenance' as const,
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { reference: who } }],
      },
      target: [{ reference: `Patient/${world.national.patient}` }],
    });
    const before = await state('Provenance');
    for (const [who, client] of all) {
      expect((await stored(client, event)).every(refused), who).toBe(true);
      expect((await client.send('DELETE', 'AuditEvent/x')).status, who).toSatisfy(refused);
      for (const other of ['Practitioner/demo-nobody', `Patient/${world.local.patient}`, 'Organization/st-olavs']) {
        expect((await stored(client, provenance(other))).every(refused), `${who} as ${other}`).toBe(true);
      }
    }
    expect(await state('Provenance')).toEqual(before);
    const mine = await world.as.lu.post<Resource>('Provenance', provenance('Practitioner/demo-lu'));
    expect(mine.status).toBe(201);
    const path = `Provenance/${mine.body.id}`;
    expect((await world.as.lu.put(path, { ...mine.body, recorded: '2025-01-01T00:00:00Z' })).status).toBe(403);
    expect((await world.as.ehr.send('DELETE', path)).status).toSatisfy(refused);
  });

  test('A11 nobody gives a role, to themselves or to others, or makes more of one', async () => {
    const before = await state('PractitionerRole');
    for (const [who, client] of all) {
      for (const code of ['sc', 'lc', 'operator']) {
        for (const id of ['attacker', 'lu', 'lu2']) {
          const given = role(id, code, 'st-olavs', 'smertereg', `demo-${who}`);
          expect((await stored(client, given)).every(refused), `${who} ${code} ${id}`).toBe(true);
        }
      }
      for (const path of [`PractitionerRole/demo-${who}`, 'PractitionerRole/demo-lu', 'PractitionerRole/demo-sc']) {
        const patch = [{ op: 'replace', path: '/code/0/coding/0/code', value: 'operator' }];
        expect((await client.send('PATCH', path, patch, patching)).status, `${who} ${path}`).toSatisfy(refused);
      }
      for (const operation of ['$approve', '$refuse']) {
        const { status } = await client.post(`PractitionerRole/demo-${who}/${operation}`, {
          resourceType: 'Parameters',
        });
        expect(status, who).toSatisfy(refused);
      }
    }
    expect(await state('PractitionerRole')).toEqual(before);
  });

  test('A11 nobody of the hospitals, and no patient, writes what decides over others', async () => {
    const status = 'active' as const;
    const decided: readonly Resource[] = [
      {
        ...{ resourceType: 'CapabilityStatement', id: 'lu', status, date: '2026-01-01', kind: 'requirements' },
        ...{ fhirVersion: '4.0.1', format: ['json'] },
      } as Resource,
      { resourceType: 'Questionnaire', id: 'hads', status },
      { resourceType: 'PlanDefinition', id: 'smertereg', status },
      { resourceType: 'ResearchStudy', id: 'smertereg', status },
      { resourceType: 'Library', status, type: { text: 'x' } },
      {
        ...{ resourceType: 'SearchParameter', url: 'urn:x:y', name: 'X', status, description: 'x', code: 'x' },
        ...{ base: ['Patient'], type: 'string', expression: 'Patient.name' },
      } as Resource,
      {
        ...{ resourceType: 'StructureDefinition', url: 'urn:x', name: 'X', status, kind: 'resource', abstract: false },
        type: 'Patient',
      } as Resource,
      { resourceType: 'Organization', name: 'Hospital of an attacker' },
      {
        ...{ resourceType: 'ResearchSubject', status: 'on-study', study: { reference: 'ResearchStudy/smertereg' } },
        individual: { reference: `Patient/${world.local.patient}` },
      } as Resource,
    ];
    const before = await state(...decided.map(({ resourceType }) => resourceType));
    for (const [who, client] of all) {
      for (const resource of decided) {
        expect((await stored(client, resource)).every(refused), `${who} ${resource.resourceType}`).toBe(true);
      }
    }
    expect(await state(...decided.map(({ resourceType }) => resourceType))).toEqual(before);
    expect((await world.as.sc.get(`Patient/${world.local.patient}`)).status).toBe(404);
  });

  test('A11 a local user changes no locked form, whatever way', async () => {
    const { lu, admin } = world.as;
    const path = `QuestionnaireResponse/${world.national.to}`;
    const { body } = await admin.get<Resource>(path);
    const patch = [{ op: 'replace', path: '/authored', value: '2026-01-01T00:00:00Z' }];
    const opened = { ...body, status: 'in-progress' };
    const one = (method: string, url: string, resource?: object) => transaction({ request: { method, url }, resource });
    for (const client of [lu, patient]) {
      const answers = [
        await client.send('PATCH', path, patch, patching),
        await client.send('PATCH', `QuestionnaireResponse?_id=${body.id}`, patch, patching),
        await client.put(path, opened),
        await client.put(`QuestionnaireResponse?_id=${body.id}`, opened),
        await client.send('DELETE', path),
        await client.send('DELETE', `QuestionnaireResponse?_id=${body.id}`),
        await client.post('', one('PATCH', path, patchInBinary(patch))),
        await client.post('', one('PUT', path, opened)),
        await client.post('', one('PUT', `QuestionnaireResponse?_id=${body.id}`, opened)),
        await client.post('', one('DELETE', path)),
        await client.post(
          '',
          transaction(
            { request: { method: 'DELETE', url: path } },
            { request: { method: 'PUT', url: path }, resource: opened },
          ),
        ),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    }
    expect((await admin.get(path)).body).toEqual(body);
  });
});

describe('A12 forms', () => {
  test('A12 $populate reads nothing that who fills in the form may not: context, subject, x-fhir-query', async () => {
    const expression = (language: string, text: string) => ({
      url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression',
      valueExpression: { language, expression: text },
    });
    const { elsewhere } = world;
    const questionnaire = {
      ...{ resourceType: 'Questionnaire', status: 'active' },
      item: [
        {
          linkId: 'a',
          type: 'string',
          extension: [expression('application/x-fhir-query', `Patient/${elsewhere.patient}`)],
        },
        { linkId: 'b', type: 'string', extension: [expression('application/x-fhir-query', 'Patient?_count=100')] },
        {
          linkId: 'c',
          type: 'string',
          extension: [expression('text/fhirpath', `resolve('Patient/${elsewhere.patient}').name.family`)],
        },
        { linkId: 'd', type: 'string', extension: [expression('text/fhirpath', '%patient.identifier.value')] },
      ],
    };
    const subject = { reference: `Patient/${elsewhere.patient}` };
    const context = {
      name: 'context',
      part: [
        { name: 'name', valueString: 'patient' },
        { name: 'content', valueReference: subject },
      ],
    };
    const clients: (readonly [string, Rest])[] = [
      ['lu', world.as.lu],
      ['ehr', world.as.ehr],
      ['patient', patient],
    ];
    for (const [who, client] of clients) {
      for (const more of [[], [context]]) {
        const { body } = await client.post('Questionnaire/$populate', {
          resourceType: 'Parameters',
          parameter: [
            { name: 'questionnaire', resource: questionnaire },
            { name: 'subject', valueReference: subject },
            ...more,
          ],
        });
        const text = JSON.stringify(body);
        expect(text.includes(elsewhere.fnr) || text.includes('Testpasient'), who).toBe(false);
      }
    }
  });

  test('A12 $extract gives nothing of a response out of reach, and stores nothing that its caller may not', async () => {
    const { elsewhere, as } = world;
    const before = await state('Observation', 'Patient', 'PractitionerRole');
    for (const [who, client] of [
      ['lu', as.lu],
      ['patient', patient],
      ['sc', as.sc],
    ] as const) {
      const of = who === 'sc' ? world.local : elsewhere;
      expect((await client.get(`QuestionnaireResponse/${of.answer}/$extract`)).status, who).toBe(404);
    }
    const response = { ...form(world.national), status: 'completed', questionnaire: 'urn:form-of-an-attacker' };
    const questionnaire = {
      ...{ resourceType: 'Questionnaire', url: 'urn:form-of-an-attacker', status: 'active' },
      contained: [role('attacker', 'sc', undefined, 'smertereg', 'demo-lu')],
      extension: [
        {
          url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-templateExtract',
          extension: [{ url: 'template', valueReference: { reference: '#demo-attacker' } }],
        },
      ],
      item: [{ linkId: 'a', type: 'string' }],
    };
    const parameter = [
      { name: 'questionnaire-response', resource: response },
      { name: 'questionnaire', resource: questionnaire },
      { name: 'store', valueBoolean: true },
    ];
    for (const client of [as.lu, patient, as.ehr]) {
      const { status, body } = await client.post('QuestionnaireResponse/$extract', {
        resourceType: 'Parameters',
        parameter,
      });
      expect(status, words(body)).toSatisfy(refused);
    }
    expect(await state('Observation', 'Patient', 'PractitionerRole')).toEqual(before);
  });

  test('A12 $next-question, $process-response and $validate say nothing of, and change nothing in, another’s record', async () => {
    const { elsewhere, as } = world;
    const resource = { ...form(elsewhere), id: elsewhere.answer };
    const before = await state('QuestionnaireResponse');
    for (const client of [as.lu, patient]) {
      for (const operation of ['Questionnaire/$process-response', 'Questionnaire/$next-question']) {
        for (const name of ['response', 'questionnaire-response']) {
          const sent = { resourceType: 'Parameters', parameter: [{ name, resource }] };
          const { body } = await client.post(operation, sent);
          expect(JSON.stringify(body)).not.toContain('Testpasient');
        }
      }
      const { body } = await client.post('QuestionnaireResponse/$validate', resource);
      expect(words(body)).toContain('There is no such Patient.');
    }
    expect(await state('QuestionnaireResponse')).toEqual(before);
  });

  test('A12 scores are the server’s: nobody stores, changes, detaches or deletes one', async () => {
    const path = `Observation/${world.national.score}`;
    const { body: score } = await world.as.admin.get<Resource>(path);
    const { id: _, meta: __, ...copy } = score as Resource & { derivedFrom?: unknown };
    const { derivedFrom: ___, ...loose } = copy;
    for (const [who, client] of all) {
      const statuses = [
        (await client.post('Observation', copy)).status,
        (await client.post('Observation', loose)).status,
        (await client.send('PATCH', path, [{ op: 'replace', path: '/valueQuantity/value', value: 1 }], patching))
          .status,
        (await client.send('PATCH', path, [{ op: 'remove', path: '/derivedFrom' }], patching)).status,
        (await client.send('DELETE', path)).status,
      ];
      // a system that is not to know of it deletes nothing, and is told that there is nothing
      expect(
        statuses.filter((status) => !refused(status) && status !== 204),
        `${who}: ${statuses}`,
      ).toEqual([]);
    }
    expect((await world.as.admin.get(path)).body).toEqual(score);
    const scores = await world.as.admin.search(
      `Observation?patient=${world.national.patient}&code=${SCORES}|hads-anxiety`,
    );
    expect(scores).toHaveLength(1);
  });

  test('A12 no notice goes to another hospital’s patient, and the link of an order to nobody but its own', async () => {
    const { as, national, local, elsewhere, server } = world;
    const kind = 'https://svar.example.org/fhir/CodeSystem/notice-kind';
    const notice = (to: Victim, more: object = {}) => ({
      ...{
        resourceType: 'Communication',
        status: 'in-progress',
        category: [{ coding: [{ system: kind, code: 'notice' }] }],
      },
      ...{ recipient: [{ reference: `Patient/${to.patient}` }], payload: [{ contentString: 'Words of an attacker' }] },
      ...more,
    });
    const order = { basedOn: [{ reference: `Task/${national.task}` }] };
    for (const more of [{}, { subject: { reference: `Patient/${national.patient}` } }, order]) {
      const { status, body } = await as.ehr.post('Communication', notice(elsewhere, more));
      expect([status, words(body)]).toEqual([422, 'There is no such Patient.']);
    }
    const strayed = await as.ehr.post<Resource>('Communication', notice(local, order));
    expect(strayed.status).toBe(201);
    await server.fhir.runner.drain();
    expect(server.sent.filter(({ text }) => text === 'Words of an attacker')).toEqual([]);
    expect((await as.admin.get(`Communication/${strayed.body.id}`)).body).toMatchObject({ status: 'not-done' });
  });

  test('A12 answers smuggled into a form: prototypes, items that are not there, scripts as text', async () => {
    const { lu } = world.as;
    const item = (linkId: string, more: object = {}) => ({ linkId, ...more });
    for (const items of [
      [item('__proto__', { answer: [{ valueString: 'x' }] })],
      [item('constructor')],
      [item('HADSSpm1'), item('HADSSpm1')],
      [item('not-of-this-form', { answer: [{ valueString: '<script>alert(1)</script>' }] })],
    ]) {
      const { status } = await lu.post('QuestionnaireResponse', { ...form(world.national), item: items });
      expect(status, JSON.stringify(items)).toSatisfy(refused);
    }
    const scripted = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' };
    expect((await lu.post('QuestionnaireResponse', { ...form(world.national), text: scripted })).status).toSatisfy(
      refused,
    );
    expect(({} as Record<string, unknown>).answer).toBeUndefined();
  });
});
