import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { compileForm, type Form } from '../forms/form.ts';
import { validateResponse } from '../forms/validate-response.ts';
import type { Clock } from '../model/clock.ts';
import { error, type Issue } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Target } from '../store/prepared-write.ts';
import { Canonicals } from './canonicals.ts';
import type { Judge, Judgement } from './engine.ts';

/** The tag of data from before Svar: retired forms are accepted, and nothing is sent. */
export const HISTORIC_TAG = { system: 'https://svar.example.org/fhir/CodeSystem/tag', code: 'historic' };

/** A profile that resources claim in meta.profile, ready to judge them. */
export type ProfileCheck = (resource: Resource) => readonly Issue[];

export interface JudgeParts {
  /** Base R4: structure, cardinalities, invariants, bindings, reference types. */
  readonly validateBase: (resource: Resource) => readonly Issue[];
  /** Makes a StructureDefinition ready. */
  readonly compileProfile: (definition: Resource) => ProfileCheck;
  readonly hashSeed: string;
  readonly realClock: Clock;
}

const QUESTIONNAIRE = 'QuestionnaireResponse.questionnaire';

/** Judges resources by base R4, by the profiles that they claim, and responses by their questionnaire. */
export function createJudge({ validateBase, compileProfile, hashSeed, realClock }: JudgeParts): Judge {
  const forms = new Canonicals<Form>('Questionnaire', (it) => compileForm(it as Questionnaire), hashSeed, realClock);
  const profiles = new Canonicals<ProfileCheck>('StructureDefinition', compileProfile, hashSeed, realClock);

  return {
    async judge(db, _caller, resource): Promise<Judgement> {
      const base = validateBase(resource);
      if (base.some((issue) => issue.severity === 'error')) {
        return { issues: base, status: base.some((issue) => issue.code === 'business-rule') ? 422 : 400, targets: [] };
      }
      const issues = [...base];
      const targets: Target[] = [];
      for (const [index, canonical] of (resource.meta?.profile ?? []).entries()) {
        await byProfile(db, canonical, `${resource.resourceType}.meta.profile[${index}]`, resource, issues, targets);
      }
      if (resource.resourceType === 'QuestionnaireResponse') {
        await byForm(db, resource, issues, targets);
      }
      return { issues, status: 422, targets };
    },

    forget(rids) {
      forms.forget(rids);
      profiles.forget(rids);
    },
  };

  async function byProfile(
    db: Queryable,
    canonical: string,
    expression: string,
    resource: Resource,
    issues: Issue[],
    targets: Target[],
  ): Promise<void> {
    const profile = await profiles.find(db, canonical);
    if (profile === undefined) {
      issues.push({
        severity: 'warning',
        code: 'not-found',
        diagnostics: 'This profile is not known here; the resource was not checked against it.',
        expression: [expression],
      });
      return;
    }
    issues.push(...profile.made(resource));
    targets.push(targetOf(profile.stored, expression));
  }

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
    const historic = (response.meta?.tag ?? []).some(
      (tag) => tag.system === HISTORIC_TAG.system && tag.code === HISTORIC_TAG.code,
    );
    issues.push(...validateResponse(form.made, response, { historic }));
    targets.push(targetOf(form.stored, QUESTIONNAIRE));
  }
}

function targetOf({ rid, type, id, version }: StoredVersion, expression: string): Target {
  return { rid, type, id, version, expression };
}
