import type { Query, ResourceText } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import { memberText } from '../model/json/bundle-entries.ts';
import { eachElement, eachMember } from '../model/json/members.ts';
import { resourceText } from './resource-body.ts';

/** A resource given as a parameter of an operation, with its exact text; undefined if there is none of that name. */
export function parameterResource({ resource, text }: ResourceText, name: string): ResourceText | undefined {
  if (resource.resourceType !== 'Parameters') {
    return undefined;
  }
  let found: ResourceText | undefined;
  let index = 0;
  eachMember(text, 0, (member) => {
    if (member.key === 'parameter' && text.charCodeAt(member.start) === 0x5b) {
      eachElement(text, member.start, (start) => {
        const parameter = resource.parameter?.[index];
        const own = parameter?.name === name ? memberText(text, start, 'resource') : undefined;
        if (own !== undefined && parameter !== undefined) {
          found = resourceText(parameter.resource, own, `Parameters.parameter[${index}].resource`);
        }
        index += 1;
      });
    }
    return undefined;
  });
  return found;
}

/** A primitive string-like value (code, uri, string …) given as a parameter of an operation. */
export function parameterValue(sent: ResourceText, name: string): string | undefined {
  for (const parameter of parameterList(sent)) {
    if (parameter.name === name) {
      return valuesOf(parameter).find((value) => typeof value === 'string');
    }
  }
  return undefined;
}

/** The primitive parameters of an operation as they would stand in its query. */
export function parameterQuery(sent: ResourceText): Query {
  if (sent.resource.resourceType !== 'Parameters') {
    throw fhirError(400, 'invalid', 'The parameters of an operation come as Parameters.', 'resourceType');
  }
  return parameterList(sent).flatMap((parameter) =>
    valuesOf(parameter).flatMap((value) =>
      typeof parameter.name === 'string' && ['string', 'number', 'boolean'].includes(typeof value)
        ? [[parameter.name, String(value)] as const]
        : [],
    ),
  );
}

type Sent = Readonly<Record<string, unknown>>;

function parameterList({ resource }: ResourceText): readonly Sent[] {
  const parameters: unknown = resource.resourceType === 'Parameters' ? (resource.parameter ?? []) : [];
  if (!Array.isArray(parameters)) {
    throw fhirError(400, 'structure', 'parameter must be an array.', 'Parameters.parameter');
  }
  return parameters.filter((parameter): parameter is Sent => typeof parameter === 'object' && parameter !== null);
}

function valuesOf(parameter: Sent): unknown[] {
  return Object.entries(parameter).flatMap(([key, value]) => (key.startsWith('value') ? [value] : []));
}
