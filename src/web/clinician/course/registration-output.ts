import type { Task } from '@medplum/fhirtypes';
import { codeSystem } from '../../../registry/names.ts';

/** What a registration tells of its course, of one kind. @param label of the form that it tells of, where it is of one */
export function outputOf(registration: Task | undefined, kind: string, label?: string) {
  return registration?.output?.find(
    ({ type }) =>
      type?.text === label &&
      type?.coding?.some(({ system, code }) => system === codeSystem.registrationOutput && code === kind) === true,
  );
}
