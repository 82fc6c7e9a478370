import type { ParametersParameter, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { FormData } from '../../forms/expressions/data.ts';
import { STEPS_IN_ALL } from '../../forms/expressions/snapshot.ts';
import { compileForm } from '../../forms/form.ts';
import { type Populated, populate as populateForm, startResponse } from '../../forms/populate/populate.ts';
import { FhirError, fhirError, operationOutcome } from '../../model/issue.ts';
import { isResourceType } from '../../model/resource-types.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { askedQuestionnaire, FORM_NAMES } from './asked-questionnaire.ts';

const NAMES = [...FORM_NAMES, 'subject', 'context', 'local'];
const CONTEXTS_MAX = 50;
const LITERAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/**
 * Questionnaire/$populate and Questionnaire/[id]/$populate (SDC): a response in progress with what is known already.
 * What the form asks of the store is asked as this caller. `local` false keeps to what was sent; left out, it is true.
 */
export const populate: Endpoint = async (exchange) => {
  const { caller, context } = exchange;
  const input = new OperationInput(exchange, NAMES, { Questionnaire: 'questionnaire' });
  const form = compileForm(await askedQuestionnaire(exchange, input));
  const local = input.boolean('local') ?? true;
  const contexts = await givenContexts(exchange, input.all('context'), local);
  const subject = input.reference('subject');
  const start: QuestionnaireResponse = {
    ...startResponse(form, subject, context.clock.now()),
    ...encounterOf(contexts.get('encounter')),
  };
  const launch = Object.fromEntries([...contexts].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  const about = local ? start : startResponse(form, undefined, context.clock.now());
  // One for all rounds: the form may have been sent by anybody.
  const work = { left: STEPS_IN_ALL };
  const filled = (known: FormData): Populated => populateForm(form, start, { ...known, work }, contexts);
  const data = await context.interactions.formData(caller, form, about, {
    launch,
    wanted: (known) => (local ? filled(known).wanted : []),
  });
  return textAnswer(exchange, JSON.stringify(parameters(filled(data))));
};

function encounterOf(given: readonly Resource[] | undefined): Pick<QuestionnaireResponse, 'encounter'> {
  const [encounter] = given ?? [];
  return encounter?.resourceType === 'Encounter' && encounter.id !== undefined
    ? { encounter: { reference: `Encounter/${encounter.id}` } }
    : {};
}

/** The resources of each context by its name; those that come as references are read, as this caller. */
async function givenContexts(
  exchange: Exchange,
  given: readonly ParametersParameter[],
  local: boolean,
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const contexts = new Map<string, Resource[]>();
  let count = 0;
  for (const { part = [] } of given) {
    const named = part.find(({ name }) => name === 'name');
    const name = named?.valueString ?? named?.valueCode ?? named?.valueId;
    if (name === undefined) {
      throw fhirError(400, 'required', 'Each context needs a name.', 'Parameters.parameter');
    }
    const found = contexts.get(name) ?? [];
    contexts.set(name, found);
    for (const { resource, valueReference } of part.filter((each) => each.name === 'content')) {
      count += 1;
      if (count > CONTEXTS_MAX) {
        throw fhirError(400, 'too-costly', `At most ${CONTEXTS_MAX} contexts are taken.`, 'Parameters.parameter');
      }
      const content = resource ?? (local ? await referred(exchange, valueReference?.reference ?? '') : undefined);
      if (content === undefined) {
        const diagnostics = 'The content of a context must be a resource, or a reference to one that is stored here.';
        throw fhirError(400, 'not-found', diagnostics, 'Parameters.parameter');
      }
      found.push(content);
    }
  }
  return contexts;
}

async function referred({ caller, context, request }: Exchange, reference: string): Promise<Resource | undefined> {
  const { baseUrl } = request;
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  const [, type, id] = LITERAL.exec(relative) ?? [];
  if (type === undefined || id === undefined || !isResourceType(type)) {
    return undefined;
  }
  try {
    const { content } = await context.interactions.read(caller, type, id);
    return JSON.parse(content) as Resource;
  } catch (failure) {
    if (failure instanceof FhirError) {
      return undefined;
    }
    throw failure;
  }
}

function parameters({ response, issues }: Populated): object {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'response', resource: response },
      ...(issues.length === 0 ? [] : [{ name: 'issues', resource: operationOutcome(issues) }]),
    ],
  };
}
