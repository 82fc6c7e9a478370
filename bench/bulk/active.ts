import type { EpisodeOfCare } from '@medplum/fhirtypes';
import { Copier, type Template, templateOf } from './copier.ts';
import type { OpenedBench } from './opened.ts';
import { courseEvents, inProcess, Player } from './played.ts';
import { record } from './recording.ts';

/** Whose worklist is measured, in the demo: the hospital of the account `lu`. */
export const HOSPITAL = 'Organization/haukeland';
const FROM = { year: 2026, month: 1, day: 6 };
const PLAYED = 40;

/** Courses of one hospital that are under way: referred and seen, their first form saved and not locked. */
export async function activeTemplates({ fhir, pool }: OpenedBench): Promise<readonly Template[]> {
  const player = new Player(inProcess(fhir));
  const templates: Template[] = [];
  for (const event of await courseEvents(fhir, { count: PLAYED, from: FROM, days: 2, seed: 23 })) {
    if (event.what !== 'referred' && event.what !== 'assessed') continue;
    if (event.at.getTime() > fhir.engine.clock.now().getTime()) {
      await fhir.advance(event.at);
    }
    await player.tell(event);
    await fhir.runner.drain();
    const patient = event.what === 'assessed' ? player.patientOf(event) : undefined;
    const recording = patient === undefined ? undefined : await record(pool, patient);
    const course = recording?.versions.find(({ type }) => type === 'EpisodeOfCare')?.content;
    if (recording !== undefined && course !== undefined && isOfHospital(course)) {
      templates.push(templateOf(recording));
    }
  }
  return templates;
}

function isOfHospital(course: string): boolean {
  return (JSON.parse(course) as EpisodeOfCare).managingOrganization?.reference === HOSPITAL;
}

/** @param first the number of the first copy: no other course has it */
export async function copyActive(
  { fhir, pool }: OpenedBench,
  templates: readonly Template[],
  count: number,
  first: number,
): Promise<void> {
  const copier = new Copier(fhir.engine);
  const AT_ONCE = 50;
  for (let from = 0; from < count; from += AT_ONCE) {
    const copies = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) =>
      copier.copy(templates[(from + i) % templates.length] as Template, first + from + i, 0),
    );
    await copier.store(pool, copies);
  }
}
