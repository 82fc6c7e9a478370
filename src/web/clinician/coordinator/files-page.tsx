import { Button, Group, Text } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import type { Who } from '../session/who.ts';
import { useWho } from '../session/who-context.ts';
import { useLanguage } from '../words/words-context.ts';
import { AddFile } from './add-file.tsx';
import { type ArchivedFile, download, fetchArchive, removeFile } from './archive.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { ListTable } from './list-table.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { studyOf } from './registry-study.ts';

const KILOBYTE = 1024;

/** The registry's file archive (manual 1.8, "Filarkiv"). */
export default function FilesPage(): ReactElement {
  const medplum = useMedplum();
  const who = useWho();
  const language = useLanguage();
  return (
    <LoadedPage
      head={({ files }) => files}
      load={async () => {
        const study = await studyOf(medplum, who);
        return study === undefined ? undefined : { study, ...(await fetchArchive(medplum, study, language)) };
      }}
      by={[medplum, who, language]}
    >
      {({ value, words, act, busy }) => {
        if (value === undefined) return <Text>{words.none}</Text>;
        const { study, files, kinds } = value;
        const said = words.files;
        return (
          <>
            <ListTable
              name={said.title}
              columns={[words.name, said.kind, said.size, words.hospital, words.actions]}
              rows={files.map((file) => ({
                key: file.id,
                cells: [
                  file.title,
                  file.kind,
                  file.size === undefined ? '' : `${Math.max(1, Math.round(file.size / KILOBYTE))} kB`,
                  file.custodian === undefined ? said.all : (who.hospital?.name ?? file.custodian),
                  <Group key="actions" gap="xs">
                    {file.url === undefined ? (
                      <Button
                        size="xs"
                        variant="default"
                        disabled={busy}
                        onClick={() => act(() => download(medplum, study, file).then(() => ''))}
                      >
                        {said.get}
                        <span className="visually-hidden"> {file.title}</span>
                      </Button>
                    ) : (
                      who.opensLinks && (
                        <Button
                          component="a"
                          size="xs"
                          variant="default"
                          href={`${medplum.fhirUrl(...file.url.split('/'))}?language=${language}`}
                          target="_blank"
                          rel="noopener"
                        >
                          {said.open}
                          <span className="visually-hidden"> {file.title}</span>
                        </Button>
                      )
                    )}
                    {mayRemove(who, file) && (
                      <ConfirmButton
                        label={said.remove}
                        of={file.title}
                        question={said.removeAsk}
                        words={words}
                        disabled={busy}
                        onConfirmed={() => act(() => removeFile(medplum, study, file).then(() => undefined))}
                      />
                    )}
                  </Group>,
                ],
              }))}
            />
            {(who.role === 'lc' || who.role === 'sc') && (
              <AddFile kinds={kinds} study={study} words={words} act={act} busy={busy} />
            )}
          </>
        );
      }}
    </LoadedPage>
  );
}

/** A local coordinator keeps the hospital's files, the system coordinator those of all. */
function mayRemove({ role, hospital }: Who, { custodian }: ArchivedFile): boolean {
  return role === 'sc' ? custodian === undefined : role === 'lc' && custodian === hospital?.reference;
}
