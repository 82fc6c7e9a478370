import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { PatientSession } from '../contract.ts';

/** What the server has put into the page itself, so that the first question needs no further request: src/apps/first-page.ts. */
export interface PageData {
  readonly session: PatientSession;
  /** The order that the address names, if it can be answered. */
  readonly order?: PageOrder;
}

export interface PageOrder {
  /** The id of the Task. */
  readonly id: string;
  readonly questionnaire: Questionnaire;
  /** What was answered so far; undefined: nothing. */
  readonly response?: QuestionnaireResponse;
  /** The Task's, for the response. */
  readonly basedOn: QuestionnaireResponse['basedOn'];
}

const ELEMENT = 'page-data';

/** Undefined where the page came without: from the device, or for nobody. */
export function pageData(): PageData | undefined {
  const text = document.getElementById(ELEMENT)?.textContent ?? '';
  // written by the server in this very answer
  return text === '' ? undefined : (JSON.parse(text) as PageData);
}
