import { Table, Text } from '@mantine/core';
import type { EpisodeOfCare } from '@medplum/fhirtypes';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Writing } from '../../../charts/said.ts';
import type { PatientRecord } from './fetch-record.ts';
import { courseOfResponse, coursesOf } from './record-view.ts';
import type { PatientWords } from './words.ts';

interface CourseListProps {
  readonly record: PatientRecord;
  readonly words: PatientWords;
  readonly how: Writing;
}

/** What lists and the timeline call a course. */
export function courseTitle({ id }: EpisodeOfCare, words: PatientWords): string {
  return `${words.course} ${id}`;
}

/** The patient's courses, each a way to its forms. */
export function CourseList({ record, words, how }: CourseListProps): ReactElement {
  const courses = coursesOf(record);
  if (courses.length === 0) return <Text>{words.noCourses}</Text>;
  return (
    <Table.ScrollContainer minWidth={0} type="native" className="patient-scroll">
      <Table withRowBorders aria-label={words.courses}>
        <Table.Thead>
          <Table.Tr>
            {[words.course, words.started, words.ended, words.forms].map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {courses.map((course) => (
            <Table.Tr key={course.id}>
              <Table.Td>
                <Link to={`/course/${course.id}`}>{courseTitle(course, words)}</Link>
              </Table.Td>
              <Table.Td>{course.period?.start === undefined ? '' : how.day(course.period.start)}</Table.Td>
              <Table.Td>{course.period?.end === undefined ? words.ongoing : how.day(course.period.end)}</Table.Td>
              <Table.Td>
                {record.responses.filter((response) => courseOfResponse(record, response)?.id === course.id).length}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
