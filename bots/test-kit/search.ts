import type { Resource } from '@medplum/fhirtypes';

type Values = (resource: Resource) => string[];

/** Members along a path, arrays flattened. */
export function at(value: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (values, name) =>
      values.flatMap((one) => {
        const next = typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[name] : undefined;
        return next === undefined ? [] : Array.isArray(next) ? next : [next];
      }),
    [value],
  );
}

const strings =
  (path: string): Values =>
  (resource) =>
    at(resource, path).map(String);
/** `system|value` and `value`, as a token matches. */
const tokens =
  (path: string, member: 'value' | 'code'): Values =>
  (resource) =>
    at(resource, path).flatMap((token) => {
      const [value] = at(token, member);
      return [String(value), `${String(at(token, 'system')[0] ?? '')}|${String(value)}`];
    });
/** A canonical matches with and without its version. */
const canonicals =
  (path: string): Values =>
  (resource) =>
    at(resource, path).flatMap((value) => [String(value), String(value).split('|')[0] ?? '']);

/** R4's own search parameters, those that the bots use. */
const parameters: Readonly<Record<string, Values>> = {
  'EpisodeOfCare.incoming-referral': strings('referralRequest.reference'),
  'EpisodeOfCare._id': strings('id'),
  'EpisodeOfCare.patient': strings('patient.reference'),
  'Encounter.episode-of-care': strings('episodeOfCare.reference'),
  'QuestionnaireResponse.based-on': strings('basedOn.reference'),
  'QuestionnaireResponse.questionnaire': canonicals('questionnaire'),
  'QuestionnaireResponse.status': strings('status'),
  'Consent.patient': strings('patient.reference'),
  'Consent.identifier': tokens('identifier', 'value'),
  'Consent.category': tokens('category.coding', 'code'),
  'Flag.patient': strings('subject.reference'),
  'ResearchSubject.patient': strings('individual.reference'),
  'ResearchSubject.status': strings('status'),
  'ResearchStudy.sponsor': strings('sponsor.reference'),
  'ResearchStudy.status': strings('status'),
  'Task._id': strings('id'),
  'Task.identifier': tokens('identifier', 'value'),
  'Task.patient': strings('for.reference'),
  'Task.focus': strings('focus.reference'),
  'Task.based-on': strings('basedOn.reference'),
  'Task.code': tokens('code.coding', 'code'),
  'Task.status': strings('status'),
  'Task.business-status': tokens('businessStatus.coding', 'code'),
  'Communication.based-on': strings('basedOn.reference'),
  'Communication.status': strings('status'),
  'Communication.identifier': tokens('identifier', 'value'),
  'Observation.identifier': tokens('identifier', 'value'),
  'Questionnaire.url': strings('url'),
  'Questionnaire.version': strings('version'),
  'Library.url': strings('url'),
  'Library.version': strings('version'),
  'Library.status': strings('status'),
  'Library.depends-on': canonicals('relatedArtifact.resource'),
};

/** Whether a resource meets a search criterion. Throws for a parameter that R4 (or this list) doesn't have. */
export function meets(resource: Resource, type: string, query: string): boolean {
  if (resource.resourceType !== type) return false;
  return [...new URLSearchParams(query)].every(([name, value]) => {
    if (name === '_count' || name === '_sort') return true;
    const values = parameters[`${type}.${name}`];
    if (values === undefined) throw new Error(`No search parameter ${type}.${name}`);
    const found = values(resource);
    return value.split(',').some((wanted) => found.includes(wanted));
  });
}
