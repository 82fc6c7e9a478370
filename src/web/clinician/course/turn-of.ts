import type { CourseView } from './course.ts';
import type { FormToOpen } from './open-form.ts';

/**
 * What a form on screen is opened anew for, where it is another: who is read of, as some forms hold what is known of the
 * patient; and while it is only read, each version. What is being written stays: what others store comes in beside it.
 */
export function turnOf(
  { order, response }: Pick<FormToOpen, 'order' | 'response'>,
  mode: 'fill' | 'correct' | 'read',
  { patient }: Pick<CourseView['data'], 'patient'>,
): string {
  const version = mode === 'read' ? [response?.id, response?.meta?.versionId] : [];
  return [mode, order, patient.birthDate, ...version].join(' ');
}
