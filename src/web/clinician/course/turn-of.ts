import type { CourseView } from './course.ts';
import type { FormToOpen } from './open-form.ts';

/**
 * What a form on screen is opened anew for, where it is another: the patient's birth date, which some forms hold; and while it is
 * only read, each version. What is being written stays: what others store comes in beside it, and a correction, which is
 * stored nowhere yet, is left alone.
 */
export function turnOf(
  { order, response }: Pick<FormToOpen, 'order' | 'response'>,
  mode: 'fill' | 'correct' | 'read',
  { patient }: Pick<CourseView['data'], 'patient'>,
): string {
  const version = mode === 'read' ? [response?.id, response?.meta?.versionId] : [];
  const born = mode === 'correct' ? [] : [patient.birthDate];
  return [mode, order, ...born, ...version].join(' ');
}
