import type {
  Bundle,
  Identifier,
  OperationOutcome,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Task,
} from '@medplum/fhirtypes';
import type { Channel, Medium, Notice } from '../../src/delivery/channel.ts';
import { drawAnswers } from '../../src/registry/synthetic/draw-answers.ts';
import { seededRandom } from '../../src/registry/synthetic/random.ts';
import { type Course, refer, response, type ToAnswers, toItems } from '../kit/course.ts';
import { type TestServer, type TestServerOptions, testServer } from '../kit/fhir-server.ts';
import { type Reply, type Rest, rest } from '../kit/rest.ts';
import { basic, signedIn, signedInAs } from '../kit/sign-in.ts';
import { call, moveClock, syntheticNumber } from '../rights/kit.ts';

/** Seen, and all criteria of inclusion met. */
export const eligible: ToAnswers = { Tilsett: '1', Norsktalende: '1', KognSvekket: '0' };
export const consented: ToAnswers = { ...eligible, SkriftligSamtyk: '1', DatoSamtykke: '2026-03-02' };

export type PatientForm = 'pasreg' | 'hads' | 'eval' | 'opioid';

const FORMS: Readonly<Record<PatientForm | 'b22', string>> = {
  ...{ pasreg: 'smertereg-pasreg', hads: 'hads', eval: 'smertereg-eval', opioid: 'smertereg-opioid' },
  b22: 'smertereg-b22',
};

/** First answers that ask for nothing more. */
const FIRST: Readonly<Record<string, Record<string, string>>> = {
  eval: { HuskerSmerteteam: '2' },
  opioid: { Utskrevetsykehus: '0' },
};

/** What a channel of a test carried: by which medium, and what. */
export interface Carried extends Notice {
  readonly medium: Medium;
}

/** A course whose TO is saved. */
export interface Started extends Course {
  readonly to: string;
}

/**
 * A server at Haukeland with all who have to do with an order, and a clock that goes forward. Its secure channel reaches
 * everybody until `unreachable` is set.
 */
export class OrderWorld {
  readonly server: TestServer;
  readonly admin: Rest;
  readonly lu: Rest;
  readonly lc: Rest;
  readonly sc: Rest;
  readonly carried: Carried[];
  /** Whether the secure channels reach nobody. */
  readonly reach: { unreachable: boolean };
  readonly #forms = new Map<string, Questionnaire>();
  #number = 0;

  private constructor(server: TestServer, staff: readonly Rest[], carried: Carried[], reach: { unreachable: boolean }) {
    this.server = server;
    [this.admin, this.lu, this.lc, this.sc] = staff as [Rest, Rest, Rest, Rest];
    this.carried = carried;
    this.reach = reach;
  }

