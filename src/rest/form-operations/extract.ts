import { randomUUID } from 'node:crypto';
import type { Bundle, Questionnaire, QuestionnaireResponse, StructureDefinition } from '@medplum/fhirtypes';
import { adaptiveBase } from '../../forms/adaptive/contained-form.ts';
import {
  type ExtractData,
  type Extracted,
  extract as extractFrom,
  wantedProfiles,
} from '../../forms/extract/extract.ts';
import { compileForm, type Form } from '../../forms/form.ts';
import { validateResponse } from '../../forms/validate-response.ts';
import { error, FhirError, fhirError, hasErrors, type Issue, operationOutcome } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import { byCanonical } from '../codes/definitions.ts';
import type { Answer, Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { asTransaction } from './as-transaction.ts';

const RESPONSE = 'questionnaire-response';
/** Profiles that one form extracts by. */
const PROFILES_MAX = 50;
const NAMES = [RESPONSE, 'questionnaire', 'store'];

/**
 * QuestionnaireResponse/$extract and QuestionnaireResponse/[id]/$extract (SDC): the resources that the answers amount to,
 * as a transaction. Two parameters are Svar's own: `questionnaire`, a form to extract by instead of the one that the
 * response names (one that is derived from it); and `store`, which carries the transaction out as this caller.
 */
export const extract: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES, { QuestionnaireResponse: RESPONSE });
  const store = input.boolean('store') ?? false;
  if (store && exchange.request.method !== 'POST') {
    throw fhirError(405, 'not-supported', '$extract with store changes what is stored, so it takes POST only.');
  }
  const sent = input.resource<QuestionnaireResponse>(RESPONSE, 'QuestionnaireResponse');
  const stored = await ofPath(exchange);
  const response = stored ?? sent;
  if (response === undefined || (stored !== undefined && sent !== undefined)) {
    const code = response === undefined ? 'required' : 'invalid';
    throw fhirError(400, code, `Name one response to extract from: by ${RESPONSE}, or by the id in the path.`);
  }
  const derived = input.resource<Questionnaire>('questionnaire', 'Questionnaire');
  const form = derived === undefined ? await formOf(exchange, response) : compileForm(derived);
  const data = await fetched(exchange, form, response);
  if (derived !== undefined) {
    // It answers the form that this one is derived from; this one may be a draft that is tried out.
    refuse(validateResponse({ ...form, status: 'active' }, { ...response, questionnaire: '#derived' }, data));
  } else if (stored === undefined) {
    // A stored one was held against its form when it was written.
    const body = { resource: response, text: JSON.stringify(response) };
    refuse(await exchange.context.interactions.validate(exchange.caller, body, {}));
  }
  const extracted = extractFrom(form, response, data);
  return store ? carriedOut(exchange, extracted) : answered(exchange, extracted);
};

async function ofPath({ caller, context, route }: Exchange): Promise<QuestionnaireResponse | undefined> {
  if (route.kind !== 'operation' || route.id === undefined) {
    return undefined;
  }
  const { content } = await context.interactions.read(caller, 'QuestionnaireResponse', route.id);
  return JSON.parse(content) as QuestionnaireResponse;
}

async function formOf(exchange: Exchange, response: QuestionnaireResponse): Promise<Form> {
  const questionnaire = adaptiveBase(response) ?? response.questionnaire;
  const found = questionnaire && (await byCanonical<Questionnaire>(exchange, 'Questionnaire', questionnaire));
  if (!found) {
    const diagnostics = 'The questionnaire that the response names is not known here.';
    throw fhirError(422, 'not-found', diagnostics, 'QuestionnaireResponse.questionnaire');
  }
  return compileForm(found);
}

/** What the form is evaluated with, and the profiles that it extracts by, as the caller may read them. */
async function fetched(exchange: Exchange, form: Form, response: QuestionnaireResponse): Promise<ExtractData> {
  const profiles = new Map<string, StructureDefinition | undefined>();
  for (const canonical of wantedProfiles(form)) {
    if (profiles.size >= PROFILES_MAX) {
      throw fhirError(422, 'too-costly', `The form extracts by more than ${PROFILES_MAX} profiles.`, 'Questionnaire');
    }
    profiles.set(canonical, await byCanonical<StructureDefinition>(exchange, 'StructureDefinition', canonical));
  }
  return {
    ...(await exchange.context.interactions.formData(exchange.caller, form, response)),
    profiles: (canonical) => profiles.get(canonical),
    newUuid: () => `urn:uuid:${randomUUID()}`,
  };
}

function refuse(issues: readonly Issue[]): void {
  if (hasErrors(issues)) {
    throw new FhirError(422, issues);
  }
}

/** As FHIR has it for a lone `return`, the Bundle itself where there is nothing more to say. */
function answered(exchange: Exchange, { bundle, issues }: Extracted): Answer {
  return textAnswer(exchange, JSON.stringify(issues.length === 0 ? bundle : parameters(bundle, issues)));
}

/** The transaction is one of this caller's like any other: all rules of a write apply, and all is stored or nothing. */
async function carriedOut(exchange: Exchange, extracted: Extracted): Promise<Answer> {
  const { bundle, issues } = extracted;
  if (!extracted.complete) {
    const diagnostics =
      'Nothing was stored, because not all could be extracted; without store, what could be is shown.';
    throw new FhirError(422, [error('incomplete', diagnostics), ...issues]);
  }
  if (bundle === undefined) {
    return answered(exchange, extracted);
  }
  const done = await asTransaction(exchange, bundle);
  if (done.status !== 200) {
    return done;
  }
  const stored = JSON.parse(done.body ?? '') as Bundle;
  return textAnswer(exchange, JSON.stringify(parameters(bundle, issues, stored)));
}

function parameters(bundle: Bundle | undefined, issues: readonly Issue[], stored?: Bundle): object {
  return {
    resourceType: 'Parameters',
    parameter: [
      ...(bundle === undefined ? [] : [{ name: 'return', resource: bundle }]),
      ...(stored === undefined ? [] : [{ name: 'stored', resource: stored }]),
      ...(issues.length === 0 ? [] : [{ name: 'issues', resource: operationOutcome(issues) }]),
    ],
  };
}
