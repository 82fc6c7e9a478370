/**
 * Who may do what, as a table for people; policies.test.ts makes a test of each cell. Words: `yes`, or the status of the
 * refusal: 403 forbidden, 404 as if it were not there, 422 against a rule of the registry, or naming what they do not see. `-`: cannot be asked.
 *
 * lu, lc: of SmerteReg at Haukeland; lu2: local user of SmerteReg at St. Olavs; luX: local user of another registry at
 * Haukeland; sc: of SmerteReg; self: the patient in question; stranger: another patient; ehr, ehr2: the systems of Haukeland
 * and St. Olavs; newcomer: signed in without a role.
 */
export const COLUMNS = [
  ...['lu', 'lc', 'lu2', 'luX', 'sc', 'self', 'stranger', 'researcher', 'operator', 'newcomer', 'ehr', 'ehr2', 'admin'],
] as const;

/** Read, search, history and vread alike, of every resource of a course: which it is, by where the course stands. */
export const COURSE_TABLE = `
| course                             | lu  | lc  | lu2 | luX | sc  | self | stranger | researcher | operator | newcomer | ehr | ehr2 | admin |
| Haukeland, in no registry yet      | yes | yes | 404 | yes | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, local                   | yes | yes | 404 | 404 | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, national                | yes | yes | 404 | 404 | yes | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, national, restricted    | 404 | 404 | 404 | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | 404  | yes   |
| Haukeland, withdrawn               | yes | yes | 404 | 404 | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| St. Olavs, in no registry yet      | 404 | 404 | yes | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | yes  | yes   |
| St. Olavs, local                   | 404 | 404 | yes | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | yes  | yes   |
| St. Olavs, national                | 404 | 404 | yes | 404 | yes | yes  | 404      | 403        | 403      | 403      | 404 | yes  | yes   |
| St. Olavs, national, restricted    | 404 | 404 | 404 | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | 404  | yes   |
`;

/** What a course is made of, for the table above. */
export const COURSE_TYPES = [
  'EpisodeOfCare',
  'ServiceRequest',
  'QuestionnaireResponse',
  'Observation',
  'Task',
  'Consent',
  'ResearchSubject',
  'Encounter',
] as const;

/** A patient is known to the whole hospital: another registry there may meet them too. */
export const PATIENT_TABLE = `
| patient of a course                | lu  | lc  | lu2 | luX | sc  | self | stranger | researcher | operator | newcomer | ehr | ehr2 | admin |
| Haukeland, in no registry yet      | yes | yes | 404 | yes | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, local                   | yes | yes | 404 | yes | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, national                | yes | yes | 404 | yes | yes | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| Haukeland, national, restricted    | 404 | 404 | 404 | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | 404  | yes   |
| Haukeland, withdrawn               | yes | yes | 404 | yes | 404 | yes  | 404      | 403        | 403      | 403      | yes | 404  | yes   |
| St. Olavs, local                   | 404 | 404 | yes | 404 | 404 | yes  | 404      | 403        | 403      | 403      | 404 | yes  | yes   |
| St. Olavs, national                | 404 | 404 | yes | 404 | yes | yes  | 404      | 403        | 403      | 403      | 404 | yes  | yes   |
`;

/** Read, search, history and vread of what is about no patient. */
export const SHARED_TABLE = `
| resource                           | lu  | lc  | lu2 | luX | sc  | self | stranger | researcher | operator | newcomer | ehr | ehr2 | admin |
| Questionnaire/hads                 | yes | yes | yes | yes | yes | yes  | yes      | yes        | yes      | 403      | yes | yes  | yes   |
| PlanDefinition/smertereg           | yes | yes | yes | yes | yes | yes  | yes      | yes        | yes      | yes      | yes | yes  | yes   |
| ResearchStudy/smertereg            | yes | yes | yes | yes | yes | yes  | yes      | yes        | yes      | 403      | yes | yes  | yes   |
| CapabilityStatement/lu             | yes | yes | yes | yes | yes | yes  | yes      | yes        | yes      | yes      | yes | yes  | yes   |
| Organization/st-olavs              | yes | yes | yes | yes | yes | yes  | yes      | yes        | yes      | yes      | yes | yes  | yes   |
| Location/haukeland-loc             | yes | yes | yes | yes | yes | yes  | yes      | 403        | yes      | yes      | yes | yes  | yes   |
| Practitioner/demo-lu               | yes | yes | yes | yes | yes | -    | -        | 404        | yes      | 404      | yes | yes  | yes   |
| PractitionerRole/demo-lu           | yes | yes | 404 | 404 | yes | -    | -        | 404        | yes      | 404      | yes | 404  | yes   |
| PractitionerRole/demo-sc           | 404 | 404 | 404 | 404 | yes | -    | -        | 404        | yes      | 404      | 404 | 404  | yes   |
| SearchParameter/task-deadline      | yes | yes | yes | yes | yes | 403  | 403      | 403        | yes      | 403      | yes | yes  | yes   |
`;

