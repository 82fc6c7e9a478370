/**
 * What scopes leave of a role, as a table for people; scopes.test.ts makes a test of each cell. Each column is read, and
 * searched for by its id: `yes`, 403 or 404. `launch`: the patient in launch context is the one in question.
 *
 * survey, vital: Observations of two categories. hads, to: responses to two forms, one saved and one locked. other: the
 * survey of another patient of the same hospital. form: a Questionnaire. ward: of the hospital. add survey, add vital: to
 * create such an Observation.
 */
export const SCOPE_TABLE = `
| who  | launch | scope                                                                   | Patient | survey | vital | hads | to  | other | form | ward | add survey | add vital |
| lu   | no     | (none asked for: all that the role may)                                 | yes     | yes    | yes   | yes  | yes | yes   | yes  | yes  | yes        | yes       |
| lu   | no     | openid fhirUser offline_access                                          | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/*.rs                                                               | yes     | yes    | yes   | yes  | yes | yes   | yes  | yes  | 403        | 403       |
| lu   | no     | user/*.read                                                             | yes     | yes    | yes   | yes  | yes | yes   | yes  | yes  | 403        | 403       |
| lu   | no     | user/*.*                                                                | yes     | yes    | yes   | yes  | yes | yes   | yes  | yes  | yes        | yes       |
| lu   | no     | user/*.write                                                            | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | yes        | yes       |
| lu   | no     | user/Observation.rs                                                     | 403     | yes    | yes   | 403  | 403 | yes   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?category=survey                                     | 403     | yes    | 404   | 403  | 403 | yes   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.crs?category=survey                                    | 403     | yes    | 404   | 403  | 403 | yes   | 403  | 403  | yes        | 403       |
| lu   | no     | user/Observation.c                                                      | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | yes        | yes       |
| lu   | no     | user/Observation.rs?category=survey user/Observation.rs?category=vital-signs | 403 | yes    | yes   | 403  | 403 | yes   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?category=survey&status=preliminary                  | 403     | 404    | 404   | 403  | 403 | 404   | 403  | 403  | 403        | 403       |
| lu   | no     | user/QuestionnaireResponse.rs?questionnaire=https://svar.example.org/fhir/Questionnaire/hads | 403 | 403 | 403 | yes | 404 | 403 | 403 | 403 | 403 | 403       |
| lu   | no     | user/QuestionnaireResponse.rs?status=completed                          | 403     | 403    | 403   | 404  | yes | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?nonsense=1                                          | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?patient.birthdate=1969-11-13                        | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?code:in=http://x                                    | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.rs?_lastUpdated=gt2020                                 | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/*.rs?category=survey                                               | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/Observation.sr                                                     | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | user/observation.rs                                                     | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | User/Observation.rs                                                     | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | system/*.cruds                                                          | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | no     | patient/*.cruds                                                         | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| lu   | yes    | patient/*.rs                                                            | yes     | yes    | yes   | yes  | yes | 404   | yes  | yes  | 403        | 403       |
| lu   | yes    | patient/Observation.rs                                                  | 403     | yes    | yes   | 403  | 403 | 404   | 403  | 403  | 403        | 403       |
| lu   | yes    | patient/Observation.rs?category=survey                                  | 403     | yes    | 404   | 403  | 403 | 404   | 403  | 403  | 403        | 403       |
| lu   | yes    | patient/Patient.r user/Observation.rs?category=survey                   | yes     | yes    | 404   | 403  | 403 | yes   | 403  | 403  | 403        | 403       |
| lu2  | yes    | patient/*.cruds                                                         | 404     | 404    | 404   | 404  | 404 | 404   | yes  | yes  | 422        | 422       |
| sc   | no     | user/*.cruds                                                            | yes     | yes    | yes   | yes  | yes | 404   | yes  | yes  | 403        | 403       |
| self | yes    | patient/*.rs                                                            | yes     | yes    | yes   | yes  | yes | 404   | yes  | yes  | 403        | 403       |
| self | yes    | patient/QuestionnaireResponse.rs?status=completed                       | 403     | 403    | 403   | 404  | yes | 403   | 403  | 403  | 403        | 403       |
| self | no     | patient/*.cruds                                                         | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| self | no     | user/Observation.rs                                                     | 403     | yes    | yes   | 403  | 403 | 404   | 403  | 403  | 403        | 403       |
| ehr  | no     | system/Observation.crs?category=survey                                  | 403     | yes    | 404   | 403  | 403 | yes   | 403  | 403  | yes        | 403       |
| ehr  | no     | user/*.cruds                                                            | 403     | 403    | 403   | 403  | 403 | 403   | 403  | 403  | 403        | 403       |
| admin | no    | system/Observation.rs?category=survey                                   | 403     | yes    | 404   | 403  | 403 | yes   | 403  | 403  | 403        | 403       |
`;
