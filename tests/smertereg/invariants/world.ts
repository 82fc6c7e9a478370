import type {
  Bundle,
  Communication,
  Consent,
  EpisodeOfCare,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  ResearchSubject,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { drawAnswers } from '../../../src/registry/synthetic/draw-answers.ts';
import { syntheticNationalNumber } from '../../../src/registry/synthetic/national-number.ts';
import { seededRandom } from '../../../src/registry/synthetic/random.ts';
import { type Course, date, refer, response, toItems } from '../../kit/course.ts';
import type { TestServer } from '../../kit/fhir-server.ts';
import { type Rest, rest } from '../../kit/rest.ts';
import { basic, signedIn, signedInAs } from '../../kit/sign-in.ts';
import type { Action, PatientForm } from './actions.ts';

const FORM = 'https://svar.example.org/fhir/Questionnaire';

/** Forms that may be sent empty say something at least. */
const FIRST_ANSWERS: Readonly<Record<string, Record<string, string>>> = {
  'smertereg-eval': { HuskerSmerteteam: '2' },
  'smertereg-opioid': { Utskrevetsykehus: '0' },
};

/** Who acts, each signed in as in the demo. */
export interface Actors {
  readonly admin: Rest;
  readonly ehr: Rest;
  readonly lu: Rest;
  readonly lc: Rest;
  readonly sc: Rest;
}

export async function actorsOf(server: TestServer): Promise<Actors> {
  const staff = async (login: string) => rest(server.base, await signedIn(server, login));
  return {
    admin: rest(server.base, basic('demo-admin')),
    ehr: rest(server.base, basic('demo-ehr')),
    ...{ lu: await staff('lu'), lc: await staff('lc'), sc: await staff('sc') },
  };
}

/** A locked form as it was seen first: nobody but the coordinator may change what it says. */
interface Locked {
  readonly id: string;
  said: string;
}

/** One patient with one or two courses, and what has been done to them. */
export class World {
  readonly #server: TestServer;
  readonly #actors: Actors;
  readonly #patient: Rest;
  #now: Date;
  readonly courses: Course[];
  readonly locked = new Map<string, Locked>();
  /** Courses whose patient forms staff stopped or closed. */
  readonly stopped = new Set<string>();
  /** Who changed a locked form without being allowed to, in words. */
  readonly broken: string[] = [];

  private constructor(server: TestServer, actors: Actors, patient: Rest, course: Course, now: Date) {
    this.#server = server;
    this.#actors = actors;
    this.#patient = patient;
    this.#now = now;
    this.courses = [course];
  }

  static async begin(server: TestServer, actors: Actors, serial: number): Promise<World> {
    const born = { year: 1950 + (serial % 50), month: 1 + (serial % 12), day: 1 + (serial % 28) };
    const fnr = syntheticNationalNumber(born, 'female', Math.floor(serial / 600));
    const birthDate = `${born.year}-${String(born.month).padStart(2, '0')}-${String(born.day).padStart(2, '0')}`;
    const now = server.fhir.engine.clock.now();
    const course = await refer(actors.ehr, { fnr, birthDate, start: dayOf(now) });
    const patient = rest(server.base, await signedInAs(server, { fhirUser: `Patient/${course.patient}` }));
    return new World(server, actors, patient, course, now);
  }

  get patient(): string {
    return this.courses[0]?.patient ?? '';
  }

  /** Does it, whether or not it is allowed: the answer's status, or undefined where there was nothing to do it to. */
  async act(action: Action): Promise<number | undefined> {
    if (action.kind === 'wait') return this.#wait(action.hours);
    if (action.kind === 'death') return this.#death(action.dead);
    if (action.kind === 'refer') return this.#refer();
    const course = this.courses[action.course] ?? this.courses[0];
    if (course === undefined) return undefined;
    switch (action.kind) {
      case 'to':
        return this.#save(course, 'smertereg-to', action.by, action.lock, this.#to(action));
      case 'end': {
        const ended = new Date(this.#now.getTime() - action.daysAgo * 86_400_000);
        return this.#save(
          course,
          'smertereg-b22',
          action.by,
          action.lock,
          this.#whole('smertereg-b22', { SluttDato: dayOf(ended) }),
        );
      }
      case 'reopen': {
        const form = await this.#stored(course, `smertereg-${action.form}`);
        if (form === undefined || !isLocked(form)) return undefined;
        const { status } = await this.#actors.lc.put(`QuestionnaireResponse/${form.id}`, {
          ...form,
          status: 'in-progress',
        });
        if (status === 200) this.locked.delete(form.id ?? '');
        return status;
      }
      case 'tamper':
        return this.#tamper(course, action.by);
      case 'withdraw':
        return this.#withdraw(course, action.by);
      case 'answer':
        return this.#answer(course, action.form);
      case 'paper':
        return this.#save(course, action.form, 'lu', action.lock, this.#whole(action.form));
      case 'order': {
        const order = (await this.orders(course)).find((each) =>
          each.input?.[0]?.valueCanonical?.includes(`/${action.form}|`),
        );
        if (order === undefined) return undefined;
        const parameter = [
          { name: 'channel', valueCode: action.channel },
          ...(action.confirmed ? [{ name: 'confirmed', valueBoolean: true }] : []),
        ];
        return (await this.#actors.lu.post(`Task/${order.id}/$order`, { resourceType: 'Parameters', parameter }))
          .status;
      }
      case 'stop':
      case 'close': {
        const parameter = [{ name: 'reason', valueCode: action.reason }];
        const path = `EpisodeOfCare/${course.episode}/$${action.kind}-patient-forms`;
        const { status } = await this.#actors.lu.post(path, { resourceType: 'Parameters', parameter });
        if (status === 200) this.stopped.add(course.episode);
        return status;
      }
    }
  }

  async orders(course: Course): Promise<Task[]> {
    const query = `Task?code=complete-questionnaire&based-on=ServiceRequest/${course.referral}&_count=100`;
    return this.#actors.admin.search<Task>(query);
  }

  memberships(): Promise<ResearchSubject[]> {
    return this.#actors.admin.search(`ResearchSubject?patient=Patient/${this.patient}&_count=100`);
  }

  consents(): Promise<Consent[]> {
    return this.#actors.admin.search(`Consent?patient=Patient/${this.patient}&_count=100`);
  }

  notices(): Promise<Communication[]> {
    return this.#actors.admin.search(`Communication?subject=Patient/${this.patient}&_count=200`);
  }

  async person(): Promise<Patient> {
    return (await this.#actors.admin.get<Patient>(`Patient/${this.patient}`)).body;
  }

  /** The newest TO of a course that counts. */
  to(course: Course): Promise<QuestionnaireResponse | undefined> {
    return this.#stored(course, 'smertereg-to');
  }

  /** Versions of all that follows from a course's facts, by reference. */
  async derived(): Promise<Record<string, string>> {
    const tasks = await this.#actors.admin.search<Task>(`Task?patient=Patient/${this.patient}&_count=200`);
    const all: Resource[] = [...tasks, ...(await this.memberships()), ...(await this.consents())];
    return Object.fromEntries(
      all.map(({ resourceType, id, meta }) => [`${resourceType}/${id}`, meta?.versionId ?? '']),
    );
  }

  /** Writes each course again, saying the same: whatever follows from its facts is derived again. */
  async settleAgain(): Promise<void> {
    for (const { episode } of this.courses) {
      const { body } = await this.#actors.admin.get<EpisodeOfCare>(`EpisodeOfCare/${episode}`);
      const team = body.team === undefined ? [{ display: 'settled again' }] : undefined;
      const { status } = await this.#actors.admin.put(`EpisodeOfCare/${episode}`, { ...body, team });
      if (status !== 200) throw new Error(`EpisodeOfCare was refused: ${status}`);
    }
    await this.#server.fhir.runner.drain();
  }

  /** What locked forms say now, and which of them somebody changed. */
  async remember(): Promise<void> {
    for (const course of this.courses) {
      const forms = await this.#actors.admin.search<QuestionnaireResponse>(
        `QuestionnaireResponse?based-on=ServiceRequest/${course.referral}&status=completed,amended&_count=100`,
      );
      for (const form of forms) {
        if (!this.locked.has(form.id ?? '')) this.locked.set(form.id ?? '', { id: form.id ?? '', said: saidBy(form) });
      }
    }
    for (const { id, said } of this.locked.values()) {
      const { body } = await this.#actors.admin.get<QuestionnaireResponse>(`QuestionnaireResponse/${id}`);
      if (saidBy(body) !== said) this.broken.push(`QuestionnaireResponse/${id} is locked and was changed`);
    }
  }

  async #wait(hours: number): Promise<number> {
    this.#now = new Date(this.#now.getTime() + hours * 3_600_000);
    await this.#server.fhir.advance(this.#now);
    return 200;
  }

  async #refer(): Promise<number | undefined> {
    if (this.courses.length > 1) return undefined;
    const patient = { reference: `Patient/${this.patient}` };
    const referral = 'urn:uuid:00000000-0000-4000-8000-000000000002';
    const start = dayOf(this.#now);
    const { status, body } = await this.#actors.ehr.post<Bundle>('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: referral,
          resource: {
            resourceType: 'ServiceRequest',
            status: 'active',
            intent: 'order',
            subject: patient,
            authoredOn: start,
          },
          request: { method: 'POST', url: 'ServiceRequest' },
        },
        {
          resource: {
            resourceType: 'EpisodeOfCare',
            status: 'active',
            patient,
            managingOrganization: { reference: 'Organization/haukeland' },
            referralRequest: [{ reference: referral }],
            period: { start },
          },
          request: { method: 'POST', url: 'EpisodeOfCare' },
        },
      ],
    });
    const [made, episode] = (body.entry ?? []).map(
      (entry) => entry.response?.location?.match(/[A-Za-z]+\/([^/]+)\/_history/)?.[1] ?? '',
    );
    if (made !== undefined && episode !== undefined)
      this.courses.push({ patient: this.patient, referral: made, episode });
    return status;
  }

  async #death(dead: boolean): Promise<number> {
    const { deceasedDateTime: _, ...person } = await this.person();
    const next = dead ? { ...person, deceasedDateTime: this.#now.toISOString() } : person;
    return (await this.#actors.ehr.put(`Patient/${this.patient}`, next)).status;
  }

  async #save(
    course: Course,
    form: string,
    by: 'lu' | 'lc',
    lock: boolean,
    item: QuestionnaireResponseItem[],
  ): Promise<number> {
    const existing = await this.#stored(course, form);
    const wasLocked = existing !== undefined && isLocked(existing);
    const status = lock ? (wasLocked ? 'amended' : 'completed') : 'in-progress';
    const body = {
      ...response(course, form, status, item, this.#now.toISOString()),
      ...(existing && { id: existing.id }),
    };
    const client = this.#actors[by];
    const answer = existing
      ? await client.put(`QuestionnaireResponse/${existing.id}`, body)
      : await client.post('QuestionnaireResponse', body);
    if (answer.status < 300 && wasLocked && by === 'lc') this.locked.delete(existing?.id ?? '');
    return answer.status;
  }

  async #tamper(course: Course, by: 'lu' | 'ehr' | 'patient'): Promise<number | undefined> {
    const [first] = [...this.locked.values()];
    if (first === undefined) return undefined;
    const client = by === 'patient' ? this.#patient : this.#actors[by];
    const { body } = await client.get<QuestionnaireResponse>(`QuestionnaireResponse/${first.id}`);
    if (body.resourceType !== 'QuestionnaireResponse') return undefined;
    const changed = {
      ...body,
      status: 'in-progress',
      authored: this.#now.toISOString(),
      basedOn: [{ reference: `ServiceRequest/${course.referral}` }],
    };
    return (await client.put(`QuestionnaireResponse/${first.id}`, changed)).status;
  }

  async #withdraw(course: Course, by: 'lu' | 'lc' | 'sc'): Promise<number | undefined> {
    const given = (await this.consents()).find(
      (consent) => consent.status === 'active' && JSON.stringify(consent.provision).includes(course.episode),
    );
    if (given === undefined) return undefined;
    const withdrawn = { ...given, status: 'inactive', dateTime: this.#now.toISOString() };
    const { status } = await this.#actors[by].put(`Consent/${given.id}`, withdrawn);
    if (status < 300 && by !== 'sc') this.broken.push(`${by} withdrew a consent`);
    return status;
  }

  async #answer(course: Course, form: PatientForm): Promise<number> {
    const existing = await this.#stored(course, form);
    const body = response(course, form, 'completed', this.#whole(form), this.#now.toISOString());
    return existing
      ? (await this.#patient.put(`QuestionnaireResponse/${existing.id}`, { ...body, id: existing.id })).status
      : (await this.#patient.post('QuestionnaireResponse', body)).status;
  }

  async #stored(course: Course, form: string): Promise<QuestionnaireResponse | undefined> {
    const found = await this.#actors.admin.search<QuestionnaireResponse>(
      `QuestionnaireResponse?based-on=ServiceRequest/${course.referral}&questionnaire=${FORM}/${form}&_sort=-_lastUpdated`,
    );
    return found.find(({ status }) => status !== 'stopped' && status !== 'entered-in-error');
  }

  #to({ answers }: Extract<Action, { kind: 'to' }>): QuestionnaireResponseItem[] {
    const { via, consent, ...criteria } = answers;
    const isOpen = criteria.Tilsett === '1' && criteria.Norsktalende === '1' && criteria.KognSvekket === '0';
    const today = dayOf(this.#now);
    const said =
      !isOpen || consent === undefined
        ? {}
        : consent === 'yes'
          ? { SkriftligSamtyk: '1', DatoSamtykke: today }
          : { SkriftligSamtyk: '0', TypeManglSamt: '2' };
    const given = Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined));
    return toItems({ via: [via], ...given, ...said });
  }

  /** A whole form, drawn by its definition. */
  #whole(form: string, given: Record<string, string> = {}): QuestionnaireResponseItem[] {
    const questionnaire = this.#forms.get(form);
    if (questionnaire === undefined) throw new Error(`the form ${form} was not read`);
    return form === 'smertereg-b22' && Object.keys(given).length === 0
      ? [date('SluttDato', dayOf(this.#now))]
      : drawAnswers(questionnaire, seededRandom(1), { ...given, ...FIRST_ANSWERS[form] });
  }

  readonly #forms = new Map<string, Questionnaire>();

  async readForms(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const [form] = await this.#actors.admin.search<Questionnaire>(`Questionnaire?url=${FORM}/${name}`);
      if (form !== undefined) this.#forms.set(name, form);
    }
  }
}

export function isLocked({ status }: QuestionnaireResponse): boolean {
  return status === 'completed' || status === 'amended';
}

function saidBy({ item, status, subject, basedOn }: QuestionnaireResponse): string {
  return JSON.stringify([
    item,
    isLocked({ status } as QuestionnaireResponse),
    subject?.reference,
    basedOn?.[0]?.reference,
  ]);
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
