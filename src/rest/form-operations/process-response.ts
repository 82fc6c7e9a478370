import { randomUUID } from 'node:crypto';
import type { Bundle, BundleEntry, QuestionnaireResponse } from '@medplum/fhirtypes';
import { error, FhirError, fhirError } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';
import { asTransaction } from './as-transaction.ts';
import { extractedEntries, type Issues, readdressed } from './extracted-entries.ts';
import { isFinished, received } from './received-response.ts';

const RESPONSE = 'response';
/** Responses in one Bundle. */
const RESPONSES_MAX = 100;

/**
 * $process-response, on the system, on Questionnaire and on one form (SDC, Form Receiver): takes a finished or unfinished
 * response, or a Bundle of them, judges it by its form, stores it, and carries out the extraction that the form asks for,
 * all in one transaction of this caller: all is stored, or nothing. What can not be extracted whole is not extracted, which
 * `warnings` tells: the answers are kept all the same. `stored` is the transaction's own answer (Svar's addition).
 */
export const processResponse: Endpoint = async (exchange) => {
  const responses = givenResponses(
    new OperationInput(exchange, [RESPONSE], { QuestionnaireResponse: RESPONSE, Bundle: RESPONSE }),
  );
  await refuseOthers(exchange, responses);
  const entry: BundleEntry[] = [];
  const warnings: Issues = [];
  for (const response of responses) {
    const own = await entriesOf(exchange, response, warnings);
    entry.push(...own);
  }
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry };
  const done = await asTransaction(exchange, bundle);
  if (done.status !== 200) {
    return done;
  }
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'stored', resource: JSON.parse(done.body ?? '') },
      ...(warnings.length === 0
        ? []
        : [{ name: 'warnings', resource: { resourceType: 'OperationOutcome', issue: warnings } }]),
    ],
  };
  return textAnswer(exchange, JSON.stringify(parameters));
};

function givenResponses(input: OperationInput): readonly QuestionnaireResponse[] {
  const given = input.one(RESPONSE)?.resource;
  const all = given?.resourceType === 'Bundle' ? (given.entry ?? []).map(({ resource }) => resource) : [given];
  const responses = all.filter((each) => each?.resourceType === 'QuestionnaireResponse');
  if (responses.length === 0 || responses.length < all.length) {
    const diagnostics = `${RESPONSE} must be a QuestionnaireResponse, or a Bundle of nothing else.`;
    throw fhirError(400, responses.length === 0 ? 'required' : 'not-supported', diagnostics);
  }
  if (responses.length > RESPONSES_MAX) {
    throw fhirError(400, 'too-costly', `A Bundle may hold at most ${RESPONSES_MAX} responses.`);
  }
  return responses;
}

/** SDC: on one form, only responses to it; on Questionnaire, only such that say which form they are to. */
async function refuseOthers(
  { caller, context, route }: Exchange,
  responses: readonly QuestionnaireResponse[],
): Promise<void> {
  if (route.kind !== 'operation' || route.id === undefined) {
    return;
  }
  const { content } = await context.interactions.read(caller, 'Questionnaire', route.id);
  const { url, version }: { url?: string; version?: string } = JSON.parse(content);
  const fits = (canonical: string | undefined): boolean => canonical === url || canonical === `${url}|${version}`;
  if (url === undefined || responses.some(({ questionnaire }) => !fits(questionnaire))) {
    const diagnostics = 'The response is to another form than the one that the path names.';
    throw new FhirError(422, [error('business-rule', diagnostics, 'QuestionnaireResponse.questionnaire')]);
  }
}

/** What is written for one response: itself, and what is extracted from it. */
async function entriesOf(
  exchange: Exchange,
  sent: QuestionnaireResponse,
  warnings: Issues,
): Promise<readonly BundleEntry[]> {
  const known = await received(exchange, sent);
  const id = sent.id ?? known?.id;
  if (id !== undefined) {
    const response = { ...sent, id };
    const url = `QuestionnaireResponse/${id}`;
    const fullUrl = `${exchange.request.baseUrl}/${url}`;
    const entries = isFinished(known) ? leftAsTheyAre(warnings) : await extractedEntries(exchange, response, warnings);
    return [{ fullUrl, resource: response, request: { method: 'PUT', url } }, ...entries];
  }
  // What is extracted refers to the response, which has no id before it is stored.
  const own = randomUUID();
  const fullUrl = `urn:uuid:${own}`;
  const entries = await extractedEntries(exchange, { ...sent, id: own }, warnings);
  return [
    { fullUrl, resource: sent, request: { method: 'POST', url: 'QuestionnaireResponse' } },
    ...entries.map((entry) => readdressed(entry, `QuestionnaireResponse/${own}`, fullUrl)),
  ];
}

/** A response is extracted from once, when it is first received finished: a second time would make everything double. */
function leftAsTheyAre(warnings: Issues): readonly BundleEntry[] {
  warnings.push({
    severity: 'information',
    code: 'informational',
    diagnostics: 'The response had been received finished before; what was extracted then is left as it is.',
  });
  return [];
}
