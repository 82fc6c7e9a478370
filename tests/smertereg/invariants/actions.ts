import fc from 'fast-check';

/** What somebody does in the life of a course. Which course (the patient's first or second) is `course`. */
export type Action = { readonly course: 0 | 1 } & (
  | { readonly kind: 'refer'; readonly course: 1 }
  | { readonly kind: 'to'; readonly by: 'lu' | 'lc'; readonly answers: ToDraw; readonly lock: boolean }
  | { readonly kind: 'end'; readonly by: 'lu' | 'lc'; readonly daysAgo: number; readonly lock: boolean }
  | { readonly kind: 'reopen'; readonly form: 'to' | 'b22' }
  | { readonly kind: 'tamper'; readonly by: 'lu' | 'ehr' | 'patient' }
  | { readonly kind: 'withdraw'; readonly by: 'lu' | 'lc' | 'sc' }
  | { readonly kind: 'answer'; readonly form: PatientForm }
  | { readonly kind: 'paper'; readonly form: PatientForm; readonly lock: boolean }
  | {
      readonly kind: 'order';
      readonly form: PatientForm;
      readonly channel: 'secure' | 'email';
      readonly confirmed: boolean;
    }
  | { readonly kind: 'stop'; readonly reason: '3' | '4' }
  | { readonly kind: 'close'; readonly reason: '1' | '5' | '9' }
  | { readonly kind: 'death'; readonly dead: boolean }
  | { readonly kind: 'wait'; readonly hours: number }
);

export const PATIENT_FORMS = ['smertereg-pasreg', 'hads', 'smertereg-eval', 'smertereg-opioid'] as const;
export type PatientForm = (typeof PATIENT_FORMS)[number];

export interface ToDraw {
  readonly via: 'Tilsynsanmodnin' | 'TelefonCalling';
  readonly Tilsett: '1' | '2' | undefined;
  readonly Norsktalende: '0' | '1' | undefined;
  readonly KognSvekket: '0' | '1' | undefined;
  readonly consent: 'yes' | 'no' | undefined;
}

const course = fc.constantFrom<(0 | 1)[]>(0, 0, 0, 1);
const staff = fc.constantFrom<('lu' | 'lc')[]>('lu', 'lu', 'lc');
const form = fc.constantFrom<PatientForm[]>(...PATIENT_FORMS);
const likely = <const T>(value: T, ...others: T[]) => fc.constantFrom(value, value, value, value, ...others);

const to = fc.record({
  kind: fc.constant('to' as const),
  course,
  by: staff,
  lock: fc.boolean(),
  answers: fc.record({
    via: likely<ToDraw['via']>('Tilsynsanmodnin', 'TelefonCalling'),
    Tilsett: likely<ToDraw['Tilsett']>('1', '2', undefined),
    Norsktalende: likely<ToDraw['Norsktalende']>('1', '0', undefined),
    KognSvekket: likely<ToDraw['KognSvekket']>('0', '1', undefined),
    consent: likely<ToDraw['consent']>('yes', 'no', undefined),
  }),
});

const others: readonly fc.Arbitrary<Action>[] = [
  fc.record({ kind: fc.constant('refer' as const), course: fc.constant(1 as const) }),
  fc.record({
    kind: fc.constant('end' as const),
    course,
    by: staff,
    daysAgo: fc.integer({ min: 0, max: 40 }),
    lock: likely(true, false),
  }),
  fc.record({ kind: fc.constant('reopen' as const), course, form: fc.constantFrom('to' as const, 'b22' as const) }),
  fc.record({
    kind: fc.constant('tamper' as const),
    course,
    by: fc.constantFrom('lu' as const, 'ehr' as const, 'patient' as const),
  }),
  fc.record({
    kind: fc.constant('withdraw' as const),
    course,
    by: fc.constantFrom('lu' as const, 'lc' as const, 'sc' as const),
  }),
  fc.record({ kind: fc.constant('answer' as const), course, form }),
  fc.record({ kind: fc.constant('paper' as const), course, form, lock: fc.boolean() }),
  fc.record({
    kind: fc.constant('order' as const),
    course,
    form,
    channel: fc.constantFrom('secure' as const, 'email' as const),
    confirmed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('stop' as const), course, reason: fc.constantFrom('3' as const, '4' as const) }),
  fc.record({
    kind: fc.constant('close' as const),
    course,
    reason: fc.constantFrom('1' as const, '5' as const, '9' as const),
  }),
  fc.record({ kind: fc.constant('death' as const), course, dead: fc.boolean() }),
];

const wait: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant('wait' as const),
  course: fc.constant(0 as const),
  hours: fc.constantFrom(1, 9, 24, 25, 73, 24 * 7, 24 * 29),
});

/** What happens to one patient, in order: it begins with a TO, so that there is something to go wrong. */
export const stories: fc.Arbitrary<Action[]> = fc
  .tuple(
    to,
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: to },
        { weight: 6, arbitrary: wait },
        ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
      ),
      { minLength: 5, maxLength: 16 },
    ),
  )
  .map(([first, rest]) => [{ ...first, course: 0 as const }, ...rest]);
