import type { Coding } from '@medplum/fhirtypes';
import { codeSystem } from '../../../registry/names.ts';
import type { FormLanguage } from '../../form/contract.ts';
import type { CourseRegistry } from './course.ts';
import { titleIn } from './title-in.ts';

/** What the protocol calls a type of course; undefined for a type that it does not know. */
export function courseTypeTitle(
  { plan }: CourseRegistry,
  type: Coding | undefined,
  language: FormLanguage,
): string | undefined {
  const action = (plan.action ?? []).find(
    ({ code, reason }) =>
      code?.some(({ coding }) =>
        coding?.some(({ system, code: kind }) => system === codeSystem.protocolAction && kind === 'course-type'),
      ) === true && reason?.[0]?.coding?.[0]?.code === type?.code,
  );
  return action === undefined ? undefined : titleIn(action, plan.language, language);
}
