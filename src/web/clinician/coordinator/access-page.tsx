import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { writing } from '../../../charts/said.ts';
import { useWho } from '../session/who-context.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import { type Application, decide, fetchApplications } from './applications.ts';
import { ListTable } from './list-table.tsx';
import { LoadedPage, type ShownPage } from './loaded-page.tsx';

/** Who has applied for a role, to be approved or refused (manual 1.8, "Søke tilgang"). */
export default function AccessPage(): ReactElement {
  const medplum = useMedplum();
  return (
    <LoadedPage head={({ access }) => access} load={() => fetchApplications(medplum)} by={[medplum]}>
      {({ value, ...shown }) =>
        value.length === 0 ? <Text>{shown.words.access.nothing}</Text> : <Applications all={value} {...shown} />
      }
    </LoadedPage>
  );
}

interface ApplicationsProps extends Pick<ShownPage<unknown>, 'words' | 'act' | 'busy'> {
  readonly all: readonly Application[];
}

function Applications({ all, words, act, busy }: ApplicationsProps): ReactElement {
  const shared = useWords();
  const how = writing(useLanguage(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  const said = words.access;
  return (
    <ListTable
      name={said.title}
      columns={[said.who, said.role, words.hospital, said.position, said.applied, words.actions]}
      rows={all.map((application) => ({
        key: application.id,
        cells: [
          application.name,
          shared.role(application.role) ?? application.role,
          application.hospital,
          application.position,
          application.applied === undefined ? '' : how.day(application.applied),
          <Decision key="decision" {...{ application, words, act, busy }} />,
        ],
      }))}
    />
  );
}

interface DecisionProps extends Pick<ShownPage<unknown>, 'words' | 'act' | 'busy'> {
  readonly application: Application;
}

function Decision({ application, words, act, busy }: DecisionProps): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const [reason, setReason] = useState('');
  const said = words.access;
  if (application.practitioner === who.reference) return <Text size="sm">{said.own}</Text>;
  const decideAs = (decision: 'approve' | 'refuse') => (): void => {
    void act(() => decide(medplum, application, decision, reason).then(() => undefined));
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <TextInput
        size="xs"
        aria-label={`${said.word}, ${application.name}`}
        placeholder={said.word}
        w={240}
        value={reason}
        onChange={({ currentTarget: { value } }) => setReason(value)}
      />
      <Button size="xs" disabled={busy} onClick={decideAs('approve')}>
        {said.approve}
        <span className="visually-hidden"> {application.name}</span>
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={decideAs('refuse')}>
        {said.refuse}
        <span className="visually-hidden"> {application.name}</span>
      </Button>
    </Group>
  );
}
