import type { Patient } from '@medplum/fhirtypes';
import type { ReactElement } from 'react';
import { filled, type Writing } from '../../../charts/said.ts';
import { ageOf, dayHere } from '../age.ts';
import { nationalNumberOf } from '../national-number.ts';
import { NumberText } from '../number-text.tsx';
import type { PatientWords } from './words.ts';

interface PatientLeadProps {
  readonly patient: Patient;
  readonly words: PatientWords;
  readonly how: Writing;
}

/** Who it is, in one line: number, birth date, age, PID. */
export function PatientLead({ patient, words, how }: PatientLeadProps): ReactElement {
  const { birthDate, id, deceasedBoolean, deceasedDateTime } = patient;
  const age = ageOf(patient, dayHere(new Date()));
  const isDead = deceasedBoolean === true || deceasedDateTime !== undefined;
  const number = nationalNumberOf(patient);
  const parts = [
    birthDate === undefined ? undefined : filled(words.born, { date: how.day(birthDate) }),
    age === undefined || isDead ? undefined : filled(words.age, { age: String(age) }),
    isDead ? [words.deceased, deceasedDateTime && how.day(deceasedDateTime)].filter(Boolean).join(' ') : undefined,
    `PID ${id}`,
  ];
  return (
    <>
      {number !== undefined && (
        <>
          <NumberText number={number} />
          {' · '}
        </>
      )}
      {parts.filter((part) => part !== undefined).join(' · ')}
    </>
  );
}
