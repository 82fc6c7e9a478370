import { Textarea } from '@mantine/core';
import type { Task } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { useWho } from '../session/who-context.ts';
import type { PatientForm } from './course.ts';
import { Dialog } from './dialog.tsx';
import { readNow, storeNext } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface NoteDialogProps {
  readonly form: PatientForm;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Adds to the internal comment of an order, which is exported nowhere. */
export function NoteDialog({ form, onDone, onClose }: NoteDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const who = useWho();
  const [text, setText] = useState('');
  return (
    <Dialog
      title={words.note.title(form.title)}
      lead={words.note.lead}
      submit={words.note.submit}
      lacking={() => (text.trim() === '' ? words.note.needed : undefined)}
      act={async () => {
        const order = await readNow<Task>(medplum, 'Task', form.order.id ?? '');
        const note = {
          authorReference: { reference: who.reference },
          time: new Date().toISOString(),
          text: text.trim(),
        };
        return storeNext<Task>(medplum, { ...order, note: [...(order.note ?? []), note] });
      }}
      done={words.note.done}
      onDone={onDone}
      onClose={onClose}
    >
      {form.notes.length > 0 && (
        <>
          <h3>{words.note.before}</h3>
          <ul>
            {form.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <Textarea
        label={words.note.text}
        autosize
        minRows={3}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </Dialog>
  );
}
