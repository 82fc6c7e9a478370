import { Alert, Radio, Stack } from '@mantine/core';
import { useMedplum } from '@medplum/react';
import { type ReactElement, useState } from 'react';
import type { PatientForm } from './course.ts';
import { Dialog } from './dialog.tsx';
import { operate } from './fhir-gateway.ts';
import { useCourseWords } from './words.ts';

interface OrderDialogProps {
  readonly form: PatientForm;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const CHANNELS = ['secure', 'email', 'sms'] as const;
/** How the server says that it asks, and does not refuse: src/courses/order.ts. */
const ASKS = / \(confirmed = true\)$/;

/** Orders a form by hand; where the registry wants that confirmed, its own question is asked. */
export function OrderDialog({ form, onDone, onClose }: OrderDialogProps): ReactElement {
  const words = useCourseWords();
  const medplum = useMedplum();
  const [channel, setChannel] = useState<string>(form.channel ?? 'secure');
  const [question, setQuestion] = useState<string>();
  return (
    <Dialog
      title={words.order.title(form.title)}
      lead={words.order.lead}
      submit={question === undefined ? words.order.submit : words.order.yes}
      act={() =>
        operate(medplum, `Task/${form.order.id}/$order`, {
          channel,
          ...(question !== undefined && { confirmed: 'true' }),
        })
      }
      onRefused={(texts) => {
        const asked = texts.find((text) => ASKS.test(text));
        if (asked !== undefined) setQuestion(asked.replace(ASKS, ''));
        return asked !== undefined;
      }}
      done={words.order.done(form.title)}
      onDone={onDone}
      onClose={onClose}
    >
      <Radio.Group label={words.order.channel} value={channel} onChange={setChannel}>
        <Stack gap={6} mt={4}>
          {CHANNELS.map((one) => (
            <Radio
              key={one}
              value={one}
              label={words.channel[one]}
              description={one === 'secure' ? words.order.secureHint : words.order.openHint}
            />
          ))}
        </Stack>
      </Radio.Group>
      {question !== undefined && (
        <Alert color="yellow" mt="md" role="alert">
          {question}
        </Alert>
      )}
    </Dialog>
  );
}
