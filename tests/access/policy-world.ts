import type { Consent, PractitionerRole, QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { type Course, hadsItems, refer, response, toItems } from '../kit/course.ts';
import type { TestServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';

export const FORMS = 'https://svar.example.org/fhir/Questionnaire';
const CODES = 'https://svar.example.org/fhir/CodeSystem';
export const SDC = 'http://hl7.org/fhir/uv/sdc/CodeSystem/temp';
export const AT = '2026-03-02T09:00:00+01:00';

export const CONSENTED = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
} as const;
export const REFUSED = {
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '0',
  TypeManglSamt: '1',
} as const;

export type Standing = 'in no registry yet' | 'local' | 'national';

type Stored<R> = R & { readonly id: string };

/** Makes what the tables speak of, with the rights of the server itself. */
export class World {
  readonly server: TestServer;
  readonly all: Rest;

  constructor(server: TestServer) {
    this.server = server;
    this.all = rest(server.base);
  }

  async put<R extends Resource>(resource: R): Promise<Stored<R>> {
    return stored(await this.all.put<Stored<R>>(`${resource.resourceType}/${resource.id}`, resource));
  }

  async post<R extends Resource>(resource: R): Promise<Stored<R>> {
    return stored(await this.all.post<Stored<R>>(resource.resourceType, resource));
  }

  /** A registry without rules, people and places that the demo lacks. */
  async prepare(): Promise<void> {
    await this.put({ resourceType: 'PlanDefinition', id: 'other', status: 'active', title: 'Another registry' });
    for (const id of ['luX', 'researcher', 'operator', 'newcomer']) {
      await this.put({ resourceType: 'Practitioner', id: `demo-${id}`, active: true });
    }
    await this.put(role('luX', 'lu', 'haukeland', 'other'));
    await this.put(role('researcher', 'researcher', undefined, 'smertereg'));
    await this.put(role('operator', 'operator', undefined, undefined));
    await this.put({
      resourceType: 'Location',
      id: 'haukeland-loc',
      status: 'active',
      name: 'Location',
      managingOrganization: { reference: 'Organization/haukeland' },
    });
    await this.put(ward('haukeland-ward', 'haukeland'));
  }

  async course(
    hospital: 'haukeland' | 'st-olavs',
    standing: Standing,
    status: 'in-progress' | 'completed' = 'completed',
  ) {
    const course = await refer(this.all, { hospital });
    if (standing !== 'in no registry yet') {
      await this.to(course, standing === 'national' ? CONSENTED : REFUSED, status);
    }
    return course;
  }

  to(course: Course, answers: Parameters<typeof toItems>[0], status: QuestionnaireResponse['status']) {
    return this.post(response(course, 'smertereg-to', status, toItems(answers), AT));
  }

  /** A course with one of everything that the table reads. */
  async wholeCourse(hospital: 'haukeland' | 'st-olavs', standing: Standing): Promise<Readonly<Record<string, string>>> {
    const course = await this.course(hospital, standing);
    const subject = { reference: `Patient/${course.patient}` };
    const basedOn = [{ reference: `ServiceRequest/${course.referral}` }];
    const ids: Record<string, string> = {
      Patient: course.patient,
      EpisodeOfCare: course.episode,
      ServiceRequest: course.referral,
    };
    const made = [
      await this.post(hads(course, 'in-progress')),
      await this.post(observation(course)),
      await this.post(order(course)),
      await this.post({
        resourceType: 'Encounter' as const,
        status: 'finished' as const,
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject,
        basedOn,
        episodeOfCare: [{ reference: `EpisodeOfCare/${course.episode}` }],
      }),
    ];
    for (const { resourceType, id } of made) ids[resourceType] = id;
    for (const type of ['Consent', 'ResearchSubject'] as const) {
      const [found] = await this.all.search(`${type}?patient=Patient/${course.patient}`);
      if (found?.id !== undefined) ids[type] = found.id;
    }
    return ids;
  }

  async restrict(patient: string): Promise<void> {
    await this.server.database.pool.query(
      "insert into restriction (shard, patient, since) select shard, rid, 0 from resource where rid = ('x' || $1)::bit(64)::int8",
      [patient],
    );
  }

  async withdraw(patient: string): Promise<void> {
    const [consent] = await this.all.search<Consent>(`Consent?patient=Patient/${patient}`);
    if (consent === undefined) throw new Error('there is no consent');
    await this.put({ ...consent, status: 'inactive' });
  }

  async consentOf({ patient }: Course): Promise<Consent> {
    const [consent] = await this.all.search<Consent>(`Consent?patient=Patient/${patient}`);
    if (consent === undefined) throw new Error('there is no consent');
    return consent;
  }
}

export function stored<R>({ status, body }: Reply<R>): R {
  if (status !== 200 && status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

export function role(
  id: string,
  code: string,
  hospital: string | undefined,
  registry: string | undefined,
  practitioner = `demo-${id}`,
): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    id: `demo-${id}`,
    active: true,
    practitioner: { reference: `Practitioner/${practitioner}` },
    code: [{ coding: [{ system: `${CODES}/role`, code }] }],
    ...(hospital === undefined ? {} : { organization: { reference: `Organization/${hospital}` } }),
    ...(registry === undefined
      ? {}
      : {
          extension: [
            {
              url: 'https://svar.example.org/fhir/StructureDefinition/role-registry',
              valueReference: { reference: `PlanDefinition/${registry}` },
            },
          ],
        }),
  };
}

export function ward(id: string, hospital: string) {
  return {
    resourceType: 'Organization' as const,
    id,
    active: true,
    name: 'Ward',
    partOf: { reference: `Organization/${hospital}` },
  };
}

export function hads(course: Course, status: QuestionnaireResponse['status'], value = '1'): QuestionnaireResponse {
  return response(course, 'hads', status, hadsItems(value), AT);
}

export function observation(course: Course) {
  return {
    resourceType: 'Observation' as const,
    status: 'final' as const,
    code: { text: 'NRS' },
    subject: { reference: `Patient/${course.patient}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    valueInteger: 3,
  };
}

/** An open order of HADS. */
export function order(course: Course, status: Task['status'] = 'requested'): Task {
  const patient = { reference: `Patient/${course.patient}` };
  return {
    resourceType: 'Task',
    status,
    intent: 'order',
    code: { coding: [{ system: SDC, code: 'complete-questionnaire' }] },
    for: patient,
    owner: patient,
    focus: { reference: `EpisodeOfCare/${course.episode}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    authoredOn: '2026-03-02T09:00:00+01:00',
    input: [{ type: { coding: [{ system: SDC, code: 'questionnaire' }] }, valueCanonical: `${FORMS}/hads|1.0.0` }],
  };
}

/** What a patient has asked for by their rights. */
export function request(course: Course): Task {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: `${CODES}/patient-right`, code: 'access' }] },
    for: { reference: `Patient/${course.patient}` },
    basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
  };
}
