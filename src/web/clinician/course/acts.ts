import type { PatientForm, StaffForm } from './course.ts';

/** What is asked in a dialog of the course's page. */
export type Asked =
  | { readonly what: 'move' | 'born' | 'remove' | 'withdraw' | 'stop' | 'close' }
  | { readonly what: 'order' | 'note'; readonly form: PatientForm }
  | { readonly what: 'reopen'; readonly title: string; readonly form: StaffForm | PatientForm };
