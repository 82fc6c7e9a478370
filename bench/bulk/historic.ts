import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { systemCaller } from '../../src/model/caller.ts';
import { foundResources } from '../../src/packages/found-resources.ts';
import { loadResources } from '../../src/packages/load-resources.ts';
import { refusalLines } from '../../src/packages/report.ts';
import { historicTag } from '../../src/registry/historic.ts';
import { seededRandom } from '../../src/registry/synthetic/random.ts';
import { loaderOf } from '../../src/server/loader.ts';
import { currentOfType, read } from '../../src/store/read.ts';
import { type Template, templateOf } from './copier.ts';
import { drawWhole } from './draw-whole.ts';
import type { OpenedBench } from './opened.ts';
import { courseEvents } from './played.ts';
import { record } from './recording.ts';

const FROM = { year: 2025, month: 1, day: 7 };
const DAYS = 180;

export interface HistoricTemplates {
  readonly templates: readonly Template[];
  /** What the historic load took for a course, bots included, ms. */
  readonly course_ms: number;
  /** Resources that were loaded, and those that followed from them. */
  readonly given: number;
  readonly stored: number;
}

/** Whole courses as an old system gives them away: each form in its last state, loaded as `svar load --historic` does. */
export async function historicTemplates(bench: OpenedBench, count: number): Promise<HistoricTemplates> {
  const { fhir, pool } = bench;
  const courses = new Map<number, Map<string, Resource>>();
  for (const { course, bundle } of await courseEvents(fhir, { count, from: FROM, days: DAYS, seed: 5 })) {
    const resources = courses.get(course) ?? new Map<string, Resource>();
    courses.set(course, resources);
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined) resources.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  await addForms(bench, courses.values());
  const templates: Template[] = [];
  let given = 0;
  const begun = performance.now();
  for (const [course, resources] of courses) {
    const bytes = Buffer.from(
      JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: entriesOf(resources) }),
    );
    const found = foundResources([{ name: `course ${course}`, bytes }]);
    const { refusals } = await loadResources(loaderOf(fhir), found.resources, { historic: true, partMax: 5000 });
    if (refusals.length > 0) {
      throw new Error(`course ${course} can't be loaded:\n${refusalLines(refusals).join('\n')}`);
    }
    given += resources.size;
    await fhir.runner.drain();
  }
  const course_ms = (performance.now() - begun) / courses.size;
  for (const resources of courses.values()) {
    const [id] = [...resources.values()].flatMap((one) => (one.resourceType === 'Patient' ? (one.id ?? []) : []));
    const patient = await read(pool, systemCaller, 'Patient', id ?? '');
    if (patient === undefined) throw new Error('a course that was loaded has no patient');
    templates.push(templateOf(await record(pool, patient.rid)));
  }
  const kinds = Map.groupBy(
    templates.flatMap(({ versions }) => versions),
    ({ version }) => /Questionnaire\/([a-z0-9-]+)/.exec(version.content)?.[1] ?? version.type,
  );
  for (const [kind, all] of kinds) {
    const bytes = all.reduce((sum, { version }) => sum + version.content.length, 0) / all.length;
    process.stdout.write(
      `  ${kind}: ${(all.length / templates.length).toFixed(2)} a course, ${bytes.toFixed(0)} bytes\n`,
    );
  }
  const stored = templates.reduce((sum, { versions }) => sum + versions.length, 0);
  return { templates, course_ms, given, stored };
}

/** Clinician forms that the story of the demo leaves out, of courses whose patient was seen. */
const MORE_FORMS = ['smertereg-b11', 'smertereg-b12', 'smertereg-b21'];
/** Shares of questions that are left out, until the form's rules hold. */
const GAPS = [0.1, 0.1, 0.3, 0.3, 0.5, 0.7, 0.9];

async function addForms({ fhir }: OpenedBench, courses: Iterable<Map<string, Resource>>): Promise<void> {
  const random = seededRandom(77);
  const stored = await currentOfType(fhir.engine.readers, systemCaller, 'Questionnaire');
  const forms = new Map(
    stored.map(({ content }) => JSON.parse(content) as Questionnaire).map((form) => [form.url?.split('/').pop(), form]),
  );
  for (const resources of courses) {
    const responses = [...resources.values()].filter((one) => one.resourceType === 'QuestionnaireResponse');
    const end = responses.find(({ questionnaire }) => questionnaire?.includes('smertereg-b22'));
    for (const name of end === undefined ? [] : MORE_FORMS) {
      const form = forms.get(name);
      if (form === undefined || end === undefined || responses.some((one) => one.questionnaire?.includes(name)))
        continue;
      for (const gap of GAPS) {
        const response: QuestionnaireResponse = {
          ...end,
          id: end.id?.replace('smertereg-b22', name),
          meta: { tag: [historicTag] },
          questionnaire: `${form.url}|${form.version}`,
          item: drawWhole(form, random, gap, end.authored?.slice(0, 10) ?? ''),
        };
        const { issues } = await fhir.engine.judge.judge(fhir.engine.readers, systemCaller, response);
        if (issues.every(({ severity }) => severity !== 'error')) {
          resources.set(`QuestionnaireResponse/${response.id}`, response);
          break;
        }
      }
    }
  }
}

function entriesOf(resources: ReadonlyMap<string, Resource>): readonly { readonly resource: Resource }[] {
  return [...resources.values()].map((resource) => ({ resource }));
}
