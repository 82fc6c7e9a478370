import type { Bundle, Organization, PractitionerRole, Resource } from '@medplum/fhirtypes';
import { type Course, referral, toItems } from '../kit/course.ts';
import type { Reply, Rest } from '../kit/rest.ts';
import type { Column } from './policy-table.ts';
import { AT, CONSENTED, hads, observation, order, REFUSED, request, role, type World, ward } from './policy-world.ts';

/** What a change is asked of. */
export interface Ready {
  /** The patient in question; a stranger where none is. */
  readonly patient?: string;
  readonly course?: Course;
  readonly resource?: Resource;
}

export interface ChangeOfTable {
  prepare(world: World): Promise<Ready>;
  attempt(client: Rest, ready: Ready, column: Column): Promise<Reply<unknown>>;
}

const change = <R extends Ready>(
  prepare: (world: World) => Promise<R>,
  attempt: (client: Rest, ready: R, column: Column) => Promise<Reply<unknown>>,
): ChangeOfTable => ({ prepare, attempt: (client, ready, column) => attempt(client, ready as R, column) });

type OfCourse<R extends Resource = Resource> = { patient: string; course: Course; resource: R };

/** Something of a new course in the national registry. */
const ofCourse =
  <R extends Resource>(
    make: (world: World, course: Course) => Promise<R>,
    hospital: 'haukeland' | 'st-olavs' = 'haukeland',
  ) =>
  async (world: World): Promise<OfCourse<R>> => {
    const course = await world.course(hospital, 'national');
    return { patient: course.patient, course, resource: await make(world, course) };
  };
const course = ofCourse((world, { patient }) => world.all.get(`Patient/${patient}`).then(({ body }) => body));
const put = (client: Rest, resource: Resource, more: object) =>
  client.put(`${resource.resourceType}/${resource.id}`, { ...resource, ...more });
const remove = (client: Rest, { resourceType, id }: Resource) => client.send('DELETE', `${resourceType}/${id}`);

const post = (client: Rest, resource: Resource) => client.post(resource.resourceType, resource);
const savedHads = ofCourse((world, of) =>
  world.post({ ...hads(of, 'in-progress'), author: { reference: 'Practitioner/demo-lu' } }),
);
const lockedHads = ofCourse((world, of) => world.post(hads(of, 'completed')));
const openOrder = ofCourse((world, of) => world.post(order(of)));
const asPatient = ({ patient }: Ready) => ({ author: { reference: `Patient/${patient}` } });

const deletion = (client: Rest, references: readonly string[]) => {
  const entry = references.map((url) => ({ request: { method: 'DELETE' as const, url } }));
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry };
  return client.post('', bundle);
};
const removal = (client: Rest, of: Course, told: readonly string[]) =>
  deletion(client, [...told, `EpisodeOfCare/${of.episode}`, `ServiceRequest/${of.referral}`]);

const fresh = (make: (world: World) => Promise<Resource>) => async (world: World) => ({ resource: await make(world) });
let made = 0;
const name = (what: string) => `table-${what}-${++made}`;
const userRole = (what: string, hospital: string, registry: string, practitioner: string) =>
  fresh((world) => world.put(role(name(what), 'lu', hospital, registry, practitioner)));
const ended = { active: false };
const coordinator = { code: role('x', 'lc', 'haukeland', 'smertereg').code };

