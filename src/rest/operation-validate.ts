import type { Resource } from '@medplum/fhirtypes';
import { firstValue } from '../interactions/query-values.ts';
import type { ResourceText } from '../interactions/types.ts';
import { fhirError, type Issue } from '../model/issue.ts';
import { outcomeAnswer } from './answer.ts';
import type { Endpoint, Exchange } from './exchange.ts';
import { parameterResource, parameterValue } from './parameters.ts';
import { optionalBody } from './resource-body.ts';

const MODES = ['create', 'update', 'delete'] as const;

const valid: Issue = { severity: 'information', code: 'informational', diagnostics: 'The resource is valid.' };

/**
 * [type]/$validate and [type]/[id]/$validate: what a write would be refused for, without writing. The resource comes in
 * Parameters or bare; mode and profile in Parameters or the query. Answers 200 whatever it finds.
 */
export const validate: Endpoint = async (exchange) => {
  const { caller, context, route } = exchange;
  if (route.kind !== 'operation' || route.type === undefined) {
    throw fhirError(400, 'not-supported', '$validate is asked of a type or a resource: [type]/$validate.');
  }
  const { body, mode, profile } = asked(exchange);
  const checked = body ?? (await storedBody(exchange, route.type, route.id));
  if (checked.resource.resourceType !== route.type) {
    throw fhirError(400, 'invalid', `The path names ${route.type}, the resource has another type.`, 'resourceType');
  }
  const issues = await context.interactions.validate(caller, checked, { mode, profile });
  return outcomeAnswer(200, issues.length === 0 ? [valid] : issues, exchange);
};

function asked(exchange: Exchange) {
  const { query } = exchange;
  const sent = optionalBody(exchange);
  const wrapped = sent?.resource.resourceType === 'Parameters' && !bareParameters(exchange, sent);
  const value = (name: string) => (wrapped ? parameterValue(sent, name) : undefined) ?? firstValue(query, name);
  const modeGiven = value('mode');
  const mode = MODES.find((known) => known === modeGiven);
  if (modeGiven !== undefined && mode === undefined && modeGiven !== 'profile') {
    throw fhirError(400, 'value', 'mode is one of create, update, delete and profile.');
  }
  return { body: wrapped ? parameterResource(sent, 'resource') : sent, mode, profile: value('profile') };
}

/** Parameters/$validate may be sent Parameters that are themselves to be checked. */
function bareParameters({ route }: Exchange, sent: ResourceText): boolean {
  return route.kind === 'operation' && route.type === 'Parameters' && parameterResource(sent, 'resource') === undefined;
}

/** Without a resource in the request, the one that the path names is checked: before a delete, or against a profile. */
async function storedBody({ caller, context }: Exchange, type: string, id: string | undefined): Promise<ResourceText> {
  if (id === undefined) {
    throw fhirError(400, 'required', 'There is no resource to validate: send it bare, or as the parameter resource.');
  }
  const { content } = await context.interactions.read(caller, type, id);
  return { resource: JSON.parse(content) as Resource, text: content };
}
