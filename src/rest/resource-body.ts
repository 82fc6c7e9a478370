import type { ResourceText } from '../interactions/types.ts';
import { isResource } from '../model/is-resource.ts';
import { fhirError } from '../model/issue.ts';
import { parseJson } from '../model/json/parse.ts';
import { type ResourceType, resourceTypes } from '../model/resource-types.ts';
import { requireJson } from './content-type.ts';
import type { Exchange } from './exchange.ts';
import { nearNames } from './near-names.ts';

/** The request's body as a resource of any type, both parsed and as text. */
export function resourceBody({ request, context }: Exchange): ResourceText {
  if (request.resource !== undefined) {
    return request.resource;
  }
  requireJson(request.headers['content-type']);
  if (request.body === undefined || request.body.length === 0) {
    throw fhirError(400, 'required', 'The body is empty; a resource in JSON is expected.');
  }
  const { value, text } = parseJson(request.body, { depthMax: context.limits.jsonDepthMax });
  return resourceText(value, text, '');
}

/** The same where the request may do without a body. */
export function optionalBody(exchange: Exchange): ResourceText | undefined {
  const { resource, body } = exchange.request;
  return resource !== undefined || (body !== undefined && body.length > 0) ? resourceBody(exchange) : undefined;
}

/** A parsed object that says to be a resource; `where` is its FHIRPath in what was sent, '' for all of it. */
export function resourceText(value: unknown, text: string, where: string): ResourceText {
  if (!isResource(value)) {
    const named =
      typeof value === 'object' && value !== null && 'resourceType' in value ? value.resourceType : undefined;
    const expression = where === '' ? 'resourceType' : `${where}.resourceType`;
    if (typeof named !== 'string') {
      throw fhirError(400, 'structure', 'A resource must say its resourceType.', expression);
    }
    const near = nearNames(named, resourceTypes);
    const hint = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
    throw fhirError(400, 'structure', `FHIR R4 has no resource type of the name in resourceType.${hint}`, expression);
  }
  return { resource: value, text };
}

/** The body as a resource of one type. */
export function typedBody(exchange: Exchange, type: ResourceType): ResourceText {
  const body = resourceBody(exchange);
  if (body.resource.resourceType !== type) {
    throw fhirError(
      400,
      'invalid',
      `The path names ${type}, the body is a resource of type ${body.resource.resourceType}.`,
      'resourceType',
    );
  }
  return body;
}
