import type { Patient } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { dayHere } from '../age.ts';
import { DayField } from '../day-field.tsx';
import type { CourseView } from './course.ts';
import { Dialog } from './dialog.tsx';
import { readNow, storeNext } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface BirthDateDialogProps {
  readonly view: CourseView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Writes down when a patient was born of whom that was not known: TO is not locked without (manual 1.8, "Ny registrering"). */
export function BirthDateDialog({ view, onDone, onClose }: BirthDateDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [day, setDay] = useState('');
  return (
    <Dialog
      title={words.born.title}
      lead={words.born.lead}
      submit={words.born.submit}
      lacking={() => {
        if (day === '') return words.born.needed;
        return day > dayHere(new Date()) ? words.born.future : undefined;
      }}
      act={async () => {
        const patient = await readNow<Patient>(medplum, 'Patient', view.data.patient.id ?? '');
        return storeNext<Patient>(medplum, { ...patient, birthDate: day });
      }}
      done={words.born.done}
      onDone={onDone}
      onClose={onClose}
    >
      <DayField label={words.head.born} value={day} onDay={setDay} />
    </Dialog>
  );
}
