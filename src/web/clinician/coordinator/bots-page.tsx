import { Button, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { filled, writing } from '../../../charts/said.ts';
import { useLanguage } from '../words/words-context.ts';
import { ListTable } from './list-table.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { fetchParked, retryParked } from './parked.ts';

/** What the server's bots have given up, to be tried again once the cause is gone. */
export default function BotsPage(): ReactElement {
  const medplum = useMedplum();
  const how = writing(useLanguage(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <LoadedPage head={({ bots }) => bots} load={() => fetchParked(medplum)} by={[medplum]}>
      {({ value, words, act, busy }) => {
        const said = words.bots;
        if (value.length === 0) return <Text>{said.nothing}</Text>;
        return (
          <ListTable
            name={said.title}
            columns={[said.bot, said.kind, said.count, said.since, said.attempts, said.problem, words.actions]}
            rows={value.map((work) => ({
              key: `${work.bot} ${work.type} ${work.problem}`,
              cells: [
                work.bot,
                work.type,
                how.number(work.count),
                work.since === undefined ? '' : how.day(work.since),
                how.number(work.attempts),
                work.problem,
                <Button
                  key="retry"
                  size="xs"
                  disabled={busy}
                  onClick={() =>
                    act(async () => {
                      const count = await retryParked(medplum, work.bot);
                      return filled(said.retried, { count: how.number(count) });
                    })
                  }
                >
                  {said.retry}
                  <span className="visually-hidden"> {work.bot}</span>
                </Button>,
              ],
            }))}
          />
        );
      }}
    </LoadedPage>
  );
}
