import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { compileForm, type Form } from '../forms/form.ts';
import { validateResponse } from '../forms/validate-response.ts';
import type { Clock } from '../model/clock.ts';
import { error, hasErrors, type Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { isHistoric } from '../registry/historic.ts';
import type { Target } from '../store/prepared-write.ts';
import { Canonicals } from './canonicals.ts';
import type { Judge, Judgement } from './engine.ts';

export interface JudgeParts {
  /** What is wrong with a resource by R4 and by the profiles that it names. */
  readonly validate: (resource: Resource) => readonly Issue[];
  /** What keeps a definition (a search parameter, a protocol) from doing what it is stored for. */
  readonly definitionFaults: (resource: Resource) => readonly Issue[];
  readonly hashSeed: string;
  /** Real time, by which what is remembered ages. */
  readonly realClock: Clock;
}

const QUESTIONNAIRE = 'QuestionnaireResponse.questionnaire';
/** Faults by which a resource is not FHIR at all: 400; others are refused with 422 (FHIR R4 http.html#create). */
const BASIC = new Set(['structure', 'required']);

/** Judges resources by base R4 and the profiles that they name, and responses by their questionnaire. */
export function createJudge({ validate, definitionFaults, hashSeed, realClock }: JudgeParts): Judge {
  const forms = new Canonicals<Form>('Questionnaire', (it) => compileForm(it as Questionnaire), hashSeed, realClock);

  return {
    async judge(db, _caller, resource): Promise<Judgement> {
      const issues = [...validate(resource)];
      const targets: Target[] = [];
      if (hasErrors(issues)) {
        return { issues, status: issues.some((issue) => BASIC.has(issue.code)) ? 400 : 422, targets };
      }
      if (resource.resourceType === 'QuestionnaireResponse') {
        await byForm(db, resource, issues, targets);
      } else {
        issues.push(...definitionFaults(resource));
      }
      return { issues, status: 422, targets };
    },

    forget: (rids) => forms.forget(rids),
  };

  async function byForm(
    db: Queryable,
    response: QuestionnaireResponse,
    issues: Issue[],
    targets: Target[],
  ): Promise<void> {
    if (response.questionnaire === undefined) {
      issues.push(error('required', 'A response has to name its questionnaire.', QUESTIONNAIRE));
      return;
    }
    const form = await forms.find(db, response.questionnaire);
    if (form === undefined) {
      issues.push(error('not-found', 'This questionnaire, or this version of it, is not known here.', QUESTIONNAIRE));
      return;
    }
    issues.push(...validateResponse(form.made, response, { historic: isHistoric(response) }));
    targets.push(targetOf(form.stored, QUESTIONNAIRE));
  }
}

function targetOf({ rid, type, id, version }: StoredVersion, expression: string): Target {
  return { rid, type, id, version, expression };
}
