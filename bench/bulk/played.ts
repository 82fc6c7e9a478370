import type { Bundle, Questionnaire } from '@medplum/fhirtypes';
import { systemCaller } from '../../src/model/caller.ts';
import { type Rid, ridOfId } from '../../src/model/rid.ts';
import { seededRandom } from '../../src/registry/synthetic/random.ts';
import { type CourseEvent, smerteregCourses } from '../../src/registry/synthetic/smertereg-courses.ts';
import type { LocalDate } from '../../src/registry/zone.ts';
import type { FhirServer } from '../../src/server/fhir-server.ts';
import { currentOfType } from '../../src/store/read.ts';

const HOSPITALS = ['Organization/haukeland', 'Organization/st-olavs', 'Organization/unn'];

export interface Play {
  readonly count: number;
  readonly from: LocalDate;
  readonly days: number;
  readonly seed: number;
}

/** The demo's synthetic courses as they would be told to this server. */
export async function courseEvents(
  fhir: FhirServer,
  { count, from, days, seed }: Play,
): Promise<readonly CourseEvent[]> {
  const forms = (await currentOfType(fhir.engine.readers, systemCaller, 'Questionnaire')).map(
    ({ content }) => JSON.parse(content) as Questionnaire,
  );
  return smerteregCourses({
    count,
    from,
    days,
    random: seededRandom(seed),
    hospitals: HOSPITALS,
    forms: new Map(forms.map((form) => [form.url?.split('/').pop() ?? '', form])),
  });
}

/** Posts to a server in this process. */
export function inProcess(fhir: FhirServer): (bundle: string) => ReturnType<FhirServer['handle']> {
  return (bundle) =>
    fhir.handle(systemCaller, {
      method: 'POST',
      path: '',
      headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal' },
      body: Buffer.from(bundle),
      baseUrl: fhir.engine.baseUrl,
    });
}

/**
 * Tells a server of courses as clients do: over its FHIR face, with bots. What the story names by ids of its own is
 * created under ids of the server's, as a hospital's system would.
 */
export class Player {
  readonly #send: (bundle: string) => Promise<{ readonly status: number; readonly body?: string | undefined }>;
  /** `Type/id` of the server by that of the story. */
  readonly #ids = new Map<string, string>();

  /** @param send posts a transaction to the server */
  constructor(send: (bundle: string) => Promise<{ readonly status: number; readonly body?: string | undefined }>) {
    this.#send = send;
  }

  /** The patient of a course of the story, once it has begun. */
  patientOf(event: CourseEvent): Rid | undefined {
    const named = JSON.stringify(event.bundle).match(/Patient\/[A-Za-z0-9.-]+/)?.[0] ?? '';
    return ridOfId(this.#ids.get(named)?.split('/')[1] ?? '');
  }

  /** Tells what happened at the server's present time, and lets the bots do what is due. @throws where it is refused */
  async tell({ what, bundle }: CourseEvent): Promise<void> {
    const entries = bundle.entry ?? [];
    const keys = entries.map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);
    const text = JSON.stringify({
      ...bundle,
      entry: entries.map(({ resource, request }, index) => {
        const key = keys[index] ?? '';
        const [type, id] = (this.#ids.get(key) ?? '').split('/');
        return id === undefined || type === undefined
          ? {
              fullUrl: `https://story.example.org/${key}`,
              resource: { ...resource, id: undefined },
              request: { method: 'POST', url: resource?.resourceType },
            }
          : { resource: { ...resource, id }, request: { ...request, url: `${type}/${id}` } };
      }),
    });
    let answer = await this.#send(this.#own(text, keys));
    // a machine that is busy with other things may give a bot too little time
    for (let attempt = 1; answer.status === 503 && attempt < 5; attempt += 1) {
      answer = await this.#send(this.#own(text, keys));
    }
    if (answer.status !== 200) {
      throw new Error(`${what} was refused: ${answer.status} ${answer.body?.slice(0, 1000)}`);
    }
    for (const [index, { response }] of ((JSON.parse(answer.body ?? '{}') as Bundle).entry ?? []).entries()) {
      const [, type, id] = /([A-Za-z]+)\/([^/]+)\/_history/.exec(response?.location ?? '') ?? [];
      const key = keys[index];
      if (type !== undefined && key !== undefined) this.#ids.set(key, `${type}/${id}`);
    }
  }

  /** References to what is known already become the server's; to what is created now, the entry's fullUrl. */
  #own(text: string, now: readonly string[]): string {
    return text.replace(/"reference":"([A-Za-z]+\/[A-Za-z0-9.-]+)"/g, (whole, key: string) => {
      const known = this.#ids.get(key) ?? (now.includes(key) ? `https://story.example.org/${key}` : undefined);
      return known === undefined ? whole : `"reference":"${known}"`;
    });
  }
}
