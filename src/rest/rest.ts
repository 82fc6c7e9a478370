import type { Caller } from '../model/caller.ts';
import { FhirError, fhirError } from '../model/issue.ts';
import { acceptedLanguage } from '../model/language.ts';
import type { Witness } from '../model/witness.ts';
import { isTooLong, isUnreachable } from '../store/transaction.ts';
import { outcomeAnswer } from './answer.ts';
import { askedOf } from './asked.ts';
import { endpointsOf, type Method, templateOf } from './endpoints.ts';
import type { Answer, Exchange, RestContext, RestHandle, RestRequest, RestResponse } from './exchange.ts';
import { type ContentType, negotiated } from './negotiation.ts';
import { parsePreferences } from './preferences.ts';
import { laidOut, presentationOf } from './presentation.ts';
import { parseQuery } from './query.ts';
import { parseRoute, type Route } from './route.ts';

/** The FHIR REST face: requests in, answers out, both as values; knows nothing of what carries them. */
export function createRest(context: RestContext): RestHandle {
  const handle: RestHandle = async (caller, request) => {
    const progress: Progress = {
      interaction: `${request.method} [unknown]`,
      contentType: undefined,
      witness: undefined,
    };
    const response = await answered(caller, request, context, handle, progress).catch((error) =>
      laidOutAs(request, refused(error, context, progress)),
    );
    progress.witness?.concluded(response.status);
    return finished(response, progress);
  };
  return handle;
}

/** What is known of a request once it fails. */
interface Progress {
  interaction: string;
  contentType: ContentType | undefined;
  witness: Witness | undefined;
}

async function answered(
  caller: Caller,
  request: RestRequest,
  context: RestContext,
  handle: RestHandle,
  progress: Progress,
): Promise<Answer> {
  const route = parseRoute(request.path);
  const known = isKnown(route, context);
  progress.interaction = `${request.method} ${templateOf(route, known)}`;
  progress.witness = caller.witness?.part(askedOf(request.method, route, known));
  const { presentation, rest } = presentationOf(parseQuery(request.query));
  progress.contentType = negotiated(request.headers.accept, presentation.format, route.kind === 'operation');
  const endpoints = endpointsOf(route);
  const endpoint = endpoints[(request.method === 'HEAD' ? 'GET' : request.method) as Method];
  if (endpoint === undefined) {
    return laidOutAs(request, notAllowed(Object.keys(endpoints)));
  }
  const exchange: Exchange = {
    caller: { ...speaking(caller, request.headers['accept-language']), witness: progress.witness },
    request,
    route,
    query: rest,
    presentation,
    preferences: parsePreferences(request.headers.prefer),
    context,
    handle,
  };
  return endpoint(exchange);
}

/** The entries of a batch have no such header: they are answered in the language of the batch. */
function speaking(caller: Caller, header: string | undefined): Caller {
  const language = acceptedLanguage(header);
  return language === undefined ? caller : { ...caller, language };
}

function isKnown(route: Route, { operations }: RestContext): boolean {
  if (route.kind !== 'operation') {
    return true;
  }
  const level = route.id !== undefined ? 'instance' : route.type !== undefined ? 'type' : 'system';
  return operations.find(route.code, level, route.type) !== undefined;
}

function notAllowed(methods: readonly string[]): Answer {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  const { status, issues } = fhirError(405, 'not-supported', `This address takes only ${allowed.join(', ')}.`);
  return { ...outcomeAnswer(status, issues), headers: { allow: allowed.join(', ') } };
}

/** A refusal as an answer. What is not a refusal is a fault of the server: told by a random id, never by its content. */
function refused(error: unknown, { log, errorId }: RestContext, { interaction }: Progress): Answer {
  if (error instanceof FhirError) {
    return outcomeAnswer(error.status, error.issues);
  }
  if (isUnreachable(error)) {
    log.error({ interaction, ...described(error) }, 'the database could not be reached');
    const text =
      'The database cannot be reached at the moment; what was being written may be stored or not. Try again.';
    const answer = outcomeAnswer(503, [{ severity: 'error', code: 'transient', diagnostics: text }]);
    return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
  }
  if (isTooLong(error)) {
    const text =
      'The request took too long and was stopped. Ask for less, for instance for one type or a shorter time.';
    return outcomeAnswer(503, [{ severity: 'error', code: 'too-costly', diagnostics: text }]);
  }
  const id = errorId();
  log.error({ errorId: id, interaction, ...described(error) }, 'a request failed');
  const text = `The server failed. Tell its operator this error id: ${id}`;
  return outcomeAnswer(500, [{ severity: 'fatal', code: 'exception', diagnostics: text }]);
}

/** A refusal indented where that was asked for, so far as the query that asks for it can be read. */
function laidOutAs({ query }: RestRequest, answer: Answer): Answer {
  if (answer.body === undefined) return answer;
  try {
    return { ...answer, body: laidOut(answer.body, presentationOf(parseQuery(query)).presentation) };
  } catch {
    return answer;
  }
}

/** An error's kind and place. Its message may quote data (PostgreSQL's do), so it stays out of the log. */
function described(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) {
    return { kind: typeof error };
  }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return { kind: error.name, code: 'code' in error ? error.code : undefined, stack: frames.slice(0, 12) };
}

function finished(answer: Answer, { interaction, contentType }: Progress): RestResponse {
  const headers: Record<string, string> = { 'cache-control': 'private, no-store', ...answer.headers };
  if (answer.body !== undefined) {
    headers['content-type'] ??= contentType ?? 'application/fhir+json; charset=utf-8'; // unless it is a page to look at
  }
  return { ...answer, headers, interaction };
}
