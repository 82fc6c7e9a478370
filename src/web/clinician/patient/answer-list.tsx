import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { Writing } from '../../../charts/said.ts';
import type { PatientRecord } from './fetch-record.ts';
import { courseOfResponse, titleOf } from './record-view.ts';
import type { PatientWords } from './words.ts';

interface AnswerListProps {
  readonly record: PatientRecord;
  readonly words: PatientWords;
  readonly how: Writing;
}

const SHOWN = 10;

/** What was answered last, by patient and staff, each a way to the form in its course. */
export function AnswerList({ record, words, how }: AnswerListProps): ReactElement {
  const latest = record.responses.slice(0, SHOWN);
  if (latest.length === 0) return <Text>{words.noAnswers}</Text>;
  return (
    <Table.ScrollContainer minWidth={0} type="native" className="patient-scroll">
      <Table withRowBorders aria-label={words.answers}>
        <Table.Thead>
          <Table.Tr>
            {[words.form, words.when, words.state].map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {latest.map((response) => {
            const course = courseOfResponse(record, response);
            const title = titleOf(record.forms, response, how.language);
            const at = response.authored ?? response.meta?.lastUpdated;
            return (
              <Table.Tr key={response.id}>
                <Table.Td>
                  {course === undefined ? title : <Link to={`/course/${course.id}/form/${response.id}`}>{title}</Link>}
                </Table.Td>
                <Table.Td>{at === undefined ? '' : how.day(at)}</Table.Td>
                <Table.Td>{words.states[response.status] ?? response.status}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
