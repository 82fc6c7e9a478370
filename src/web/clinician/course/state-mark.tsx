import type { ReactElement } from 'react';
import type { OrderStatus } from '../../../registry/order.ts';
import type { FormState } from '../../../registry/registration.ts';
import { LockSign } from './lock-sign.tsx';
import { useCourseWords } from './words.ts';

/** A sign and a tone for each state; the word stands beside it, so neither colour nor sign tells anything alone. */
const FORM: Readonly<Record<FormState, readonly [sign: string, tone: string]>> = {
  empty: ['○', 'quiet'],
  'in-progress': ['◐', 'busy'],
  completed: ['lock', 'done'],
  closed: ['⊘', 'quiet'],
  'not-open': ['–', 'quiet'],
};

const ORDER: Readonly<Record<OrderStatus, readonly [sign: string, tone: string]>> = {
  withheld: ['–', 'quiet'],
  planned: ['○', 'quiet'],
  ordered: ['☆', 'busy'],
  sent: ['➤', 'busy'],
  reminded: ['➤', 'busy'],
  unreachable: ['!', 'warn'],
  paper: ['◐', 'busy'],
  answered: ['lock', 'done'],
  expired: ['⊘', 'warn'],
  closed: ['⊘', 'quiet'],
  stopped: ['⊘', 'quiet'],
  refused: ['⊘', 'warn'],
};

/** The state of a form of staff, as a sign with its words. */
export function FormMark({ state }: { readonly state: FormState }): ReactElement {
  const words = useCourseWords();
  return <Mark sign={FORM[state][0]} tone={FORM[state][1]} text={words.formState[state]} />;
}

/** The state of a form of the patient, as a sign with its words. */
export function OrderMark({ state }: { readonly state: OrderStatus }): ReactElement {
  const words = useCourseWords();
  return <Mark sign={ORDER[state][0]} tone={ORDER[state][1]} text={words.orderState[state]} />;
}

function Mark({
  sign,
  tone,
  text,
}: {
  readonly sign: string;
  readonly tone: string;
  readonly text: string;
}): ReactElement {
  return (
    <span className={`course-mark tone-${tone}`}>
      <span aria-hidden="true" className="course-sign">
        {sign === 'lock' ? <LockSign /> : sign}
      </span>
      {text}
    </span>
  );
}
