import { Checkbox } from '@mantine/core';
import type { MedplumClient } from '@medplum/core';
import type { Consent } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { consentState, consentsFor } from '../../../registry/consent.ts';
import type { CourseData, CourseView } from './course.ts';
import { Dialog } from './dialog.tsx';
import { only, readNow, searchNow, storeNext, type Written } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface WithdrawDialogProps {
  readonly view: CourseView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Records that the patient has withdrawn the consent; asked twice, as the patient's national memberships end with it. */
export function WithdrawDialog({ view, onDone, onClose }: WithdrawDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [sure, setSure] = useState(false);
  return (
    <Dialog
      title={words.withdraw.title}
      lead={words.withdraw.lead}
      submit={words.withdraw.submit}
      danger
      lacking={() => (sure ? undefined : words.withdraw.needed)}
      act={() => withdraw(medplum, view.data, words.withdraw.none)}
      done={words.withdraw.done}
      onDone={onDone}
      onClose={onClose}
    >
      <Checkbox
        label={words.withdraw.sure}
        checked={sure}
        onChange={({ currentTarget }) => setSure(currentTarget.checked)}
      />
    </Dialog>
  );
}

/** @param none told where no consent is in force any more */
async function withdraw(medplum: MedplumClient, data: CourseData, none: string): Promise<Written<Consent>> {
  const found = await searchNow(medplum, `Consent?patient=Patient/${data.patient.id}&_count=100`);
  const given = givenConsent(data, only<Consent>(found, 'Consent'));
  if (given?.id === undefined)
    return { kind: 'refused', issues: [{ severity: 'error', code: 'not-found', details: { text: none } }] };
  return storeNext<Consent>(medplum, { ...(await readNow<Consent>(medplum, 'Consent', given.id)), status: 'inactive' });
}

/** The consent by which the course is in a registry now. */
function givenConsent({ registries, episode }: CourseData, consents: readonly Consent[]): Consent | undefined {
  return registries
    .map(({ protocol }) => consentState(consentsFor(consents, protocol.consent?.policy, episode.id ?? '')))
    .find(({ state }) => state === 'given')?.consent;
}
