import type { Questionnaire } from '@medplum/fhirtypes';
import type { ReactElement } from 'react';
import { NavLink } from 'react-router';
import { textOf } from '../../form/model/form-texts.ts';
import { PenSign } from '../signs.tsx';
import type { AppLanguage } from '../words/language.ts';
import { useLanguage } from '../words/words-context.ts';
import type { CourseView, StaffForm } from './course.ts';
import { newestVersion } from './fetch-course.ts';
import { FormMark, OrderMark } from './state-mark.tsx';
import { useCourseWords } from './words.ts';

/** A form's title in a language, or in its own. */
export function titleOf(questionnaire: Questionnaire | undefined, language: AppLanguage): string | undefined {
  if (questionnaire === undefined) return undefined;
  return textOf(questionnaire, 'title', language, questionnaire.language ?? '') || questionnaire.title;
}

/** What a form is called in a language; its label where it has no title that can be read. */
export function staffTitle({ data }: CourseView, form: StaffForm, language: AppLanguage): string {
  return titleOf(newestVersion(data.questionnaires, form.questionnaire), language) ?? form.label;
}

/** The ways to a course's forms, each with how it stands. */
export function FormNav({ view, base }: { readonly view: CourseView; readonly base: string }): ReactElement {
  const words = useCourseWords();
  const language = useLanguage();
  return (
    <nav className="course-nav" aria-label={words.course}>
      <ul>
        <li>
          <NavLink to={base} end>
            {words.overview}
          </NavLink>
        </li>
      </ul>
      <div className="course-nav-forms">
        <h2 id="staff-forms">{words.staffForms}</h2>
        <ul aria-labelledby="staff-forms">
          {view.staffForms.map((form) => (
            <li key={form.label}>
              <StaffLine form={form} title={staffTitle(view, form, language)} base={base} />
            </li>
          ))}
        </ul>
        {view.patientForms.length > 0 && (
          <>
            <h2 id="patient-forms">{words.patientForms}</h2>
            <ul aria-labelledby="patient-forms">
              {view.patientForms.map(({ label, title, state }) => (
                <li key={label}>
                  <NavLink to={`${base}/form/${label}`}>
                    {title}
                    <OrderMark state={state} />
                  </NavLink>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </nav>
  );
}

interface StaffLineProps {
  readonly form: StaffForm;
  readonly title: string;
  readonly base: string;
}

function StaffLine({ form, title, base }: StaffLineProps): ReactElement {
  const words = useCourseWords();
  const told = (
    <>
      {title}
      <FormMark state={form.state} />
      {form.hasComment && (
        <span className="course-mark">
          <span aria-hidden="true" className="course-sign">
            <PenSign />
          </span>
          {words.comment}
        </span>
      )}
    </>
  );
  if (form.state !== 'not-open') return <NavLink to={`${base}/form/${form.label}`}>{told}</NavLink>;
  return (
    <div className="closed-form">
      {told}
      <span className="visually-hidden">{words.notOpen(form.why)}</span>
    </div>
  );
}
