import type { Encounter } from '@medplum/fhirtypes';

/** Where a patient lies: `Location/x` and the ward, `Organization/x`. */
export interface Place {
  readonly location: string | undefined;
  readonly ward: string | undefined;
}

/**
 * Where the patient of a course lies now, by the course's Encounters: the one in progress, else the one that began last.
 * Of its locations the last that has not ended. Nothing where there is no Encounter: then the forms tell.
 */
export function currentPlace(encounters: readonly Encounter[]): Place {
  const [current] = encounters
    .filter(({ status }) => status !== 'cancelled' && status !== 'entered-in-error')
    .toSorted((a, b) => rank(b) - rank(a) || begun(b) - begun(a));
  const locations = (current?.location ?? []).filter(({ status, period }) => status !== 'completed' && !period?.end);
  return {
    location: locations.at(-1)?.location?.reference,
    ward: current?.serviceProvider?.reference,
  };
}

function rank({ status }: Encounter): number {
  return status === 'in-progress' || status === 'onleave' ? 1 : 0;
}

function begun({ period, meta }: Encounter): number {
  return Date.parse(period?.start ?? meta?.lastUpdated ?? '9999-12-31');
}