/** The rows of CHANGE_TABLE, in its order. */
export const CHANGES: Readonly<Record<string, ChangeOfTable>> = {
  'refer a patient to Haukeland': change(
    async () => ({}),
    (client) => client.post('', referral({ hospital: 'haukeland' })),
  ),
  'correct the patient': change(course, (client, { resource }) => put(client, resource, { gender: 'other' })),
  'delete the patient': change(
    async (world) => {
      const resource = await world.post({ resourceType: 'Patient', birthDate: '1950-01-01' });
      const episode = await world.post({
        resourceType: 'EpisodeOfCare',
        status: 'active',
        patient: { reference: `Patient/${resource.id}` },
        managingOrganization: { reference: 'Organization/haukeland' },
      });
      await world.all.send('DELETE', `EpisodeOfCare/${episode.id}`);
      return { patient: resource.id, resource };
    },
    (client, { resource }) => remove(client, resource),
  ),
  'create a form, saved': change(course, (client, ready) => post(client, hads(ready.course, 'in-progress'))),
  'create a form, locked': change(course, (client, ready) => post(client, hads(ready.course, 'completed'))),
  'create a form, amended': change(course, (client, ready) => post(client, hads(ready.course, 'amended'))),
  'answer an open order': change(openOrder, (client, ready, column) =>
    post(client, { ...hads(ready.course, 'completed'), ...(column === 'self' ? asPatient(ready) : {}) }),
  ),
  "answer an order in another's name": change(openOrder, (client, { course: of }) =>
    post(client, { ...hads(of, 'completed'), author: { reference: 'Practitioner/demo-lc' } }),
  ),
  'answer an order that is answered': change(
    ofCourse(async (world, of) => {
      await world.post(order(of));
      return world.post(hads(of, 'completed'));
    }),
    (client, { course: of }) => post(client, hads(of, 'completed', '2')),
  ),
  'answer an order that was stopped': change(
    ofCourse((world, of) => world.post(order(of, 'cancelled'))),
    (client, { course: of }) => post(client, hads(of, 'completed')),
  ),
  'change a saved form of a clinician': change(savedHads, (client, { resource, course: of }) =>
    put(client, resource, { item: hads(of, 'in-progress', '3').item }),
  ),
  'change a locked form': change(lockedHads, (client, { resource, course: of }) =>
    put(client, resource, { status: 'amended', item: hads(of, 'amended', '3').item }),
  ),
  'open a locked form': change(lockedHads, (client, { resource }) => put(client, resource, { status: 'in-progress' })),
  'change a locked form at St. Olavs': change(
    ofCourse((world, of) => world.post(hads(of, 'completed')), 'st-olavs'),
    (client, { resource, course: of }) =>
      put(client, resource, { status: 'amended', item: hads(of, 'amended', '3').item }),
  ),
  'delete a saved form': change(savedHads, (client, { resource }) => remove(client, resource)),
  'delete a locked form': change(lockedHads, (client, { resource }) => remove(client, resource)),
  'take a course away, no form locked': change(
    async (world) => {
      const of = await world.course('haukeland', 'in no registry yet');
      const form = await world.post(hads(of, 'in-progress'));
      return { patient: of.patient, course: of, told: [`QuestionnaireResponse/${form.id}`] };
    },
    (client, { course: of, told }) => removal(client, of, told),
  ),
  'take a national course away, no form locked': change(
    async (world) => {
      const of = await world.course('haukeland', 'national', 'in-progress');
      const told = [
        ...(await world.all.search(`QuestionnaireResponse?patient=Patient/${of.patient}`)),
        ...(await world.all.search(`Consent?patient=Patient/${of.patient}`)),
        ...(await world.all.search(`ResearchSubject?patient=Patient/${of.patient}`)),
      ];
      return { patient: of.patient, course: of, told: told.map(({ resourceType, id }) => `${resourceType}/${id}`) };
    },
    (client, { course: of, told }) => removal(client, of, told),
  ),
  'take a course away, a form locked': change(
    async (world) => {
      // the form is based on the referral, which stays
      const of = await world.course('haukeland', 'in no registry yet');
      await world.post(hads(of, 'completed'));
      return { patient: of.patient, course: of };
    },
    (client, { course: of }) => client.send('DELETE', `EpisodeOfCare/${of.episode}`),
  ),
  'mark a course as entered in error, a form locked': change(
    ofCourse((world, of) => world.all.get(`EpisodeOfCare/${of.episode}`).then(({ body }) => body)),
    (client, { resource }) => put(client, resource, { status: 'entered-in-error' }),
  ),
  'move a course to St. Olavs': change(
    ofCourse((world, of) => world.all.get(`EpisodeOfCare/${of.episode}`).then(({ body }) => body)),
    (client, { resource }) => put(client, resource, { managingOrganization: { reference: 'Organization/st-olavs' } }),
  ),
  'withdraw a consent': change(
    ofCourse((world, of) => world.consentOf(of)),
    (client, { resource }) => put(client, resource, { status: 'inactive' }),
  ),
  'withdraw a consent by the form': change(
    async (world) => {
      const of = await world.course('haukeland', 'in no registry yet');
      return { patient: of.patient, course: of, resource: await world.to(of, CONSENTED, 'in-progress') };
    },
    (client, { resource }) => put(client, resource, { item: toItems(REFUSED) }),
  ),
  'withdraw a consent by another that refuses': change(
    ofCourse((world, of) => world.consentOf(of)),
    (client, { resource: { id: _, identifier: _own, ...consent } }) =>
      post(client, { ...consent, status: 'rejected', dateTime: '2026-03-09' }),
  ),
  'withdraw a consent by deleting it': change(
    async (world) => {
      const of = await world.course('haukeland', 'national', 'in-progress');
      const memberships = await world.all.search(`ResearchSubject?patient=Patient/${of.patient}`);
      const told = [...memberships, await world.consentOf(of)];
      return { patient: of.patient, course: of, told: told.map(({ resourceType, id }) => `${resourceType}/${id}`) };
    },
    (client, { told }) => deletion(client, told),
  ),
  'withdraw a consent at St. Olavs': change(
    ofCourse((world, of) => world.consentOf(of), 'st-olavs'),
    (client, { resource }) => put(client, resource, { status: 'inactive' }),
  ),
  'give a consent that was refused': change(
    async (world) => {
      const of = await world.course('haukeland', 'local');
      return { patient: of.patient, course: of, resource: await world.consentOf(of) };
    },
    (client, { resource }) => put(client, resource, { status: 'active' }),
  ),
  'change a membership': change(
    ofCourse(async (world, of) => {
      const [subject] = await world.all.search(`ResearchSubject?patient=Patient/${of.patient}`);
      if (subject === undefined) throw new Error('there is no membership');
      return subject;
    }),
    (client, { resource }) => put(client, resource, { actualArm: 'A' }),
  ),
  'stop an order': change(openOrder, (client, { resource }) => put(client, resource, { status: 'cancelled' })),
  'close what a patient has asked for by right': change(
    ofCourse((world, of) => world.post(request(of))),
    (client, { resource }) => put(client, resource, { status: 'completed' }),
  ),
  'note an observation': change(course, (client, ready) => post(client, observation(ready.course))),
  'write a score': change(lockedHads, (client, { resource, course: of }) =>
    post(client, {
      ...observation(of),
      derivedFrom: [{ reference: `QuestionnaireResponse/${resource.id}` }],
    }),
  ),
  "sign in another's name": change(course, (client, { patient }) =>
    post(client, {
      resourceType: 'Provenance',
      target: [{ reference: `Patient/${patient}` }],
      recorded: AT,
      agent: [{ who: { reference: 'Organization/haukeland' } }],
    }),
  ),
  'add a ward to Haukeland': change(
    async () => ({}),
    (client) => {
      const { id: _, ...unnamed } = ward('', 'haukeland');
      return post(client, unnamed);
    },
  ),
  'rename a ward of Haukeland': change(
    fresh((world) => world.put(ward(name('ward'), 'haukeland'))),
    (client, { resource }) => put(client, resource, { name: 'Renamed', active: false }),
  ),
  'rename Haukeland': change(
    fresh((world) => world.all.get('Organization/haukeland').then(({ body }) => body)),
    (client, { resource }) =>
      put(client, resource, { alias: ['HUS', (resource as Organization).meta?.versionId ?? ''] }),
  ),
  'move a ward of Haukeland to St. Olavs': change(
    fresh((world) => world.put(ward(name('ward'), 'haukeland'))),
    (client, { resource }) => put(client, resource, { partOf: { reference: 'Organization/st-olavs' } }),
  ),
  'add a location to Haukeland': change(
    async () => ({}),
    (client) =>
      post(client, {
        resourceType: 'Location',
        status: 'active',
        name: 'Location',
        managingOrganization: { reference: 'Organization/haukeland' },
      }),
  ),
  'close a location of Haukeland': change(
    fresh((world) =>
      world.post({
        resourceType: 'Location',
        status: 'active',
        name: 'Location',
        managingOrganization: { reference: 'Organization/haukeland' },
      }),
    ),
    (client, { resource }) => put(client, resource, { status: 'inactive' }),
  ),
  'give oneself a role': change(
    async () => ({}),
    (client, _, column) => {
      const { id: _id, ...unnamed } = role('x', 'lc', 'haukeland', 'smertereg', `demo-${known(column)}`);
      return post(client, unnamed as PractitionerRole);
    },
  ),
  'make a local user of Haukeland its coordinator': change(
    userRole('promoted', 'haukeland', 'smertereg', 'demo-newcomer'),
    (client, { resource }) => put(client, resource, coordinator),
  ),
  'end the role of a local user of Haukeland': change(
    userRole('ended', 'haukeland', 'smertereg', 'demo-newcomer'),
    (client, { resource }) => put(client, resource, ended),
  ),
  'end the role of a local user of another registry': change(
    userRole('elsewhere', 'haukeland', 'other', 'demo-newcomer'),
    (client, { resource }) => put(client, resource, ended),
  ),
  'end the role of a local user of St. Olavs': change(
    userRole('far', 'st-olavs', 'smertereg', 'demo-newcomer'),
    (client, { resource }) => put(client, resource, ended),
  ),
  'change a policy': change(
    fresh((world) => world.all.get('CapabilityStatement/newcomer').then(({ body }) => body)),
    (client, { resource }) => put(client, resource, { purpose: `version ${resource.meta?.versionId}` }),
  ),
  "change a form's definition": change(
    fresh((world) =>
      world.put({
        resourceType: 'Questionnaire',
        id: name('form'),
        status: 'draft',
        url: `https://svar.example.org/fhir/Questionnaire/${name('form')}`,
        version: '1.0.0',
      }),
    ),
    (client, { resource }) => put(client, resource, { title: 'Changed' }),
  ),
  "change a registry's protocol": change(
    fresh((world) => world.all.get('PlanDefinition/other').then(({ body }) => body)),
    (client, { resource }) => put(client, resource, { purpose: `version ${resource.meta?.versionId}` }),
  ),
};

/** Patients and systems try it for somebody else. */
function known(column: Column): string {
  return ['self', 'stranger', 'ehr', 'ehr2', 'admin'].includes(column) ? 'lu' : column;
}
