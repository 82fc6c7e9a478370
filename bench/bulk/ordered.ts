import { Copier, type Template, templateOf } from './copier.ts';
import type { OpenedBench } from './opened.ts';
import { courseEvents, inProcess, Player } from './played.ts';
import { record } from './recording.ts';

const DAY_MS = 86_400_000;
/** No change to summer time between these courses and their copies. */
const FROM = { year: 2026, month: 1, day: 6 };
/** The test clock at which the courses are played. */
export const PLAYED_FROM = '2026-01-05T06:00:00Z';
/** Courses of which enough consent, so that copies are not all alike. */
const PLAYED = 24;

/** Courses whose patients have just consented, so that an order waits for its dispatch: made by the server itself. */
export async function orderedTemplates({ fhir, pool }: OpenedBench): Promise<readonly Template[]> {
  const player = new Player(inProcess(fhir));
  const templates: Template[] = [];
  for (const event of await courseEvents(fhir, { count: PLAYED, from: FROM, days: 3, seed: 11 })) {
    if (event.at.getTime() > fhir.engine.clock.now().getTime()) {
      await fhir.advance(event.at);
    }
    await player.tell(event);
    await fhir.runner.drain();
    const patient = event.what === 'consented' ? player.patientOf(event) : undefined;
    const recording = patient === undefined ? undefined : await record(pool, patient);
    if (recording?.events.some(({ bot }) => bot === 'dispatch') === true) {
      templates.push(templateOf(recording));
    }
  }
  return templates;
}

/** When the first order of a course falls due. */
export function firstDue({ recording }: Template): number {
  return Math.min(...recording.events.filter(({ bot }) => bot === 'dispatch').map(({ due }) => due));
}

/**
 * Copies of ordered courses whose first orders all fall due on one day, at the time of the registry's dispatch.
 * @param first the number of the first copy: no other course has it
 */
export async function copyOrdered(
  { fhir, pool }: OpenedBench,
  templates: readonly Template[],
  count: number,
  day: Date,
  say: (line: string) => void,
  first = 0,
): Promise<void> {
  const copier = new Copier(fhir.engine);
  const AT_ONCE = 50;
  const begun = performance.now();
  let versions = 0;
  for (let from = 0; from < count; from += AT_ONCE) {
    const copies = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => {
      const template = templates[(from + i) % templates.length] as Template;
      const days = Math.floor(day.getTime() / DAY_MS) - Math.floor(firstDue(template) / DAY_MS);
      return copier.copy(template, first + from + i, days);
    });
    versions += await copier.store(pool, copies);
    if ((from + AT_ONCE) % 10_000 === 0) {
      say(
        `${from + AT_ONCE} courses, ${((versions / (performance.now() - begun)) * 1000).toFixed(0)} versions a second`,
      );
    }
  }
  await pool.query('vacuum analyze');
}
