import { Button, SimpleGrid, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { bodyMap } from '../../../charts/body-map.ts';
import { chartLanguage, filled, type Writing } from '../../../charts/said.ts';
import { timeline } from '../../../charts/timeline.ts';
import { Figure } from '../../figures/figure.tsx';
import { ScoreFigure } from '../../figures/score-figure.tsx';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { NoRecord } from '../problem/no-record.tsx';
import { Trouble } from '../problem/trouble.tsx';
import { AnswerList } from './answer-list.tsx';
import { CourseList, courseTitle } from './course-list.tsx';
import type { PatientRecord } from './fetch-record.ts';
import { PatientLead } from './patient-lead.tsx';
import { measuredOf, timelineOf } from './record-view.ts';
import { useRecord } from './use-record.ts';
import type { PatientWords } from './words.ts';
import './patient.css';

const TIMELINE_WIDEST = 1100;
const BODY_HEIGHT = 360;

/** One patient: courses, what happened when, and what the answers tell over time. */
export default function PatientPage(): ReactElement {
  const { patient: id = '' } = useParams();
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { readonly id: string }): ReactElement {
  const { loaded, words, how, live, arrived } = useRecord(id);
  const record = loaded.value;
  if (record === undefined || words === undefined) {
    return <NoRecord title={words?.patient} loaded={loaded} />;
  }
  return (
    <Page
      title={nameOf(record.patient)}
      windowTitle={words.patient}
      lead={<PatientLead patient={record.patient} words={words} how={how} />}
      actions={
        <Button component={Link} to={`/patient/${id}/profile`} size="sm">
          {words.profile}
        </Button>
      }
    >
      <p className="patient-live" role="status">
        {arrived === undefined ? words[live] : filled(words.arrived, { what: arrived })}
      </p>
      {loaded.problem !== undefined && <Trouble problem={loaded.problem} onRetry={loaded.reload} />}
      <Sections record={record} words={words} how={how} />
    </Page>
  );
}

interface SectionsProps {
  readonly record: PatientRecord;
  readonly words: PatientWords;
  readonly how: Writing;
}

function Sections({ record, words, how }: SectionsProps): ReactElement {
  const { scores, omeq, pain, empty } = measuredOf(record, chartLanguage(how.language));
  const now = new Date().toISOString();
  return (
    <>
      <Section title={words.courses}>
        <CourseList record={record} words={words} how={how} />
      </Section>
      {record.courses.length > 0 && (
        <Section title={words.timeline}>
          <Figure
            draw={(width) =>
              timeline(
                timelineOf(record, {
                  course: (course) => courseTitle(course, words),
                  consents: words.consents,
                  language: how.language,
                }),
                { width, now },
                how,
              )
            }
            widest={TIMELINE_WIDEST}
            tableWord={words.table}
          />
        </Section>
      )}
      <Section title={words.scores}>
        {scores.length === 0 ? (
          <Text>{words.noScores}</Text>
        ) : (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl" verticalSpacing="lg">
            {scores.map((series) => (
              <ScoreFigure key={series.code} series={series} how={how} tableWord={words.table} heading={3} />
            ))}
          </SimpleGrid>
        )}
        {empty.length > 0 && <Text mt="sm">{filled(words.empty, { what: empty.join(', ') })}</Text>}
      </Section>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Section title={words.omeq}>
          {omeq === undefined ? (
            <Text>{words.noOmeq}</Text>
          ) : (
            <ScoreFigure series={omeq} how={how} tableWord={words.table} />
          )}
        </Section>
        <Section title={words.pain}>
          {pain === undefined ? (
            <Text>{words.noPain}</Text>
          ) : (
            <Figure draw={() => bodyMap(pain, BODY_HEIGHT, how)} widest={BODY_HEIGHT} tableWord={words.table} />
          )}
        </Section>
      </SimpleGrid>
      <Section title={words.answers}>
        <AnswerList record={record} words={words} how={how} />
      </Section>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="patient-section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
