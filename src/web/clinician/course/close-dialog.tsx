import { Radio, Stack } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import type { CourseView } from './course.ts';
import { Dialog } from './dialog.tsx';
import { operate } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface CloseDialogProps {
  readonly view: CourseView;
  /** Stop what is not locked, or close all together while none has been begun. */
  readonly how: 'stop' | 'close';
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Closes the patient's forms, with one of the registry's reasons. */
export function CloseDialog({ view, how, onDone, onClose }: CloseDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [reason, setReason] = useState('');
  const reasons = view.data.registries
    .flatMap(({ protocol }) => (how === 'stop' ? protocol.staffStops : protocol.staffCloses))
    .flatMap(({ coding }) => coding?.[0] ?? []);
  return (
    <Dialog
      title={how === 'stop' ? words.stop.title : words.stop.closeTitle}
      lead={how === 'stop' ? words.stop.lead : words.stop.closeLead}
      submit={how === 'stop' ? words.stop.submit : words.stop.closeSubmit}
      danger
      lacking={() => (reason === '' ? words.stop.needed : undefined)}
      act={() => operate(medplum, `EpisodeOfCare/${view.data.episode.id}/$${how}-patient-forms`, { reason })}
      done={words.stop.done}
      onDone={onDone}
      onClose={onClose}
    >
      <Radio.Group label={words.stop.reason} value={reason} onChange={setReason} withAsterisk>
        <Stack gap={6} mt={4}>
          {reasons.map(({ code = '', display = code }) => (
            <Radio key={code} value={code} label={display} />
          ))}
        </Stack>
      </Radio.Group>
    </Dialog>
  );
}
