import type { QuestionnaireResponse, Reference, Resource } from '@medplum/fhirtypes';
import { isResourceType } from '../../model/resource-types.ts';
import { textMember } from '../answers.ts';
import type { Form } from '../form.ts';
import type { FaultWords } from '../messages/fault-issue.ts';
import type { ResponseRule } from '../messages/response-rules.ts';
import { type ContainedTypes, typeOfReference } from './reference.ts';
import { isUri } from './value-types.ts';

/** Takes a fault of a response as a whole. */
type Report = (rule: ResponseRule, expression: string, limit?: FaultWords['limit']) => void;

const QUESTIONNAIRE = 'QuestionnaireResponse.questionnaire';

/** Reports what is wrong with the form that a response answers, or with how it names it. */
export function questionnaireFaults(
  form: Form,
  response: QuestionnaireResponse,
  historic: boolean,
  report: Report,
): void {
  const canonical = response.questionnaire;
  if (canonical === undefined) {
    report('questionnaireMissing', QUESTIONNAIRE);
    return;
  }
  const [url, version] = canonical.split('|');
  if (!isCanonical(canonical)) {
    report('invalidQuestionnaire', QUESTIONNAIRE);
  } else if (!canonical.startsWith('#') && (url !== form.url || (version !== undefined && version !== form.version))) {
    report('otherQuestionnaire', QUESTIONNAIRE);
  }
  if (form.status === 'draft') {
    report('questionnaireDraft', QUESTIONNAIRE);
  } else if (form.status === 'unknown') {
    report('questionnaireInactive', QUESTIONNAIRE);
  } else if (form.status === 'retired' && !historic) {
    report('questionnaireRetired', QUESTIONNAIRE);
  }
}

/** Whether a text is a canonical: `url` or `url|version`; or `#id`, which names a contained form (SDC adaptive). */
export function isCanonical(text: string): boolean {
  const [url = '', version, ...more] = text.split('|');
  return more.length === 0 && version !== '' && (isUri(url) || /^#[A-Za-z0-9\-.]{1,64}$/.test(url));
}

/** Reports what is wrong with whom a response is about, and when it was answered. */
export function subjectFaults(
  form: Form,
  response: QuestionnaireResponse,
  whole: boolean,
  contained: ContainedTypes,
  report: Report,
): void {
  if (response.subject === undefined) {
    if (whole && form.subjectTypes.length > 0) {
      report('subjectMissing', 'QuestionnaireResponse.subject');
    }
  } else {
    const type = typeOfReference(response.subject, contained);
    if (type !== undefined && form.subjectTypes.length > 0 && !form.subjectTypes.includes(type)) {
      report('invalidSubjectType', 'QuestionnaireResponse.subject', form.subjectTypes.join(', '));
    }
  }
  if (whole && response.authored === undefined) {
    report('authoredMissing', 'QuestionnaireResponse.authored');
  }
}

/** Reports references of a response to contained resources that it does not contain. */
export function containedFaults(response: QuestionnaireResponse, contained: ContainedTypes, report: Report): void {
  const check = (reference: Reference | undefined, path: string): void => {
    const id = reference?.reference?.startsWith('#') ? reference.reference.slice(1) : undefined;
    if (id !== undefined && id !== '' && !contained.has(id)) {
      report('invalidContainedReference', `QuestionnaireResponse.${path}`);
    }
  };
  for (const name of ['subject', 'author', 'source', 'encounter'] as const) check(response[name], name);
  for (const name of ['basedOn', 'partOf'] as const) {
    response[name]?.forEach((reference, index) => {
      check(reference, `${name}[${index}]`);
    });
  }
}

/** The types of what a response contains, by id. */
export function containedTypes(response: { readonly contained?: readonly Resource[] }): ContainedTypes {
  if (response.contained === undefined) {
    return NOTHING;
  }
  return new Map(
    response.contained.flatMap((resource): [string, string][] => {
      const id = textMember(resource, 'id');
      return id !== undefined && isResourceType(resource.resourceType) ? [[id, resource.resourceType]] : [];
    }),
  );
}

const NOTHING: ContainedTypes = new Map();
