import { readFile } from 'node:fs/promises';
import type { Bundle, DocumentReference, OperationOutcome, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn } from '../kit/sign-in.ts';

const STUDY = 'ResearchStudy/smertereg';
const CODES = 'https://svar.example.org/fhir/CodeSystem/archive-file';

let server: TestServer;
let ehr: Rest;
let lu: Rest;
let lc: Rest;
let sc: Rest;
let luElsewhere: Rest;
let patient: Rest;

beforeAll(async () => {
  server = await testServer({ testClock: '2026-03-02T08:00:00+01:00', background: false, identity: true });
  ehr = rest(server.base, basic('demo-ehr'));
  [lu, lc, sc, luElsewhere, patient] = (
    await Promise.all(['lu', 'lc', 'sc', 'lu2', 'patient'].map((who) => signedIn(server, who)))
  ).map((credentials) => rest(server.base, credentials)) as [Rest, Rest, Rest, Rest, Rest];
});

afterAll(() => server.close());

async function titles(client: Rest, query = ''): Promise<string[]> {
  const { status, body } = await client.get<Bundle<DocumentReference>>(`${STUDY}/$files${query}`);
  expect([status, status === 200 ? '' : JSON.stringify(body)]).toEqual([200, '']);
  expect(JSON.stringify(body)).not.toContain('"data"');
  return (body.entry ?? []).map(({ resource }) => resource?.description ?? '').sort();
}

function add(client: Rest, title: string, more: { type?: string; contentType?: string; data?: string } = {}) {
  const {
    type = 'procedure',
    contentType = 'text/plain',
    data = Buffer.from('Slik gjør vi.').toString('base64'),
  } = more;
  const body: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'type', valueCode: type },
      { name: 'title', valueString: title },
      { name: 'content', valueAttachment: { contentType, data } },
    ],
  };
  return client.post<DocumentReference>(`${STUDY}/$add-file`, body);
}

function remove(client: Rest, id: string | undefined) {
  const parameter = [{ name: 'file', valueString: id }];
  return client.post<OperationOutcome>(`${STUDY}/$remove-file`, { resourceType: 'Parameters', parameter });
}

const SHIPPED = [
  'Eval, papirversjon',
  'HADS, papirversjon',
  'Håndtering av samtykke',
  'Kort brukerveiledning',
  'Opioidskjema, papirversjon',
  'Pasreg, papirversjon',
  'Samtykkeskjema (mal, må erstattes)',
];

describe('"the file archive"', () => {
  test('holds a user manual, a consent form, the procedure for consent and the patient forms on paper, for all staff of the registry', async () => {
    for (const client of [lu, lc, sc, luElsewhere, ehr]) expect(await titles(client)).toEqual(SHIPPED.toSorted());
    expect(await titles(lu, '?type=paper-form')).toHaveLength(4);
    expect((await patient.get(`${STUDY}/$files`)).status).toBe(403);
  });

  test('what is shipped is what stands in docs/archive, and the consent form says that it is a placeholder', async () => {
    for (const id of ['user-manual', 'consent-form', 'consent-procedure']) {
      const { body } = await lu.get<DocumentReference>(`${STUDY}/$files?file=smertereg-${id}`);
      const data = Buffer.from(body.content[0]?.attachment.data ?? '', 'base64').toString('utf8');
      expect(data).toBe(await readFile(`docs/archive/smertereg-${id}.nb.md`, 'utf8'));
      if (id === 'consent-form') expect(data).toContain('PLASSHOLDER');
    }
  });

  test('each form on paper leads to the blank form', async () => {
    const { body } = await lu.get<Bundle<DocumentReference>>(`${STUDY}/$files?type=paper-form`);
    for (const { resource } of body.entry ?? []) {
      const url = resource?.content[0]?.attachment.url ?? '';
      expect((await lu.get(url)).status, url).toBe(200);
    }
  });

  test('the local coordinator adds files for the hospital, which others do not see', async () => {
    const added = await add(lc, 'Rutine ved Haukeland');
    expect([added.status, added.body.custodian?.reference]).toEqual([201, 'Organization/haukeland']);
    expect(added.body.author?.[0]?.reference).toBe('Practitioner/demo-lc');
    for (const client of [lu, lc, ehr]) expect(await titles(client)).toContain('Rutine ved Haukeland');
    expect(await titles(luElsewhere)).toEqual(SHIPPED.toSorted());
    const one = await lu.get<DocumentReference>(`${STUDY}/$files?file=${added.body.id}`);
    expect(Buffer.from(one.body.content[0]?.attachment.data ?? '', 'base64').toString()).toBe('Slik gjør vi.');
    expect((await luElsewhere.get(`${STUDY}/$files?file=${added.body.id}`)).status).toBe(404);
    expect((await luElsewhere.get(`DocumentReference/${added.body.id}`)).status).toBe(404);
    expect((await remove(sc, added.body.id)).status).toBe(403);
    expect((await remove(lu, added.body.id)).status).toBe(403);
    expect((await remove(lc, added.body.id)).status).toBe(200);
    expect(await titles(lu)).toEqual(SHIPPED.toSorted());
  });

  test('the system coordinator adds files for all hospitals', async () => {
    const added = await add(sc, 'Nytt fra registeret', { type: 'user-manual' });
    expect([added.status, added.body.custodian]).toEqual([201, undefined]);
    for (const client of [lu, luElsewhere]) expect(await titles(client)).toContain('Nytt fra registeret');
    expect((await remove(lc, added.body.id)).status).toBe(403);
    expect((await remove(sc, added.body.id)).status).toBe(200);
  });

  test('is listed whole, however many files it has', async () => {
    const added = await Promise.all(Array.from({ length: 24 }, (_, at) => add(sc, `Fil ${at}`)));
    const before = await titles(lu);
    expect(before).toHaveLength(SHIPPED.length + 24);
    const one = await lu.get<DocumentReference>(`${STUDY}/$files?file=${added[23]?.body.id}`);
    expect(one.body.description).toBe('Fil 23');
    expect((await lu.get(`${STUDY}/$files?file=a,b`)).status).toBe(404);
    for (const { body } of added) expect((await remove(sc, body.id)).status).toBe(200);
    expect(await titles(lu)).toEqual(SHIPPED.toSorted());
  });

  test('users, systems and patients add nothing', async () => {
    for (const client of [lu, ehr, patient]) expect((await add(client, 'Nei')).status).toBe(403);
  });

  test('what others store that looks like a file of the archive is none, nor what is about a patient', async () => {
    const forged: DocumentReference = {
      resourceType: 'DocumentReference',
      status: 'current',
      category: [{ coding: [{ system: CODES, code: 'archive' }] }],
      type: { coding: [{ system: CODES, code: 'consent-form' }] },
      description: 'Falskt samtykkeskjema',
      content: [{ attachment: { contentType: 'text/plain', data: 'YQ==' } }],
      context: { related: [{ reference: 'PlanDefinition/smertereg' }] },
    };
    expect((await lc.post('DocumentReference', forged)).status).toBe(201);
    for (const client of [lc, lu, luElsewhere, sc]) {
      expect(await titles(client)).not.toContain('Falskt samtykkeskjema');
    }
  });

  test.each([
    [{ type: 'archive' }, 422],
    [{ type: 'nothing-known' }, 422],
    [{ contentType: 'text/html' }, 422],
    [{ contentType: 'application/javascript' }, 422],
    [{ data: '' }, 400],
  ])('a file with %j is refused with %i', async (more, status) => {
    expect((await add(lc, 'Feil', more)).status).toBe(status);
  });
});
