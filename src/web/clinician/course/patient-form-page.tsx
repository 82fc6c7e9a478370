import { Alert, Button } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { PenSign } from '../signs.tsx';
import type { Asked } from './acts.ts';
import type { CourseView, PatientForm } from './course.ts';
import { FormPanel } from './form-panel.tsx';
import { patientOffers, type Rights } from './offers.ts';
import { PatientActs, Scores } from './patient-forms-table.tsx';
import { OrderMark } from './state-mark.tsx';
import { useCourseWords } from './words.ts';

interface PatientFormPageProps {
  readonly view: CourseView;
  readonly form: PatientForm;
  readonly rights: Rights;
  readonly base: string;
  readonly onAsk: (asked: Asked) => void;
  readonly onChanged: () => void;
}

/** One form of the patient: what they answered, or staff's entry of what came back on paper. */
export function PatientFormPage({ view, form, rights, base, onAsk, onChanged }: PatientFormPageProps): ReactElement {
  const words = useCourseWords();
  const [correcting, setCorrecting] = useState(false);
  const offers = patientOffers(form, rights);
  const beside = (
    <>
      <OrderMark state={form.state} />
      {offers.includes('correct') && (
        <Button size="xs" variant="default" onClick={() => setCorrecting(!correcting)}>
          {correcting ? words.act.cancel : words.act.correct}
        </Button>
      )}
      {offers.includes('correct') && !correcting && (
        <Button size="xs" variant="default" onClick={() => onAsk({ what: 'reopen', title: form.title, form })}>
          {words.act.reopen}
        </Button>
      )}
    </>
  );
  const mode = offers.includes('paper') ? 'fill' : correcting && offers.includes('correct') ? 'correct' : 'read';
  if (mode === 'read' && form.response === undefined) {
    return (
      <section aria-labelledby="form-title">
        <div className="course-form-head">
          <h2 id="form-title">{form.title}</h2>
          <div className="course-acts">{beside}</div>
        </div>
        {form.begun !== undefined && <p>{words.begun}</p>}
        <p>{form.why === undefined ? words.form.noAnswer : `${words.form.noAnswer} ${form.why}.`}</p>
        <PatientActs view={view} form={form} rights={rights} base={base} onAsk={onAsk} />
      </section>
    );
  }
  return (
    <FormPanel
      view={view}
      title={form.title}
      form={{ questionnaire: form.questionnaire, response: form.response, order: form.order.id, populated: false }}
      mode={mode}
      lockable
      beside={beside}
      notice={
        mode === 'fill' ? (
          <Alert color="blue" mb="sm" icon={<PenSign />}>
            {words.form.paperNotice} {form.begun !== undefined && words.form.paperEndsBegun}
          </Alert>
        ) : (
          <Scores scores={form.scores} />
        )
      }
      onStored={onChanged}
      onDone={() => {
        setCorrecting(false);
        onChanged();
      }}
    />
  );
}
