import { Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { filled, type Writing, writing } from '../../../charts/said.ts';
import { useLive } from '../changes/use-live.ts';
import { useLanguage } from '../words/words-context.ts';
import { ListTable } from './list-table.tsx';
import { LoadedPage, type ShownPage } from './loaded-page.tsx';
import { fetchUnreached, UNREACHED, type UnreachedCourse } from './unreached.ts';

/** Patients who could not be told of their forms, and why, by course. */
export default function ReachPage(): ReactElement {
  const medplum = useMedplum();
  const language = useLanguage();
  const how = writing(language, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <LoadedPage head={({ reach }) => reach} load={() => fetchUnreached(medplum, language)} by={[medplum, language]}>
      {({ value, words, reload }) => <Courses all={value} how={how} words={words} reload={reload} />}
    </LoadedPage>
  );
}

interface CoursesProps extends Pick<ShownPage<unknown>, 'words' | 'reload'> {
  readonly all: readonly UnreachedCourse[];
  readonly how: Writing;
}

function Courses({ all, how, words, reload }: CoursesProps): ReactElement {
  useLive(UNREACHED, reload);
  if (all.length === 0) return <Text>{words.reach.nothing}</Text>;
  const forms = all.reduce((sum, { orders }) => sum + orders.length, 0);
  return (
    <>
      <Text>{filled(words.reach.count, { courses: how.number(all.length), forms: how.number(forms) })}</Text>
      <ListTable
        name={words.reach.title}
        columns={[words.patient, words.course, words.form, words.reason, words.reach.deadline]}
        rows={all.flatMap(({ course, patient, patientId, orders }) =>
          orders.map(({ id, form, reason, until }, index) => ({
            key: id,
            cells: [
              index > 0 ? (
                ''
              ) : patientId === undefined ? (
                patient
              ) : (
                <Link key="patient" to={`/patient/${patientId}`}>
                  {patient}
                </Link>
              ),
              index > 0 ? (
                ''
              ) : (
                <Link key="course" to={`/course/${course}`}>
                  {course}
                </Link>
              ),
              form,
              reason,
              until === undefined ? '' : how.day(until),
            ],
          })),
        )}
      />
    </>
  );
}
