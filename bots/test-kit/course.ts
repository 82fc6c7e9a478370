import type { EpisodeOfCare, Patient, QuestionnaireResponse, ResearchSubject, Task } from '@medplum/fhirtypes';
import { courseOf, reasonOf } from '../../src/registry/membership.ts';
import { orderStatus } from '../../src/registry/order.ts';
import type { FakeServer } from './server.ts';

const base = 'https://svar.example.org/fhir';

/** Everything met and consented; tests change one answer. */
export const wholeAnswers: Readonly<Record<string, string | string[]>> = {
  HenvistVia: ['Tilsynsanmodnin'],
  StartdatoTO: '2026-03-02',
  Tilsett: '1',
  Norsktalende: '1',
  KognSvekket: '0',
  SkriftligSamtyk: '1',
  DatoSamtykke: '2026-03-02',
};

const systems: Readonly<Record<string, string>> = {
  HenvistVia: 'smertereg-henvist-via',
  Tilsett: 'smertereg-tilsett',
  Norsktalende: 'smertereg-ja-nei',
  KognSvekket: 'smertereg-ja-nei',
  SkriftligSamtyk: 'smertereg-ja-nei',
  TypeManglSamt: 'smertereg-type-mangl-samt',
};

/** One course at Haukeland, with what a test does to it. */
export class TestCourse {
  readonly server: FakeServer;

  private constructor(server: FakeServer) {
    this.server = server;
  }

  static async open(server: FakeServer, patient: Partial<Patient> = {}, episode: Partial<EpisodeOfCare> = {}) {
    await server.write({ resourceType: 'Patient', id: 'p', birthDate: '1970-01-01', ...patient });
    await server.write({
      resourceType: 'ServiceRequest',
      id: 'sr',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/p' },
    });
    await server.write({
      resourceType: 'EpisodeOfCare',
      id: 'eoc',
      identifier: [{ system: `${base}/sid/course`, value: '4711' }],
      status: 'active',
      patient: { reference: 'Patient/p' },
      referralRequest: [{ reference: 'ServiceRequest/sr' }],
      managingOrganization: { reference: 'Organization/haukeland' },
      ...episode,
    });
    return new TestCourse(server);
  }

  /** Saves or locks the TO form; an undefined answer is left out. */
  async to(
    answers: Readonly<Record<string, string | string[] | undefined>>,
    more: Partial<QuestionnaireResponse> = {},
  ): Promise<void> {
    const item = Object.entries(answers).flatMap(([linkId, value]) =>
      value === undefined
        ? []
        : [
            {
              linkId,
              answer: [value].flat().map((one) => {
                const system = systems[linkId];
                return system === undefined
                  ? { valueDate: one }
                  : { valueCoding: { system: `${base}/CodeSystem/${system}`, code: one } };
              }),
            },
          ],
    );
    await this.respond('smertereg-to', { id: 'to', status: 'in-progress', item, ...more });
  }

  async respond(form: string, more: Partial<QuestionnaireResponse>): Promise<void> {
    await this.server.write({
      resourceType: 'QuestionnaireResponse',
      questionnaire: `${base}/Questionnaire/${form}|1.0.0`,
      status: 'completed',
      subject: { reference: 'Patient/p' },
      basedOn: [{ reference: 'ServiceRequest/sr' }],
      authored: this.server.now.toISOString(),
      ...more,
    });
  }

  /** Open memberships as `study status reason`. */
  memberships(): string[] {
    return this.subjects()
      .filter(({ period }) => period?.end === undefined)
      .map(describe);
  }

  /** Ended memberships, in the same words. */
  ended(): string[] {
    return this.subjects()
      .filter(({ period }) => period?.end !== undefined)
      .map(describe);
  }

  subjects(): ResearchSubject[] {
    return this.server.all('ResearchSubject').filter((subject) => courseOf(subject) === 'EpisodeOfCare/eoc');
  }

  /** Orders that have a time as `form state instant`, the instant being that of dispatch. */
  orders(): string[] {
    return this.server
      .all('Task')
      .filter(({ restriction }) => restriction?.period?.start !== undefined)
      .map((task) => `${formOf(task)} ${orderStatus(task)} ${task.restriction?.period?.start}`)
      .sort();
  }

  /** Orders without a time as `form state reason`. */
  untimed(): string[] {
    return this.server
      .all('Task')
      .filter(({ restriction }) => restriction?.period?.start === undefined)
      .map((task) => [formOf(task), orderStatus(task), task.statusReason?.coding?.[0]?.code].filter(Boolean).join(' '))
      .sort();
  }

  order(form: string): Task {
    const task = this.server.all('Task').find((candidate) => formOf(candidate) === form);
    if (task === undefined) throw new Error(`No order of ${form}`);
    return task;
  }

  /** Notices as `form/kind instant`, the occurrence between where the form was ordered more than once. */
  notices(): string[] {
    return this.server
      .all('Communication')
      .map(({ identifier, sent }) => `${identifier?.[0]?.value?.replace(NOTICE, '$1$2')} ${sent}`);
  }
}

/** course/form/occurrence/kind/instant, of which the first occurrence and the instant are left out. */
const NOTICE = /^eoc\/(\w+)(?:\/1)?(\/.+)\/[^/]+$/;

function formOf(task: Task): string {
  return task.instantiatesUri?.split('#')[1] ?? '';
}

function describe(subject: ResearchSubject): string {
  const study = subject.study.reference?.replace('ResearchStudy/', '') ?? '';
  const place = study === 'smertereg' ? 'national' : study.replace('smertereg-', 'local ');
  return [place, subject.status, reasonOf(subject)].filter(Boolean).join(' ');
}
