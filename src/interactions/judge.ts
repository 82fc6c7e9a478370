import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { adaptiveBase } from '../forms/adaptive/contained-form.ts';
import { isCanonical } from '../forms/constraints/response-faults.ts';
import {
  type AutomaticAnswers,
  automaticAnswers,
  withAutomaticAnswers,
} from '../forms/expressions/automatic-answers.ts';
import { compileForm, type Form } from '../forms/form.ts';
import { faultIssue } from '../forms/messages/fault-issue.ts';
import { validateResponse } from '../forms/validate-response.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { hasErrors, type Issue } from '../model/issue.ts';
import { languageOfTag } from '../model/language.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import { isHistoric } from '../registry/historic.ts';
import type { Target } from '../store/prepared-write.ts';
import type { TerminologyFinder } from '../terminology/finder.ts';
import { Canonicals } from './canonicals.ts';
import type { Judge, Judgement } from './engine.ts';
import { FormDataSource, resourceAt } from './form-data.ts';
import { FormValueSets } from './form-value-sets.ts';
import { profileFaults } from './reference-profiles.ts';
import type { Page, Query } from './types.ts';
import type { Withheld } from './withheld.ts';

export interface JudgeParts {
  /** What is wrong with a resource by R4 and by the profiles that it names. */
  readonly validate: (resource: Resource) => readonly Issue[];
  /** What keeps a definition (a search parameter, a protocol) from doing what it is stored for. */
  readonly definitionFaults: (resource: Resource) => readonly Issue[];
  readonly hashSeed: string;
  /** The server's own. */
  readonly baseUrl: string;
  /** Value sets and code systems that the database holds. */
  readonly terminology: (db: Queryable) => TerminologyFinder;
  readonly search: (db: Queryable, caller: Caller, type: string, query: Query) => Promise<Page>;
  readonly withheld: Withheld;
  /** What forms take for now. */
  readonly clock: Clock;
  /** Whose day forms take for today. */
  readonly timeZone: string;
  /** Real time, by which what is remembered ages. */
  readonly realClock: Clock;
}

const QUESTIONNAIRE = 'QuestionnaireResponse.questionnaire';
/** Faults by which a resource is not FHIR at all: 400; others are refused with 422 (FHIR R4 http.html#create). */
const BASIC = new Set(['structure', 'required']);
/** Where a value stands that somebody has entered. */
const ENTERED = /^(QuestionnaireResponse(?:\.item\[\d+\]|\.answer\[\d+\])*\.answer\[\d+\])\.value$/;

