import { Textarea } from '@mantine/core';
import type { QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import { reopenedOrder } from '../../../registry/locked-form.ts';
import { Dialog } from './dialog.tsx';
import { explained } from './explained.ts';
import { readNow, storeNext } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface ReopenDialogProps {
  readonly title: string;
  /** Answers that are locked, or an order that was closed unanswered. */
  readonly what: { readonly response: string } | { readonly order: string };
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The local coordinator opens what is locked, and may say why. */
export function ReopenDialog({ title, what, onDone, onClose }: ReopenDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [reason, setReason] = useState('');
  const act = async () => {
    if ('order' in what) {
      const order = reopenedOrder(await readNow<Task>(medplum, 'Task', what.order), new Date());
      return storeNext(medplum, explained(order, reason));
    }
    const response = await readNow<QuestionnaireResponse>(medplum, 'QuestionnaireResponse', what.response);
    return storeNext(medplum, explained<QuestionnaireResponse>({ ...response, status: 'in-progress' }, reason));
  };
  return (
    <Dialog
      title={words.reopen.title(title)}
      lead={words.reopen.lead}
      submit={words.reopen.submit}
      act={act}
      done={words.reopen.done}
      onDone={onDone}
      onClose={onClose}
    >
      <Textarea
        label={words.reopen.reason}
        autosize
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </Dialog>
  );
}
