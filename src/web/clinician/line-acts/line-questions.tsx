import type { Patient } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import type { ReactElement } from 'react';
import { CloseDialog } from '../course/close-dialog.tsx';
import '../course/course.css';
import { type CourseView, readCourse } from '../course/course.ts';
import { DialogSubject } from '../course/dialog-subject.ts';
import { fetchCourse } from '../course/fetch-course.ts';
import { MoveDialog } from '../course/move-dialog.tsx';
import { OrderDialog } from '../course/order-dialog.tsx';
import { RemoveDialog } from '../course/remove-dialog.tsx';
import { Told } from '../course/told.tsx';
import { nameOf } from '../names.ts';
import { nationalNumberOf } from '../national-number.ts';
import { Trouble } from '../problem/trouble.tsx';
import { useLoaded } from '../use-loaded.ts';
import { useLanguage, useWords } from '../words/words-context.ts';
import type { LineAct } from './line-acts.ts';

/** What was asked for from a line. */
export interface AskedOfLine {
  readonly course: string;
  readonly act: LineAct;
}

interface LineQuestionsProps {
  readonly asked: AskedOfLine | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The dialogs of the course's page, asked from a list; what was done is told above the list. */
export default function LineQuestions({ asked, ...ways }: LineQuestionsProps): ReactElement {
  return (
    <div className="line-questions">
      <Told />
      {asked !== undefined && <Asked key={`${asked.course} ${asked.act.what}`} asked={asked} {...ways} />}
    </div>
  );
}

function Asked({ asked, ...ways }: LineQuestionsProps & { readonly asked: AskedOfLine }): ReactElement | null {
  const words = useWords();
  const medplum = useMedplum();
  const language = useLanguage();
  // as it is now: what the list shows may be a moment old
  const { value, problem, reload } = useLoaded(() => fetchCourse(medplum, asked.course), [medplum, asked.course]);
  if (value !== undefined) {
    return (
      <DialogSubject value={<Subject patient={value.patient} />}>
        <Question act={asked.act} view={readCourse(value, language)} {...ways} />
      </DialogSubject>
    );
  }
  return problem === undefined ? (
    <p role="status" className="visually-hidden">
      {words.frame.loading}
    </p>
  ) : (
    <Trouble problem={problem} onRetry={reload} />
  );
}

/** Whose line it was: the one above would be another patient's. */
function Subject({ patient }: { readonly patient: Patient }): ReactElement {
  const number = nationalNumberOf(patient) ?? patient.birthDate;
  return (
    <>
      {nameOf(patient)} {number}
    </>
  );
}

interface QuestionProps extends Pick<LineQuestionsProps, 'onDone' | 'onClose'> {
  readonly act: LineAct;
  readonly view: CourseView;
}

function Question({ act, view, ...ways }: QuestionProps): ReactElement | null {
  switch (act.what) {
    case 'move':
      return <MoveDialog view={view} {...ways} />;
    case 'remove':
      return <RemoveDialog view={view} {...ways} />;
    case 'stop':
    case 'close':
      return <CloseDialog view={view} how={act.what} {...ways} />;
    case 'order':
    case 'resend': {
      const form = view.patientForms.find(({ label }) => label === act.label);
      return form === undefined ? null : <OrderDialog form={form} {...ways} />;
    }
    default:
      return null;
  }
}
