import { Button, Group, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { Link, useParams } from 'react-router';
import { bodyMap } from '../../../charts/body-map.ts';
import { levelBars } from '../../../charts/level-bars.ts';
import { filled } from '../../../charts/said.ts';
import { Figure } from '../../figures/figure.tsx';
import { ScoreFigure } from '../../figures/score-figure.tsx';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { NoRecord } from '../problem/no-record.tsx';
import { useWho } from '../session/who-context.ts';
import { PatientLead } from './patient-lead.tsx';
import { measuredOf } from './record-view.ts';
import { useRecord } from './use-record.ts';
import './patient.css';

const LEVELS_WIDEST = 680;
const BODY_HEIGHT = 320;

/** The self-rating profile for the consultation, from what has been answered until now; to be printed, or as a PDF. */
export default function ProfilePage(): ReactElement {
  const { patient: id = '' } = useParams();
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { readonly id: string }): ReactElement {
  const medplum = useMedplum();
  const { serves, opensLinks } = useWho();
  const { loaded, words, how, live, arrived } = useRecord(id);
  const record = loaded.value;
  if (record === undefined || words === undefined) {
    return <NoRecord title={words?.patient} loaded={loaded} />;
  }
  const { levels, lines, pain, unanswered, latest } = measuredOf(record, how.language).profile;
  const { profile } = how.words;
  const isEmpty = levels.length === 0 && lines.length === 0 && pain === undefined;
  return (
    <Page
      title={`${profile.title}: ${nameOf(record.patient)}`}
      windowTitle={profile.title}
      lead={<PatientLead patient={record.patient} words={words} how={how} />}
      actions={
        <Group gap="xs" className="profile-actions">
          <Button component={Link} to={`/patient/${id}`} variant="default" size="sm">
            {words.backToPatient}
          </Button>
          <Button variant="default" size="sm" onClick={() => window.print()}>
            {words.print}
          </Button>
          {record.plans.length > 0 && opensLinks && serves(['profile', 'Patient']) && (
            <Button
              component="a"
              size="sm"
              href={`${medplum.fhirUrl('Patient', id, '$profile')}?language=${how.language}`}
              download="profile.pdf"
            >
              {words.pdf}
            </Button>
          )}
        </Group>
      }
    >
      <p className="patient-live" role="status">
        {arrived === undefined ? words[live] : filled(words.arrived, { what: arrived })}
      </p>
      {latest !== undefined && <Text size="sm">{filled(profile.latest, { date: how.day(latest) })}</Text>}
      {unanswered.length > 0 && <Text size="sm">{filled(profile.unanswered, { what: unanswered.join(', ') })}</Text>}
      {isEmpty && <Text>{profile.nothing}</Text>}
      <div className="profile-figures">
        {levels.length > 0 && (
          <div className={pain === undefined ? 'profile-wide' : undefined}>
            <Figure
              draw={(width) => levelBars(profile.levels, levels, width, how)}
              widest={LEVELS_WIDEST}
              tableWord={words.table}
              heading={2}
            />
          </div>
        )}
        {pain !== undefined && (
          <Figure
            draw={() => bodyMap(pain, BODY_HEIGHT, how)}
            widest={BODY_HEIGHT}
            tableWord={words.table}
            heading={2}
          />
        )}
        {lines.map((series) => (
          <ScoreFigure key={series.code} series={series} how={how} tableWord={words.table} heading={2} />
        ))}
      </div>
    </Page>
  );
}
