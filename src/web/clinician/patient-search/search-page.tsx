import { Anchor, Button, Group, Text, TextInput } from '@mantine/core';
import type { Patient } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Link } from 'react-router';
import { dayText } from '../day-text.ts';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { nationalNumberOf } from '../national-number.ts';
import { NumberText } from '../number-text.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { LOCALES } from '../words/language.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { useListWords } from '../worklist/words.ts';
import '../worklist/worklist.css';
import { type FoundPatient, findPatients } from './find-patients.ts';

/** One box for name, number, patient id and course id (manual 1.8, "Pasientsøk"). */
export default function SearchPage(): ReactElement {
  const words = useWords();
  const list = useListWords();
  const medplum = useMedplum();
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly FoundPatient[]>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const search = (event?: FormEvent): void => {
    event?.preventDefault();
    if (text.trim() === '') return;
    setBusy(true);
    setProblem(undefined);
    findPatients(medplum, text)
      .then(setFound, setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Page title={words.menu.search}>
      <search>
        <form onSubmit={search}>
          <Group align="flex-end" gap="xs" mb="md">
            <TextInput
              w={420}
              maw="100%"
              label={list.searchLabel}
              description={list.searchHelp}
              autoComplete="off"
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            <Button type="submit" loading={isBusy}>
              {list.search}
            </Button>
          </Group>
        </form>
      </search>
      {problem !== undefined && <Trouble problem={problem} onRetry={search} />}
      <Text role="status" size="sm" mb="xs">
        {found !== undefined && (found.length === 0 ? list.nobody : list.found(found.length))}
      </Text>
      {found !== undefined && found.length > 0 && <Results found={found} />}
    </Page>
  );
}

function Results({ found }: { readonly found: readonly FoundPatient[] }): ReactElement {
  const words = useWords();
  const list = useListWords();
  const locale = LOCALES[useLanguage()];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keyboard, too
    <section className="registrations" aria-label={words.menu.search} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{list.patient}</th>
            <th scope="col">{list.born}</th>
            <th scope="col">{list.course}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ patient, courses }) => (
            <tr key={patient.id}>
              <th scope="row">
                <Anchor component={Link} to={`/patient/${patient.id}`} size="sm">
                  {nameOf(patient)}
                </Anchor>
                <NumberLine patient={patient} />
                <div className="under">PID {patient.id}</div>
              </th>
              <td className="day">{dayText(patient.birthDate, locale) ?? '–'}</td>
              <td>
                {courses.map(({ id, period }) => (
                  <div key={id}>
                    <Anchor component={Link} to={`/course/${id}`} size="sm">
                      {`${dayText(period?.start, locale) ?? ''} ${id}`.trim()}
                    </Anchor>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NumberLine({ patient }: { readonly patient: Patient }): ReactElement | null {
  const number = nationalNumberOf(patient);
  return number === undefined ? null : (
    <div className="under">
      <NumberText number={number} />
    </div>
  );
}
