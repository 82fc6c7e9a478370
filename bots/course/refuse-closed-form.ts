import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { CourseReading } from '../../src/registry/course-state.ts';
import { isHistoric } from '../../src/registry/historic.ts';
import { bare } from '../../src/registry/protocol.ts';
import type { Occasion } from './occasion.ts';
import { refuse } from './refuse.ts';

/**
 * Refuses what staff and their systems write to a form that is not open in a course of its type (SmerteReg manual 1.8,
 * "Forløpstyper"). A course that is in no registry has no types; what a historic load brings may be of any form, and a
 * mistake may always be marked as one.
 * @param readings the course as each registry of its hospital reads it
 */
export function refuseClosedForm(
  readings: readonly CourseReading[],
  { cause, bound }: Pick<Occasion, 'cause' | 'bound'>,
): void {
  if (!bound || cause.resourceType !== 'QuestionnaireResponse' || isHistoric(cause) || isWithdrawnForm(cause)) return;
  const form = bare(cause.questionnaire ?? '');
  const known = readings.flatMap(({ registry, opens, course }) =>
    // a form that is deleted is none that is written
    course.responses.some(({ id }) => id === cause.id)
      ? registry.protocol.forms
          .filter(({ questionnaire }) => questionnaire === form)
          .map(({ label }) => ({ label, isOpen: opens.has(label) }))
      : [],
  );
  if (known.length > 0 && known.every(({ isOpen }) => !isOpen)) {
    refuse(
      `The form ${known[0]?.label} is not open in this course: what is answered about whether the patient was seen and meets the criteria decides which forms are.`,
      'QuestionnaireResponse.questionnaire',
    );
  }
}

function isWithdrawnForm({ status }: QuestionnaireResponse): boolean {
  return status === 'entered-in-error' || status === 'stopped';
}
