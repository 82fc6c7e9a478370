import { randomUUID } from 'node:crypto';
import type {
  Bundle,
  BundleEntry,
  OperationOutcome,
  Parameters,
  QuestionnaireResponse,
  Resource,
} from '@medplum/fhirtypes';
import { error, FhirError, fhirError } from '../../model/issue.ts';
import { textAnswer } from '../answer.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';

const RESPONSE = 'response';
/** Responses in one Bundle. */
const RESPONSES_MAX = 100;

type Issues = NonNullable<OperationOutcome['issue']>;

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
  const { caller, request } = exchange;
  const done = await exchange.handle(caller, {
    method: 'POST',
    path: '',
    headers: { prefer: request.headers.prefer },
    resource: { resource: bundle, text: JSON.stringify(bundle) },
    baseUrl: request.baseUrl,
  });
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
  given: QuestionnaireResponse,
  warnings: Issues,
): Promise<readonly BundleEntry[]> {
  if (given.id !== undefined) {
    const url = `QuestionnaireResponse/${given.id}`;
    const fullUrl = `${exchange.request.baseUrl}/${url}`;
    return [
      { fullUrl, resource: given, request: { method: 'PUT', url } },
      ...(await extracted(exchange, given, warnings)),
    ];
  }
  // What is extracted refers to the response, which has no id before it is stored.
  const id = randomUUID();
  const fullUrl = `urn:uuid:${id}`;
  const entries = await extracted(exchange, { ...given, id }, warnings);
  return [
    { fullUrl, resource: given, request: { method: 'POST', url: 'QuestionnaireResponse' } },
    ...entries.map((entry) => readdressed(entry, `QuestionnaireResponse/${id}`, fullUrl)),
  ];
}

/** The entries of what $extract makes of a finished response; none where it makes nothing, or not all that it should. */
async function extracted(
  exchange: Exchange,
  response: QuestionnaireResponse,
  warnings: Issues,
): Promise<readonly BundleEntry[]> {
  if (response.status !== 'completed' && response.status !== 'amended') {
    return [];
  }
  const { caller, request } = exchange;
  const { status, body = '' } = await exchange.handle(caller, {
    method: 'POST',
    path: 'QuestionnaireResponse/$extract',
    headers: {},
    resource: { resource: response, text: JSON.stringify(response) },
    baseUrl: request.baseUrl,
  });
  const answer: Resource = JSON.parse(body);
  const bundle = answer.resourceType === 'Parameters' ? parameter(answer, 'return') : answer;
  const told = answer.resourceType === 'Parameters' ? parameter(answer, 'issues') : answer;
  const faults = told?.resourceType === 'OperationOutcome' ? (told.issue ?? []) : [];
  const whole = status === 200 && faults.every(({ severity }) => severity === 'information');
  if (whole && bundle?.resourceType === 'Bundle') {
    return bundle.entry ?? [];
  }
  if (!whole) {
    warnings.push(
      { severity: 'warning', code: 'incomplete', diagnostics: 'Nothing was extracted from a response.' },
      ...faults.map((fault) => ({ ...fault, severity: 'warning' as const })),
    );
  }
  return [];
}

function parameter({ parameter }: Parameters, name: string): Resource | undefined {
  return parameter?.find((each) => each.name === name)?.resource;
}

function readdressed(entry: BundleEntry, from: string, to: string): BundleEntry {
  return JSON.parse(JSON.stringify(entry), (_, value: unknown) => (value === from ? to : value));
}
