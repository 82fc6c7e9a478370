import { Anchor, Button } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { Page } from '../frame/page.tsx';
import { nameOf } from '../names.ts';
import { NoRecord } from '../problem/no-record.tsx';
import { useWho } from '../session/who-context.ts';
import type { Asked } from './acts.ts';
import { BirthDateDialog } from './birth-date-dialog.tsx';
import { CloseDialog } from './close-dialog.tsx';
import type { CourseView } from './course.ts';
import './course.css';
import '../../form/form.css';
import { FormNav } from './form-nav.tsx';
import { CourseFactsList, PatientLine } from './head.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { mayDelete, mayWithdraw, rightsOf } from './offers.ts';
import { OrderDialog } from './order-dialog.tsx';
import { Overview } from './overview.tsx';
import { PatientFormPage } from './patient-form-page.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { ReopenDialog } from './reopen-dialog.tsx';
import { StaffFormPage } from './staff-form-page.tsx';
import { Told } from './told.tsx';
import { useCourse } from './use-course.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';
import { useCourseWords } from './words.ts';

/** A course with all its forms: /course/<EpisodeOfCare>, and one of them at /course/<EpisodeOfCare>/form/<label or response>. */
export default function CoursePage(): ReactElement {
  const { course = '', '*': rest = '' } = useParams();
  const words = useCourseWords();
  const { value: view, problem, reload } = useCourse(course);
  const windowTitle = `${words.course} ${course}`;
  if (view === undefined) {
    return <NoRecord title={words.course} loaded={{ problem, reload }} />;
  }
  const label = /^form\/([^/]+)$/.exec(rest)?.[1];
  return <Shown key={course} view={view} label={label} windowTitle={windowTitle} reload={reload} />;
}

interface ShownProps {
  readonly view: CourseView;
  readonly label: string | undefined;
  readonly windowTitle: string;
  readonly reload: () => void;
}

function Shown({ view, label, windowTitle, reload }: ShownProps): ReactElement {
  const words = useCourseWords();
  const who = useWho();
  const rights = rightsOf(who);
  const isBirthUnknown = view.data.patient.birthDate === undefined;
  const [asked, setAsked] = useState<Asked>();
  const base = `/course/${view.data.episode.id}`;
  const parts = { view, rights, base, onAsk: setAsked, onChanged: reload };
  const staffForm = view.staffForms.find((form) => form.label === label);
  const patientForm = view.patientForms.find((form) => form.label === label);
  const named = labelOfResponse(view, label);
  if (named !== undefined) return <Navigate to={`${base}/form/${named}`} replace />;
  return (
    <Page
      title={nameOf(view.data.patient)}
      windowTitle={windowTitle}
      lead={<PatientLine patient={view.data.patient} />}
      actions={
        <>
          <Anchor component={Link} to={`/patient/${view.data.patient.id}`} size="sm">
            {words.head.toPatient}
          </Anchor>
          {rights.moves && (
            <Button size="xs" variant="default" onClick={() => setAsked({ what: 'move' })}>
              {words.act.move}
            </Button>
          )}
          {isBirthUnknown && who.may('update', 'Patient') && (
            <Button size="xs" variant="default" onClick={() => setAsked({ what: 'born' })}>
              {words.act.born}
            </Button>
          )}
          {mayWithdraw(view, rights) && (
            <Button size="xs" variant="default" onClick={() => setAsked({ what: 'withdraw' })}>
              {words.act.withdraw}
            </Button>
          )}
          {mayDelete(view, rights) && (
            <Button size="xs" variant="default" onClick={() => setAsked({ what: 'remove' })}>
              {words.act.remove}
            </Button>
          )}
        </>
      }
    >
      {view.facts.map((facts) => (
        <CourseFactsList key={facts.registry} view={view} facts={facts} />
      ))}
      <Told />
      <div className={label === undefined ? 'course-columns at-overview' : 'course-columns'}>
        <FormNav view={view} base={base} />
        <div>
          {label === undefined && <Overview {...parts} />}
          {staffForm !== undefined && <StaffFormPage key={label} {...parts} form={staffForm} />}
          {staffForm === undefined && patientForm !== undefined && (
            <PatientFormPage key={label} {...parts} form={patientForm} />
          )}
          {label !== undefined && staffForm === undefined && patientForm === undefined && <p>{words.form.unknown}</p>}
        </div>
      </div>
      {asked !== undefined && (
        <Question asked={asked} view={view} onDone={reload} onClose={() => setAsked(undefined)} />
      )}
    </Page>
  );
}

/** The label of the form that a response is an answer to, where an address names the response. */
function labelOfResponse({ staffForms, patientForms }: CourseView, id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const staffs = staffForms.find(({ response }) => response?.id === id);
  return (staffs ?? patientForms.find(({ response, begun }) => response?.id === id || begun?.id === id))?.label;
}

interface QuestionProps {
  readonly asked: Asked;
  readonly view: CourseView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Question({ asked, view, onDone, onClose }: QuestionProps): ReactElement | null {
  const navigate = useNavigate();
  const words = useCourseWords();
  const ways = { onDone, onClose };
  // what there is no more, or may be seen no more, is told where the person is led
  const leaving = (told: string) => () => void navigate('/', { state: { told } });
  switch (asked.what) {
    case 'move':
      return <MoveDialog view={view} {...ways} />;
    case 'born':
      return <BirthDateDialog view={view} {...ways} />;
    case 'remove':
      return <RemoveDialog view={view} onDone={leaving(words.remove.done)} onClose={onClose} />;
    case 'withdraw':
      return <WithdrawDialog view={view} onDone={leaving(words.withdraw.done)} onClose={onClose} />;
    case 'stop':
    case 'close':
      return <CloseDialog view={view} how={asked.what} {...ways} />;
    case 'order':
      return <OrderDialog form={asked.form} {...ways} />;
    case 'note':
      return <NoteDialog form={asked.form} {...ways} />;
    case 'reopen': {
      const { form, title } = asked;
      const response = form.response?.id;
      if (response !== undefined) return <ReopenDialog title={title} what={{ response }} {...ways} />;
      return 'order' in form ? <ReopenDialog title={title} what={{ order: form.order.id ?? '' }} {...ways} /> : null;
    }
  }
}