/** Judges resources by base R4 and the profiles that they name, and responses by their questionnaire. */
export function createJudge(parts: JudgeParts): Judge {
  const { validate, definitionFaults, hashSeed, baseUrl, terminology, clock, timeZone, realClock, search, withheld } =
    parts;
  const forms = new Canonicals<Form>('Questionnaire', (it) => compileForm(it as Questionnaire), hashSeed, realClock);
  const source = new FormDataSource({
    clock,
    timeZone,
    baseUrl,
    search,
    withheld,
    valueSets: new FormValueSets(terminology, realClock),
  });

  return {
    async judge(db, caller, resource, previous, written): Promise<Judgement> {
      const issues = [...validate(resource)];
      const targets: Target[] = [];
      if (hasErrors(issues)) {
        if (resource.resourceType === 'QuestionnaireResponse' && issues.every(isEntered)) {
          return { issues: await inWords(db, caller, resource, previous, issues, written), status: 422, targets };
        }
        return { issues, status: issues.some((issue) => BASIC.has(issue.code)) ? 400 : 422, targets };
      }
      if (resource.resourceType === 'QuestionnaireResponse') {
        const complete = await byForm(db, caller, resource, previous, issues, targets, written);
        if (complete !== undefined) return { issues, status: 422, targets, complete };
      } else {
        issues.push(...definitionFaults(resource));
      }
      return { issues, status: 422, targets };
    },

    formData: (db, caller, form, response, wish) => source.of(db, caller, form, response, wish),

    async judgeTogether(db, caller, response, previous): Promise<readonly Issue[]> {
      const canonical = adaptiveBase(response) ?? response.questionnaire;
      const form = canonical === undefined ? undefined : await forms.find(db, canonical);
      // what a form asks for by queries is all that may have changed since it was judged by itself
      if (form === undefined || form.made.logic.queries.length === 0) return [];
      const data = await source.of(db, caller, form.made, response);
      return validateResponse(form.made, response, data, {
        historic: isHistoric(response) || corrects(response, previous),
        imported: isHistoric(response),
        language: caller.language ?? languageOfTag(response.language) ?? 'en',
      });
    },

    forget: (rids) => forms.forget(rids),
  };

  /** A day that does not exist is told the person who entered it: in the form's words, beside all else that is wrong. */
  async function inWords(
    db: Queryable,
    caller: Caller,
    response: QuestionnaireResponse,
    previous: Resource | undefined,
    faults: readonly Issue[],
    written: ReadonlyMap<string, Resource> | undefined,
  ): Promise<Issue[]> {
    const told: Issue[] = [];
    await byForm(db, caller, response, previous, told, [], written);
    const places = new Set(told.flatMap(({ expression }) => expression ?? []));
    const untold = faults.filter(({ expression: [at = ''] = [] }) => {
      const answer = ENTERED.exec(at)?.[1] ?? '';
      return !places.has(at) && !places.has(answer);
    });
    return [...told, ...untold];
  }

  async function byForm(
    db: Queryable,
    caller: Caller,
    response: QuestionnaireResponse,
    previous: Resource | undefined,
    issues: Issue[],
    targets: Target[],
    written: ReadonlyMap<string, Resource> | undefined,
  ): Promise<Judgement['complete']> {
    const language = caller.language ?? languageOfTag(response.language) ?? 'en';
    if (response.questionnaire === undefined) {
      issues.push(faultIssue('questionnaireMissing', {}, QUESTIONNAIRE, language));
      return undefined;
    }
    if (!isCanonical(response.questionnaire)) {
      issues.push(faultIssue('invalidQuestionnaire', {}, QUESTIONNAIRE, language));
      return undefined;
    }
    const form = await forms.find(db, adaptiveBase(response) ?? response.questionnaire);
    if (form === undefined) {
      issues.push(faultIssue('questionnaireNotFound', {}, QUESTIONNAIRE, language));
      return undefined;
    }
    const data = await source.of(db, caller, form.made, response, { written });
    // What an old system left unanswered is not answered for it.
    const automatic = isHistoric(response) ? undefined : automaticAnswers(form.made, response, data);
    const complete = automatic && (<R extends Resource>(it: R): R => completed(form.made, it, automatic));
    const whole = complete?.(response) ?? response;
    issues.push(
      ...validateResponse(form.made, whole, data, {
        historic: isHistoric(response) || corrects(response, previous),
        imported: isHistoric(response),
        language,
      }),
      ...(await profileFaults(form.made, whole, language, (at) => resourceAt(db, caller, at, withheld), validate)),
    );
    targets.push(targetOf(form.stored, QUESTIONNAIRE));
    return complete;
  }
}

function completed<R extends Resource>(form: Form, resource: R, answers: AutomaticAnswers): R {
  return resource.resourceType === 'QuestionnaireResponse'
    ? { ...resource, ...withAutomaticAnswers(form, resource, answers) }
    : resource;
}

function isEntered({ code, expression: [at = ''] = [] }: Issue): boolean {
  return code === 'value' && ENTERED.test(at);
}

/** A response that was given while its form was in use may be corrected after that. */
function corrects({ questionnaire }: QuestionnaireResponse, previous: Resource | undefined): boolean {
  return previous?.resourceType === 'QuestionnaireResponse' && previous.questionnaire === questionnaire;
}

function targetOf({ rid, type, id, version }: StoredVersion, expression: string): Target {
  return { rid, type, id, version, expression };
}