  /** @param now where the test clock stands */
  static async open(now: string, options: TestServerOptions = {}): Promise<OrderWorld> {
    const carried: Carried[] = [];
    const reach = { unreachable: false };
    const channel = (medium: Medium, name: string): Channel => ({
      ...{ name, medium },
      reach: ({ patient }) =>
        medium === 'secure' && reach.unreachable ? { unreachable: 'no-secure-mailbox' } : { address: patient },
      send: async (notice) => void carried.push({ ...notice, medium }),
    });
    const channels = [channel('secure', 'helsenorge'), channel('email', 'email'), channel('sms', 'sms')];
    const server = await testServer({ testClock: now, background: false, identity: true, channels, ...options });
    const staff = await Promise.all(['lu', 'lc', 'sc'].map((who) => signedIn(server, who)));
    const clients = [basic('demo-admin'), ...staff].map((credentials) => rest(server.base, credentials));
    const world = new OrderWorld(server, clients, carried, reach);
    for (const [form, name] of Object.entries(FORMS)) {
      const url = `https://svar.example.org/fhir/Questionnaire/${name}`;
      const [found] = await world.admin.search<Questionnaire>(`Questionnaire?url=${url}`);
      if (found === undefined) throw new Error(`${name} is not there`);
      world.#forms.set(form, found);
    }
    return world;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** Moves the clock forward, and lets everything happen that falls due. */
  async at(instant: string): Promise<void> {
    await moveClock(this.server, this.admin, instant);
  }

  /** Lets happen what is due now. */
  async drain(): Promise<void> {
    await this.server.fhir.runner.drain();
  }

  /** A new patient, referred, with a TO that is saved. */
  async start(answers: ToAnswers): Promise<Started> {
    this.#number += 1;
    const course = await refer(this.admin, { fnr: syntheticNumber(this.#number) });
    const { body } = await this.to(course, answers);
    return { ...course, to: body.id ?? '' };
  }

  /** Saves TO; again where the course has one. */
  async to(course: Course | Started, answers: ToAnswers, client = this.lu): Promise<Reply<QuestionnaireResponse>> {
    const body = response(course, 'smertereg-to', 'in-progress', toItems(answers), '2026-03-02T09:00:00+01:00');
    const reply =
      'to' in course
        ? await client.put<QuestionnaireResponse>(`QuestionnaireResponse/${course.to}`, { ...body, id: course.to })
        : await client.post<QuestionnaireResponse>('QuestionnaireResponse', body);
    if (reply.status >= 300) throw new Error(`TO was refused: ${JSON.stringify(reply.body)}`);
    return reply;
  }

  /** Saves a form, or locks it; again where an id is given. Whatever comes of it is the test's to judge. */
  async write(
    course: Course,
    form: PatientForm | 'b22',
    status: QuestionnaireResponse['status'],
    more: { client?: Rest; id?: string | undefined; SluttDato?: string; identifier?: Identifier } = {},
  ): Promise<Reply<QuestionnaireResponse>> {
    const { client = this.lu, id, SluttDato, identifier } = more;
    const body = {
      ...response(course, FORMS[form], status, this.#items(form, SluttDato), '2026-03-02T09:00:00+01:00'),
      ...(identifier && { identifier }),
    };
    return id === undefined
      ? client.post('QuestionnaireResponse', body)
      : client.put(`QuestionnaireResponse/${id}`, { ...body, id });
  }

  /** Locks B2.2 with an end date; what comes of it has happened then. @returns its id */
  async lockB22(course: Course, SluttDato: string, id?: string): Promise<string> {
    const status = id === undefined ? 'completed' : 'amended';
    const client = id === undefined ? this.lu : this.lc;
    const reply = await this.write(course, 'b22', status, { SluttDato, id, client });
    if (reply.status >= 300) throw new Error(`B2.2 was refused: ${JSON.stringify(reply.body)}`);
    return reply.body.id ?? '';
  }

  #items(form: PatientForm | 'b22', SluttDato: string | undefined): QuestionnaireResponseItem[] {
    const definition = this.#forms.get(form);
    if (definition === undefined) throw new Error(`There is no form ${form}`);
    return drawAnswers(
      definition,
      seededRandom(1),
      { ...(SluttDato && { SluttDato }), ...FIRST[form] },
      form === 'b22' ? 1 : 0,
    );
  }

  /** The patient, signed in. */
  async patient({ patient }: Course): Promise<Rest> {
    return rest(this.server.base, await signedInAs(this.server, { fhirUser: `Patient/${patient}` }));
  }

  /** All orders of a form of a course, the first one first. */
  async ordersOf(course: Course, form: PatientForm): Promise<Task[]> {
    return (await this.#ordersOf(course)).filter((task) => formOf(task) === form);
  }

  async #ordersOf({ episode }: Course): Promise<Task[]> {
    const tasks = await this.admin.search<Task>(`Task?focus=EpisodeOfCare/${episode}&code=complete-questionnaire`);
    const value = (task: Task): string => task.identifier?.[0]?.value ?? '';
    return tasks.sort((left, right) => value(left).localeCompare(value(right)));
  }

  /** The latest order of a form. */
  async order(course: Course, form: PatientForm): Promise<Task> {
    const task = (await this.ordersOf(course, form)).at(-1);
    if (task === undefined) throw new Error(`There is no order of ${form}`);
    return task;
  }

  /** Every form's latest order, as `state reason`. */
  async states(course: Course): Promise<Record<string, string>> {
    return Object.fromEntries((await this.#ordersOf(course)).map((task) => [formOf(task), stateOf(task)]));
  }

  /** When a form is dispatched. */
  async startOf(course: Course, form: PatientForm): Promise<string | undefined> {
    return (await this.order(course, form)).restriction?.period?.start;
  }

  /** What was carried to the patient of a course about its orders, as `medium instant`. */
  sentTo({ patient }: Course): string[] {
    return this.carried
      .filter(({ recipient, link }) => recipient === `Patient/${patient}` && link !== undefined)
      .map(({ medium, at }) => `${medium} ${at.toISOString()}`);
  }

  orderByHand(
    { id }: Task,
    given: Readonly<Record<string, string>> = {},
    client = this.lu,
  ): Promise<Reply<Task | OperationOutcome>> {
    return call(client, `Task/${id}/$order`, given);
  }

  stop({ episode }: Course, reason: string, client = this.lu): Promise<Reply<Bundle | OperationOutcome>> {
    return call(client, `EpisodeOfCare/${episode}/$stop-patient-forms`, { reason });
  }

  closeAll({ episode }: Course, reason: string, client = this.lu): Promise<Reply<Bundle | OperationOutcome>> {
    return call(client, `EpisodeOfCare/${episode}/$close-patient-forms`, { reason });
  }
}

function formOf({ instantiatesUri }: Task): string {
  return instantiatesUri?.split('#')[1] ?? '';
}

/** `state reason` of an order. */
export function stateOf({ businessStatus, statusReason }: Task): string {
  return [businessStatus, statusReason].flatMap((concept) => concept?.coding?.[0]?.code ?? []).join(' ');
}

export const told = ({ body }: Reply<unknown>): string =>
  ((body as OperationOutcome).issue ?? []).map(({ diagnostics }) => diagnostics).join(' ');
