import type { Organization, Patient } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { tiesOf } from '../store/ties.ts';
import type { Session } from './accounts/sessions.ts';
import { idIn, storedResources } from './stored.ts';

/** One of the records of a patient whom several hospitals have registered. */
export interface RecordChoice {
  /** `Patient/x` */
  readonly id: string;
  /** Names of the hospitals that have it; none where nobody knows. Nothing else of a record is shown. */
  readonly hospitals: readonly string[];
}

/**
 * The records among which a session may choose: those that had the person's number when they signed in, and are still
 * there and active. None where there is no choice.
 */
export function recordChoices(
  engine: Pick<Engine, 'readers' | 'search'>,
): (session: Session) => Promise<readonly RecordChoice[]> {
  const stored = storedResources(engine);
  const nameOf = async (organization: string): Promise<string | undefined> =>
    (await stored.read<Organization>('Organization', organization))?.resource.name;
  return async ({ records = [] }) => {
    const choices: RecordChoice[] = [];
    for (const { fhirUser } of records) {
      const found = await stored.read<Patient>('Patient', idIn(fhirUser, 'Patient') ?? '');
      if (found === undefined || found.resource.active === false) continue;
      const labels = (await tiesOf(engine.readers, [found.rid])).map(({ label }) => label);
      const tied = labels.flatMap((label) => idIn(label, 'Organization') ?? []);
      // ties tell who stored it and treats them; managingOrganization tells what somebody wrote
      const written = idIn(found.resource.managingOrganization?.reference, 'Organization');
      const organizations = tied.length > 0 || written === undefined ? tied : [written];
      const names = (await Promise.all(organizations.map(nameOf))).filter((name) => name !== undefined);
      choices.push({ id: fhirUser, hospitals: names.sort((a, b) => a.localeCompare(b, 'nb')) });
    }
    return choices;
  };
}