/**
 * Changes. Each is asked of a resource that was made for it. `unseen`: refused with the very answer that is given where the
 * resource never was, so that nobody learns of it.
 */
export const CHANGE_TABLE = `
| change                                            | lu       | lc       | lu2      | luX      | sc       | self     | stranger | researcher | operator | newcomer | ehr      | ehr2     | admin    |
| refer a patient to Haukeland                      | yes      | yes      | 403      | yes      | 403      | 403      | 403      | 403        | 403      | 403      | yes      | 403      | yes      |
| correct the patient                               | yes      | yes      | unseen   | yes      | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| delete the patient                                | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| create a form, saved                              | yes      | yes      | unseen   | 422      | 403      | 422      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| create a form, locked                             | yes      | yes      | unseen   | 422      | 403      | 422      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| create a form, amended                            | 403      | 403      | unseen   | 422      | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| answer an open order                              | yes      | yes      | unseen   | 422      | 403      | yes      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| answer an order in another's name                 | yes      | yes      | unseen   | 422      | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| answer an order that is answered                  | 422      | 422      | unseen   | 422      | 403      | 422      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| answer an order that was stopped                  | yes      | yes      | unseen   | 422      | 403      | 422      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| change a saved form of a clinician                | yes      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| change a locked form                              | 403      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| open a locked form                                | 403      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| change a locked form at St. Olavs                 | unseen   | unseen   | 403      | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | unseen   | yes      | yes      |
| delete a saved form                               | 403      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| delete a locked form                              | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| take a course away, no form locked                | 403      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| take a national course away, no form locked       | 403      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| take a course away, a form locked                 | 403      | 422      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| mark a course as entered in error, a form locked  | 403      | 422      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| move a course to St. Olavs                        | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| withdraw a consent                                | 403      | 403      | unseen   | unseen   | yes      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| withdraw a consent by the form                    | 422      | 422      | unseen   | unseen   | 403      | 422      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| withdraw a consent by another that refuses        | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 422      | unseen   | yes      |
| withdraw a consent by deleting it                 | 403      | 422      | 403      | unseen   | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| withdraw a consent at St. Olavs                   | unseen   | unseen   | 403      | unseen   | yes      | 403      | unseen   | 403        | 403      | 403      | unseen   | 403      | yes      |
| give a consent that was refused                   | 403      | 403      | unseen   | unseen   | unseen   | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| change a membership                               | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| stop an order                                     | yes      | yes      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| close what a patient has asked for by right       | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | 403      |
| note an observation                               | yes      | yes      | unseen   | 422      | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | yes      |
| write a score                                     | 403      | 403      | unseen   | 422      | 403      | 403      | unseen   | 403        | 403      | 403      | 403      | unseen   | yes      |
| sign in another's name                            | 403      | 403      | unseen   | unseen   | 403      | 403      | unseen   | 403        | 403      | 403      | yes      | unseen   | 403      |
| add a ward to Haukeland                           | 403      | yes      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | yes      | 403      | yes      |
| rename a ward of Haukeland                        | 403      | yes      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | yes      | 403      | yes      |
| rename Haukeland                                  | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | 403      | 403      | yes      |
| move a ward of Haukeland to St. Olavs             | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | 403      | 403      | yes      |
| add a location to Haukeland                       | 403      | yes      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | yes      | 403      | yes      |
| close a location of Haukeland                     | 403      | yes      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | yes      | 403      | yes      |
| give oneself a role                               | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| make a local user of Haukeland its coordinator    | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| end the role of a local user of Haukeland         | 403      | yes      | 403      | 403      | yes      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| end the role of a local user of another registry  | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| end the role of a local user of St. Olavs         | 403      | unseen   | 403      | 403      | yes      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| change a policy                                   | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | 403      | 403      | 403      | 403      | yes      |
| change a form's definition                        | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | 403      | 403      | yes      |
| change a registry's protocol                      | 403      | 403      | 403      | 403      | 403      | 403      | 403      | 403        | yes      | 403      | 403      | 403      | yes      |
`;

export type Column = (typeof COLUMNS)[number];
export interface Row {
  readonly name: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows of a table as above. @throws Error where a row has not a cell for each column */
export function rows(table: string): readonly Row[] {
  const [head = [], ...body] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return body.map((cells) => {
    if (cells.length !== head.length || cells.some((cell) => cell === '')) {
      throw new Error(`the row "${cells[0]}" lacks a cell`);
    }
    return {
      name: cells[0] ?? '',
      cells: Object.fromEntries(head.slice(1).map((column, index) => [column, cells[index + 1] ?? ''])),
    };
  });
}
