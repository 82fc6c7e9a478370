import type { MedplumClient } from '@medplum/core';
import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';

/** Work of one bot about one kind of resource that failed in one way; nothing of a patient. */
export interface ParkedWork {
  readonly bot: string;
  readonly type: string;
  readonly count: number;
  readonly since: string | undefined;
  readonly attempts: number;
  readonly problem: string;
}

/** Work of bots that failed for good and waits for somebody: operation $parked-work. @throws OperationOutcomeError where it is not theirs to see */
export async function fetchParked(medplum: MedplumClient): Promise<readonly ParkedWork[]> {
  const told: Parameters = await medplum.get(medplum.fhirUrl('$parked-work'), { cache: 'reload' });
  return (told.parameter ?? []).filter(({ name }) => name === 'work').map(workOf);
}

function workOf({ part = [] }: ParametersParameter): ParkedWork {
  const of = (name: string): ParametersParameter | undefined => part.find((each) => each.name === name);
  return {
    bot: of('bot')?.valueCode ?? '',
    type: of('type')?.valueCode ?? '',
    count: of('count')?.valueInteger ?? 0,
    since: of('since')?.valueInstant,
    attempts: of('attempts')?.valueInteger ?? 0,
    problem: of('problem')?.valueString ?? '',
  };
}

/** One more attempt for what a bot could not do. @returns how much is tried */
export async function retryParked(medplum: MedplumClient, bot: string): Promise<number> {
  const told: Parameters = await medplum.post(medplum.fhirUrl('$retry-parked-work'), {
    resourceType: 'Parameters',
    parameter: [{ name: 'bot', valueCode: bot }],
  });
  return told.parameter?.find(({ name }) => name === 'count')?.valueInteger ?? 0;
}
