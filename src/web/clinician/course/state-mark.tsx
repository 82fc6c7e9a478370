import type { ReactElement } from 'react';
import type { OrderStatus } from '../../../registry/order.ts';
import type { FormState } from '../../../registry/registration.ts';
import { LockSign } from './lock-sign.tsx';
import { useCourseWords } from './words.ts';

/** Drawn, not letters: not every machine has a font with these. In a square of 16. */
const SIGNS = {
  circle: 'M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0z',
  half: 'M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0zM8 3a5 5 0 0 0 0 10z',
  barred: 'M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0zM4.5 4.5l7 7',
  dash: 'M4 8h8',
  clock: 'M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0zM8 5v3l2 2',
  arrow: 'M3 3l10 5-10 5 2.5-5z',
  alert: 'M8 3v6M8 12v1',
} as const;

type Sign = keyof typeof SIGNS | 'lock';

/** A sign and a tone for each state; the word stands beside it, so neither colour nor sign tells anything alone. */
const FORM: Readonly<Record<FormState, readonly [sign: Sign, tone: string]>> = {
  empty: ['circle', 'quiet'],
  'in-progress': ['half', 'busy'],
  completed: ['lock', 'done'],
  closed: ['barred', 'quiet'],
  'not-open': ['dash', 'quiet'],
};

const ORDER: Readonly<Record<OrderStatus, readonly [sign: Sign, tone: string]>> = {
  withheld: ['dash', 'quiet'],
  planned: ['circle', 'quiet'],
  ordered: ['clock', 'busy'],
  sent: ['arrow', 'busy'],
  reminded: ['arrow', 'busy'],
  unreachable: ['alert', 'warn'],
  paper: ['half', 'busy'],
  answered: ['lock', 'done'],
  expired: ['barred', 'warn'],
  closed: ['barred', 'quiet'],
  stopped: ['barred', 'quiet'],
  refused: ['barred', 'warn'],
};

/** The state of a form of staff, as a sign with its words. */
export function FormMark({ state }: { readonly state: FormState }): ReactElement {
  const words = useCourseWords();
  return <Mark sign={FORM[state][0]} tone={FORM[state][1]} text={words.formState[state]} />;
}

interface OrderMarkProps {
  readonly state: OrderStatus;
  /** What says more than the state's own words. */
  readonly text?: string | undefined;
}

/** The state of a form of the patient, as a sign with its words. */
export function OrderMark({ state, text }: OrderMarkProps): ReactElement {
  const words = useCourseWords();
  return <Mark sign={ORDER[state][0]} tone={ORDER[state][1]} text={text ?? words.orderState[state]} />;
}

function Mark({
  sign,
  tone,
  text,
}: {
  readonly sign: Sign;
  readonly tone: string;
  readonly text: string;
}): ReactElement {
  return (
    <span className={`course-mark tone-${tone}`}>
      <span aria-hidden="true" className="course-sign">
        {sign === 'lock' ? <LockSign /> : <Drawn path={SIGNS[sign]} isFilled={sign === 'half' || sign === 'arrow'} />}
      </span>
      {text}
    </span>
  );
}

function Drawn({ path, isFilled }: { readonly path: string; readonly isFilled: boolean }): ReactElement {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={path}
        fill={isFilled ? 'currentColor' : 'none'}
        fillOpacity={0.4}
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}
