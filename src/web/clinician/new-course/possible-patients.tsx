import { Radio } from '@mantine/core';
import type { ReactElement, Ref } from 'react';
import { dayText } from '../day-text.ts';
import { nameOf } from '../names.ts';
import { nationalNumberOf } from '../national-number.ts';
import type { FoundPatient } from '../patient-search/find-patients.ts';
import { LOCALES } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { NewCourseWords } from './words.ts';

interface PossiblePatientsProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly patients: readonly FoundPatient[];
  readonly chosen: FoundPatient | 'nobody' | undefined;
  readonly onChoose: (chosen: FoundPatient | 'nobody') => void;
  readonly own: NewCourseWords;
}

/** Who it may be, and that it is none of them: for a person to say. */
export function PossiblePatients({ heading, patients, chosen, onChoose, own }: PossiblePatientsProps): ReactElement {
  const locale = LOCALES[useLanguage()];
  const told = ({ patient }: FoundPatient): string =>
    [nameOf(patient), dayText(patient.birthDate, locale), nationalNumberOf(patient) ?? patient.identifier?.[0]?.value]
      .filter(Boolean)
      .join(', ');
  return (
    <div>
      <h2 id="possible" tabIndex={-1} ref={heading} className="possible-patients">
        {own.several}
      </h2>
      <div role="radiogroup" aria-labelledby="possible">
        {patients.map((hit) => (
          <Radio
            key={hit.patient.id}
            name="possible"
            mt="xs"
            label={told(hit)}
            checked={chosen === hit}
            onChange={() => onChoose(hit)}
          />
        ))}
        <Radio
          name="possible"
          mt="xs"
          label={own.nobody}
          checked={chosen === 'nobody'}
          onChange={() => onChoose('nobody')}
        />
      </div>
    </div>
  );
}
