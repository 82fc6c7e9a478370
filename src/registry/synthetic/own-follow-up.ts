import type { PlanDefinition, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { codeSystem, extensionUrl } from '../names.ts';
import { type CourseEvent, transaction } from './smertereg-courses.ts';

const DAY_MS = 86_400_000;
/** Days before now, and how strong the pain was. */
const ANSWERED = [
  { before: 15, NrsWorst: 8, NrsLeast: 4, NrsAverage: 6, NrsNow: 6 },
  { before: 8, NrsWorst: 7, NrsLeast: 3, NrsAverage: 5, NrsNow: 5 },
  { before: 1, NrsWorst: 4, NrsLeast: 1, NrsAverage: 3, NrsNow: 2 },
] as const;

/**
 * The demo's own registry, which lets patients see what became of their pain: SmerteReg lets them see no score
 * (docs/decisions/0079-own-results-in-the-demo.md). It orders nothing and knows no course; a patient of `smerteregCourses` has
 * answered its one form in these weeks.
 *
 * @param nrs the form on pain intensity
 * @param key of the patient, as `0001`
 */
export function ownFollowUp(nrs: Questionnaire, key: string, now: Date): CourseEvent[] {
  const canonical = nrs.url ?? '';
  const registry: PlanDefinition = {
    resourceType: 'PlanDefinition',
    id: 'demo-follow-up',
    url: `${canonical.slice(0, canonical.indexOf('/Questionnaire/'))}/PlanDefinition/demo-follow-up`,
    version: '1.0.0',
    language: 'nb',
    title: 'Demo: oppfølging av smerte',
    status: 'active',
    experimental: true,
    extension: [{ url: extensionUrl.patientSeesResult, valueCoding: { system: codeSystem.score, code: 'nrs-worst' } }],
    relatedArtifact: [{ type: 'depends-on', resource: canonical }],
  };
  const patient = { reference: `Patient/demo-${key}` };
  return ANSWERED.map(({ before, ...answers }, index) => {
    const at = new Date(now.getTime() - before * DAY_MS);
    const response: QuestionnaireResponse = {
      resourceType: 'QuestionnaireResponse',
      id: `demo-nrs-${key}-${index + 1}`,
      questionnaire: `${canonical}|${nrs.version}`,
      status: 'completed',
      subject: patient,
      author: patient,
      source: patient,
      authored: at.toISOString(),
      item: Object.entries(answers).map(([linkId, valueInteger]) => ({ linkId, answer: [{ valueInteger }] })),
    };
    return { at, course: 0, what: 'answered', bundle: transaction(index === 0 ? [registry, response] : [response]) };
  });
}
