import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { useLanguage } from '../words/words-context.ts';
import type { Asked } from './acts.ts';
import type { CourseView } from './course.ts';
import { staffTitle } from './form-nav.tsx';
import type { Rights } from './offers.ts';
import { PatientFormsTable } from './patient-forms-table.tsx';
import { FormMark } from './state-mark.tsx';
import { useCourseWords } from './words.ts';

interface OverviewProps {
  readonly view: CourseView;
  readonly rights: Rights;
  readonly base: string;
  readonly onAsk: (asked: Asked) => void;
}

/** All forms of the course: those of staff with why one is not open, those of the patient with what may be done. */
export function Overview(props: OverviewProps): ReactElement {
  const { view, base } = props;
  const words = useCourseWords();
  const language = useLanguage();
  return (
    <>
      <section aria-labelledby="staffs-forms" className="course-section">
        <div className="course-form-head">
          <h2 id="staffs-forms">{words.staffForms}</h2>
        </div>
        <table className="course-table">
          <thead>
            <tr>
              <th scope="col">{words.table.form}</th>
              <th scope="col">{words.table.state}</th>
            </tr>
          </thead>
          <tbody>
            {view.staffForms.map((form) => {
              const title = staffTitle(view, form, language);
              return (
                <tr key={form.label} data-form={form.label} data-state={form.state}>
                  <th scope="row">
                    {form.state === 'not-open' ? title : <Link to={`${base}/form/${form.label}`}>{title}</Link>}
                  </th>
                  <td>
                    <FormMark state={form.state} />
                    {form.why !== undefined && <div>{words.notOpen(form.why)}</div>}
                    {form.hasComment && <div>{words.comment}</div>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <PatientFormsTable {...props} />
    </>
  );
}
