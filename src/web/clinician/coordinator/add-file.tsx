import { Button, FileInput, NativeSelect, TextInput } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { ACCEPTED, addFile, FILE_BYTES_MAX, type FileKind } from './archive.ts';
import type { ShownPage } from './loaded-page.tsx';

interface AddFileProps extends Pick<ShownPage<unknown>, 'words' | 'act' | 'busy'> {
  readonly kinds: readonly FileKind[];
  readonly study: string;
}

/** One more file for the archive. */
export function AddFile({ kinds, study, words, act, busy }: AddFileProps): ReactElement {
  const medplum = useMedplum();
  const [file, setFile] = useState<File | null>(null);
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState(kinds[0]?.code ?? '');
  const [checked, setChecked] = useState(false);
  const said = words.files;
  const isTooLarge = (file?.size ?? 0) > FILE_BYTES_MAX;
  const fault = isTooLarge
    ? said.tooLarge
    : checked && (file === null || title.trim() === '')
      ? said.needed
      : undefined;
  const send = async (): Promise<void> => {
    setChecked(true);
    if (file === null || title.trim() === '' || isTooLarge) return;
    if (await act(() => addFile(medplum, study, { file, title: title.trim(), kind }).then(() => undefined))) {
      setFile(null);
      setTitle('');
      setChecked(false);
    }
  };
  return (
    <form
      noValidate
      className="coordinator-form"
      aria-label={said.add}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <FileInput
        label={said.file}
        placeholder={said.choose}
        accept={ACCEPTED}
        value={file}
        onChange={setFile}
        error={fault}
        miw={240}
      />
      <TextInput label={words.name} value={title} onChange={({ currentTarget: { value } }) => setTitle(value)} />
      <NativeSelect label={said.kind} value={kind} onChange={({ currentTarget: { value } }) => setKind(value)}>
        {kinds.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </NativeSelect>
      <Button type="submit" disabled={busy} className="coordinator-form-send">
        {said.add}
      </Button>
    </form>
  );
}
