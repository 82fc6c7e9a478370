import type { Bundle, Parameters, PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testServer } from '../kit/fhir-server.ts';
import type { Rest } from '../kit/rest.ts';
import { role, World } from './policy-world.ts';
import { identityOf, type RoleServer, roleServer } from './roles.ts';

let world: World;
let roles: RoleServer;
let lc: Rest;
let sc: Rest;
let number = 0;
let applicant: { readonly id: string; readonly client: Rest };

beforeAll(async () => {
  world = new World(await testServer({ background: false }));
  await world.prepare();
  await world.put({ resourceType: 'Practitioner', id: 'demo-lc2', active: true });
  await world.put(role('lc2', 'lc', 'st-olavs', 'smertereg'));
  await world.put({ resourceType: 'Practitioner', id: 'demo-lcX', active: true });
  await world.put(role('lcX', 'lc', 'haukeland', 'other'));
  roles = await roleServer(world.server);
  lc = as('lc');
  sc = as('sc');
});

afterAll(async () => {
  await roles?.close();
  await world?.server.close();
});

beforeEach(async () => {
  applicant = await newcomer();
});

function as(who: string, roleId = `demo-${who}`): Rest {
  return roles.as({ ...identityOf('lu', '', ''), fhirUser: `Practitioner/demo-${who}`, role: roleId });
}

async function newcomer(): Promise<{ id: string; client: Rest }> {
  number += 1;
  const id = `demo-applicant-${number}`;
  await world.put({ resourceType: 'Practitioner', id, active: true });
  return { id, client: roles.as({ ...identityOf('newcomer', '', ''), fhirUser: `Practitioner/${id}` }) };
}

const LU = { role: 'lu', registry: 'PlanDefinition/smertereg', hospital: 'Organization/haukeland' };
const text = { position: 'Sykepleier', region: 'Helse Vest', department: 'Smertepoliklinikken' };

function parameters(given: Readonly<Record<string, string>>): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: Object.entries(given).map(([name, value]) =>
      /^[A-Z]\w+\/[\w-]+$/.test(value) ? { name, valueReference: { reference: value } } : { name, valueString: value },
    ),
  };
}

const apply = (client: Rest, given: Readonly<Record<string, string>> = { ...LU, ...text }) =>
  client.post<PractitionerRole>('PractitionerRole/$apply', parameters(given));
const decide = (client: Rest, id: string | undefined, decision: 'approve' | 'refuse', reason?: string) =>
  client.post<PractitionerRole>(
    `PractitionerRole/${id}/$${decision}`,
    parameters(reason === undefined ? { reason: 'ok' } : { reason }),
  );

/** The application's own words on where it stands. */
function status({ extension = [] }: PractitionerRole): string | undefined {
  const parts = extension.find(({ url }) => url.endsWith('/role-application'))?.extension ?? [];
  return parts.find(({ url }) => url === 'status')?.valueCode;
}

describe('applying', () => {
  test('leaves a role that is not active and gives nothing yet', async () => {
    const { status: http, body } = await apply(applicant.client);
    expect([http, body.active, status(body)]).toEqual([200, false, 'requested']);
    expect(body.practitioner?.reference).toBe(`Practitioner/${applicant.id}`);
    const client = as('applicant', body.id);
    expect((await client.get('Patient')).status).toBe(403);
    const own = roles.as({
      ...identityOf('lu', '', ''),
      fhirUser: `Practitioner/${applicant.id}`,
      role: body.id ?? '',
    });
    expect((await own.get('Patient')).status).toBe(403);
  });

  test('twice for the same is one application', async () => {
    const [first, second] = [await apply(applicant.client), await apply(applicant.client)];
    expect(second.body.id).toBe(first.body.id);
  });

  test.each<[string, Record<string, string>, number]>([
    ['for a role that is not to be had', { ...LU, ...text, role: 'operator' }, 422],
    ['for a role that nobody knows', { ...LU, ...text, role: 'admin' }, 422],
    ['without a registry', { role: 'lu', hospital: LU.hospital, ...text }, 422],
    ['for a registry that is not here', { ...LU, ...text, registry: 'PlanDefinition/nothing' }, 422],
    ['without a hospital', { role: 'lu', registry: LU.registry, ...text }, 422],
    ['at a hospital that takes no part', { ...LU, ...text, registry: 'PlanDefinition/other' }, 422],
    ['at a hospital that is not here', { ...LU, ...text, hospital: 'Organization/nowhere' }, 422],
    ['for a national role at a hospital', { ...LU, ...text, role: 'sc' }, 422],
    ['without a position', { ...LU }, 400],
    ['with more words than anybody reads', { ...LU, position: 'x'.repeat(300) }, 400],
    ['with something that is not asked', { ...LU, ...text, active: 'true' }, 400],
  ])('%s is refused', async (_, given, expected) => {
    expect((await apply(applicant.client, given)).status).toBe(expected);
    expect(await world.all.search(`PractitionerRole?practitioner=Practitioner/${applicant.id}`)).toEqual([]);
  });

  test('for a role that one holds is refused', async () => {
    expect((await apply(as('lu'))).status).toBe(422);
  });

  test('more than five times at once is refused', async () => {
    const hospitals = ['haukeland', 'st-olavs', 'unn'].map((id) => ({ hospital: `Organization/${id}` }));
    const wanted = hospitals.flatMap((at) => ['lu', 'lc'].map((code) => ({ ...LU, ...text, ...at, role: code })));
    const answers = [];
    for (const given of wanted) answers.push((await apply(applicant.client, given)).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 422]);
  });

  test('is for staff, not for patients, systems or somebody who is not here', async () => {
    const { patient } = await world.course('haukeland', 'in no registry yet');
    for (const column of ['self', 'ehr'] as const) {
      expect((await apply(roles.as(identityOf(column, patient, patient)))).status).toBe(403);
    }
    expect((await apply(as('nobody', 'x'))).status).toBe(403);
  });
});

