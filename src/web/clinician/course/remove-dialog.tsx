import { Checkbox } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import type { CourseView } from './course.ts';
import { Dialog } from './dialog.tsx';
import { take } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface RemoveDialogProps {
  readonly view: CourseView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Takes away a course that was registered by mistake; asked twice, as it cannot be undone. */
export function RemoveDialog({ view, onDone, onClose }: RemoveDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [sure, setSure] = useState(false);
  return (
    <Dialog
      title={words.remove.title}
      lead={words.remove.lead}
      submit={words.remove.submit}
      danger
      lacking={() => (sure ? undefined : words.remove.needed)}
      act={() => take(medplum, 'EpisodeOfCare', view.data.episode.id ?? '')}
      done={words.remove.done}
      onDone={onDone}
      onClose={onClose}
    >
      <Checkbox
        label={words.remove.sure}
        checked={sure}
        onChange={({ currentTarget }) => setSure(currentTarget.checked)}
      />
    </Dialog>
  );
}
