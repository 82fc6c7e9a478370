import type { MedplumClient } from '@medplum/core';
import type { Who } from '../session/who.ts';

const MAX = '200';

/**
 * The study by which a registry as a whole is asked: the one without a sponsor; of a registry that is held locally only, the
 * hospital's own.
 *
 * @returns its id; undefined where the role has no registry that can be seen
 */
export async function studyOf(medplum: MedplumClient, { registry, hospital }: Who): Promise<string | undefined> {
  if (registry === undefined) return undefined;
  const studies = await medplum.searchResources('ResearchStudy', { protocol: registry, _count: MAX });
  const whole = studies.find(({ sponsor }) => sponsor === undefined);
  return (whole ?? studies.find(({ sponsor }) => sponsor?.reference === hospital?.reference))?.id;
}