describe('deciding', () => {
  test("the hospital's coordinator sees an application and approves it; then the role is in force and the applicant is told", async () => {
    const { body } = await apply(applicant.client);
    const pending = await lc.get<Bundle<PractitionerRole>>('PractitionerRole?active=false');
    expect(pending.body.entry?.map(({ resource }) => resource?.id)).toContain(body.id);
    const { status: http, body: approved } = await decide(lc, body.id, 'approve');
    expect([http, approved.active, status(approved)]).toEqual([200, true, 'approved']);
    expect(approved.period?.start).toMatch(/^\d{4}-\d\d-\d\d$/);
    const own = roles.as({
      ...identityOf('lu', '', ''),
      fhirUser: `Practitioner/${applicant.id}`,
      role: body.id ?? '',
    });
    expect((await own.get('Patient')).status).toBe(200);
    await world.server.fhir.runner.drain();
    expect(world.server.sent.filter(({ recipient }) => recipient === `Practitioner/${applicant.id}`)).toHaveLength(1);
  });

  test('a refusal leaves the role without effect, with the reason', async () => {
    const { body } = await apply(applicant.client);
    const { status: http, body: refused } = await decide(lc, body.id, 'refuse', 'Not employed here.');
    expect([http, refused.active, status(refused)]).toEqual([200, false, 'refused']);
    expect(JSON.stringify(refused.extension)).toContain('Not employed here.');
    expect((await decide(lc, body.id, 'approve')).status).toBe(403);
  });

  test('the system coordinator decides on all roles of the registry', async () => {
    for (const given of [
      { ...LU, ...text },
      { role: 'researcher', registry: LU.registry, ...text },
    ]) {
      const { body } = await apply(applicant.client, given);
      expect((await decide(sc, body.id, 'approve')).body.active).toBe(true);
    }
    const { body } = await apply(applicant.client, { role: 'sc', registry: LU.registry, ...text });
    expect((await decide(sc, body.id, 'approve')).body.active).toBe(true);
  });

  test.each([
    ['a local user', 'lu', 403],
    ['the coordinator of another hospital', 'lc2', 404],
    ['the coordinator of another registry', 'lcX', 403],
    ['an operator', 'operator', 403],
    ['a researcher', 'researcher', 403],
  ])('%s does not decide', async (_, who, expected) => {
    const { body } = await apply(applicant.client);
    for (const decision of ['approve', 'refuse'] as const) {
      expect((await decide(as(who), body.id, decision)).status).toBe(expected);
    }
    const { body: still } = await world.all.get<PractitionerRole>(`PractitionerRole/${body.id}`);
    expect([still.active, status(still), still.meta?.versionId]).toEqual([false, 'requested', '1']);
  });

  test('nobody decides on their own, systems on none', async () => {
    const { body: own } = await apply(lc, { ...LU, ...text });
    expect((await decide(lc, own.id, 'approve')).status).toBe(403);
    expect((await decide(sc, own.id, 'approve')).status).toBe(200);
    const { body } = await apply(applicant.client);
    expect((await decide(applicant.client, body.id, 'approve')).status).toBe(403);
    expect((await decide(roles.as(identityOf('ehr', '', '')), body.id, 'approve')).status).toBe(403);
  });

  test('a local coordinator gives no national role', async () => {
    for (const code of ['sc', 'researcher']) {
      const { body } = await apply(applicant.client, { role: code, registry: LU.registry, ...text });
      expect((await decide(lc, body.id, 'approve')).status).toBe(404);
    }
  });

  test('a role that was given without application is not decided on', async () => {
    expect((await decide(lc, 'demo-lu', 'refuse')).status).toBe(403);
  });

  test('scopes that leave no change leave no decision', async () => {
    const { body } = await apply(applicant.client);
    const narrow = roles.as({ ...identityOf('lc', '', ''), scope: 'user/PractitionerRole.rs' });
    expect((await decide(narrow, body.id, 'approve')).status).toBe(403);
  });

  test('by hand nobody approves: the role can only be ended', async () => {
    const { body } = await apply(applicant.client);
    expect((await lc.put(`PractitionerRole/${body.id}`, { ...body, active: true })).status).toBe(403);
    expect((await applicant.client.put(`PractitionerRole/${body.id}`, { ...body, active: true })).status).toBe(403);
  });
});
